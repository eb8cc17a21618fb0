"""Resource rows: what exists of a stack.

One idea: a row is a logical id with the incarnation it has now; the one it had when the running operation began stands
in `before`, for going back; those that are to be deleted stand in `left`. It may not know who makes resources.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from freehold.engines import cfn
from freehold.kernel.store import Record, Tx
from freehold.services.cloudformation import events
from freehold.services.cloudformation.events import Event
from freehold.services.cloudformation.stacks import Stack

GONE = ("DELETE_COMPLETE", "DELETE_SKIPPED")


class Incarnation(msgspec.Struct, omit_defaults=True):
    """A physical resource: its id, what Fn::GetAtt gives, and what it was made of."""

    id: str = ""
    type: str = ""
    attributes: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    tags: dict[str, str] = {}
    suffix: str = ""


class Resource(Record, table="cfn_resources", key="stack logical_id", index="physical_id"):
    """`needs` are the logical ids it was made after; `fresh` if it was not there when the operation began; `policy`
    is its deletion policy, `replaced` its update-replace policy."""

    stack: str
    logical_id: str
    type: str
    status: str
    at: float
    physical_id: str = ""
    reason: str = ""
    now: Incarnation = msgspec.field(default_factory=Incarnation)
    before: Incarnation | None = None
    left: list[Incarnation] = []
    needs: list[str] = []
    fresh: bool = False
    doomed: bool = False
    policy: str = ""
    replaced: str = ""
    metadata: str = ""

    @property
    def exists(self) -> bool:
        return bool(self.physical_id) and self.status not in GONE

    def become(self, incarnation: Incarnation) -> None:
        self.now, self.physical_id = incarnation, incarnation.id


def of_stack(tx: Tx, stack: str) -> list[Resource]:
    return tx.range(Resource, stack)


def set_status(tx: Tx, stack: Stack, row: Resource, status: str, reason: str = "", token: str = "") -> None:
    """Move a resource to a status and note the event."""
    row.status, row.reason, row.at = status, reason, tx.now
    tx.put(row)
    note(tx, stack, row, status, reason, token)


def note(
    tx: Tx, stack: Stack, row: Resource, status: str, reason: str = "", token: str = "", id: str | None = None
) -> None:
    """An event of a resource, or of that incarnation of it which has the physical id `id`."""
    properties = json.dumps(row.now.properties, separators=(",", ":")) if row.now.properties and not id else ""
    event = Event(
        stack=stack.id, at=0.0, id="", stack_name=stack.name, logical_id=row.logical_id,
        physical_id=row.physical_id if id is None else id, type=row.type, status=status, reason=reason,
        properties=properties, token=token,
    )  # fmt: skip
    events.note(tx, event)


class Known(Mapping[str, cfn.Known]):
    """The resources of a stack as evaluation sees them, looked up when asked for."""

    def __init__(self, tx: Tx, stack: str):
        self._tx, self._stack = tx, stack
        self._seen: dict[str, cfn.Known] = {}

    def __getitem__(self, logical_id: str) -> cfn.Known:
        if logical_id not in self._seen:
            row = self._tx.get(Resource, self._stack, logical_id)
            if row is None or not row.exists:
                raise KeyError(logical_id)
            self._seen[logical_id] = cfn.Known(row.now.id, row.now.attributes)
        return self._seen[logical_id]

    def __iter__(self) -> Iterator[str]:
        return (row.logical_id for row in of_stack(self._tx, self._stack) if row.exists)

    def __len__(self) -> int:
        return sum(1 for _ in self)
