"""How the tables of identifiers are written down: shapes and lists of words.

One idea: a number is shown as it stands on the document, so that a row can be laid beside the issuer's own page. It may
not know any identifier.
"""

import re
from itertools import groupby

from freehold.engines.pii.checks import Check
from freehold.engines.pii.grammar import Identifier

# What a character of a shape stands for. A small letter is itself, in either case; everything else is itself.
SIGNS = {"9": r"\d", "A": "[A-Za-z]", "X": "[A-Za-z0-9]", "*": "[A-Za-z*]", "-": "[ -]", ".": "[ .-]", "/": "[ /]"}
SEPARATORS = "-./"


def written(
    name: str, ways: tuple[str, ...], keywords: tuple[str, ...] = (), check: Check | None = None
) -> tuple[Identifier, ...]:
    """The rows of an identifier that is written in these ways, a row a pattern.

    `9` is a digit, `A` a letter, `X` either, `*` a letter or an asterisk; `-` is a hyphen or a space, `.` may also be a
    dot, `/` a slash or a space, and they are all there or all left out; a small letter is that letter in either case,
    all else itself. Written so, what many identifiers have in common is the same pattern, and searched for once.
    """
    return tuple(Identifier(name, pattern, keywords, check) for pattern in shapes(*ways))


def shapes(*ways: str) -> list[str]:
    """The patterns of what is written in these ways: of "9-99" \\d[ -]\\d{2} and, joined, \\d{3}."""
    joined = (way.translate(dict.fromkeys(map(ord, SEPARATORS))) for way in ways)
    return [_pattern(way) for way in dict.fromkeys((*ways, *joined))]


def words(*lists: str) -> tuple[str, ...]:
    """The keywords of lists that are parted by commas, each once, in order."""
    return tuple(dict.fromkeys(word for one in lists for word in one.split(", ")))


def _pattern(way: str) -> str:
    runs = ((sign, len(list(run))) for sign, run in groupby(way))
    return "".join(_sign(sign) + (f"{{{count}}}" if count > 1 else "") for sign, count in runs)


def _sign(sign: str) -> str:
    return SIGNS.get(sign) or (f"[{sign.upper()}{sign}]" if sign.isalpha() else re.escape(sign))
