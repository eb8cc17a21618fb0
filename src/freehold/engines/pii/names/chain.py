"""Which words of a run are a name: the likeliest way through the states of a chain.

One idea: a word weighs as a given and as a family name by how common it is as each, its shape and its neighbours; a
step weighs by how such words follow each other; the best sum wins, and only ways that make full names are ways at all.
Weights were learned by bench/pii/teach.py and stand in weights.json, readable. It may not know texts.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from freehold.engines.pii.names.features import UNKNOWN, beside, digits, endings, listed, own, parts, turned
from freehold.engines.pii.names.gazetteer import levels
from freehold.engines.pii.names.runs import Run
from freehold.engines.pii.names.words import BRANDS

# A name is given names and then family names, or family names, most often a comma, and given names.
OUTSIDE, GIVEN, FAMILY, FAMILY_FIRST, GIVEN_LAST = range(5)
TAGS = ("", "given", "family", "family", "given")
# From which states a state is reached. Behind a comma another name may begin.
REACHED = {
    OUTSIDE: (OUTSIDE, FAMILY, GIVEN_LAST),
    GIVEN: (OUTSIDE, GIVEN, FAMILY),
    FAMILY: (GIVEN, FAMILY),
    FAMILY_FIRST: (OUTSIDE, FAMILY_FIRST),
    GIVEN_LAST: (FAMILY_FIRST, GIVEN_LAST),
}
LAST = REACHED[OUTSIDE]
NEVER = -1e9
NOTHING = (0.0, 0.0)
SUMS_MAX = 10_000
Gain = tuple[float, float]  # what is added to given and to family; outside is the zero
Weights = dict[str, Gain]  # of a feature
Moves = dict[str, float]  # what a step adds


def move(before: int, after: int, comma: bool) -> str:
    """The name of a step from one state to the next."""
    return f"{'ogfFG'[before]}{',' if comma else ' '}{'ogfFG'[after]}"


class Chain:
    """The weights, with the sums of what is often said together: these have few forms."""

    def __init__(self, weights: Weights, moves: Moves):
        self._weights = weights
        self._own: dict[tuple[str, str, str, str], Gain] = {}
        self._pairs: dict[tuple[Any, ...], tuple[Gain, Gain]] = {}
        self._parts: dict[tuple[str, ...], Gain] = {}
        self._place = weights.get("place", NOTHING)
        self._steps = [
            [[(past, moves.get(move(past, state, comma), 0.0)) for past in pasts] for state, pasts in REACHED.items()]
            for comma in (False, True)
        ]
        self._last = [(state, moves.get(move(state, OUTSIDE, False), 0.0)) for state in LAST]

    def _sum(self, names: Iterable[str]) -> Gain:
        weights = [self._weights[name] for name in names if name in self._weights]
        return sum(weight[0] for weight in weights), sum(weight[1] for weight in weights)

    def gains(self, run: Run) -> list[Gain]:
        """What each word weighs as given and as family name."""
        tokens = run.tokens
        known = [digits(token.word) for token in tokens]
        lists = [listed(token.word) for token in tokens]
        gains = []
        for token, of, name in zip(tokens, known, lists, strict=True):
            key = (of, token.shape, token.small, name)
            if (gain := self._own.get(key)) is None:
                gain = self._sum(own(of, token.shape, bool(token.small), name))
                if len(self._own) < SUMS_MAX:
                    self._own[key] = gain
            if of[:2] == "00":
                for ending in endings(token.word):
                    gain = _added(gain, self._weights.get(ending, NOTHING))
            gains.append((gain[0], NEVER) if token.shape in ("initial", "letter") else gain)
        self._neighbours(run, known, lists, gains)
        for at, name in ((0, f"before={run.before}"), (-1, f"after={run.after}")):
            gains[at] = _added(gains[at], self._weights.get(name, NOTHING))
        if any(lists):
            gains = [_added(gain, self._part(names)) for gain, names in zip(gains, parts(run, lists), strict=True)]
        return gains

    def _part(self, names: tuple[str, ...]) -> Gain:
        if (found := self._parts.get(names)) is None:
            found = self._parts[names] = self._sum(names)
        return found

    def _neighbours(self, run: Run, known: list[str], lists: list[str], gains: list[Gain]) -> None:
        places = levels()
        for at in range(1, len(gains)):
            one, other = run.tokens[at - 1], run.tokens[at]
            pair = known[at - 1][0] + known[at][1]
            key = (pair, one.comma, lists[at - 1], lists[at], one.shape, other.shape)
            if (both := self._pairs.get(key)) is None:
                both = self._pairs[key] = (
                    self._sum(beside("ahead", pair, one.comma, lists[at], turned(one.shape, other.shape))),
                    self._sum(beside("behind", pair, one.comma, lists[at - 1], turned(other.shape, one.shape))),
                )
            ahead, behind = both
            if f"{one.word}_{other.small}{other.word}" in places:
                ahead, behind = _added(ahead, self._place), _added(behind, self._place)
            gains[at - 1] = _added(gains[at - 1], ahead)
            gains[at] = _added(gains[at], behind)

    def states(self, run: Run) -> list[int]:
        """The best state of each word (Viterbi); all outside where no two words together speak for a name."""
        gains = self.gains(run)
        if max(gain[0] for gain in gains) + max(gain[1] for gain in gains) <= 0:
            return [OUTSIDE] * len(gains)
        score = [0.0, NEVER, NEVER, NEVER, NEVER]
        ways: list[list[int]] = []
        comma = False
        for token, (given, family) in zip(run.tokens, gains, strict=True):
            scores, way = [], []
            for pasts, gain in zip(self._steps[comma], (0.0, given, family, family, given), strict=True):
                top, origin = 2 * NEVER, OUTSIDE
                for past, weight in pasts:
                    if (value := score[past] + weight) > top:
                        top, origin = value, past
                scores.append(top + gain)
                way.append(origin)
            score, comma = scores, token.comma
            ways.append(way)
        return self._traced(score, ways)

    def _traced(self, score: list[float], ways: list[list[int]]) -> list[int]:
        state = max((score[last] + weight, last) for last, weight in self._last)[1]
        found = [state]
        for way in reversed(ways[1:]):
            state = way[state]
            found.append(state)
        return found[::-1]


def _added(one: Gain, other: Gain) -> Gain:
    return one[0] + other[0], one[1] + other[1]


@cache
def learned() -> Chain:
    """The chain as shipped."""
    model = json.loads(files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
    return Chain({name: tuple(values) for name, values in model["words"].items()}, model["moves"])


def hopeful(run: Run) -> bool:
    """Whether a run can hold a full name at all."""
    if len(run.tokens) < 2:
        return False
    if run.before in ("title", "key", "cue"):
        return True
    known = levels()
    return any(
        token.shape in ("initial", "letter") or "-" in token.word or known.get(token.word, UNKNOWN)[:2] != "00"
        for token in run.tokens
    )


def names(run: Run) -> Iterator[tuple[int, int]]:
    """Where in the text the full names of a run stand."""
    if not hopeful(run):
        return
    found = learned().states(run)
    start, past = 0, OUTSIDE
    for at, state in enumerate([*found, OUTSIDE]):
        ends = past != OUTSIDE and (state == OUTSIDE or (state, past) == (GIVEN, FAMILY))
        if ends and " ".join(token.word for token in run.tokens[start:at]) not in BRANDS:
            last = run.tokens[at - 1]
            yield run.tokens[start].start, last.end + (last.shape == "initial")
        if ends or past == OUTSIDE:
            start = at
        past = state
