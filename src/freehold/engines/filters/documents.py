"""JSON patterns: `{ $.user.id = 1 && $.tags[0] != "a*" || $.error NOT EXISTS }`.

One idea: a selector finds a value or that there is none, and only NOT EXISTS is true of none. It may not know columns.
"""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from freehold.engines.filters.conditions import Reader, Test, comparison, tokens
from freehold.engines.filters.errors import InvalidFilterPattern

SELECTOR = re.compile(r"\$(?:\.?\[(?:'[^']*'|\"[^\"]*\"|\d+)\]|\.[^\[\].]+)+")
STEP = re.compile(r"\.?\[(?:'([^']*)'|\"([^\"]*)\"|(\d+))\]|\.([^\[\].]+)")

MISSING = object()
STATES: dict[str, Any] = {"TRUE": True, "FALSE": False, "NULL": None}

Find = Callable[[Any], Any]


def compile_document(text: str) -> Test[str]:
    """A test of messages that are JSON; others match nothing. Raises InvalidFilterPattern."""
    holds = Reader(tokens(text), _read_condition).read()

    def matches(message: str) -> bool:
        if not message.lstrip().startswith(("{", "[")):
            return False
        try:
            document = msgspec.json.decode(message)
        except msgspec.DecodeError:
            return False
        return holds(document)

    return matches


def _read_condition(reader: Reader) -> Test[Any]:
    find = selector(reader.take("word"))
    word = reader.peek()
    if word.kind == "operator":
        test = comparison(reader.take("operator"), _take_literal(reader))
        return lambda document: (value := find(document)) is not MISSING and test(value)
    match reader.take("word", "IS", "NOT", "EXISTS").upper():
        case "IS":
            state = STATES[reader.take("word", *STATES).upper()]
            return lambda document: find(document) is state
        case "NOT":
            reader.take("word", "EXISTS")
            return lambda document: find(document) is MISSING
        case _:
            return lambda document: find(document) is not MISSING


def _take_literal(reader: Reader) -> Any:
    literal = reader.peek()
    reader.take(literal.kind)
    return literal


def selector(text: str) -> Find:
    """What finds `$.a.b[0]` in a document: the value, or MISSING."""
    if not SELECTOR.fullmatch(text):
        raise InvalidFilterPattern()
    steps: list[str | int] = []
    for quoted, double, position, name in STEP.findall(text):
        steps.append(int(position) if position else quoted or double or name)

    def find(document: Any) -> Any:
        for step in steps:
            if isinstance(step, int):
                if not isinstance(document, list) or step >= len(document):
                    return MISSING
                document = document[step]
            elif not isinstance(document, dict) or step not in document:
                return MISSING
            else:
                document = document[step]
        return document

    return find
