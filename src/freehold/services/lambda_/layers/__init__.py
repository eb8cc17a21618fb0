"""The wing of layers: zips that functions share, as far as `access` lets them.

One idea: a layer's versions never change, and a function keeps what it needs of those it uses. It may not know how
functions run.
"""

from freehold.services.lambda_.layers import operations, permissions, published, resources

__all__ = ["operations", "permissions", "published", "resources"]
