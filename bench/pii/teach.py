"""Teaches the chain of engines/pii/names: a conditional random field over lessons; writes its weights.json.

One idea: every weight climbs towards what was meant and away from what the chain believes. Same seed, same weights.

    python -m bench.pii.teach LISTS
"""

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from bench.pii.gather import FAMILIES_MAX
from bench.pii.lessons import Marks, lessons
from bench.servers import HOME
from freehold.engines.pii.names.chain import LAST, NEVER, OUTSIDE, REACHED, TAGS, Chain, Moves, Weights, move
from freehold.engines.pii.names.features import beside, endings, met, own, parts, turned
from freehold.engines.pii.names.gazetteer import levels
from freehold.engines.pii.names.runs import Run, runs
from freehold.engines.pii.names.words import folded

WEIGHTS = HOME / "src/freehold/engines/pii/names/weights.json"
LESSONS, ROUNDS, SEED = 30_000, 4, 7
STEP, DECAY, LEAST = 0.3, 0.0001, 0.1
HIDDEN = 4  # of so many words of the gazetteer, one is hidden while teaching: names unknown to it are met as well


def meant(run: Run, marks: Marks) -> list[int]:
    """The tag of each word of a run, as its lesson has it."""
    spans = [(start, end, tag) for start, end, tag in marks]
    return [next((tag for start, end, tag in spans if start <= at < end), OUTSIDE) for at, _, _ in run.tokens]


class Slopes:
    """Weights that learn, each by steps that shrink as it moves (AdaGrad)."""

    def __init__(self) -> None:
        self.words: Weights = {}
        self.moves: Moves = {}
        self.squares: dict[object, float] = defaultdict(float)

    def climbed(self, name: str, tag: str, old: float, slope: float) -> float:
        slope -= DECAY * old
        self.squares[name, tag] += slope * slope
        return old + STEP * slope / math.sqrt(self.squares[name, tag] + 1e-6)

    def word(self, name: str, given: float, family: float) -> None:
        old = self.words.get(name, (0.0, 0.0))
        self.words[name] = (
            self.climbed(name, "given", old[0], given),
            self.climbed(name, "family", old[1], family),
        )

    def move(self, name: str, slope: float) -> None:
        self.moves[name] = self.climbed(name, "", self.moves.get(name, 0.0), slope)


Column = list[float]


def gains(said: list[list[str]], slopes: Slopes) -> list[Column]:
    """What each state of each word weighs."""
    sums = []
    for names in said:
        weights = [slopes.words.get(name, (0.0, 0.0)) for name in names]
        given, family = (sum(weight[kind] for weight in weights) for kind in (0, 1))
        sums.append([0.0, given, family, family, given])
    return sums


def steps(run: Run, slopes: Slopes) -> list[dict[tuple[int, int], float]]:
    """What each step that can be made weighs, from before the first word on."""
    commas = [False, *(form.comma for _, _, form in run.tokens[:-1])]
    return [
        {(past, state): slopes.moves.get(move(past, state, comma), 0.0) for state in REACHED for past in REACHED[state]}
        for comma in commas
    ]


def beliefs(sums: list[Column], pairs: list[dict[tuple[int, int], float]], slopes: Slopes):
    """How likely each state of each word, and each step, is (forward and backward)."""
    count = range(len(REACHED))
    last = [slopes.moves.get(move(state, OUTSIDE, False), 0.0) if state in LAST else NEVER for state in count]
    ahead = [[0.0, NEVER, NEVER, NEVER, NEVER]]
    for column, pair in zip(sums, pairs, strict=True):
        ahead.append([total(ahead[-1][a] + pair[a, b] for a in REACHED[b]) + column[b] for b in count])
    back = [last]
    for column, pair in zip(reversed(sums), reversed(pairs)):
        back.append([total(pair[a, b] + column[b] + back[-1][b] for b in count if (a, b) in pair) for a in count])
    back.reverse()
    whole = back[0][OUTSIDE]
    tagged = [[math.exp(ahead[at][b] + back[at][b] - whole) for b in count] for at in range(1, len(ahead))]
    stepped = [
        {
            (a, b): math.exp(ahead[at][a] + weight + sums[at][b] + back[at + 1][b] - whole)
            for (a, b), weight in pair.items()
        }
        for at, pair in enumerate(pairs)
    ]
    return tagged, stepped


def total(values: Iterable[float]) -> float:
    values = list(values)
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))


def features(run: Run) -> list[list[str]]:
    """All that is said of each word of a run: what the chain sums."""
    forms = [form for _, _, form in run.tokens]
    said = [
        [
            *own(form.kind.digits, form.kind.shape, form.small, form.kind.on),
            *(endings(form.ending) if form.ending else ()),
        ]
        for form in forms
    ]
    for part in parts([form.comma for form in forms]):
        names = list(met([form.kind.on for form in forms[part]]))
        for features_of in said[part]:
            features_of += names
    for at in range(1, len(forms)):
        one, other = forms[at - 1].kind, forms[at].kind
        pair, comma = one.digits[0] + other.digits[1], forms[at - 1].comma
        said[at - 1] += beside("ahead", pair, comma, other.on, turned(one.shape, other.shape))
        said[at] += beside("behind", pair, comma, one.on, turned(other.shape, one.shape))
        if forms[at].place:
            said[at - 1].append("place")
            said[at].append("place")
    said[0].append(f"before={run.before}")
    said[-1].append(f"after={run.after}")
    return said


def climb(run: Run, right: list[int], slopes: Slopes) -> None:
    """One step of every weight the run uses, towards what was meant."""
    said = features(run)
    tagged, stepped = beliefs(gains(said, slopes), steps(run, slopes), slopes)
    for names, likely, state in zip(said, tagged, right, strict=True):
        given, family = (
            (TAGS[state] == tag) - sum(likely[other] for other in REACHED if TAGS[other] == tag)
            for tag in ("given", "family")
        )
        if abs(given) + abs(family) > 1e-3:
            for name in names:
                slopes.word(name, given, family)
    moved: dict[str, float] = defaultdict(float)
    commas = [False, *(form.comma for _, _, form in run.tokens[:-1])]
    for pair, comma, past, state in zip(stepped, commas, [OUTSIDE, *right], right):
        for (a, b), likely in pair.items():
            moved[move(a, b, comma)] += ((a, b) == (past, state)) - likely
    for state in LAST:
        moved[move(state, OUTSIDE, False)] += (right[-1] == state) - tagged[-1][state]
    for name, slope in moved.items():
        slopes.move(name, slope)


def learn(examples: list[tuple[Run, list[int]]]) -> Slopes:
    slopes = Slopes()
    for _ in range(ROUNDS):
        for run, right in examples:
            climb(run, right, slopes)
        chain = Chain(slopes.words, slopes.moves)
        wrong = sum(list(chain.states(run)) != right for run, right in examples)
        print(f"{wrong} of {len(examples)} runs wrong", flush=True)
    return slopes


def main(lists: Path) -> None:
    rare = [folded(line.split()[0]) for line in (lists / "names/dist.all.last").read_text().splitlines()[FAMILIES_MAX:]]
    texts = list(lessons(SEED, rare, LESSONS))
    for number, word in enumerate(sorted(levels())):
        if number % HIDDEN == 0 and levels()[word][2:] == "00":
            del levels()[word]
    examples = [(run, meant(run, marks)) for text, marks in texts for run in runs(text)]
    slopes = learn(examples)
    model = {
        "moves": {name: round(slopes.moves[name], 2) for name in sorted(slopes.moves)},
        "words": {
            name: [round(value, 2) for value in slopes.words[name]]
            for name in sorted(slopes.words)
            if max(map(abs, slopes.words[name])) >= LEAST
        },
    }
    WEIGHTS.write_text(written(model))


def written(model: dict[str, dict[str, object]]) -> str:
    """JSON with one weight a line."""
    parts = (
        f"{json.dumps(kind)}: {{\n"
        + ",\n".join(f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(value)}" for name, value in weights.items())
        + "\n}"
        for kind, weights in model.items()
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
