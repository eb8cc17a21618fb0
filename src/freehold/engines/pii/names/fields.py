"""A full name in two fields: the values of "firstName" and "lastName".

One idea: a value behind a key for given names and one behind a key for family names, near each other, are a full name
together, whatever they look like. It may not know names.
"""

import re
from collections.abc import Iterator

_GAPS = ("", "_", "-", " ")
GIVEN = tuple(f"{word}{gap}n" for word in ("first", "given", "fore", "vor") for gap in _GAPS)
FAMILY = tuple(f"{word}{gap}n" for word in ("last", "family", "sur", "nach") for gap in _GAPS)
NEAR = 200  # characters between the two
_VALUE = re.compile(
    r"""["']?\s{0,2}[:=]\s{0,2}["']?([^\W\d_](?:[^\W\d_]|[ '’.-](?=[^\W\d_])){0,40}+)(?=["',;}&\n]|$)"""
)


def fields(text: str) -> Iterator[tuple[int, int]]:
    """Where such values stand, in order of their keys' case."""
    for ending in ("ame", "AME"):
        values = list(_values(text, ending))
        for at, (start, end, kind) in enumerate(values):
            beside = values[max(0, at - 1) : at] + values[at + 1 : at + 2]
            if any(other != kind and abs(start - begin) < NEAR for begin, _, other in beside):
                yield start, end


def _values(text: str, ending: str) -> Iterator[tuple[int, int, str]]:
    at = text.find(ending)
    while at >= 0:
        head = text[max(0, at - 8) : at].lower()
        kind = "given" if head.endswith(GIVEN) else "family" if head.endswith(FAMILY) else ""
        if kind and (value := _VALUE.match(text, at + len(ending))):
            yield *value.span(1), kind
        at = text.find(ending, at + len(ending))
