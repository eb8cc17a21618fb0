"""How DynamoDB reads JSON that is not of its shape: what it takes all the same, and its words for the rest.

One idea: bodies that are of their shape never come here; one that is not is walked once more, slowly, with its shapes
beside it, and is mended or refused. DynamoDB's words are older than those of other services and name Java's classes. It
may not know operations.
"""

from typing import Any

from freehold.wire.codecs.faults import SerializationException
from freehold.wire.models import Member, Shape

NAMESPACE = "com.amazonaws.dynamodb.v20120810"
BOOLEANS = {"TRUE": True, "1": True, "YES": True, "FALSE": False, "0": False, "NO": False}
CLASSES = {
    "string": "java.lang.String",
    "boolean": "java.lang.Boolean",
    "integer": "java.lang.Integer",
    "long": "java.lang.Long",
    "double": "java.lang.Double",
    "blob": "java.nio.ByteBuffer",
    "timestamp": "java.util.Date",
}
CAST = (
    "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class "
    "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of "
    "loader 'bootstrap')"
)


def mend(shape: Shape, tree: Any) -> Any:
    """The tree with what DynamoDB takes for something else changed into that. Raises SerializationException."""
    return _structure(shape, tree, within=False)


def _refused(words: str) -> SerializationException:
    return SerializationException(message=words)


def _any(use: Member, value: Any, *, within: bool) -> Any:
    """A member of a structure or, `within`, an element of a list or map."""
    shape = use.target
    if value is None:
        return None
    if shape.type == "structure":
        return _structure(shape, value, within=within)
    if shape.type == "list":
        return _list(shape, value, within=within)
    if shape.type == "map":
        return _map(shape, value, within=within)
    return _scalar(shape, value)


def _structure(shape: Shape, value: Any, *, within: bool) -> Any:
    if isinstance(value, list):
        raise _refused(f"Unrecognized collection type class {NAMESPACE}.{shape.name}")
    if not isinstance(value, dict):
        raise _refused("Unexpected value type in payload" if within else "Unexpected field type")
    uses = shape.members
    return {name: _any(uses[name], item, within=False) if name in uses else item for name, item in value.items()}


def _list(shape: Shape, value: Any, *, within: bool) -> Any:
    if isinstance(value, dict):
        raise _refused("Start of structure or map found where not expected")
    if not isinstance(value, list):
        raise _refused(CAST if within else "Unexpected field type")
    assert shape.member
    return [_any(shape.member, item, within=True) for item in value]


def _map(shape: Shape, value: Any, *, within: bool) -> Any:
    assert shape.value
    if isinstance(value, list):
        raise _refused(f"Unrecognized collection type java.util.Map<java.lang.String, {_class(shape.value.target)}>")
    if not isinstance(value, dict):
        raise _refused(CAST if within else "Unexpected field type")
    return {key: _any(shape.value, item, within=True) for key, item in value.items()}


def _class(shape: Shape) -> str:
    if shape.type == "list" and shape.member:
        return f"java.util.List<{_class(shape.member.target)}>"
    return CLASSES.get(shape.type, f"{NAMESPACE}.{shape.name}")


def _scalar(shape: Shape, value: Any) -> Any:
    if isinstance(value, list):
        raise _refused(f"Unrecognized collection type class {CLASSES.get(shape.type, shape.name)}")
    if isinstance(value, dict):
        raise _refused("Start of structure or map found where not expected")
    if shape.type == "boolean" and isinstance(value, str):
        if value.upper() not in BOOLEANS:
            raise _refused("Unexpected token received from parser")
        return BOOLEANS[value.upper()]
    if shape.type == "blob" and not isinstance(value, str):
        raise _refused("only base-64-encoded strings are convertible to bytes")
    if _token(value) not in TAKEN.get(shape.type, ANY):
        raise _refused(f"{_token(value)} cannot be converted to {CLASSES[shape.type].rpartition('.')[2]}")
    return value


def _token(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    if isinstance(value, float):
        return "DECIMAL_VALUE"
    return "STRING_VALUE" if isinstance(value, str) else "NUMBER_VALUE"


ANY = ("TRUE_VALUE", "FALSE_VALUE", "DECIMAL_VALUE", "STRING_VALUE", "NUMBER_VALUE")
TAKEN = {
    "string": ("STRING_VALUE",),
    "boolean": ("TRUE_VALUE", "FALSE_VALUE"),
    "integer": ("NUMBER_VALUE", "DECIMAL_VALUE"),
    "long": ("NUMBER_VALUE", "DECIMAL_VALUE"),
    "double": ("NUMBER_VALUE", "DECIMAL_VALUE"),
}
