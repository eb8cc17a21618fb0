"""What is said of a word of a run: the features that weigh.

One idea: a word speaks by itself, by each neighbour, and by the edge of the run it stands at; what is said has a name,
and what it weighs was learned by that name. It may not know weights.
"""

from collections.abc import Iterable, Iterator

KINDS = ("given", "family", "word", "place")


def own(digits: str, shape: str, small: bool, on: str) -> Iterator[str]:
    """What a word says by itself: its digits in the gazetteer, its shape, whether particles stand before it, and the
    list it is on."""
    yield from (f"{kind}={digit}" for kind, digit in zip(KINDS, digits, strict=True))
    yield f"levels={digits}"
    yield f"shape={shape}"
    if small:
        yield "small"
    if on:
        yield f"listed={on}"


def endings(word: str) -> tuple[str, str]:
    """What a word says by how it ends, if nobody is known to be called so."""
    return f"ending={word[-2:]}", f"ending={word[-3:]}"


def beside(side: str, pair: str, comma: bool, on: str, turn: str) -> Iterator[str]:
    """What a neighbour says: how well the two go together as given and family name, its list, its shape if only one of
    the two is in capitals."""
    yield f"{side}{',' if comma else '='}{pair}"
    if on:
        yield f"{side}={on}"
    if turn:
        yield f"{side} {turn}"


def parts(commas: list[bool]) -> Iterator[slice]:
    """The parts of a run, between its commas."""
    start = 0
    for end, comma in enumerate(commas, 1):
        if comma or end == len(commas):
            yield slice(start, end)
            start = end


def met(lists: Iterable[str]) -> Iterator[str]:
    """What each word of a part says by the lists that any of them is on."""
    return (f"part={name}" for name in sorted({*lists}) if name)


def turned(shape: str, other: str) -> str:
    """The neighbour's shape, where one word of two is in capitals."""
    return other if shape != other and shape in ("upper", "title") and other in ("upper", "title") else ""
