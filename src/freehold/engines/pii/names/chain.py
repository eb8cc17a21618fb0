"""Which words of a run are a name: the likeliest way through the states of a chain.

One idea: a word weighs as a given and as a family name by how common it is as each, its shape and its neighbours; a
step weighs by how such words follow each other; the best sum wins, and only ways that make full names are ways at all.
Weights were learned by bench/pii/teach.py and stand in weights.json, readable. It may not know texts.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from freehold.engines.pii.names.features import UNKNOWN, beside, digits, endings, listed, own, parts, turned
from freehold.engines.pii.names.gazetteer import levels
from freehold.engines.pii.names.runs import Run, Token
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
Gain = tuple[float, float]  # what is added to given and to family; outside is the zero
Weights = dict[str, Gain]  # of a feature
Moves = dict[str, float]  # what a step adds


class Said(NamedTuple):
    """What a word says by itself: its digits, the list it is on, what it weighs."""

    digits: str
    on: str
    given: float
    family: float


def move(before: int, after: int, comma: bool) -> str:
    """The name of a step from one state to the next."""
    return f"{'ogfFG'[before]}{',' if comma else ' '}{'ogfFG'[after]}"


class Chain:
    """The weights, with the sums of what is often said together: these have few forms, and hold no word of a text."""

    def __init__(self, weights: Weights, moves: Moves):
        self._weights = weights
        self._own: dict[tuple[str, str, bool, str], Gain] = {}
        self._pairs: dict[tuple[str, bool, str, str, str, str], tuple[Gain, Gain]] = {}
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

    def _said(self, token: Token) -> Said:
        """What a word says by itself."""
        of, on = digits(token.word), listed(token.word)
        key = (of, token.shape, bool(token.small), on)
        if (found := self._own.get(key)) is None:
            found = self._own[key] = self._sum(own(*key))
        given, family = found
        if of[:2] == "00":
            for ending in endings(token.word):
                more = self._weights.get(ending, NOTHING)
                given, family = given + more[0], family + more[1]
        return Said(of, on, given, NEVER if token.shape in ("initial", "letter") else family)

    def _pair(self, pair: str, comma: bool, on: tuple[str, str], shapes: tuple[str, str]) -> tuple[Gain, Gain]:
        """What two neighbours say of each other."""
        key = (pair, comma, *on, *shapes)
        if (found := self._pairs.get(key)) is None:
            ahead = beside("ahead", pair, comma, on[1], turned(*shapes))
            behind = beside("behind", pair, comma, on[0], turned(*reversed(shapes)))
            found = self._pairs[key] = self._sum(ahead), self._sum(behind)
        return found

    def gains(self, run: Run) -> tuple[list[float], list[float]]:
        """What each word weighs as given and as family name."""
        tokens = run.tokens
        said = [self._said(token) for token in tokens]
        given = [one.given for one in said]
        family = [one.family for one in said]

        def add(at: int, gain: Gain) -> None:
            given[at] += gain[0]
            family[at] += gain[1]

        add(0, self._weights.get(f"before={run.before}", NOTHING))
        add(-1, self._weights.get(f"after={run.after}", NOTHING))
        places = levels()
        for at in range(1, len(tokens)):
            one, other, left, right = tokens[at - 1], tokens[at], said[at - 1], said[at]
            pair = left.digits[0] + right.digits[1]
            ahead, behind = self._pair(pair, one.comma, (left.on, right.on), (one.shape, other.shape))
            add(at - 1, ahead)
            add(at, behind)
            if f"{one.word}_{other.small}{other.word}" in places:
                add(at - 1, self._place)
                add(at, self._place)
        if any(one.on for one in said):
            for at, names in enumerate(parts(run, [one.on for one in said])):
                add(at, self._part(names))
        return given, family

    def _part(self, names: tuple[str, ...]) -> Gain:
        if (found := self._parts.get(names)) is None:
            found = self._parts[names] = self._sum(names)
        return found

    def states(self, run: Run) -> list[int]:
        """The best state of each word (Viterbi); all outside where no two words together speak for a name."""
        given, family = self.gains(run)
        if max(given) + max(family) <= 0:
            return [OUTSIDE] * len(given)
        score = [0.0, NEVER, NEVER, NEVER, NEVER]
        ways: list[list[int]] = []
        comma = False
        for token, as_given, as_family in zip(run.tokens, given, family, strict=True):
            scores, way = [], []
            for pasts, gain in zip(self._steps[comma], (0.0, as_given, as_family, as_family, as_given), strict=True):
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
