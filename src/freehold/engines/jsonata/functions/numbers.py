"""Numbers. One idea: results are JavaScript's doubles; what is no number in JSON is an error. Knows no pictures."""

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from freehold.engines.jsonata.callables import Function
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.texts import number_text
from freehold.engines.jsonata.values import EXACT_MAX, UNDEFINED, Json
from freehold.engines.jsonata.values import number as as_number

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?")
_OTHER_BASE = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TEXT_MAX: Final = 400  # characters of a number written out; more digits than any double has
_PRECISION_MAX: Final = 324  # decimal places that a double can have


def number(run: Run, value: Json) -> Json:
    if value is UNDEFINED:
        return UNDEFINED
    if value is True or value is False:
        return int(value)
    if not isinstance(value, str):
        return value
    run.spend_reading(len(value))
    if _DECIMAL.fullmatch(value):
        result = float(value)
        if math.isfinite(result):
            return as_number(result)
    elif _OTHER_BASE.fullmatch(value) and len(value) <= _TEXT_MAX:
        return as_number(float(int(value, 0)))
    raise EvaluationFailed("D3030", value=value)


def total(values: list) -> int | float:
    """The sum, added up from the left as doubles are."""
    if all(type(value) is int for value in values) and sum(map(abs, values)) <= EXACT_MAX:
        return sum(values)
    result = 0.0
    for value in values:
        result += value
    if not math.isfinite(result):
        raise EvaluationFailed("D1001", value=number_text(result))
    return as_number(result)


def sum_(run: Run, values: Json) -> Json:
    return UNDEFINED if values is UNDEFINED else total(values)


def average(run: Run, values: Json) -> Json:
    return as_number(total(values) / len(values)) if values else UNDEFINED


def maximum(run: Run, values: Json) -> Json:
    return max(values) if values else UNDEFINED


def minimum(run: Run, values: Json) -> Json:
    return min(values) if values else UNDEFINED


def _of_finite(compute: Callable[[float], float]) -> Callable[[Run, Json], Json]:
    """A function of one number, which leaves infinite ones as they are."""

    def function(run: Run, value: Json) -> Json:
        if value is UNDEFINED or not math.isfinite(value):
            return value
        return compute(value)

    return function


def rounded(value: float, places: int = 0) -> int | float:
    """To `places` decimal places (of ten, of a hundred if negative); a half goes to the even neighbour."""
    if places > _PRECISION_MAX or not math.isfinite(value):
        return value
    if places < -_PRECISION_MAX:
        return 0
    if not places:
        return round(value)
    shifted = round(float(Decimal(number_text(value)).scaleb(places)))
    return as_number(float(Decimal(shifted).scaleb(-places)))


def round_(run: Run, value: Json, places: Json = UNDEFINED) -> Json:
    return UNDEFINED if value is UNDEFINED else rounded(value, 0 if places is UNDEFINED else int(places))


def square_root(run: Run, value: Json) -> Json:
    if value is UNDEFINED:
        return UNDEFINED
    if value < 0:
        raise EvaluationFailed("D3060", value=value)
    return as_number(math.sqrt(value))


def power(run: Run, base: Json, exponent: Json) -> Json:
    if base is UNDEFINED:
        return UNDEFINED
    try:
        return as_number(math.pow(base, exponent))
    except (OverflowError, ValueError, TypeError) as error:
        exponent = None if exponent is UNDEFINED else exponent
        raise EvaluationFailed("D3061", value=base, exp=exponent) from error


def random(run: Run) -> Json:
    return run.setting.random()


def format_base(run: Run, value: Json, radix: Json = UNDEFINED) -> Json:
    if value is UNDEFINED:
        return UNDEFINED
    base = 10 if radix is UNDEFINED else rounded(radix)
    if not 2 <= base <= 36:
        raise EvaluationFailed("D3100", value=base)
    if not math.isfinite(value) or base == 10:
        return number_text(rounded(value))
    rest, digits = int(abs(rounded(value))), ""
    while rest:
        rest, digit = divmod(rest, int(base))
        digits = _DIGITS[digit] + digits
    return ("-" if value < 0 and digits else "") + (digits or "0")


FUNCTIONS: Final[Mapping[str, Function]] = {
    "sum": Function(sum_, "<a<n>:n>"),
    "max": Function(maximum, "<a<n>:n>"),
    "min": Function(minimum, "<a<n>:n>"),
    "average": Function(average, "<a<n>:n>"),
    "number": Function(number, "<(nsb)-:n>"),
    "floor": Function(_of_finite(math.floor), "<n-:n>"),
    "ceil": Function(_of_finite(math.ceil), "<n-:n>"),
    "abs": Function(_of_finite(abs), "<n-:n>"),
    "round": Function(round_, "<n-n?:n>"),
    "sqrt": Function(square_root, "<n-:n>"),
    "power": Function(power, "<n-n:n>"),
    "random": Function(random, "<:n>"),
    "formatBase": Function(format_base, "<n-n?:s>"),
}
