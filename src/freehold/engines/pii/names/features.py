"""What is said of a word of a run: the features that weigh.

One idea: a word speaks by itself, by each neighbour, and by the edge of the run it stands at; what is said has a name,
and what it weighs was learned by that name. It may not know weights.
"""

from collections.abc import Iterator

from freehold.engines.pii.names.gazetteer import levels
from freehold.engines.pii.names.words import DAYS, INSTITUTIONS, PARTICLES, STREETS, THINGS

_LISTS = (("institution", INSTITUTIONS), ("street", STREETS), ("day", DAYS), ("thing", THINGS), ("small", PARTICLES))
LISTED = {word: name for name, words in reversed(_LISTS) for word in words}
STREET_ENDS = ("strasse", "-street", "-weg", "-platz", "-allee", "platz", "allee", "gasse")
UNKNOWN = "0000"
KINDS = ("given", "family", "word", "place")


def digits(word: str) -> str:
    """The gazetteer's digits of a word; of Jean-Luc and Smith-Jones, what its parts are."""
    known = levels()
    found = known.get(word)
    if found is None and "-" in word:
        parts = [known.get(part, UNKNOWN) for part in word.split("-")]
        return "".join(max(column) for column in zip(*parts, strict=True))
    return found or UNKNOWN


def listed(word: str) -> str:
    """The list a word is in; of Karl-Marx-Strasse and Hauptstrasse, what they end in."""
    found = LISTED.get(word, "")
    if not found and word.endswith(STREET_ENDS):
        return "street"
    return found


def own(levels_of: str, shape: str, small: bool, on: str) -> Iterator[str]:
    """What a word says by itself; `on` is the list it is in."""
    yield from (f"{kind}={digit}" for kind, digit in zip(KINDS, levels_of, strict=True))
    yield f"levels={levels_of}"
    yield f"shape={shape}"
    if small:
        yield "small"
    if on:
        yield f"listed={on}"


def endings(word: str) -> tuple[str, str]:
    """What a word that no list has says by how it ends."""
    return f"ending={word[-2:]}", f"ending={word[-3:]}"


def beside(side: str, pair: str, comma: bool, on: str, turn: str) -> Iterator[str]:
    """What a neighbour says: how well the two go together as given and family name, its list, its shape if only one of
    the two is in capitals."""
    yield f"{side}{',' if comma else '='}{pair}"
    if on:
        yield f"{side}={on}"
    if turn:
        yield f"{side} {turn}"


def parts(commas: list[bool], lists: list[str]) -> list[tuple[str, ...]]:
    """Which lists are met in the part of the run, between commas, that each word stands in."""
    found: list[tuple[str, ...]] = []
    start = 0
    for at, comma in enumerate(commas):
        if comma or at + 1 == len(commas):
            names = tuple(sorted({f"part={name}" for name in lists[start : at + 1] if name}))
            found += [names] * (at + 1 - start)
            start = at + 1
    return found


def turned(shape: str, other: str) -> str:
    """The neighbour's shape, where one word of two is in capitals."""
    return other if shape != other and shape in ("upper", "title") and other in ("upper", "title") else ""
