"""The wing of access: whom the policies of functions and layers let in, and how far.

One idea: within its account a resource is guarded by the caller's own policies and by its own; a service or another
account needs the resource's. It may not know what operations do.
"""

from freehold.services.lambda_.access import operations, policies, reach, resources

__all__ = ["operations", "policies", "reach", "resources"]
