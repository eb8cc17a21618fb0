"""Texts that are no JSON, told in the words of Jackson, the parser behind AWS's services.

One idea: where a text stops being JSON is found by one parser, and said as the other says it. It may not know what the
texts are for.
"""

import json
import re

import msgspec

from freehold.engines import jsontext

ANY_VALUE = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'"
NAME_WANTED = "was expecting double-quote to start field name"
COLON_WANTED = "was expecting a colon to separate field name and value"
COMMA_WANTED = "was expecting comma to separate {what} entries"
VALUE_WANTED = f"expected a valid value ({ANY_VALUE})"
ENDED = "Unexpected end-of-input"
UNKNOWN_WORD = "Unrecognized token '{word}': was expecting ({values})"
UNEXPECTED = "Unexpected character ('{char}' (code {code})): {wanted}"
REDACTED = "`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled"
SHOWN_MAX = 500  # characters of the text that a place quotes
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(NaN|Infinity)')  # which the parser here takes for numbers
# What Jackson was expecting, by the words in which the parser here complains of a character.
EXPECTED = {
    "Expecting property name enclosed in double quotes": NAME_WANTED,
    "Expecting ':' delimiter": COLON_WANTED,
    "Expecting ',' delimiter": COMMA_WANTED,
    "Illegal trailing comma before end of object": NAME_WANTED,
}


def fault(text: str) -> str | None:
    """Why a text is no JSON, or None if it is."""
    try:
        jsontext.read(text)
    except msgspec.DecodeError as wrong:
        stop = stopped(text)
        return stop[0] if stop else str(wrong)
    return None


def stopped(text: str) -> tuple[str, int] | None:
    """Why and behind how many characters a reader stops; None if it reads to the end, or the text is too deep."""
    if jsontext.deep(text):
        return None
    try:
        json.loads(text)
    except json.JSONDecodeError as wrong:
        return _stop(text, wrong.msg, wrong.pos)
    odd = next((found for found in _CONSTANT.finditer(text) if found[1]), None)
    return (UNKNOWN_WORD.format(word=odd[1], values=ANY_VALUE), odd.end()) if odd else None


def _stop(text: str, complaint: str, at: int) -> tuple[str, int]:
    word = _WORD.match(text, at)
    if not text[at:].strip() or complaint.startswith("Unterminated string"):
        return ENDED, len(text)
    if word and complaint in ("Expecting value", "Extra data"):
        return UNKNOWN_WORD.format(word=word[0], values=ANY_VALUE), word.end()
    wanted = EXPECTED.get(complaint, VALUE_WANTED)
    if wanted is COMMA_WANTED:
        wanted = COMMA_WANTED.format(what="Array" if _in_array(text[:at]) else "Object")
    return UNEXPECTED.format(char=text[at], code=ord(text[at]), wanted=wanted), at


def place(text: str) -> str:
    """Where a text stops being JSON: the text itself, with the line and the column of what was not understood."""
    return standing(text, _position(text))


def standing(text: str, read: int) -> str:
    """Where a reader of a text stands after so many characters."""
    more = len(text) - SHOWN_MAX
    shown = f'"{text}"' if more <= 0 else f'"{text[:SHOWN_MAX]}"[truncated {more} chars]'
    return f"[Source: (String){shown}; {_line_and_column(text, read)}]"


def redacted_place(text: str) -> str:
    """As `place`, by services that do not quote what they were given."""
    return f"[Source: REDACTED ({REDACTED}); {_line_and_column(text, _position(text))}]"


def _line_and_column(text: str, at: int) -> str:
    return f"line: {text.count(chr(10), 0, at) + 1}, column: {at - text.rfind(chr(10), 0, at)}"


def _position(text: str) -> int:
    stop = stopped(text)
    return stop[1] if stop else len(text)


def _in_array(before: str) -> bool:
    """Whether the innermost bracket that is still open is an array's."""
    still_open: list[str] = []
    for mark in re.findall(r"[\[{\]}]", re.sub(r'"(?:[^"\\]|\\.)*"', "", before)):
        if mark in "[{":
            still_open.append(mark)
        elif still_open:
            still_open.pop()
    return still_open[-1:] == ["["]
