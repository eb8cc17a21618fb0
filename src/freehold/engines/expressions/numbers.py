"""DynamoDB's numbers: decimals of at most 38 significant digits, of magnitude 1E-130 to 9.99…E+125, written as text.

One idea: a number is a sign, its significant digits, and the power of ten of the first of them; text, size and order
all follow from these three. It knows nothing of AttributeValues. Rules:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
"""

import re
from decimal import Context, Decimal
from typing import NamedTuple

from freehold.engines.expressions.errors import (
    EmptyNumber,
    NotANumber,
    NumberOverflow,
    NumberUnderflow,
    TooManyDigits,
)

DIGITS_MAX = 38
EXPONENT_MAX = 125
EXPONENT_MIN = -130

_TEXT = re.compile(r"([+-]?)(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?)([0-9]+))?")
_CANONICAL = re.compile(r"0|-?(?:[1-9][0-9]*|0(?=\.))(?:\.[0-9]*[1-9])?")  # of no more than DIGITS_MAX letters
# A sum of the largest and the smallest number has 256 digits: wide enough that nothing is ever rounded.
_EXACT = Context(prec=300)
_EXPONENT_DIGITS_MAX = 9  # Beyond this an exponent is out of range whatever the digits, and int() need not be asked.


class Number(NamedTuple):
    """±d.ddd × 10^exponent. `digits` has neither leading nor trailing zeros; zero is ("", 0), never negative."""

    negative: bool
    digits: str
    exponent: int


def _is_plain(text: str) -> bool:
    """Whether `text` is a positive whole number in canonical form, as most are: these take the short way."""
    return text.isdigit() and text.isascii() and text[0] != "0" and len(text) <= DIGITS_MAX


def parse(text: str) -> Number:
    """The number in `text`. Raises EmptyNumber, NotANumber, NumberOverflow, NumberUnderflow or TooManyDigits."""
    if _is_plain(text):
        return Number(False, text.rstrip("0"), len(text) - 1)
    match = _TEXT.fullmatch(text)
    if match is None:
        raise NotANumber(text=text) if text else EmptyNumber()
    sign, whole, fraction, power_sign, power = match.groups(default="")
    written = whole + fraction
    significant = written.lstrip("0")
    digits = significant.rstrip("0")
    if not digits:
        return Number(False, "", 0)
    shift = int(power_sign + (power.lstrip("0")[:_EXPONENT_DIGITS_MAX] or "0"))
    exponent = len(whole) - (len(written) - len(significant)) - 1 + shift
    if exponent > EXPONENT_MAX:
        raise NumberOverflow()
    if exponent < EXPONENT_MIN:
        raise NumberUnderflow()
    if len(digits) > DIGITS_MAX:
        raise TooManyDigits()
    return Number(sign == "-", digits, exponent)


def write(number: Number) -> str:
    """The text DynamoDB returns: plain decimal notation, without exponent and without idle zeros."""
    negative, digits, exponent = number
    if not digits:
        return "0"
    if exponent < 0:
        text = "0." + "0" * (-exponent - 1) + digits
    elif exponent < len(digits) - 1:
        text = digits[: exponent + 1] + "." + digits[exponent + 1 :]
    else:
        text = digits + "0" * (exponent + 1 - len(digits))
    return "-" + text if negative else text


def canonical(text: str) -> str:
    """`text` as DynamoDB returns it ("1.0" → "1", "1e3" → "1000", "-0" → "0"). Raises as `parse`."""
    return text if len(text) <= DIGITS_MAX and _CANONICAL.fullmatch(text) else write(parse(text))


def add(left: str, right: str) -> str:
    """left + right, exactly. Raises NumberOverflow, also for more digits than can be stored, or NumberUnderflow."""
    if left.isdigit() and right.isdigit() and len(left) < DIGITS_MAX > len(right):
        return str(int(left) + int(right))
    return _outcome(_EXACT.add(Decimal(left), Decimal(right)))


def subtract(left: str, right: str) -> str:
    """left − right, as `add`."""
    return _outcome(_EXACT.subtract(Decimal(left), Decimal(right)))


def _outcome(number: Decimal) -> str:
    try:
        return canonical(str(number))
    except TooManyDigits:
        raise NumberOverflow() from None  # AWS's words for it, whatever the magnitude


def size(text: str) -> int:
    """Stored bytes of a number: one, one for each pair of digits counted from the point, one for a minus sign."""
    if _is_plain(text):
        return 1 + (len(text.rstrip("0")) + 1 + len(text) % 2) // 2
    negative, digits, exponent = parse(text)
    if not digits:
        return 1
    lone_first_digit = exponent % 2 == 0
    pairs = (len(digits) + 1 + lone_first_digit) // 2
    return 1 + pairs + negative
