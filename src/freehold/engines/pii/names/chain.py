"""Which words of a run are a name: the likeliest way through the states of a chain.

One idea: a word weighs as a given and as a family name by how common it is as each, its shape and its neighbours; a
step weighs by how such words follow each other; the best sum wins, and only ways that make full names are ways at all.
Weights were learned by bench/pii/teach.py and stand in weights.json, readable. It may not know texts.
"""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from freehold.engines.pii.names.gazetteer import levels
from freehold.engines.pii.names.runs import Run, Token
from freehold.engines.pii.names.words import BRANDS, DAYS, INSTITUTIONS, PARTICLES, STREETS, THINGS

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
Weights = dict[str, tuple[float, float]]  # what a feature adds to given and to family; outside is the zero
Moves = dict[str, float]  # what a step adds

_LISTS = (("institution", INSTITUTIONS), ("street", STREETS), ("day", DAYS), ("thing", THINGS), ("small", PARTICLES))
LISTED = {word: name for name, words in reversed(_LISTS) for word in words}
UNKNOWN = "0000"
KINDS = ("given", "family", "word", "place")


def features(run: Run, at: int) -> Iterator[str]:
    """What is said of one word of a run."""
    token = run.tokens[at]
    digits = _digits(token.word)
    yield from (f"{kind}={digit}" for kind, digit in zip(KINDS, digits, strict=True))
    yield f"levels={digits}"
    yield f"shape={token.shape}"
    if token.small:
        yield "small"
    if digits[:2] == "00":
        yield f"ending={token.word[-2:]}"
        yield f"ending={token.word[-3:]}"
    if listed := LISTED.get(token.word):
        yield f"listed={listed}"
    if at:
        yield from _beside("behind", run.tokens[at - 1], digits, token)
    else:
        yield f"before={run.before}"
    if at + 1 < len(run.tokens):
        yield from _beside("ahead", run.tokens[at + 1], digits, token)
    else:
        yield f"after={run.after}"
    yield from (f"part={listed}" for listed in {LISTED.get(other.word) for other in _part(run, at)} if listed)


def _part(run: Run, at: int) -> Iterator[Token]:
    """The words of a run that no comma parts from one of them."""
    start, end = at, at + 1
    while start and not run.tokens[start - 1].comma:
        start -= 1
    while end < len(run.tokens) and not run.tokens[end - 1].comma:
        end += 1
    yield from run.tokens[start:end]


def _beside(side: str, other: Token, digits: str, token: Token) -> Iterator[str]:
    """What a neighbour says of a word: what it is, how well the two go together, whether they are a place."""
    if listed := LISTED.get(other.word):
        yield f"{side}={listed}"
    if {token.shape, other.shape} == {"upper", "title"}:
        yield f"{side} {other.shape}"
    theirs = _digits(other.word)
    if side == "ahead":
        yield f"ahead{',' if token.comma else '='}{digits[0]}{theirs[1]}"
        place = f"{token.word}_{other.small}{other.word}"
    else:
        yield f"behind{',' if other.comma else '='}{theirs[0]}{digits[1]}"
        place = f"{other.word}_{token.small}{token.word}"
    if place in levels():
        yield "place"


def _digits(word: str) -> str:
    known = levels()
    found = known.get(word)
    if found is None and "-" in word:  # Jean-Luc, Smith-Jones: what its parts are
        parts = [known.get(part, UNKNOWN) for part in word.split("-")]
        return "".join(max(column) for column in zip(*parts, strict=True))
    return found or UNKNOWN


@cache
def learned() -> tuple[Weights, Moves]:
    """The weights of the shipped model."""
    model = json.loads(files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
    return {name: tuple(values) for name, values in model["words"].items()}, model["moves"]


def move(before: int, after: int, comma: bool) -> str:
    """The name of a step from one state to the next."""
    return f"{'ogfFG'[before]}{',' if comma else ' '}{'ogfFG'[after]}"


def states(run: Run, weights: Weights, moves: Moves) -> list[int]:
    """The best state of each word (Viterbi)."""
    score = [0.0, NEVER, NEVER, NEVER, NEVER]
    ways: list[list[int]] = []
    comma = False
    for at, token in enumerate(run.tokens):
        given = family = 0.0
        for feature in features(run, at):
            if weight := weights.get(feature):
                given += weight[0]
                family += weight[1]
        if token.shape in ("initial", "letter"):
            family = NEVER
        gains = (0.0, given, family, family, given)
        best = [
            max((score[past] + moves.get(move(past, state, comma), 0.0), past) for past in pasts)
            for state, pasts in REACHED.items()
        ]
        score = [value + gain for (value, _), gain in zip(best, gains, strict=True)]
        ways.append([past for _, past in best])
        comma = token.comma
    state = max(LAST, key=lambda last: score[last] + moves.get(move(last, OUTSIDE, False), 0.0))
    found = [state]
    for way in reversed(ways[1:]):
        state = way[state]
        found.append(state)
    return found[::-1]


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
    found = states(run, *learned())
    start, past = 0, OUTSIDE
    for at, state in enumerate([*found, OUTSIDE]):
        ends = past != OUTSIDE and (state == OUTSIDE or (state, past) == (GIVEN, FAMILY))
        if ends and " ".join(token.word for token in run.tokens[start:at]) not in BRANDS:
            yield run.tokens[start].start, run.tokens[at - 1].end
        if ends or past == OUTSIDE:
            start = at
        past = state
