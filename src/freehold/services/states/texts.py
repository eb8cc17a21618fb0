"""JSON texts that callers send: checked, and refused in the words of the parser behind AWS's service.

One idea: where a text stops being JSON is found by one parser, and said as Jackson says it. It may not know what the
texts are for.
"""

import json
import re

import msgspec

from freehold.engines.asl import values

VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
# What Jackson was expecting, by the words in which the parser here complains of a character.
EXPECTED = {
    "Expecting property name enclosed in double quotes": "was expecting double-quote to start field name",
    "Expecting ':' delimiter": "was expecting a colon to separate field name and value",
    "Expecting ',' delimiter": "was expecting comma to separate Object entries",
    "Illegal trailing comma before end of object": "was expecting double-quote to start field name",
}


def fault(text: str) -> str | None:
    """Why a text is no JSON, or None if it is."""
    try:
        values.read(text)
    except msgspec.DecodeError as wrong:
        return _words(text) or str(wrong)
    return None


def _words(text: str) -> str | None:
    try:
        json.loads(text)
    except json.JSONDecodeError as wrong:
        at, rest = wrong.pos, text[wrong.pos :]
        word = _WORD.match(rest)
        if not rest.strip():
            return "Unexpected end-of-input"
        if word and wrong.msg in ("Expecting value", "Extra data"):
            return f"Unrecognized token '{word[0]}': was expecting {VALUES}"
        expected = EXPECTED.get(wrong.msg, f"expected a valid value {VALUES}")
        if wrong.msg == "Expecting ',' delimiter" and _in_array(text[:at]):
            expected = expected.replace("Object", "Array")
        return f"Unexpected character ('{rest[0]}' (code {ord(rest[0])})): {expected}"
    return None


def _in_array(before: str) -> bool:
    """Whether the innermost bracket that is still open is an array's."""
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", before)
    while (closed := re.sub(r"\[[^][{}]*\]|\{[^][{}]*\}", "", outside)) != outside:
        outside = closed
    return bool(re.search(r"\[[^][{}]*$", outside))
