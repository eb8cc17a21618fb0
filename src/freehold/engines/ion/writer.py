"""Attribute values written as Ion text. It may not know files."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

MARK = "$ion_1_0"
SET = "$dynamodb_{kind}::"
SYMBOL = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
RESERVED = {"null", "true", "false", "nan"}

Value = dict[str, Any]


def write_item(item: dict[str, Value]) -> str:
    """A struct of attribute values. Raises KeyError for a type that DynamoDB has not."""
    return "{" + ",".join(f"{_name(name)}:{write(value)}" for name, value in item.items()) + "}"


def write(value: Value) -> str:
    ((kind, content),) = value.items()
    return KINDS[kind](content)


def _name(name: str) -> str:
    return name if SYMBOL.fullmatch(name) and name not in RESERVED and name[0] != "$" else _text(name)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _number(text: str) -> str:
    """A decimal: what looks like an integer gets a point, an exponent gets Ion's letter."""
    if "E" in text or "e" in text:
        return text.lower().replace("e+", "d").replace("e", "d")
    return text if "." in text else f"{text}."


def _blob(content: bytes) -> str:
    return "{{" + base64.b64encode(content).decode() + "}}"


def _set(kind: str, one: Callable[[Any], str]) -> Callable[[list[Any]], str]:
    return lambda members: SET.format(kind=kind) + "[" + ",".join(map(one, members)) + "]"


KINDS: dict[str, Callable[[Any], str]] = {
    "S": _text,
    "N": _number,
    "B": _blob,
    "BOOL": lambda content: "true" if content else "false",
    "NULL": lambda content: "null",
    "L": lambda members: "[" + ",".join(map(write, members)) + "]",
    "M": write_item,
    "SS": _set("SS", _text),
    "NS": _set("NS", _number),
    "BS": _set("BS", _blob),
}
