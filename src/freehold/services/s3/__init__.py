"""S3: buckets of objects.

One idea: an object is a row that is listed and pieces of content that are not; content is on disk before the row that
names it, so what was answered is kept, a listing is a range, and an upload's parts are its object's pieces.

Not done: replication, inventories, analytics, access points, SSE-C, SELECT, POST forms, serving websites. `parity.toml`
has the list.
"""

from freehold.services.s3 import keepers, resources
from freehold.services.s3.listing import operations as listing
from freehold.services.s3.service import s3
from freehold.services.s3.uploads import operations as uploads

__all__ = ["keepers", "listing", "resources", "s3", "uploads"]
