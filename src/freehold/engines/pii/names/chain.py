"""Which words of a run are a name: the likeliest way through the states of a chain.

One idea: a word weighs as a given and as a family name by how common it is as each, its shape and its neighbours; a
step weighs by how such words follow each other; the best sum wins, and only ways that make full names are ways at all.
Weights were learned by bench/pii/teach.py and stand in weights.json, readable. It may not know texts.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files

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


# What is said of a word without saying which it is: its digits in the gazetteer, the list it is on, its shape, whether
# particles stand before it, a comma behind it, and it makes a place with the word before; its endings that weigh.
Form = tuple[str, str, str, bool, bool, bool, tuple[str, ...]]
FORMS_MAX = 4_096  # of words, of pairs of words, of runs, whose sums are kept


def move(before: int, after: int, comma: bool) -> str:
    """The name of a step from one state to the next."""
    return f"{'ogfFG'[before]}{',' if comma else ' '}{'ogfFG'[after]}"


class Chain:
    """The weights. What has one form is weighed once, be it a word, a pair or a run: forms hold no word of a text."""

    def __init__(self, weights: Weights, moves: Moves):
        self._weights = weights
        self._steps = [
            [[(past, moves.get(move(past, state, comma), 0.0)) for past in pasts] for state, pasts in REACHED.items()]
            for comma in (False, True)
        ]
        self._last = [(state, moves.get(move(state, OUTSIDE, False), 0.0)) for state in LAST]
        self._own = lru_cache(FORMS_MAX)(self._weigh_own)
        self._pair = lru_cache(FORMS_MAX)(self._weigh_pair)
        self._part = lru_cache(FORMS_MAX)(self._sum)
        self._best = lru_cache(FORMS_MAX)(self._way)

    def states(self, run: Run) -> tuple[int, ...]:
        """The best state of each word (Viterbi); all outside where no two words together speak for a name."""
        return self._best(run.before, run.after, tuple(self._forms(run.tokens)))

    def _forms(self, tokens: list[Token]) -> Iterator[Form]:
        known, past = levels(), ""
        for _, _, word, shape, small, comma in tokens:
            of = known.get(word) or digits(word)
            ends = tuple(name for name in endings(word) if name in self._weights) if of[:2] == "00" else ()
            yield of, listed(word), shape, small != "", comma, f"{past}_{small}{word}" in known, ends
            past = word

    def _sum(self, names: Iterable[str]) -> Gain:
        weights = [self._weights[name] for name in names if name in self._weights]
        return sum(weight[0] for weight in weights), sum(weight[1] for weight in weights)

    def _weigh_own(self, of: str, on: str, shape: str, small: bool) -> Gain:
        """What a word says by itself, but for its endings."""
        given, family = self._sum(own(of, shape, small, on))
        return given, NEVER if shape in ("initial", "letter") else family

    def _weigh_pair(self, pair: str, comma: bool, on: tuple[str, str], shapes: tuple[str, str]) -> tuple[Gain, Gain]:
        """What two neighbours say of each other."""
        ahead = beside("ahead", pair, comma, on[1], turned(*shapes))
        behind = beside("behind", pair, comma, on[0], turned(*reversed(shapes)))
        return self._sum(ahead), self._sum(behind)

    def _gains(self, before: str, after: str, forms: tuple[Form, ...]) -> tuple[list[float], list[float]]:
        """What each word weighs as given and as family name."""
        said = [self._own(*form[:4]) for form in forms]
        given, family = [gain[0] for gain in said], [gain[1] for gain in said]

        def add(at: int, gain: Gain) -> None:
            given[at] += gain[0]
            family[at] += gain[1]

        add(0, self._weights.get(f"before={before}", NOTHING))
        add(-1, self._weights.get(f"after={after}", NOTHING))
        for at, form in enumerate(forms):
            for ending in form[6]:
                add(at, self._weights[ending])
        for at in range(1, len(forms)):
            (of, on, shape, _, comma, _, _), (to, onto, turn, _, _, place, _) = forms[at - 1 : at + 1]
            for side, gain in enumerate(self._pair(of[0] + to[1], comma, (on, onto), (shape, turn))):
                add(at - 1 + side, gain)
                if place:
                    add(at - 1 + side, self._weights.get("place", NOTHING))
        if any(lists := [form[1] for form in forms]):
            for at, names in enumerate(parts([form[4] for form in forms], lists)):
                add(at, self._part(names))
        return given, family

    def _way(self, before: str, after: str, forms: tuple[Form, ...]) -> tuple[int, ...]:
        given, family = self._gains(before, after, forms)
        if max(given) + max(family) <= 0:
            return (OUTSIDE,) * len(forms)
        score = [0.0, NEVER, NEVER, NEVER, NEVER]
        ways: list[list[int]] = []
        comma = False
        for form, as_given, as_family in zip(forms, given, family, strict=True):
            scores, way = [], []
            for pasts, gain in zip(self._steps[comma], (0.0, as_given, as_family, as_family, as_given), strict=True):
                top, origin = 2 * NEVER, OUTSIDE
                for past, weight in pasts:
                    if (value := score[past] + weight) > top:
                        top, origin = value, past
                scores.append(top + gain)
                way.append(origin)
            score, comma = scores, form[4]
            ways.append(way)
        return self._traced(score, ways)

    def _traced(self, score: list[float], ways: list[list[int]]) -> tuple[int, ...]:
        state = max((score[last] + weight, last) for last, weight in self._last)[1]
        found = [state]
        for way in reversed(ways[1:]):
            state = way[state]
            found.append(state)
        return tuple(reversed(found))


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
    for token in run.tokens:
        if known.get(token.word, UNKNOWN)[:2] != "00" or "-" in token.word or token.shape in ("initial", "letter"):
            return True
    return False


def names(run: Run) -> Iterator[tuple[int, int]]:
    """Where in the text the full names of a run stand."""
    if not hopeful(run):
        return
    found = learned().states(run)
    if not any(found):
        return
    start, past = 0, OUTSIDE
    for at, state in enumerate([*found, OUTSIDE]):
        ends = past != OUTSIDE and (state == OUTSIDE or (state, past) == (GIVEN, FAMILY))
        if ends and " ".join(token.word for token in run.tokens[start:at]) not in BRANDS:
            last = run.tokens[at - 1]
            yield run.tokens[start].start, last.end + (last.shape == "initial")
        if ends or past == OUTSIDE:
            start = at
        past = state
