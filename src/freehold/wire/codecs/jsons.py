"""JSON's leaves: how scalars look in JSON bodies, and the words for those that do not fit.

One idea: two tables, inward and outward, over `trees`. Used by the json and rest-json protocols and by event payloads.
Words follow SerializationException as AWS's services send it. It may not know HTTP.
"""

import math
from collections.abc import Callable
from typing import Any

import orjson

from freehold.wire.codecs import texts
from freehold.wire.codecs.eventstream import Bodies
from freehold.wire.codecs.faults import Refusal, SerializationException
from freehold.wire.codecs.trees import Compiler, Direction, Leaf, outward_wrong
from freehold.wire.models import Member, Shape

TITLES = {"integer": "an Integer", "long": "a Long", "boolean": "a Boolean", "float": "a Float", "double": "a Double"}
LOOSE_BITS = "Invalid last non-pad Base64 character dectected"  # of bits before the padding that belong to no byte
EXPECTED = {"list": "Expected list or null", "map": "Expected map or null", "structure": "Expected null"}


def wrong(value: Any, wanted: str) -> SerializationException:
    """The refusal of a value that is not of the wanted type."""
    if isinstance(value, list):
        return SerializationException(message="Start of list found where not expected")
    if isinstance(value, dict):
        return SerializationException(message="Start of structure or map found where not expected.")
    if wanted in EXPECTED:
        return SerializationException(message=EXPECTED[wanted])
    title = TITLES.get(wanted, f"a {wanted.title()}")
    return SerializationException(message=f"{_token(value)} can not be converted to {title}")


def _token(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    return "STRING_VALUE" if isinstance(value, str) else "NUMBER_VALUE"


def _read_string(value: Any) -> str:
    raise wrong(value, "string")


def _read_boolean(value: Any) -> bool:
    raise wrong(value, "boolean")


def _read_whole(kind: str) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is float and math.isfinite(value):
            return int(value)
        raise wrong(value, kind)

    return read


def _read_real(kind: str) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if type(value) is int:
            return value
        if type(value) is str and value in texts.NOT_FINITE:
            return texts.NOT_FINITE[value]
        raise wrong(value, kind)

    return read


def _read_blob(value: Any) -> bytes:
    if type(value) is not str:
        raise wrong(value, "blob")
    try:
        content = texts.read_bytes(value)
    except ValueError:
        raise SerializationException(message=_base64_fault(value)) from None
    if value.endswith("=") and texts.write_bytes(content[len(content) // 3 * 3 :]) != value[-4:]:
        raise SerializationException(message=LOOSE_BITS)
    return content


def _base64_fault(value: str) -> str:
    if len(value) % 4:
        return f"Base64 encoded length is expected a multiple of 4 bytes but found: {len(value)}"
    odd = next((letter for letter in value if not (letter.isascii() and letter.isalnum()) and letter not in "+/="), "")
    return f"Invalid Base64 character: '{odd}'" if odd else LOOSE_BITS


def _read_time(value: Any) -> texts.Seconds:
    if type(value) in (int, float):
        return value
    if type(value) is not str:
        raise wrong(value, "timestamp")
    try:
        return texts.read_time(value)
    except ValueError:
        raise wrong(value, "timestamp") from None


INWARD: dict[str, Leaf] = {
    "string": (str, _read_string),
    "character": (str, _read_string),
    "boolean": (bool, _read_boolean),
    "integer": (int, _read_whole("integer")),
    "long": (int, _read_whole("long")),
    "float": (float, _read_real("float")),
    "double": (float, _read_real("double")),
    "blob": (None, _read_blob),
    "timestamp": (None, _read_time),
}
OUTWARD: dict[str, Leaf] = {
    "string": (str, str),
    "character": (str, str),
    "boolean": (bool, bool),
    "integer": (int, int),
    "long": (int, int),
    "float": (int, lambda value: value if math.isfinite(value) else texts.write_float(value)),
    "double": (int, lambda value: value if math.isfinite(value) else texts.write_float(value)),
    "blob": (None, texts.write_bytes),
}


def _leaf_in(use: Member) -> Leaf:
    if use.jsonvalue:
        return None, lambda value: orjson.loads(value) if isinstance(value, str) else value
    return INWARD[use.target.type]


def _leaf_out(use: Member) -> Leaf:
    if use.jsonvalue:
        return None, lambda value: value if isinstance(value, str) else orjson.dumps(value).decode()
    if use.target.type == "timestamp":
        write = texts.TIMES[use.timestamp_format or "unixTimestamp"]
        return None, write if write is not texts.unix else lambda value: texts.seconds(round(value, 3))
    return OUTWARD[use.target.type]


def readers() -> Compiler:
    """A compiler from JSON trees to requests."""
    return Compiler(Direction(True, _leaf_in, wrong))


def writers() -> Compiler:
    """A compiler from responses to JSON trees."""
    return Compiler(Direction(False, _leaf_out, outward_wrong))


def load(body: bytes) -> Any:
    """A JSON text's tree; SerializationException without words if it is none, or nested beyond 1,024 levels."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise SerializationException(message="") from None


def dump(tree: Any) -> bytes:
    """The JSON text of a tree, whose bytes are in base64."""
    return orjson.dumps(tree, texts.write_bytes)


def bodies(inward: Compiler, outward: Compiler, content_type: str) -> Bodies:
    """How structures are whole bodies, for event streams."""

    def write(shape: Shape) -> Callable[[dict], bytes]:
        translate = outward.structure(shape)
        return lambda value: dump(translate(value))

    def read(shape: Shape) -> Callable[[bytes], dict]:
        translate = inward.structure(shape)
        return lambda body: translate(load(body))

    return Bodies(content_type, write, read)


def error_tree(outward: Compiler, refused: Refusal) -> dict[str, Any]:
    """An error's message, if it has one, and its modelled members, as a tree."""
    message = {refused.message_member: refused.message} if refused.message else {}
    return message | (outward.structure(refused.shape)(refused.members) if refused.shape else {})
