"""How the tables of identifiers are written down: shapes and lists of words.

One idea: a number is shown as it stands on the document, so that a row can be laid beside the issuer's own page. It may
not know any identifier.
"""

import re
from collections.abc import Iterator
from itertools import groupby

# What a character of a shape stands for. A small letter is itself, in either case; everything else is itself.
SIGNS = {
    "9": r"\d",
    "A": "[A-Za-z]",
    "X": "[A-Za-z0-9]",
    "-": "[ -]?",
    ".": "[ .-]?",
    "/": "[ /]?",
    "*": "[A-Za-z*]",
}


def shape(*written: str) -> str:
    """The pattern of what is written in one of these ways."""
    return "|".join(shapes(*written))


def shapes(*written: str) -> list[str]:
    """The patterns of what is written in these ways.

    `9` is a digit, `A` a letter, `X` either, `*` a letter or an asterisk; `-` is a hyphen, a space or nothing, `.` may
    also be a dot, `/` a slash, a space or nothing; a small letter is that letter in either case, and all else itself:
    shapes("u1XX-99") is [Uu]1[A-Za-z0-9]{2}[ -]?\\d{2}. Ways that differ in the length of their last run alone are one:
    shapes("A999", "A99") is [A-Za-z]\\d{2,3}.
    """
    lengths: dict[tuple[str, str], set[int]] = {}
    for one in written:
        *runs, (sign, count) = _runs(one)
        start = "".join(_repeated(*run) for run in runs)
        lengths.setdefault((start, sign), set()).add(count)
    return [
        start + _repeated(sign, least, most)
        for (start, sign), counts in sorted(lengths.items())
        for least, most in _ranges(sorted(counts))
    ]


def words(*lists: str) -> tuple[str, ...]:
    """The keywords of lists that are parted by commas, each once, in order."""
    return tuple(dict.fromkeys(word for one in lists for word in one.split(", ")))


def _runs(written: str) -> list[tuple[str, int]]:
    return [(sign, len(list(run))) for sign, run in groupby(written)]


def _repeated(sign: str, least: int, most: int = 0) -> str:
    one = SIGNS.get(sign) or (f"[{sign.upper()}{sign}]" if sign.isalpha() else re.escape(sign))
    if most > least:
        return f"{one}{{{least},{most}}}"
    return one if least == 1 else f"{one}{{{least}}}"


def _ranges(counts: list[int]) -> Iterator[tuple[int, int]]:
    """The runs of numbers that follow each other, as first and last."""
    for _, run in groupby(enumerate(counts), key=lambda numbered: numbered[1] - numbered[0]):
        numbers = [count for _, count in run]
        yield numbers[0], numbers[-1]
