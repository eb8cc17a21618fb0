"""How findings are told: as lines that a person reads, as JSON, or as the texts without them.

One idea: a form turns the stretches of one text into what is printed, piece by piece. It may not know how texts are
read, nor how anything is found.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import click

from freehold.cli.sources import Text

if TYPE_CHECKING:
    from freehold.pii import Stretch

SHOWN_MAX = 60

Form = Callable[[str, Text, Iterable["Stretch"]], Iterator[str | bytes]]


class Found(NamedTuple):
    """A finding and where it is: lines and columns from 1, `start` and `end` from 0; all count code points."""

    name: str
    line: int
    column: int
    start: int
    end: int
    value: str


def located(stretches: Iterable["Stretch"]) -> Iterator[Found]:
    """The findings of a text, with their lines and columns."""
    line, begin = 1, 0
    for offset, text, findings in stretches:
        last = 0
        for name, start, end in findings:
            line, begin, last = *_next(text, last, start, offset, line, begin), start
            yield Found(name, line, offset + start - begin + 1, offset + start, offset + end, text[start:end])
        line, begin = _next(text, last, len(text), offset, line, begin)


def _next(text: str, start: int, end: int, offset: int, line: int, begin: int) -> tuple[int, int]:
    """The line at `end` and where it begins, if `line` is the one at `start`."""
    turn = text.rfind("\n", start, end)
    return line + text.count("\n", start, end), begin if turn < 0 else offset + turn + 1


def lines(show: bool) -> Form:
    """One line a finding, with its value or the shape of it."""

    def form(name: str, text: Text, stretches: Iterable["Stretch"]) -> Iterator[str]:
        for found in located(stretches):
            file, place = click.style(printable(name), fg="magenta"), f"{found.line}:{found.column}"
            value = printable(found.value if show else shape(found.value))
            value = value if len(value) <= SHOWN_MAX else value[: SHOWN_MAX - 1] + "…"
            yield f"{file}:{click.style(place, fg='green')}: {click.style(found.name, fg='red', bold=True)} {value}\n"

    return form


def objects(show: bool) -> Form:
    """One JSON object a finding."""

    def form(name: str, text: Text, stretches: Iterable["Stretch"]) -> Iterator[str]:
        for found in located(stretches):
            told = {"file": name, "line": found.line, "column": found.column, "start": found.start, "end": found.end}
            told |= {"name": found.name} | ({"value": found.value} if show else {})
            yield json.dumps(told) + "\n"

    return form


def masks(character: str) -> Form:
    """The text, with its findings masked."""
    from freehold.pii import masked

    def form(name: str, text: Text, stretches: Iterable["Stretch"]) -> Iterator[bytes]:
        for stretch in stretches:
            yield text.encoded(masked(stretch.text, stretch.findings, character))

    return form


def shape(value: str) -> str:
    """What a value looks like: its letters as x, its digits as #."""
    return "".join("#" if one.isdigit() else "x" if one.isalpha() else one for one in value)


def printable(text: str) -> str:
    """The text without what would move a terminal's cursor."""
    return "".join(one if one.isprintable() else " " for one in text)
