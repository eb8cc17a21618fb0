"""JSON texts that callers send: checked, and refused in the words of the parser behind AWS's service.

One idea: where a text stops being JSON is found by one parser, and said as Jackson says it. It may not know what the
texts are for.
"""

import json
import re
from typing import NamedTuple

import msgspec

from freehold.engines.asl import values

VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
SHOWN_MAX = 500  # characters of a text that are repeated
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
# What Jackson was expecting, by the words in which the parser here complains of a character.
EXPECTED = {
    "Expecting property name enclosed in double quotes": "was expecting double-quote to start field name",
    "Expecting ':' delimiter": "was expecting a colon to separate field name and value",
    "Expecting ',' delimiter": "was expecting comma to separate Object entries",
    "Illegal trailing comma before end of object": "was expecting double-quote to start field name",
}


class Fault(NamedTuple):
    """Why a text is no JSON, and how much of it was read until that was seen."""

    words: str
    read: int


def fault(text: str) -> str | None:
    """Why a text is no JSON, or None if it is."""
    found = found_in(text)
    return found.words if found else None


def source(text: str, read: int) -> str:
    """Where a reader of a text stands, as Jackson says it."""
    before = text[:read]
    shown = f'"{text[:SHOWN_MAX]}"' + (f"[truncated {len(text) - SHOWN_MAX} chars]" if len(text) > SHOWN_MAX else "")
    return f"[Source: (String){shown}; line: {before.count(chr(10)) + 1}, column: {read - before.rfind(chr(10))}]"


def found_in(text: str) -> Fault | None:
    """What keeps a text from being JSON."""
    try:
        values.read(text)
    except msgspec.DecodeError as wrong:
        return _fault(text) or Fault(str(wrong), len(text))
    return None


def _fault(text: str) -> Fault | None:
    try:
        json.loads(text)
    except json.JSONDecodeError as wrong:
        at, rest = wrong.pos, text[wrong.pos :]
        word = _WORD.match(rest)
        if not rest.strip():
            return Fault("Unexpected end-of-input", len(text))
        if word and wrong.msg in ("Expecting value", "Extra data"):
            return Fault(f"Unrecognized token '{word[0]}': was expecting {VALUES}", at + len(word[0]))
        expected = EXPECTED.get(wrong.msg, f"expected a valid value {VALUES}")
        if wrong.msg == "Expecting ',' delimiter" and _in_array(text[:at]):
            expected = expected.replace("Object", "Array")
        return Fault(f"Unexpected character ('{rest[0]}' (code {ord(rest[0])})): {expected}", at + 1)
    return None


def _in_array(before: str) -> bool:
    """Whether the innermost bracket that is still open is an array's."""
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", before)
    while (closed := re.sub(r"\[[^][{}]*\]|\{[^][{}]*\}", "", outside)) != outside:
        outside = closed
    return bool(re.search(r"\[[^][{}]*$", outside))
