"""S3: buckets of objects.

One idea: an object is a row that is listed and pieces of content that are not; content is on disk before the row that
names it, so what was answered is kept, a listing is a range, and an upload's parts are its object's pieces.

Its wings are `access`, `accesslogs`, `aging`, `control`, `cors`, `encryption`, `forms`, `listing`, `locks`, `news`,
`replication`, `reports`, `stacks`, `uploads` and `websites`.

Not done: SELECT, annotations, metadata tables, directory buckets. `parity.toml` has the list.
"""

from freehold.services.s3 import accesslogs, cors, forms, keepers, replication, reports, stacks, websites
from freehold.services.s3.listing import operations as listing
from freehold.services.s3.service import s3
from freehold.services.s3.uploads import operations as uploads

__all__ = [
    "accesslogs",
    "cors",
    "forms",
    "keepers",
    "listing",
    "replication",
    "reports",
    "s3",
    "stacks",
    "uploads",
    "websites",
]
