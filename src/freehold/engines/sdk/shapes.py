"""Shapes: what services call the members of their inputs, outputs and errors, for tasks that call any operation.

One idea: whoever calls by the SDK's names writes every member with a capital letter and every value as JSON; the shapes
of a service's model say which member and which type are meant. Read from the files that botocore ships, as the wire
does, of which a room may know nothing. It may not know any service.
"""

import gzip
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from freehold.engines import moments
from freehold.engines.asl import values

TRUTHS = {"true": True, "false": False}
COMPOSED: dict[str, type] = {"structure": dict, "list": list, "map": dict}  # how JSON has types made of others


class Unfit(Exception):
    """A JSON value of a kind that the shape is not."""


class Use(msgspec.Struct):
    shape: str
    streaming: bool = False


class Error(msgspec.Struct, rename="camel"):
    code: str = ""
    http_status_code: int = 400


class Shape(msgspec.Struct):
    """A type; `error` is what an exception's shape says of its code and status, `min` and `max` bound a text's length
    or a number's value."""

    type: str
    members: dict[str, Use] = {}
    member: Use | None = None
    value: Use | None = None
    streaming: bool = False
    exception: bool = False
    error: Error | None = None
    required: list[str] = []
    enum: list[str] = []
    min: float | None = None
    max: float | None = None


class Operation(msgspec.Struct):
    input: Use | None = None
    output: Use | None = None


class Metadata(msgspec.Struct, rename="camel"):
    service_id: str = ""


class Model(msgspec.Struct):
    """A service's operations and shapes, by their names."""

    metadata: Metadata
    operations: dict[str, Operation]
    shapes: dict[str, Shape]

    def operation(self, action: str) -> str | None:
        """The name of the operation that an action such as `sendMessage` is."""
        return next((name for name in self.operations if name.lower() == action.lower()), None)

    def error(self, code: str) -> Error | None:
        """What is said of the error with this code or shape name; None if it is not one of the service's own."""
        for name, shape in self.shapes.items():
            if shape.exception and code in (name, shape.error.code if shape.error else ""):
                error = shape.error or Error()
                return Error(error.code or name, error.http_status_code)
        return None

    def fit(self, use: Use | None, value: Any, plain: Mapping[str, str] = {}) -> Any:
        """A JSON value as an operation takes it. Members that are not the shape's are dropped, as AWS does. `plain`
        names, of structures that a text may stand for, the member that it then is. Raises Unfit."""
        if use is None or value is None:
            return value
        shape = self.shapes[use.shape]
        if use.shape in plain and isinstance(value, str):
            return {plain[use.shape]: value}
        if shape.type in COMPOSED and not isinstance(value, COMPOSED[shape.type]):
            raise Unfit(f"a {shape.type} is due where there is {values.write(value)}")
        if shape.type == "structure":
            known = {name.lower(): name for name in shape.members}
            given = [(known.get(name.lower()), one) for name, one in value.items()]
            return {name: self.fit(shape.members[name], one, plain) for name, one in given if name and one is not None}
        if shape.type == "list":
            return [self.fit(shape.member, one, plain) for one in value]
        if shape.type == "map":
            return {key: self.fit(shape.value, one, plain) for key, one in value.items()}
        return _scalar(shape.type, value)

    def tell(self, use: Use | None, value: Any) -> Any:
        """What an operation answered, as JSON with capital letters; moments as ISO 8601, bytes as text."""
        if use is None or value is None:
            return value
        shape = self.shapes[use.shape]
        if shape.type == "structure":
            members = [(name, part) for name, part in value.items() if name in shape.members]
            return {name[:1].upper() + name[1:]: self.tell(shape.members[name], part) for name, part in members}
        if shape.type == "list":
            return [self.tell(shape.member, one) for one in value]
        if shape.type == "map":
            return {key: self.tell(shape.value, one) for key, one in value.items()}
        if shape.type == "timestamp" and isinstance(value, int | float):
            return moments.iso_ms(value)
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else value

    def streams(self, operation: str) -> bool:
        """Whether the operation's input or output holds a body that is streamed."""
        called = self.operations[operation]
        uses = [use for use in (called.input, called.output) if use]
        members = [member for use in uses for member in self.shapes[use.shape].members.values()]
        return any(member.streaming or self.shapes[member.shape].streaming for member in members)


def _scalar(kind: str, value: Any) -> Any:
    """A value where text, bytes, a moment or a truth is wanted; where text is, JSON of another kind is written out."""
    if kind in ("string", "blob"):
        text = value if isinstance(value, str) else values.write(value)
        return text.encode() if kind == "blob" else text
    if kind == "timestamp" and isinstance(value, str):
        return values.moment(value)
    if kind == "boolean" and isinstance(value, str):
        return TRUTHS.get(value, value)
    return value


@cache
def found(service: str) -> Model | None:
    """The model of a service, by botocore's folder name, if there is one."""
    spec = find_spec("botocore")
    places = spec.submodule_search_locations if spec else None
    files = sorted(Path(places[0], "data", service).glob("*/service-2.json*")) if places else []
    if not files:
        return None
    data = files[-1].read_bytes()
    return msgspec.json.decode(gzip.decompress(data) if files[-1].suffix == ".gz" else data, type=Model)


def model(service: str) -> Model:
    """The model of a service that a room of this cloud is."""
    known = found(service)
    assert known, "the wire opens no room without its model"
    return known
