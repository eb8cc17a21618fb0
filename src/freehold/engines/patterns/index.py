"""Many patterns at once: which of them a value may match.

One idea: most patterns ask for one of some texts in some place, so each is filed under the place that tells it best
from the others, and a value looks up only what it holds. What is found may match; whoever asks makes sure. It may not
know what the patterns belong to.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

import orjson

from freehold.engines.patterns.compiler import flat

K = TypeVar("K", bound=Hashable)
Path = tuple[str, ...]

DEPTH_MAX = 3  # how deep places are looked for


class Index(Generic[K]):
    """Files the keys of patterns. `patterns` are texts that compile."""

    def __init__(self, patterns: Mapping[K, str]):
        wanted = {key: _places(text) for key, text in patterns.items()}
        kinds = Counter(place for texts in wanted.values() for place, held in texts.items() for _ in held)
        distinct = {place: len({text for texts in wanted.values() for text in texts.get(place, ())}) for place in kinds}
        self._order = {key: number for number, key in enumerate(patterns)}
        self._anywhere: list[K] = []
        self._filed: dict[Path, dict[str, list[K]]] = defaultdict(lambda: defaultdict(list))
        for key, texts in wanted.items():
            if not texts:
                self._anywhere.append(key)
                continue
            place = max(texts, key=lambda place: (distinct[place] / len(texts[place]), place))
            for text in texts[place]:
                self._filed[place][text].append(key)

    def candidates(self, value: dict[str, Any]) -> list[K]:
        """The keys of the patterns that a JSON object may match, in the order they were given."""
        found = set(self._anywhere)
        for place, filed in self._filed.items():
            for text in _held(value, place):
                found.update(filed.get(text, ()))
        return sorted(found, key=self._order.__getitem__)


@lru_cache(maxsize=16_384)
def _places(pattern: str) -> dict[Path, frozenset[str]]:
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


def _held(value: Any, place: Path) -> Iterable[str]:
    """The texts that a value holds in a place. Arrays are looked through, and dotted names are steps."""
    if not place and isinstance(value, str):
        return [value]
    values = list(flat([value]))
    if not place:
        return [each for each in values if isinstance(each, str)]
    found: list[str] = []
    for each in values:
        if isinstance(each, dict):
            if place[0] in each:
                found += _held(each[place[0]], place[1:])
            for name, inner in each.items():
                if "." in name and (steps := tuple(name.split("."))) == place[: len(steps)]:
                    found += _held(inner, place[len(steps) :])
    return found
