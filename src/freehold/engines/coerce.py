"""The values of a template's properties as the types an API wants.

One idea: templates are loose about scalars ("true", 5, "5") and CloudFormation forgives it; each function here forgives
one way. They may not know resource types: a caller gives the spec, which may be a botocore shape; nor templates, so
that rooms need not load what reads those.
"""

import contextlib
import json
import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import msgspec

from freehold.kernel.errors import AwsError


class InvalidTemplate(AwsError):
    """The template, or the parameters given with it, cannot be deployed."""

    words = "{message}"
    code: ClassVar[str | None] = "ValidationError"
    status: ClassVar[int | None] = 400

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors of a transform come back from a worker process, so they survive pickling."""
        return _again, (type(self), self.values)


BOOLEANS = {"true": True, "false": False}


def boolean(value: Any, name: str = "") -> bool:
    """True and False, and their names in any case."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in BOOLEANS:
        return BOOLEANS[value.lower()]
    raise _wrong(name, "Boolean")


def number(value: Any, name: str = "") -> int | float:
    """An int when the value is whole, else a float."""
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(name, "Number")
    return int(value) if value == int(value) else value


def integer(value: Any, name: str = "") -> int:
    """A whole number."""
    found = number(value, name)
    if not isinstance(found, int):
        raise _wrong(name, "Integer")
    return found


def text(value: Any, name: str = "") -> str:
    """A scalar's spelling, as JSON writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise _wrong(name, "String")


def json_object(value: Any, name: str = "") -> dict[str, Any]:
    """An object, or the JSON text of one (policy documents, schemas, dashboards)."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    if isinstance(value, dict):
        return value
    raise InvalidTemplate(message=f"Value of property {name} must be an object")


def json_text(value: Any, name: str = "") -> str:
    """The JSON text of an object or list; text is taken as it stands."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def list_of(item: Callable[[Any, str], Any], value: Any, name: str = "") -> list[Any]:
    """A list; a single value is a list of one."""
    values = value if isinstance(value, list) else [value]
    return [item(each, name) for each in values]


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as most services ask for them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


SCALARS: Mapping[str, Callable[[Any, str], Any]] = {
    "string": text,
    "character": text,
    "boolean": boolean,
    "integer": integer,
    "long": integer,
    "float": number,
    "double": number,
}


def shaped(value: Any, shape: Any, name: str = "") -> Any:
    """`value` with its scalars as a botocore-like `shape` (type_name, members, member, value) says.

    Members the shape does not have stay as they are: a caller's own check speaks of them.
    """
    if shape is None or value is None:
        return value
    if shape.type_name == "structure":
        given = json_object(value, name)
        return {key: shaped(each, shape.members.get(key), key) for key, each in given.items()}
    if shape.type_name == "list":
        return list_of(lambda each, _: shaped(each, shape.member, name), value, name)
    if shape.type_name == "map":
        return {key: shaped(each, shape.value, key) for key, each in json_object(value, name).items()}
    scalar = SCALARS.get(shape.type_name)
    return scalar(value, name) if scalar else value


def _parsed(words: str) -> int | float | None:
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(words)
    return None


def _wrong(name: str, kind: str) -> InvalidTemplate:
    return InvalidTemplate(message=f"Value of property {name} must be of type {kind}")


def _again(kind: type[InvalidTemplate], values: dict[str, Any]) -> InvalidTemplate:
    return kind(**values)
