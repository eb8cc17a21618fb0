"""Texts that are no JSON, told in the words of Jackson, the parser behind AWS's services.

One idea: where a text stops being JSON is found by one parser, and said as the other says it. It may not know what the
texts are for.
"""

import json
import re

import msgspec

VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
REDACTED = "`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled"
SHOWN_MAX = 500  # characters of the text that a place quotes
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
        msgspec.json.decode(text)
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


def place(text: str) -> str:
    """Where a text stops being JSON: the text itself, with the line and the column behind what was not understood."""
    at = _position(text)
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    more = len(text) - SHOWN_MAX
    shown = f'"{text}"' if more <= 0 else f'"{text[:SHOWN_MAX]}"[truncated {more} chars]'
    return f"[Source: (String){shown}; line: {line}, column: {column}]"


def redacted_place(text: str) -> str:
    """As `place`, by services that do not quote what they were given."""
    at = _position(text)
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return f"[Source: REDACTED ({REDACTED}); line: {line}, column: {column}]"


def _position(text: str) -> int:
    try:
        json.loads(text)
    except json.JSONDecodeError as wrong:
        word = _WORD.match(text[wrong.pos :]) if wrong.msg in ("Expecting value", "Extra data") else None
        return wrong.pos + (len(word[0]) if word else 1)
    return len(text)


def _in_array(before: str) -> bool:
    """Whether the innermost bracket that is still open is an array's."""
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", before)
    while (closed := re.sub(r"\[[^][{}]*\]|\{[^][{}]*\}", "", outside)) != outside:
        outside = closed
    return bool(re.search(r"\[[^][{}]*$", outside))
