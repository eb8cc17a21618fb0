"""CloudFormation types, as rooms declare them.

One idea: a resource is made by calling its service's own operations, and the calls are data: `create`, `update` and
`delete` are generators that yield `Ask`s and are sent the answers. Whoever runs them writes each answer down in the
transaction that gave it, so after a crash the generator is run again over the answers it already had: each call is made
once. It may not know how stacks work.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
"""

from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple

from freehold.kernel.errors import AwsError

Properties = dict[str, Any]


class Ask(NamedTuple):
    """Call an operation as the deploying principal."""

    service: str
    operation: str
    request: dict[str, Any]


class Pause(NamedTuple):
    """Look again after so many seconds: for resources that take time to become ready."""

    seconds: float


class Made(NamedTuple):
    """A resource that exists: what Ref and Fn::GetAtt give."""

    id: str
    attributes: Mapping[str, Any] = {}


class Refused(AwsError):
    """An `Ask` that was refused, thrown into the generator; `code` tells why."""

    words = "{message}"

    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(message=message)
        self.code, self.status = code, status  # type: ignore[misc]


class Want(NamedTuple):
    """What is wanted of a resource.

    `properties` are evaluated, `old` is what they were (update); `tags` are the stack's, `old_tags` what they were;
    `id` is the physical id (update, delete); `suffix` is twelve characters that stay the same at every run of a step.
    """

    account: str
    region: str
    stack_id: str
    stack_name: str
    logical_id: str
    suffix: str
    properties: Properties
    old: Properties = {}
    id: str = ""
    tags: Mapping[str, str] = {}
    old_tags: Mapping[str, str] = {}

    def name(self, given: str | None = None, longest: int = 64, lower: bool = False) -> str:
        """The given name, or one made of stack, logical id and suffix, as CloudFormation makes them."""
        if given:
            return str(given)
        room = longest - len(self.suffix) - 2
        stack, logical = self.stack_name[: max(room // 2, room - len(self.logical_id))], self.logical_id
        made = f"{stack}-{logical[: room - len(stack)]}-{self.suffix}"
        return made.lower() if lower else made

    def tagged(self, properties: Properties) -> dict[str, str]:
        """The stack's tags, and those that `properties` have as a list of Key and Value, or as a map."""
        own = properties.get("Tags") or {}
        pairs = own.items() if isinstance(own, Mapping) else ((tag["Key"], tag["Value"]) for tag in own)
        texts = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in pairs}
        return {**self.tags, **texts}

    def retagged(self) -> tuple[list[str], dict[str, str]]:
        """The keys of the tags that go, and the tags that come or have another value."""
        before, now = self._replace(tags=self.old_tags).tagged(self.old), self.tagged(self.properties)
        gone = [key for key in before if key not in now]
        return gone, {key: value for key, value in now.items() if before.get(key) != value}

    def changed(self, *names: str) -> bool:
        """Whether any of these properties differs from what it was."""
        return any(self.properties.get(name) != self.old.get(name) for name in names)


Steps = Generator[Ask | Pause, Any, Made]
Ending = Generator[Ask | Pause, Any, None]


class ResourceType:
    """`replaces`: properties, or parts of one (`Whole/Part`), whose change needs a new resource. `attributes`: what
    Fn::GetAtt may ask for."""

    def __init__(self, name: str, service: str, *, replaces: tuple[str, ...] = (), attributes: tuple[str, ...] = ()):
        self.name, self.service = name, service
        self.replaces, self.attributes = frozenset(replaces), attributes
        self.steps: dict[str, Callable[[Want], Steps | Ending]] = {}

    def create(self, steps: Callable[[Want], Steps]) -> Callable[[Want], Steps]:
        self.steps["create"] = steps
        return steps

    def update(self, steps: Callable[[Want], Steps]) -> Callable[[Want], Steps]:
        self.steps["update"] = steps
        return steps

    def delete(self, steps: Callable[[Want], Ending]) -> Callable[[Want], Ending]:
        """Remove the resource; the refusal of one that is gone already ends it well, and need not be caught."""
        self.steps["delete"] = steps
        return steps
