"""Values as text: JSON as JavaScript writes it.

One idea: a number is the shortest text that reads back as the same double, with an exponent where JavaScript has one.
Knows no expression.
"""

import json
import math

from freehold.engines.jsonata.callables import is_function
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.values import DIGITS_MAX, Json, Wrapped, is_number

_quoted = json.JSONEncoder(ensure_ascii=False).encode
_WORDS = {True: "true", False: "false", None: "null"}


def number_text(value: float) -> str:
    """A number as JavaScript's `String(value)`: 1, 0.1, 1e+21, 1.5e-7."""
    if type(value) is int and -DIGITS_MAX < value < DIGITS_MAX:
        return str(value)
    value = float(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value.is_integer() and abs(value) < DIGITS_MAX:
        return str(int(value))
    mantissa, _, exponent = repr(value).partition("e")
    if not exponent:
        if abs(value) >= 1e-6:
            return mantissa
        return number_text_small(value)
    power = int(exponent)
    mantissa = mantissa.removesuffix(".0")
    if -7 < power < 0:
        return _spread(mantissa, power)
    return f"{mantissa}e{power:+d}"


def number_text_small(value: float) -> str:
    """A number below a millionth: JavaScript writes an exponent where Python does not yet."""
    mantissa, _, exponent = f"{value:e}".partition("e")
    return f"{mantissa}e{int(exponent):+d}"


def _spread(mantissa: str, power: int) -> str:
    """A small number without exponent: 1.5 and -6 become 0.0000015."""
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-").replace(".", "")
    return f"{sign}0.{'0' * (-power - 1)}{digits}"


def rounded(value: float) -> float:
    """A number with the 15 digits that JSONata shows of it: 0.1 + 0.2 is 0.3."""
    if type(value) is int:
        return value
    return float(f"{value:.15g}") if math.isfinite(value) else value


def text(value: Json, run: Run, pretty: bool = False) -> str:
    """The value as `$string` has it: a string as it is, anything else as JSON. Raises EvaluationFailed D3001."""
    if type(value) is str:
        return value
    if is_number(value):
        if not math.isfinite(value):
            raise EvaluationFailed("D3001")
        return number_text(rounded(value))
    if isinstance(value, Wrapped) and value:
        value = value[0]
    if is_function(value):
        return ""
    parts: list[str] = []
    _write(value, run, parts, "\n" if pretty else "")
    return "".join(parts)


def _write(value: Json, run: Run, parts: list[str], line: str) -> None:
    """Append the JSON of a value. `line`: what begins a line, with its indentation; empty where all is one line."""
    run.spend(1)
    if isinstance(value, str):
        run.spend_text(len(value))
        parts.append(_quoted(value))
    elif value is None or isinstance(value, bool):
        parts.append(_WORDS[value])
    elif is_number(value):
        parts.append(_finite(value))
    elif isinstance(value, list):
        _write_all("[]", [("", item) for item in value], run, parts, line)
    elif isinstance(value, dict):
        separator = ": " if line else ":"
        members = [(_quoted(key) + separator, item) for key, item in value.items()]
        _write_all("{}", members, run, parts, line)
    else:
        parts.append('""' if is_function(value) else "null")


def _write_all(brackets: str, members: list[tuple[str, Json]], run: Run, parts: list[str], line: str) -> None:
    if not members:
        parts.append(brackets)
        return
    inner = line and line + "  "
    before = brackets[0] + inner
    for prefix, item in members:
        parts.append(before + prefix)
        _write(item, run, parts, inner)
        before = "," + inner
    parts.append(line + brackets[1])


def _finite(value: float) -> str:
    if not math.isfinite(value):
        raise EvaluationFailed("D1001", value=None)
    return number_text(rounded(value))
