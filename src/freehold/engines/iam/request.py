"""What is asked for: the facts of one request, as policies see them.

One idea: facts are folded once, when a policy first asks for one, and read many times; most policies ask for none. It
may not know any policy.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from freehold.engines.iam.principals import Principal

# Someone with identity policies, whom no policy on a resource names but one for everyone.
UNNAMED = Principal("user")


Context = Mapping[str, str | Sequence[str]]


@dataclass(slots=True)
class Request:
    """One action on one resource by one caller.

    action    `service:Operation`, in any case
    resource  an ARN, or `*` for actions that have none
    context   condition keys in any case, each with a text or a list of texts, or what tells them; an absent key is not
              in it
    principal who asks; needed where a policy on the resource is weighed, or for root, services and strangers
    """

    action: str
    resource: str
    context: Context | Callable[[], Context] = field(default_factory=dict)
    principal: Principal = UNNAMED
    folded_action: str = field(init=False)
    _facts: dict[str, list[str]] | None = field(init=False, default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.folded_action = self.action.lower()

    @property
    def facts(self) -> dict[str, list[str]]:
        """The condition keys in lower case, each with its texts."""
        if self._facts is None:
            told = self.context() if callable(self.context) else self.context
            self._facts = {key.lower(): [one] if isinstance(one, str) else list(one) for key, one in told.items()}
        return self._facts
