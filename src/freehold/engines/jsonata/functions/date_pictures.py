"""Date pictures: `[D]th of [MNn], [Y0001]`.

One idea: a picture is a list of literals and markers; a marker says which component of a moment, and how it is written.
Follows XPath and XQuery Functions and Operators 3.1, 9.8.4, with X and x (the year and the month of the week) beside.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.functions.integers import LOWER, PICTURE_MAX, TITLE, UPPER, Format, analyse

ISO_8601: Final = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

INTEGERS: Final = "YMDdFWwXxHhmsf"  # components that are integers

_PRESENTATIONS: Final = {
    "Y": "1", "M": "1", "D": "1", "d": "1", "F": "n", "W": "1", "w": "1", "X": "1", "x": "1", "H": "1", "h": "1",
    "P": "n", "m": "01", "s": "01", "f": "1", "Z": "01:01", "z": "01:01", "C": "n", "E": "n",
}  # fmt: skip
"""Every component, and how it is written where the marker does not say."""


@dataclass(slots=True)
class Marker:
    """`names`: the case of a name, None for a number. `digits`: how many of the year's last, None for all."""

    component: str
    names: str | None = None
    form: Format | None = None
    traditional: bool = False  # the modifier `t`: Z for no offset
    width_max: int | None = None
    digits: int | None = None


Part = str | Marker


@lru_cache(maxsize=256)
def analyse_picture(picture: str) -> tuple[Part, ...]:
    """The parts of a picture. Raises EvaluationFailed D3132, D3135."""
    if len(picture) > PICTURE_MAX:
        raise EvaluationFailed("D3142", message=f"A picture string is longer than {PICTURE_MAX} characters")
    parts: list[Part] = []
    position = 0
    while position < len(picture):
        opening = picture.find("[", position)
        end = len(picture) if opening < 0 else opening
        if end > position:
            parts.append(picture[position:end].replace("]]", "]"))
        if opening < 0:
            break
        if picture.startswith("[[", opening):
            parts.append("[")
            position = opening + 2
            continue
        closing = picture.find("]", opening)
        if closing < 0:
            raise EvaluationFailed("D3135")
        marker = _marker("".join(picture[opening + 1 : closing].split()))
        before = parts[-1] if parts else None
        if isinstance(before, Marker) and before.form and marker.component in INTEGERS and not marker.names:
            before.form.width = before.form.mandatory
        parts.append(marker)
        position = closing + 1
    return tuple(parts)


def _marker(text: str) -> Marker:
    component = text[:1]
    if component not in _PRESENTATIONS:
        raise EvaluationFailed("D3132", value=component)
    presentation, found, width = text[1:].rpartition(",")
    if not found:
        presentation, width = text[1:], ""
    modifier = ""
    if len(presentation) > 1 and presentation[-1] in "atco":
        presentation, modifier = presentation[:-1], presentation[-1]
    presentation = presentation or _PRESENTATIONS[component]
    marker = Marker(component, traditional=modifier == "t")
    least, _, most = width.partition("-")
    marker.width_max = _width(most)
    if presentation[0] in "nN":
        marker.names = LOWER if presentation[0] == "n" else TITLE if presentation[1:2] == "n" else UPPER
    elif component in INTEGERS:
        marker.form = analyse(presentation + (";" + modifier if modifier else ""))
        marker.form.mandatory = max(marker.form.mandatory, _width(least) or 0)
        if component == "Y":
            _lay_out_year(marker, marker.form)
    if component in "Zz":
        marker.form = analyse(presentation)
    return marker


def _width(text: str) -> int | None:
    return min(int(text), PICTURE_MAX) if text.isascii() and text.isdigit() else None


def _lay_out_year(marker: Marker, form: Format) -> None:
    if marker.width_max is not None:
        marker.digits = form.mandatory = marker.width_max
    elif form.mandatory + form.optional >= 2:
        marker.digits = form.mandatory + form.optional
