"""Wildcards: texts with runs (`*`) and single characters (`?`) that stand for anything.

One idea: whoever reads a notation hands over parts, literal strings and wildcards apart, so that a star that came out
of an escape or a variable can never be taken for a wildcard. No form makes matching explode: each part between two runs
is found at its first place and never looked for again. It may not know any notation but the plainest.
"""

import re
from collections.abc import Callable, Iterable
from enum import Enum
from functools import lru_cache


class Wild(Enum):
    """What is not literal. The value is how it is usually written."""

    RUN = "*"
    ONE = "?"


Part = str | Wild
Matcher = Callable[[str], bool]


def wild_parts(text: str) -> tuple[Part, ...]:
    """Parts of a text in which every `*` and `?` is a wildcard."""
    parts: list[Part] = []
    for piece in re.split(r"([*?])", text):
        if piece in ("*", "?"):
            parts.append(Wild(piece))
        elif piece:
            parts.append(piece)
    return tuple(parts)


def as_text(parts: Iterable[Part]) -> str:
    """The parts written out again, wildcards as their characters."""
    return "".join(part.value if isinstance(part, Wild) else part for part in parts)


def expression(parts: Iterable[Part]) -> str:
    """A regular expression for the whole text, to be used with DOTALL and fullmatch.

    Every run but the last is atomic: leftmost is always as good as later for what follows another run.
    """
    stretches = [""]
    for part in parts:
        if part is Wild.RUN:
            stretches.append("")
        else:
            stretches[-1] += "." if part is Wild.ONE else re.escape(part)
    first, *rest = stretches
    if not rest:
        return first
    *middle, last = rest
    return first + "".join(f"(?>.*?{stretch})" for stretch in middle if stretch) + ".*" + last


@lru_cache(maxsize=4096)
def glob(parts: tuple[Part, ...]) -> Matcher:
    """A function that tells whether a whole text is of this form."""
    if all(isinstance(part, str) for part in parts):
        return as_text(parts).__eq__
    if parts == (Wild.RUN,):
        return _anything
    if len(parts) == 2 and isinstance(parts[0], str) and parts[1] is Wild.RUN:
        prefix = parts[0]
        return lambda text: text.startswith(prefix)
    found = re.compile(expression(parts), re.DOTALL).fullmatch
    return lambda text: found(text) is not None


def any_glob(forms: Iterable[tuple[Part, ...]]) -> Matcher:
    """A function that tells whether a text is of one of these forms: one set and one expression, however many."""
    forms = set(forms)
    if (Wild.RUN,) in forms:
        return _anything
    names = frozenset(as_text(form) for form in forms if all(isinstance(part, str) for part in form))
    wild = sorted(expression(form) for form in forms if any(isinstance(part, Wild) for part in form))
    if not wild:
        return names.__contains__
    found = re.compile("|".join(f"(?:{form})" for form in wild), re.DOTALL).fullmatch
    if not names:
        return lambda text: found(text) is not None
    return lambda text: text in names or found(text) is not None


def _anything(text: str) -> bool:
    return True
