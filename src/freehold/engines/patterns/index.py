"""Many patterns at once: which of them a value may match.

One idea: most patterns ask for one of some texts in some place, so each is filed under the place where it finds itself
in the least company, and a value looks up only what it holds. What is found may match; whoever asks makes sure. It may
not know what the patterns belong to.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

import orjson

from freehold.engines.patterns.compiler import flat

K = TypeVar("K", str, int)
Path = tuple[str, ...]
Texts = frozenset[str]

DEPTH_MAX = 3  # how deep places are looked for


class Index(Generic[K]):
    """Files the keys of patterns, which are texts that compile; keys may come and go one by one."""

    def __init__(self, patterns: Mapping[K, str] | None = None):
        self._anywhere: set[K] = set()
        self._places: dict[K, tuple[Path, Texts]] = {}
        self._filed: dict[Path, dict[str, set[K]]] = defaultdict(dict)
        for key, pattern in (patterns or {}).items():
            self.add(key, pattern)

    def add(self, key: K, pattern: str) -> None:
        """File a key that is not there yet."""
        texts = places(pattern)
        if not texts:
            self._anywhere.add(key)
            return
        place = min(texts, key=lambda place: (self._company(place, texts[place]), place))
        self._places[key] = place, texts[place]
        for text in texts[place]:
            self._filed[place].setdefault(text, set()).add(key)

    def _company(self, place: Path, texts: Texts) -> int:
        filed = self._filed.get(place, {})
        return sum(len(filed.get(text, ())) for text in texts)

    def remove(self, key: K) -> None:
        """Take a key out, if it is there."""
        self._anywhere.discard(key)
        place, texts = self._places.pop(key, ((), frozenset()))
        for text in texts:
            keys = self._filed[place][text]
            keys.discard(key)
            if not keys:
                del self._filed[place][text]

    def candidates(self, value: dict[str, Any]) -> list[K]:
        """The keys of the patterns that a JSON object may match, sorted."""
        found = set(self._anywhere)
        for place, filed in self._filed.items():
            for text in held(value, place):
                found.update(filed.get(text, ()))
        return sorted(found)


@lru_cache(maxsize=16_384)
def places(pattern: str) -> dict[Path, Texts]:
    """Where a pattern asks for one of some texts, and for which; a value that matches holds one in each place."""
    return dict(_wanted(orjson.loads(pattern), ()))


def _wanted(pattern: dict[str, Any], place: Path) -> Iterator[tuple[Path, frozenset[str]]]:
    """The places where a pattern asks for one of some texts, and these."""
    for name, value in pattern.items():
        if name == "$or":
            continue
        here = (*place, *name.split("."))
        if len(here) > DEPTH_MAX:
            continue
        if isinstance(value, dict):
            yield from _wanted(value, here)
        elif value and all(isinstance(each, str) for each in value):
            yield here, frozenset(value)


def held(value: Any, place: Path) -> Iterable[str]:
    """The texts that a value holds in a place: what an index looks up. Arrays are looked through, and dotted names
    are steps."""
    if not place and isinstance(value, str):
        return [value]
    values = list(flat([value]))
    if not place:
        return [each for each in values if isinstance(each, str)]
    found: list[str] = []
    for each in values:
        if isinstance(each, dict):
            if place[0] in each:
                found += held(each[place[0]], place[1:])
            for name, inner in each.items():
                if "." in name and (steps := tuple(name.split("."))) == place[: len(steps)]:
                    found += held(inner, place[len(steps) :])
    return found
