"""IAM policies: what they say, and what follows from several of them at once.

A pure machine. `parse` turns a document into a compiled Policy or refuses it in IAM's words; `evaluate` takes a Request
and the policies that bear on it and gives a Verdict. Its one idea: whoever calls gathers the facts (who asks, which
policies are attached, what the context keys are), and this only concludes. It may not know accounts' contents, stores,
sessions, credentials or clocks.
Follows the IAM User Guide, "Policy evaluation logic" and "IAM JSON policy reference".
"""

from freehold.engines.iam.errors import MalformedPolicyDocument
from freehold.engines.iam.evaluation import Verdict, denial, evaluate
from freehold.engines.iam.grammar import KINDS, parse
from freehold.engines.iam.policy import Policy, Statement
from freehold.engines.iam.principals import Principal, asker
from freehold.engines.iam.request import Request
from freehold.engines.iam.resources import facts_of, read, resource_policy, sharing, weigh

__all__ = [
    "KINDS",
    "MalformedPolicyDocument",
    "Policy",
    "Principal",
    "Request",
    "Statement",
    "Verdict",
    "asker",
    "denial",
    "evaluate",
    "facts_of",
    "parse",
    "read",
    "resource_policy",
    "sharing",
    "weigh",
]
