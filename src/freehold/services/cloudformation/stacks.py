"""Stacks: the records of what was deployed, and what they say of themselves.

One idea: a stack lives as long as `deleted_at` is zero; its name belongs to it meanwhile, its id for ever. It may not
know how a stack comes to its status.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

import re
from typing import Any

import msgspec

from freehold.kernel import arns
from freehold.kernel.errors import AwsError
from freehold.kernel.store import Record, Tx
from freehold.services.cloudformation import errors, events
from freehold.services.cloudformation.events import Event

TYPE = "AWS::CloudFormation::Stack"
NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]*")
BELL = "cloudformation-stack"

REVIEW = "REVIEW_IN_PROGRESS"
DELETED = "DELETE_COMPLETE"
# The statuses from which a stack may be updated.
STEADY = frozenset(
    {
        *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_FAILED"),
        *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"),
    }
)


class Output(msgspec.Struct, kw_only=True, omit_defaults=True):
    """An output with its value; `export` is the name it is exported under."""

    key: str
    value: str
    description: str = ""
    export: str = ""


class Stack(Record, table="cfn_stacks", key="id", index=("name deleted_at", "created_at")):
    """A stack. `blueprint` is what is deployed, `wanted` what the running operation deploys. Moments are epoch
    seconds, 0 for never."""

    id: str
    name: str
    created_at: float
    status: str
    reason: str = ""
    updated_at: float = 0.0
    deleted_at: float = 0.0
    blueprint: str = ""
    wanted: str = ""
    changeset: str = ""
    role: str = ""
    parent: str = ""
    root: str = ""
    protected: bool = False
    disable_rollback: bool = False
    retain_except_on_create: bool = False
    timeout_minutes: int = 0
    notifications: list[str] = []
    rollback_configuration: dict[str, Any] = {}
    policy: str = ""
    deletion_mode: str = ""
    outputs: list[Output] = []

    @property
    def busy(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != REVIEW


def check_name(name: str, member: str = "stackName") -> None:
    """Raise unless a stack or change set may bear this name."""
    if not NAME.fullmatch(name) or len(name) > 128:
        raise errors.NameInvalid(value=name, member=member, pattern=NAME.pattern)


def arn(tx: Tx, name: str) -> str:
    """The id of a new stack."""
    return arns.arn("cloudformation", tx.region, tx.account, f"stack/{name}/{tx.ids.uuid()}")


def find(tx: Tx, name: str) -> Stack | None:
    """The stack of an id, alive or deleted, or the living one of a name."""
    if name.startswith("arn:"):
        return tx.get(Stack, name)
    living = tx.range(Stack, name, 0.0, index="name deleted_at", limit=1)
    return living[0] if living else None


def open_stack(tx: Tx, name: str, refusal: type[AwsError] = errors.StackNotFound) -> Stack:
    """The stack of an id or a living one's name, or `refusal` in its words."""
    stack = find(tx, name)
    if stack is None:
        raise refusal(name=name)
    return stack


def open_living(tx: Tx, name: str, refusal: type[AwsError] = errors.StackNotFound) -> Stack:
    """As `open_stack`, for what can only be done to a stack that was not deleted."""
    stack = open_stack(tx, name, refusal)
    if stack.deleted_at:
        raise refusal(name=name)
    return stack


def check_steady(stack: Stack, action: str = "updated") -> None:
    """Raise unless an update may begin."""
    if stack.status not in STEADY:
        raise errors.StackBusy(id=stack.id, status=stack.status, action=action)


def set_status(tx: Tx, stack: Stack, status: str, reason: str = "", token: str = "") -> None:
    """Move the stack to a status, note the event and wake those who wait for it."""
    stack.status, stack.reason = status, reason
    if status == DELETED:
        stack.deleted_at = tx.now
    tx.put(stack)
    note(tx, stack, status, reason, token)
    tx.ring(BELL, stack.id)


def note(tx: Tx, stack: Stack, status: str, reason: str = "", token: str = "") -> None:
    """An event of the stack itself."""
    event = Event(
        stack=stack.id, at=0.0, id="", stack_name=stack.name, logical_id=stack.name, physical_id=stack.id,
        type=TYPE, status=status, reason=reason, token=token,
    )  # fmt: skip
    events.note(tx, event)
