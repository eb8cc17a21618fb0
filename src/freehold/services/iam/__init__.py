"""IAM: who there is in an account, and what they may do.

One idea: roles, users and groups are holders of policies; everything a policy decides is decided by the engine
`freehold.engines.iam`, and this room only keeps what it decides upon. Keys and sessions are derived from one master
secret (`freehold.engines.sessions`), which never leaves this room; STS asks here for them.

Permissions to IAM's own operations are asked for inside them, where a name has become an entity, so that policies on
paths (`role/team/*`) and conditions on tags mean what they say.

What is not done stands in parity.toml.
"""

from freehold.services.iam import resources as resources
from freehold.services.iam.aws_managed import managed_policy_map
from freehold.services.iam.service import iam

__all__ = ["iam", "managed_policy_map"]
