"""Mocks: what TestState is told instead of doing a state's work, checked against the service that would have done it.

One idea: a mocked result is held against the output shape of the operation, members written as tasks are given them;
how strictly, the caller says. It may not know how states run.

https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from freehold.engines.asl import values
from freehold.engines.asl.machine import Map, Node, Parallel, Task, Work
from freehold.engines.sdk import shapes
from freehold.engines.sdk.shapes import Model, Shape, Use
from freehold.services.states.errors import InvalidMock, ValidationException
from freehold.services.states.known import model_of

STRICT, NONE = "STRICT", "NONE"
MOCKED = (Task, Map, Parallel)
BOTH = "A test mock should have only one of the following fields: [result, errorOutput]."
NOT_AN_ARRAY, NOT_AN_OBJECT = "Mocked result must be an array.", "Mocked result must be a JSON object."
NOT_JSON = "Mocked result must be valid JSON"
# What values of a model's types must be.
KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    **dict.fromkeys(("string", "timestamp", "blob"), (str, "a string")),
    **dict.fromkeys(("integer", "long", "float", "double"), ((int, float), "a number")),
    "boolean": (bool, "a boolean"),
    "list": (list, "an array"),
    **dict.fromkeys(("structure", "map"), (dict, "an object")),
}


def check(node: Node, mock: dict[str, Any]) -> None:
    """Raise ValidationException unless a state may be mocked so."""
    if not isinstance(node.work, MOCKED):
        raise ValidationException(message=f"State type '{node.type}' is not supported when a mock is specified")
    if "result" in mock and "errorOutput" in mock:
        raise ValidationException(message=BOTH)
    if "result" in mock:
        _check_result(node.work, _read(mock["result"]), mock.get("fieldValidationMode", STRICT))


def _check_result(work: Work, result: Any, mode: str) -> None:
    if isinstance(work, Parallel) and not isinstance(result, list):
        raise ValidationException(message=NOT_AN_ARRAY)
    if isinstance(work, Map):
        written = work.distribution is not None and work.distribution.writer is not None
        if not isinstance(result, dict if written else list):
            raise ValidationException(message=NOT_AN_OBJECT if written else NOT_AN_ARRAY)
    if isinstance(work, Task) and mode != NONE:
        for fault in _faults(work, result, mode == STRICT):
            raise InvalidMock(fault=fault)


def _read(text: str) -> Any:
    try:
        return values.read(text)
    except msgspec.DecodeError:
        raise ValidationException(message=NOT_JSON) from None


def _faults(work: Task, result: Any, strict: bool) -> Iterator[str]:
    """What is wrong with a task's result, by the model of the service that it calls."""
    kind, action = work.service.resource_type, work.service.action.partition(".")[0]
    model = shapes.found(model_of(kind)) if work.service.family == "Task" else None
    operation = model.operation(action) if model else None
    if model and operation and (use := model.operations[operation].output):
        yield from _in_shape(model, use, result, "", strict)


def _in_shape(model: Model, use: Use, value: Any, name: str, strict: bool) -> Iterator[str]:
    shape = model.shapes[use.shape]
    wanted, words = KINDS.get(shape.type, (object, ""))
    right = isinstance(value, wanted) and (shape.type == "boolean" or not isinstance(value, bool))
    if not right:
        yield f"Field '{name}' must be {words}"
    elif shape.type == "structure":
        yield from _in_members(model, shape, value, strict)
    elif shape.type == "list" and shape.member:
        for each in value:
            yield from _in_shape(model, shape.member, each, name, strict)
    elif shape.type == "map" and shape.value:
        for key, each in value.items():
            yield from _in_shape(model, shape.value, each, key, strict)
    else:
        yield from _in_bounds(shape, value, name)


def _in_members(model: Model, shape: Shape, value: dict[str, Any], strict: bool) -> Iterator[str]:
    for member, use in shape.members.items():
        name = member[:1].upper() + member[1:]
        if name in value:
            yield from _in_shape(model, use, value[name], name, strict)
        elif strict and member in shape.required:
            yield f"Required field '{name}' is missing"


def _in_bounds(shape: Shape, value: Any, name: str) -> Iterator[str]:
    if shape.enum and value not in shape.enum:
        yield f"Field '{name}' is not an expected value"
    size, low, high = (
        (len(value), "is smaller than the minimum length", "exceeds the maximum length")
        if isinstance(value, str)
        else (value, "is less than the minimum value", "exceeds the maximum value")
    )
    if shape.min is not None and size < shape.min:
        yield f"Field '{name}' {low}"
    elif shape.max is not None and size > shape.max:
        yield f"Field '{name}' {high}"
