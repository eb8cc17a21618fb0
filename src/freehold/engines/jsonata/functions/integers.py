"""Integers by picture: `$formatInteger`, `$parseInteger`, and the integers within dates.

One idea: a picture is analysed into a Format, and a Format says both how to write an integer and how to read one.
Follows XPath and XQuery Functions and Operators 3.1, 4.6.1. Knows no date.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from freehold.engines.jsonata.callables import Function
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.functions import words
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.texts import number_text
from freehold.engines.jsonata.values import EXACT_MAX, UNDEFINED, Json, number

PICTURE_MAX: Final = 1_000  # characters of a picture

DECIMAL, LETTERS, ROMAN, WORDS, SEQUENCE = "decimal", "letters", "roman", "words", "sequence"
UPPER, LOWER, TITLE = "upper", "lower", "title"

_NAMED: Final = {
    "A": (LETTERS, UPPER),
    "a": (LETTERS, LOWER),
    "I": (ROMAN, UPPER),
    "i": (ROMAN, LOWER),
    "W": (WORDS, UPPER),
    "Ww": (WORDS, TITLE),
    "w": (WORDS, LOWER),
}

_ZEROS: Final = (
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
)  # fmt: skip
"""The zero of each of Unicode's families of digits."""

_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ROMAN_VALUES: Final = {"m": 1000, "d": 500, "c": 100, "l": 50, "x": 10, "v": 5, "i": 1}
_LEADING = re.compile(r"\s*[-+]?\d+", re.ASCII)


@dataclass(slots=True)
class Format:
    """How an integer is written. `separators`: (digits to the right, character), from the right."""

    kind: str = DECIMAL
    case: str = LOWER
    ordinal: bool = False
    zero: int = 0x30
    mandatory: int = 0
    optional: int = 0
    separators: list[tuple[int, str]] = field(default_factory=list)
    every: int = 0  # digits between separators, where they are regular
    token: str = ""
    width: int | None = None  # digits to read, where the next part follows at once


def analyse(picture: str) -> Format:
    """The Format of a picture. Raises EvaluationFailed D3131."""
    if len(picture) > PICTURE_MAX:
        raise EvaluationFailed("D3142", message=f"A picture string is longer than {PICTURE_MAX} characters")
    primary, found, modifier = picture.rpartition(";")
    if not found:
        primary, modifier = picture, ""
    result = Format(ordinal=modifier.startswith("o"))
    if primary in _NAMED:
        result.kind, result.case = _NAMED[primary]
    else:
        _analyse_digits(primary, result)
    return result


def _analyse_digits(picture: str, result: Format) -> None:
    """A pattern of digits and separators; one without digits is a numbering sequence, which is not supported."""
    zero: int | None = None
    position = 0
    for character in reversed(picture):
        family = next((each for each in _ZEROS if each <= ord(character) <= each + 9), None)
        if family is not None:
            if zero is not None and family != zero:
                raise EvaluationFailed("D3131")
            zero = family
            result.mandatory += 1
            position += 1
        elif character == "#":
            result.optional += 1
            position += 1
        else:
            result.separators.append((position, character))
    if zero is None:
        result.kind, result.token = SEQUENCE, picture
        return
    result.zero = zero
    result.every = regular([position for position, _ in result.separators])
    if len({character for _, character in result.separators}) > 1:
        result.every = 0


def regular(positions: list[int]) -> int:
    """The distance between separators if it is always the same, else 0."""
    if not positions:
        return 0
    distance = math.gcd(*positions)
    return distance if all(distance * number in positions for number in range(1, len(positions) + 1)) else 0


def format_with(value: int, form: Format, run: Run) -> str:
    """The integer as the Format writes it. Raises EvaluationFailed D3130."""
    size = abs(value)
    if form.kind == SEQUENCE:
        raise EvaluationFailed("D3130", value=form.token)
    if form.kind == DECIMAL:
        text = _decimal(size, form)
    elif form.kind == LETTERS:
        text = _letters(size, "A" if form.case == UPPER else "a")
    elif form.kind == ROMAN:
        run.spend_text(size // 1000)
        text = _roman(size)
        text = text.upper() if form.case == UPPER else text
    else:
        text = words.spell(size, form.ordinal)
        text = text.upper() if form.case == UPPER else text.lower() if form.case == LOWER else text
    return "-" + text if value < 0 else text


def _decimal(size: int, form: Format) -> str:
    digits = number_text(size).rjust(form.mandatory, "0")
    plain = digits
    if form.zero != 0x30:
        digits = "".join([chr(ord(digit) - 0x30 + form.zero) if digit.isdigit() else digit for digit in digits])
    separators = form.separators
    if form.every:
        character = separators[0][1]
        separators = [(position, character) for position in range(form.every, len(digits), form.every)]
    parts = list(digits)
    for position, character in separators:
        if position < len(digits):
            parts[len(digits) - position] = character + parts[len(digits) - position] if position else ""
    text = "".join(parts)
    return text + _suffix(plain) if form.ordinal else text


def _suffix(digits: str) -> str:
    if digits[-2:-1] == "1":
        return "th"
    return {"1": "st", "2": "nd", "3": "rd"}.get(digits[-1], "th")


def _letters(size: int, first: str) -> str:
    letters = ""
    while size > 0:
        size, rest = divmod(size - 1, 26)
        letters = chr(ord(first) + rest) + letters
    return letters


def _roman(size: int) -> str:
    text = []
    for value, numeral in _ROMAN:
        times, size = divmod(size, value)
        text.append(numeral * times)
    return "".join(text)


def parse_with(text: str, form: Format) -> float:
    """The integer that a text means by the Format. Raises EvaluationFailed D3030, D3130."""
    if form.kind == SEQUENCE:
        raise EvaluationFailed("D3130", value=form.token)
    if form.kind == WORDS:
        value: float | None = words.value_of(text.lower())
    elif form.kind == LETTERS:
        first = ord("A" if form.case == UPPER else "a")
        value = float(sum((ord(letter) - first + 1) * 26.0**place for place, letter in enumerate(text[::-1][:200])))
    elif form.kind == ROMAN:
        value = _roman_value(text.lower())
    else:
        value = _decimal_value(text, form)
    if value is None or not math.isfinite(value):
        raise EvaluationFailed("D3030", value=text)
    return number(float(value))


def _roman_value(text: str) -> int | None:
    total = largest = 0
    for letter in reversed(text):
        value = _ROMAN_VALUES.get(letter)
        if value is None:
            return None
        total += -value if value < largest else value
        largest = max(largest, value)
    return total


def _decimal_value(text: str, form: Format) -> float | None:
    if form.ordinal:
        text = text[:-2]
    for character in {"," if form.every else character for _, character in form.separators}:
        text = text.replace(character, "")
    if form.zero != 0x30:
        text = "".join([chr((ord(digit) - form.zero + 0x30) % 0x110000) for digit in text])
    found = _LEADING.match(text)
    return float(found[0]) if found else None


def pattern(form: Format) -> str:
    """The regular expression of texts that the Format reads."""
    if form.kind == SEQUENCE:
        raise EvaluationFailed("D3130", value=form.token)
    if form.kind == LETTERS:
        return "[A-Z]+" if form.case == UPPER else "[a-z]+"
    if form.kind == ROMAN:
        return "[MDCLXVI]+" if form.case == UPPER else "[mdclxvi]+"
    if form.kind == WORDS:
        return words.PATTERN
    digits = "[0-9]+" if not form.width else f"[0-9]{{{form.width}}}"
    return digits + "(?:th|st|nd|rd)" if form.ordinal else digits


def format_integer(run: Run, value: Json, picture: Json) -> Json:
    if value is UNDEFINED or picture is UNDEFINED:
        return UNDEFINED
    return format_with(_whole(value), analyse(picture), run)


def _whole(value: float) -> int:
    """The integer at or below a number, with the digits that are shown of it: 1e46 has one and 46 zeros."""
    if abs(value) < EXACT_MAX:
        return math.floor(value)
    if not math.isfinite(value):
        raise EvaluationFailed("D1001")
    return int(Decimal(repr(float(value))))


def parse_integer(run: Run, value: Json, picture: Json) -> Json:
    if value is UNDEFINED or picture is UNDEFINED:
        return UNDEFINED
    run.spend_text(len(value))
    return parse_with(value, analyse(picture))


FUNCTIONS: Final[Mapping[str, Function]] = {
    "formatInteger": Function(format_integer, "<n-s:s>"),
    "parseInteger": Function(parse_integer, "<s-s:n>"),
}
