"""Moments as text: `$now`, `$millis`, `$fromMillis`, `$toMillis`.

One idea: what writes a date by a picture reads it too, component by component; what a text leaves out on the left is
taken from now, on the right from the beginning. Now is the run's.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from freehold.engines.jsonata.callables import Function
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.functions.calendar import DAY_MS, DAYS, MILLIS_MAX, MONTHS, Moment, date_of, day_number
from freehold.engines.jsonata.functions.date_pictures import ISO_8601, Marker, Part, analyse_picture
from freehold.engines.jsonata.functions.integers import LOWER, UPPER, format_with, parse_with, pattern
from freehold.engines.jsonata.regexes import compile_pattern
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.values import UNDEFINED, Json

_ISO = re.compile(
    r"(\d{4})(?:-([01]\d))?(?:-([0-3]\d))?(?:T([0-2]\d):([0-5]\d):([0-5]\d))?(?:\.(\d+))?"
    r"(?:([+-])([0-2]\d):?([0-5]\d)|Z)?",
    re.ASCII,
)
_OFFSET = re.compile(r"\s*([-+]?)(\d+)", re.ASCII)

# Which components make a date and a time, most significant first, and which of them tell one kind from another.
_DATE_KINDS: Final = {"YMD": "YMD", "YD": "Yd", "XxwF": "Xxw", "XWF": "XW"}
_DATE_LETTERS: Final = "YXMxWwdD"
_TIME_LETTERS: Final = "PHhmsf"


def millis_now(run: Run) -> int:
    return math.floor(run.setting.now * 1000)


def now(run: Run, picture: Json = UNDEFINED, timezone: Json = UNDEFINED) -> Json:
    return from_millis(run, millis_now(run), picture, timezone)


def from_millis(run: Run, millis: Json, picture: Json = UNDEFINED, timezone: Json = UNDEFINED) -> Json:
    """The moment as text, in ISO 8601 unless a picture is given, at an offset such as `-0500`."""
    if millis is UNDEFINED:
        return UNDEFINED
    if not abs(millis) <= MILLIS_MAX:
        raise EvaluationFailed("D1001", value=millis)
    hours, minutes = _offset(timezone)
    parts = analyse_picture(ISO_8601 if picture is UNDEFINED else picture)
    moment = Moment(int(millis) + (60 * hours + minutes) * 60_000)
    run.spend(len(parts))
    text = [part if isinstance(part, str) else _written(moment, part, hours, minutes, run) for part in parts]
    return "".join(text)


def _offset(timezone: Json) -> tuple[int, int]:
    """The hours and minutes, of one sign, of an offset written as +hhmm."""
    if timezone is UNDEFINED:
        return 0, 0
    found = _OFFSET.match(timezone)
    if found is None or len(found[2]) > 4:
        raise EvaluationFailed("D3142", message=f"Not an offset from UTC, which is written as -0500: {timezone}")
    hours, minutes = divmod(int(found[2]), 100)
    return (-hours, -minutes) if found[1] == "-" else (hours, minutes)


def _written(moment: Moment, marker: Marker, hours: int, minutes: int, run: Run) -> str:
    """One component of a moment."""
    if marker.component in "CE":
        return "ISO"
    if marker.component in "Zz":
        return _offset_text(marker, hours, minutes, run)
    value = moment.component(marker.component)
    if marker.component == "P":
        return ("AM", "PM")[value] if marker.names == UPPER else ("am", "pm")[value]
    if marker.names is not None:
        return _name(marker, value)
    assert marker.form is not None  # it is a number
    if marker.digits is not None:
        value = int(math.fmod(value, 10**marker.digits))
    return format_with(value, marker.form, run)


def _names(marker: Marker) -> tuple[str, ...]:
    """The names of a component. Raises EvaluationFailed D3133 for one that has none."""
    if marker.component in "Mx":
        return MONTHS
    if marker.component == "F":
        return DAYS
    raise EvaluationFailed("D3133", value=marker.component)


def _name(marker: Marker, value: int) -> str:
    name = _names(marker)[value - 1]
    name = name.upper() if marker.names == UPPER else name.lower() if marker.names == LOWER else name
    return name[: marker.width_max]


def _offset_text(marker: Marker, hours: int, minutes: int, run: Run) -> str:
    form, offset = marker.form, hours * 100 + minutes
    assert form is not None  # an offset always has one
    if offset == 0 and marker.traditional:
        return "Z"
    if form.every or form.mandatory in (3, 4):
        text = format_with(offset, form, run)
    elif form.mandatory in (1, 2):
        text = format_with(hours, form, run)
        text += f":{abs(minutes):02}" if minutes else ""
    else:
        raise EvaluationFailed("D3134", value=form.mandatory)
    return ("GMT" if marker.component == "z" else "") + ("+" if offset >= 0 else "") + text


def to_millis(run: Run, timestamp: Json, picture: Json = UNDEFINED) -> Json:
    """The milliseconds since 1970 of a text, in ISO 8601 unless a picture is given; UNDEFINED where it does not fit."""
    if timestamp is UNDEFINED:
        return UNDEFINED
    if picture is UNDEFINED:
        return _iso_millis(timestamp)
    components = _read(timestamp, analyse_picture(picture), run)
    if not components:
        return UNDEFINED
    offset = components.pop("Z", 0) or components.pop("z", 0)
    return _completed(components, Moment(millis_now(run))) - offset * 60_000


def _iso_millis(timestamp: str) -> int:
    found = _ISO.fullmatch(timestamp)
    if found is None:
        raise EvaluationFailed("D3110", value=timestamp)
    year, month, day, hour, minute, second = [int(found[number] or 0) for number in range(1, 7)]
    month, day = month or (found[2] is None), day or (found[3] is None)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour <= 24):
        raise EvaluationFailed("D3110", value=timestamp)
    millis = int((found[7] or "0")[:3].ljust(3, "0"))
    offset = int(found[9] or 0) * 60 + int(found[10] or 0)
    minutes = hour * 60 + minute - (-offset if found[8] == "-" else offset)
    return day_number(year, month, day) * DAY_MS + minutes * 60_000 + second * 1_000 + millis


def _read(text: str, parts: tuple[Part, ...], run: Run) -> dict[str, Any]:
    """The components that a text has by a picture; none where it does not fit."""
    source = "".join(f"({re.escape(part) if isinstance(part, str) else _pattern(part)})" for part in parts)
    found = compile_pattern(f"^{source}$", "i", 0).first(text, run)
    if found is None:
        return {}
    markers = [(part, found[number]) for number, part in enumerate(parts, 1) if isinstance(part, Marker)]
    values = {marker.component: _value(marker, piece) for marker, piece in markers if piece}
    return {letter: value for letter, value in values.items() if value is not None}


def _pattern(marker: Marker) -> str:
    """The regular expression of a component."""
    if marker.component in "Zz":
        assert marker.form is not None  # an offset always has one
        separator = re.escape(marker.form.separators[0][1]) + "[0-9]+" if marker.form.every else ""
        return ("GMT" if marker.component == "z" else "") + "[-+][0-9]+" + separator
    if marker.component == "f":
        return "[0-9]+"
    if marker.form is not None:
        return pattern(marker.form)
    if marker.component != "P":
        _names(marker)
    return "[a-zA-Z]+"


def _value(marker: Marker, text: str) -> Any:
    """The value that a text of a component means, or None."""
    if marker.component in "Zz":
        return _offset_value(marker, text.removeprefix("GMT"))
    if marker.component == "f":
        return int(text[:3].ljust(3, "0"))
    if marker.form is not None:
        return parse_with(text, marker.form)
    if marker.component == "P":
        return {"am": 0, "pm": 1}.get(text.lower())
    names = [name[: marker.width_max or None].lower() for name in _names(marker)]
    return names.index(text.lower()) + 1 if text.lower() in names else None


def _offset_value(marker: Marker, text: str) -> int:
    """An offset in minutes."""
    assert marker.form is not None  # an offset always has one
    digits = text[1:]
    if marker.form.every:
        hours, _, minutes = digits.partition(marker.form.separators[0][1])
    else:
        hours, minutes = (digits, "") if len(digits) <= 2 else (digits[:2], digits[2:])
    value = int(hours) * 60 + int(minutes or 0)
    return -value if text.startswith("-") else value


def _completed(components: dict[str, Any], present: Moment) -> int:
    """The milliseconds of components, those missing filled in. Raises EvaluationFailed D3136 for gaps."""
    given = {letter for letter, value in components.items() if value}
    date = next((kind for kind, letters in _DATE_KINDS.items() if _is_kind(given, letters, _DATE_LETTERS)), "YMD")
    time = "Phmsf" if not _is_kind(given, "Hmsf", _TIME_LETTERS) and _is_kind(given, "Phmsf", _TIME_LETTERS) else "Hmsf"
    started = ended = False
    for letter in date + time:
        if letter in components:
            started = True
            if ended:
                raise EvaluationFailed("D3136")
        elif started:
            components[letter] = 1 if letter in "MDd" else 0
            ended = True
        else:
            components[letter] = present.component(letter)
    if date in ("XxwF", "XWF"):
        raise EvaluationFailed("D3136")
    if date == "YD":
        _, components["M"], components["D"] = date_of(day_number(int(components["Y"]), 1, int(components["d"])))
    if time == "Phmsf":
        components["H"] = components["h"] % 12 + 12 * components["P"]
    return _millis(components)


def _is_kind(given: set[str], letters: str, among: str) -> bool:
    """Whether only these of the letters are given, and one at least."""
    relevant = given.intersection(among)
    return bool(relevant) and relevant <= set(letters)


def _millis(components: dict[str, Any]) -> int:
    year, month, day, hour, minute, second, milli = [int(components[letter]) for letter in "YMDHmsf"]
    year += 1900 if 0 <= year <= 99 else 0
    seconds = day_number(year, month or 1, day) * 86_400 + hour * 3_600 + minute * 60 + second
    return seconds * 1_000 + milli


FUNCTIONS: Final[Mapping[str, Function]] = {
    "now": Function(now, "<s?s?:s>"),
    "millis": Function(millis_now, "<:n>"),
    "fromMillis": Function(from_millis, "<n-s?s?:s>"),
    "toMillis": Function(to_millis, "<s-s?:n>"),
}
