"""Numbers by picture: `$formatNumber`.

One idea: a picture is split into its parts, checked, and reduced to the few numbers (Layout) that say how a number is
written. Follows XPath and XQuery Functions and Operators 3.1, 4.7.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from freehold.engines.jsonata.callables import Function
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.functions.integers import PICTURE_MAX, regular
from freehold.engines.jsonata.functions.numbers import rounded
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.values import UNDEFINED, Json

SIGNS: Final = {
    "decimal-separator": ".",
    "grouping-separator": ",",
    "exponent-separator": "e",
    "infinity": "Infinity",
    "minus-sign": "-",
    "NaN": "NaN",
    "percent": "%",
    "per-mille": "‰",
    "zero-digit": "0",
    "digit": "#",
    "pattern-separator": ";",
}
"""The signs of a picture, and what stands for each unless the options say otherwise."""

_exact = Context(prec=400)


class Signs:
    """The signs in force: `decimal`, `grouping` and so on, and which characters are digits or active."""

    def __init__(self, options: Mapping[str, Json]):
        signs = {**SIGNS, **{name: sign for name, sign in options.items() if isinstance(sign, str)}}
        self.decimal = signs["decimal-separator"]
        self.grouping = signs["grouping-separator"]
        self.exponent = signs["exponent-separator"]
        self.minus = signs["minus-sign"]
        self.percent = signs["percent"]
        self.per_mille = signs["per-mille"]
        self.digit = signs["digit"]
        self.zero = signs["zero-digit"][:1] or "0"
        self.pattern = signs["pattern-separator"]
        self.family = [chr(ord(self.zero) + digit) for digit in range(10)]
        self.active = {*self.family, self.decimal, self.exponent, self.grouping, self.digit, self.pattern}

    def digits(self, text: str) -> int:
        """How many digits of the family a part of a picture has."""
        return sum(character in self.family for character in text)

    def places(self, text: str) -> int:
        """How many digits, optional ones included."""
        return sum(character in self.family or character == self.digit for character in text)


@dataclass(slots=True)
class Parts:
    """A picture, or one of the two in it, taken apart."""

    picture: str
    prefix: str
    suffix: str
    active: str
    mantissa: str
    integer: str
    fraction: str
    exponent: str | None


@dataclass(slots=True)
class Layout:
    """How a number is written: sizes in digits, places of the separators counted from the decimal one."""

    picture: str
    prefix: str
    suffix: str
    scaling: int
    integer_min: int
    fraction_min: int
    fraction_max: int
    exponent_min: int
    groups: list[int]
    every: int
    fraction_groups: list[int]


def _take_apart(picture: str, signs: Signs) -> Parts:
    ends = [
        position
        for position, character in enumerate(picture)
        if character in signs.active and character != signs.exponent
    ]
    start, end = (ends[0], ends[-1] + 1) if ends else (0, len(picture))
    prefix, active, suffix = picture[:start], picture[start:end], picture[end:]
    at = active.find(signs.exponent) if signs.exponent else -1
    mantissa, exponent = (active, None) if at < 0 else (active[:at], active[at + len(signs.exponent) :])
    integer, found, fraction = mantissa.partition(signs.decimal) if signs.decimal else (mantissa, "", "")
    return Parts(picture, prefix, suffix, active, mantissa, integer, fraction if found else suffix, exponent)


def _fault(parts: Parts, signs: Signs) -> str | None:
    """The code of what is wrong with a picture: of several faults, the last of the list."""
    picture, fault = parts.picture, None
    decimal_at = picture.find(signs.decimal)
    beside = (picture[decimal_at - 1 : decimal_at], picture[decimal_at + 1 : decimal_at + 2]) if decimal_at >= 0 else ()
    before_optional, optional, _ = parts.integer.partition(signs.digit)
    _, optional_in_fraction, after_optional = parts.fraction.rpartition(signs.digit)
    scaled = signs.percent in picture or signs.per_mille in picture
    checks = (
        ("D3081", picture.count(signs.decimal) > 1),
        ("D3082", picture.count(signs.percent) > 1),
        ("D3083", picture.count(signs.per_mille) > 1),
        ("D3084", signs.percent in picture and signs.per_mille in picture),
        ("D3085", not signs.places(parts.mantissa)),
        ("D3086", any(character not in signs.active for character in parts.active)),
        ("D3087", signs.grouping in beside),
        ("D3088", decimal_at < 0 and parts.integer.endswith(signs.grouping)),
        ("D3089", signs.grouping * 2 in picture),
        ("D3090", bool(optional and signs.digits(before_optional))),
        ("D3091", bool(optional_in_fraction and signs.digits(after_optional))),
        ("D3092", bool(parts.exponent) and scaled),
        ("D3093", parts.exponent is not None and signs.digits(parts.exponent) != (len(parts.exponent) or -1)),
    )
    for code, wrong in checks:
        fault = code if wrong else fault
    return fault


def _lay_out(parts: Parts, signs: Signs) -> Layout:
    groups = _groups(parts.integer, signs, to_left=False)
    integer_min = scaling = signs.digits(parts.integer)
    fraction_min, fraction_max = signs.digits(parts.fraction), signs.places(parts.fraction)
    if integer_min == 0 and fraction_max == 0:
        if parts.exponent is not None:
            fraction_min = fraction_max = 1
        else:
            integer_min = 1
    if parts.exponent is not None and integer_min == 0 and signs.digit in parts.integer:
        integer_min = 1
    if integer_min == 0 and fraction_min == 0:
        fraction_min = 1
    return Layout(
        picture=parts.picture,
        prefix=parts.prefix,
        suffix=parts.suffix,
        scaling=scaling,
        integer_min=integer_min,
        fraction_min=fraction_min,
        fraction_max=fraction_max,
        exponent_min=0 if parts.exponent is None else signs.digits(parts.exponent),
        groups=groups,
        every=regular(groups),
        fraction_groups=_groups(parts.fraction, signs, to_left=True),
    )


def _groups(part: str, signs: Signs, to_left: bool) -> list[int]:
    """For each separator of a part, how many digits stand right of it, or left of it."""
    places = [position for position, character in enumerate(part) if character == signs.grouping]
    return [signs.places(part[:position] if to_left else part[position:]) for position in places]


def _scaled(value: float, layout: Layout, signs: Signs) -> tuple[float, int | None]:
    """What is written of a number, and its power of ten where the picture has an exponent."""
    if signs.percent in layout.picture:
        value *= 100
    elif signs.per_mille in layout.picture:
        value *= 1000
    if not layout.exponent_min:
        return value, None
    exponent = 0
    least, most = 10.0 ** (layout.scaling - 1), 10.0**layout.scaling
    while value and abs(value) < least:
        value *= 10
        exponent -= 1
    while abs(value) > most:
        value /= 10
        exponent += 1
    return value, exponent


def _digits(value: float, places: int, signs: Signs) -> str:
    """The digits of a number, with `places` behind the point, in the family of digits."""
    unit = Decimal(1).scaleb(-places)
    text = f"{Decimal(abs(value)).quantize(unit, ROUND_HALF_UP, _exact):f}"
    return text.translate({ord("0") + digit: character for digit, character in enumerate(signs.family)})


def _write(value: float, layout: Layout, signs: Signs) -> str:
    mantissa, exponent = _scaled(value, layout, signs)
    places = min(layout.fraction_max, 330)
    integer, _, fraction = _digits(rounded(mantissa, places), places, signs).partition(".")
    integer = integer.lstrip(signs.zero).rjust(layout.integer_min, signs.zero)
    fraction = fraction.rstrip(signs.zero).ljust(layout.fraction_min, signs.zero)
    groups = [*range(layout.every, len(integer), layout.every)] if layout.every else layout.groups
    for count, position in enumerate(sorted(groups)):
        at = len(integer) - position - count
        if at > 0:
            integer = integer[:at] + signs.grouping + integer[at:]
    for position in layout.fraction_groups:
        fraction = fraction[:position] + signs.grouping + fraction[position:]
    text = integer
    if fraction and signs.decimal in layout.picture:
        text += signs.decimal + fraction
    if exponent is not None:
        power = _digits(exponent, 0, signs).rjust(layout.exponent_min, signs.zero)
        text += signs.exponent + (signs.minus if exponent < 0 else "") + power
    return layout.prefix + text + layout.suffix


def format_number(run: Run, value: Json, picture: Json, options: Json = UNDEFINED) -> Json:
    """The number as the picture has it. Raises EvaluationFailed D3080 to D3093."""
    if value is UNDEFINED or picture is UNDEFINED:
        return UNDEFINED
    if len(picture) > PICTURE_MAX:
        raise EvaluationFailed("D3142", message=f"A picture string is longer than {PICTURE_MAX} characters")
    if not math.isfinite(value):
        raise EvaluationFailed("D1001")
    signs = Signs({} if options is UNDEFINED else options)
    pictures = picture.split(signs.pattern) if signs.pattern else [picture]
    if len(pictures) > 2:
        raise EvaluationFailed("D3080")
    layouts = []
    for each in pictures:
        parts = _take_apart(each, signs)
        if fault := _fault(parts, signs):
            raise EvaluationFailed(fault)
        layouts.append(_lay_out(parts, signs))
    run.spend_text(400 + len(picture))
    layout = layouts[0] if value >= 0 else layouts[-1]
    text = _write(value, layout, signs)
    return signs.minus + text if value < 0 and len(layouts) == 1 else text


FUNCTIONS: Final[Mapping[str, Function]] = {"formatNumber": Function(format_number, "<n-so?:s>")}
