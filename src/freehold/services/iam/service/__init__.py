"""IAM's API: one function per operation; AWS names in, AWS names out. It may not know how policies are weighed."""

from freehold.services.iam.service import account as account
from freehold.services.iam.service import groups as groups
from freehold.services.iam.service import holders as holders
from freehold.services.iam.service import internals as internals
from freehold.services.iam.service import linked as linked
from freehold.services.iam.service import policies as policies
from freehold.services.iam.service import profiles as profiles
from freehold.services.iam.service import roles as roles
from freehold.services.iam.service import users as users
from freehold.services.iam.service.catalogue import iam

__all__ = ["iam"]
