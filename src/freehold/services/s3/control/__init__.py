"""The wing of S3 Control: access points, and what an account forbids all its buckets; by way of `access`.

One idea: an access point is a name and a policy; the bucket's own operations ask about it when somebody comes by it.
It may not know objects.

Not done: batch jobs, multi-Region access points, object Lambda, Storage Lens, access grants, Outposts: all 501.
`parity.toml` has the list.
"""

from freehold.services.s3.control import blocks, operations
from freehold.services.s3.control.catalogue import s3control

__all__ = ["blocks", "operations", "s3control"]
