"""Contexts: the context object that TestState is given, checked.

One idea: what may stand in a context object is a table of its parts' members and their types. It may not know states.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
"""

from typing import Any

import msgspec

from freehold.engines.asl import values
from freehold.engines.asl.machine import Node, Task
from freehold.services.states.errors import InvalidContext

ANY: tuple[type, ...] = (object,)
TEXT, NUMBER = (str,), (int, float)
NAMES: dict[tuple[type, ...], str] = {TEXT: "a string", NUMBER: "a number"}
PARTS: dict[str, dict[str, tuple[type, ...]]] = {
    "Execution": {
        "Id": TEXT, "Input": ANY, "Name": TEXT, "RoleArn": TEXT, "StartTime": TEXT, "RedriveCount": NUMBER,
        "RedriveTime": TEXT,
    },
    "State": {"EnteredTime": TEXT, "Name": TEXT, "RetryCount": NUMBER},
    "StateMachine": {"Id": TEXT, "Name": TEXT},
    "Task": {"Token": TEXT},
}  # fmt: skip
NOT_WITH_MAP = "'Map' field is not supported when mocking a Context object"
NOT_WITH_TASK = (
    "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service "
    "integration pattern"
)


def read(text: str, node: Node) -> dict[str, Any]:
    """The context object of a state's test. Raises ValidationException."""
    try:
        context = values.read(text)
    except msgspec.DecodeError:
        context = None
    if not isinstance(context, dict):
        raise InvalidContext(reason="Context object must be a JSON object")
    for name, part in context.items():
        _check(name, part, node)
    return context


def _check(name: str, part: Any, node: Node) -> None:
    if name == "Map":
        raise InvalidContext(reason=NOT_WITH_MAP)
    if name not in PARTS:
        raise InvalidContext(reason=f"Field '{name}' is not allowed")
    if name == "Task" and not (isinstance(node.work, Task) and node.work.service.pattern):
        raise InvalidContext(reason=NOT_WITH_TASK)
    if not isinstance(part, dict):
        raise InvalidContext(reason=f"{name} must be an object")
    for member, value in part.items():
        if member not in PARTS[name]:
            raise InvalidContext(reason=f"Field '{member}' is not allowed")
        kinds = PARTS[name][member]
        if not isinstance(value, kinds):
            raise InvalidContext(reason=f"{name}.{member} must be {NAMES[kinds]}")
