"""The wing of configurations by id: inventories, analytics, metrics, tiering; and of inventories themselves.

One idea: a bucket may have many configurations of a kind, each under an id of its own and shown in pages as those of
`listing`; an inventory is a list of what lies in the bucket when its day comes. It may not know how objects are
written: it asks as S3 would.
"""

from freehold.services.s3.reports import configurations, inventories, operations, rounds

__all__ = ["configurations", "inventories", "operations", "rounds"]
