"""Invocations: a due time under way.

One idea: an invocation knows all that is needed to run it, so its schedule may change or go meanwhile. It may not know
how it is run.
"""

from typing import Any

import msgspec

from freehold.kernel.service import Request

ID_LENGTH = 16


class Invocation(msgspec.Struct, frozen=True):
    """A due time under way: of which schedule of which group, its target, when it was due and when this began (epoch
    seconds), which attempt this is, and the attempt's id."""

    account: str
    region: str
    group: str
    name: str
    arn: str
    target: dict[str, Any]
    due_at: float
    began_at: float
    attempt: int
    id: str

    @property
    def lane(self) -> str:
        """Where an account's calls of the same target wait for each other."""
        return f"scheduler:{self.account}:{self.target['Arn']}"

    @property
    def about(self) -> dict[str, Any]:
        """The invocation as a promise carries it."""
        return msgspec.structs.asdict(self)

    def next(self, id: str) -> "Invocation":
        """The invocation at its next attempt."""
        return msgspec.structs.replace(self, attempt=self.attempt + 1, id=id)


def invocation_of(request: Request) -> Invocation:
    """The invocation that a promise carried."""
    return Invocation(**{name: request[name] for name in Invocation.__struct_fields__})
