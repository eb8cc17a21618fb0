"""What is asked for: the facts of one request, as policies see them.

One idea: facts are folded once, when the request is made, and read many times. It may not know any policy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from freehold.engines.iam.principals import Principal

# Someone with identity policies, whom no policy on a resource names but one for everyone.
UNNAMED = Principal("user")


@dataclass(slots=True)
class Request:
    """One action on one resource by one caller.

    action    `service:Operation`, in any case
    resource  an ARN, or `*` for actions that have none
    context   condition keys in any case, each with a text or a list of texts; an absent key is not in it
    principal who asks; needed where a policy on the resource is weighed, or for root, services and strangers
    """

    action: str
    resource: str
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    principal: Principal = UNNAMED
    folded_action: str = field(init=False)
    facts: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.folded_action = self.action.lower()
        self.facts = {
            key.lower(): [value] if isinstance(value, str) else list(value) for key, value in self.context.items()
        }
