"""The wing of CloudFormation types: buckets, their policies and access points, as stacks want them.

One idea: a resource is made by the operations that anybody would call, in an order that a table gives. It may not know
the store.
"""

from freehold.services.s3.stacks import buckets, points

__all__ = ["buckets", "points"]
