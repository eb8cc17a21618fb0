"""Which words of a run are a name: the likeliest way through the states of a chain.

One idea: a word weighs as a given and as a family name by how common it is as each, its shape and its neighbours; a
step weighs by how such words follow each other; the best sum wins, and only ways that make full names are ways at all.
Weights were learned by bench/pii/teach.py and stand in weights.json, readable. It may not know texts.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files

from freehold.engines.pii.names.features import beside, endings, met, own, parts, turned
from freehold.engines.pii.names.lexicon import Form, Kind, Side
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
Gain = tuple[float, float]  # what is added to given and to family; outside is the zero
Weights = dict[str, Gain]  # of a feature
Moves = dict[str, float]  # what a step adds
Way = tuple[int, ...]  # the state of each word
FEW = 4  # words whose ways are all weighed
FORMS_MAX = 4_096  # of words, and of pairs of them, whose sums are kept


def move(before: int, after: int, comma: bool) -> str:
    """The name of a step from one state to the next."""
    return f"{'ogfFG'[before]}{',' if comma else ' '}{'ogfFG'[after]}"


def names_of(way: Way) -> tuple[tuple[int, int], ...]:
    """The names on a way."""
    found, first, past = [], 0, OUTSIDE
    for at, state in enumerate((*way, OUTSIDE)):
        ends = past != OUTSIDE and (state == OUTSIDE or (state, past) == (GIVEN, FAMILY))
        if ends:
            found.append((first, at))
        if ends or past == OUTSIDE:
            first = at
        past = state
    return tuple(found)


class Chain:
    """The weights. What has one form is weighed once, be it a word or a pair: forms hold no word of a text."""

    def __init__(self, weights: Weights, moves: Moves):
        self._weights = weights
        self._steps = [
            {(past, state): moves.get(move(past, state, comma), 0.0) for state in REACHED for past in REACHED[state]}
            for comma in (False, True)
        ]
        self._arrivals = [
            [[(past, steps[past, state]) for past in pasts] for state, pasts in REACHED.items()]
            for steps in self._steps
        ]
        self._own = lru_cache(FORMS_MAX)(self._weigh_own)
        self._pair = lru_cache(FORMS_MAX)(self._weigh_pair)
        self._part = lru_cache(FORMS_MAX)(lambda lists: self._sum(met(lists)))
        self._ways = lru_cache(FORMS_MAX)(self._weigh_ways)
        self._names = lru_cache(FORMS_MAX)(lambda *said: names_of(self._way(*said)))

    def states(self, run: Run) -> Way:
        """The best state of each word; all outside where no two words together speak for a name."""
        return self._way(run.before, run.after, tuple([form for _, _, form in run.tokens]))

    def names(self, run: Run) -> tuple[tuple[int, int], ...]:
        """Which words are the full names of a run: the first of each, and the one behind it."""
        return self._names(run.before, run.after, tuple([form for _, _, form in run.tokens]))

    def gains(self, before: str, after: str, forms: tuple[Form, ...]) -> tuple[list[float], list[float]]:
        """What each word weighs as given and as family name."""
        given: list[float] = []
        family: list[float] = []
        left, parted, listed = None, False, False
        for kind, ending, comma, small, place in forms:
            as_given, as_family = self._own(kind, small)
            if ending:
                for name in endings(ending):
                    if gain := self._weights.get(name):
                        as_given += gain[0]
                        as_family += gain[1]
            if left:
                ahead, behind = self._pair(left, parted, kind.as_family, place)
                given[-1] += ahead[0]
                family[-1] += ahead[1]
                as_given += behind[0]
                as_family += behind[1]
            given.append(as_given)
            family.append(as_family)
            left, parted, listed = kind.as_given, comma, listed or kind.on != ""
        for at, name in ((0, f"before={before}"), (-1, f"after={after}")):
            gain = self._weights.get(name, NOTHING)
            given[at] += gain[0]
            family[at] += gain[1]
        if listed:
            self._add_parts(forms, given, family)
        return given, family

    def _add_parts(self, forms: tuple[Form, ...], given: list[float], family: list[float]) -> None:
        """What the lists weigh that the parts of a run meet."""
        for part in parts([form.comma for form in forms]):
            gain = self._part(tuple([form.kind.on for form in forms[part]]))
            given[part] = [value + gain[0] for value in given[part]]
            family[part] = [value + gain[1] for value in family[part]]

    def _sum(self, names: Iterable[str]) -> Gain:
        weights = [self._weights[name] for name in names if name in self._weights]
        return sum(weight[0] for weight in weights), sum(weight[1] for weight in weights)

    def _weigh_own(self, kind: Kind, small: bool) -> Gain:
        """What a word says by itself, but for its end."""
        given, family = self._sum(own(kind.digits, kind.shape, small, kind.on))
        return given, NEVER if kind.shape in ("initial", "letter") else family

    def _weigh_pair(self, one: Side, comma: bool, other: Side, place: bool) -> tuple[Gain, Gain]:
        """What two neighbours say of each other; both, if they are a place."""
        (digit, on, shape), (next_digit, next_on, next_shape) = one, other
        pair, both = digit + next_digit, ["place"] if place else []
        ahead = beside("ahead", pair, comma, next_on, turned(shape, next_shape))
        behind = beside("behind", pair, comma, on, turned(next_shape, shape))
        return self._sum([*ahead, *both]), self._sum([*behind, *both])

    def _way(self, before: str, after: str, forms: tuple[Form, ...]) -> Way:
        """The best way."""
        given, family = self.gains(before, after, forms)
        if max(given) + max(family) <= 0:
            return (OUTSIDE,) * len(forms)
        commas = tuple([form.comma for form in forms])
        return self._best_of_all(given, family, commas) if len(forms) <= FEW else self._viterbi(given, family, commas)

    def _best_of_all(self, given: list[float], family: list[float], commas: tuple[bool, ...]) -> Way:
        """Of few words there are few ways, and each is weighed."""
        top = NEVER
        best: Way = ()
        for weight, givens, families, way in self._ways(commas):
            for at in givens:
                weight += given[at]
            for at in families:
                weight += family[at]
            if weight > top:
                top, best = weight, way
        return best

    def _weigh_ways(self, commas: tuple[bool, ...]) -> list[tuple[float, list[int], list[int], Way]]:
        """All ways through so many words: what their steps weigh, which words are given and which family names."""
        weighed: list[tuple[float, Way]] = [(0.0, (OUTSIDE,))]
        for comma in (False, *commas[:-1]):
            weighed = [
                (weight + self._steps[comma][way[-1], state], (*way, state))
                for weight, way in weighed
                for state, pasts in REACHED.items()
                if way[-1] in pasts
            ]
        return [
            (
                weight + self._steps[False][way[-1], OUTSIDE],
                [at for at, state in enumerate(way[1:]) if TAGS[state] == "given"],
                [at for at, state in enumerate(way[1:]) if TAGS[state] == "family"],
                way[1:],
            )
            for weight, way in weighed
            if way[-1] in LAST
        ]

    def _viterbi(self, given: list[float], family: list[float], commas: tuple[bool, ...]) -> Way:
        """Of many words: to each state of each word the best score, and the state that it comes from."""
        scores = [0.0, NEVER, NEVER, NEVER, NEVER]
        origins: list[list[int]] = []
        for as_given, as_family, comma in zip(given, family, (False, *commas)):
            before, scores, origin = scores, [], []
            for pasts, gain in zip(self._arrivals[comma], (0.0, as_given, as_family, as_family, as_given), strict=True):
                top, best = 2 * NEVER, OUTSIDE
                for past, weight in pasts:
                    if (score := before[past] + weight) > top:
                        top, best = score, past
                scores.append(top + gain)
                origin.append(best)
            origins.append(origin)
        way = [max((scores[last] + self._steps[False][last, OUTSIDE], last) for last in LAST)[1]]
        for origin in reversed(origins[1:]):
            way.append(origin[way[-1]])
        return tuple(reversed(way))


@cache
def learned() -> Chain:
    """The chain as shipped."""
    model = json.loads(files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
    return Chain({name: tuple(values) for name, values in model["words"].items()}, model["moves"])


def names(run: Run) -> Iterator[tuple[int, int]]:
    """Where in the text the full names of a run stand."""
    for first, end in learned().names(run):
        if " ".join([word.name for _, word, _ in run.tokens[first:end]]) not in BRANDS:
            start, word, _ = run.tokens[end - 1]
            yield run.tokens[first][0], start + word.length
