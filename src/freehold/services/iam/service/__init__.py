"""IAM's API: one function per operation; AWS names in, AWS names out. It may not know how policies are weighed."""

from freehold.services.iam.service import account, groups, holders, internals, linked, policies, profiles, roles, users
from freehold.services.iam.service.catalogue import iam

__all__ = ["account", "groups", "holders", "iam", "internals", "linked", "policies", "profiles", "roles", "users"]
