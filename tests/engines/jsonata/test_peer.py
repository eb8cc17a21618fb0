"""Random expressions, beside the reference implementation from npm.

FREEHOLD_SEED gives other expressions. What Freehold does otherwise on purpose is not among them: a path that begins
with an array and a predicate (`[a, b][0].c`) goes on, a division may follow `[]`, a predicate makes nothing of nothing,
and a grouping after the last call of a function is not lost.
"""

import json
import math
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from freehold.engines.jsonata import UNDEFINED, JsonataError, compile, is_function

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("FREEHOLD_TEST_CACHE", "~/.cache/freehold-tests")).expanduser() / "jsonata"
VERSION = "2.2.2"
COUNT = 3_000

DATA = {
    "a": {"b": [{"c": 1, "d": "x"}, {"c": 2, "d": "y", "e": [1, 2]}, {"c": 3}], "k": 5, "s": "hello"},
    "n": [1, 2, 3, [4, 5]],
    "o": {"p": 1, "q": {"r": [{"c": 7}]}},
    "t": True,
    "u": None,
    "l": [{"c": 1, "g": "A"}, {"c": 2, "g": "B"}, {"c": 3, "g": "A"}],
    "one": [9],
    "w": [[1], [2, 3]],
    "m": [{"x": [{"c": 1}, {"c": 2}]}, {"x": [{"c": 3}]}],
}
FIELDS = list("abcdeksnopqrtulgwmx")
LITERALS = ["1", "2", "0", "-1", "'x'", "'A'", "true", "null", "1.5", "[1, 2]", "[]", "{}"]
OPERATORS = ["+", "-", "*", "%", "=", "!=", "<", ">", "&", "and", "or", "in", "?:", "??"]
FUNCTIONS = [
    "count", "sum", "string", "keys", "exists", "boolean", "not", "type", "reverse", "distinct", "sort", "spread",
    "merge", "length", "number", "abs", "round", "average", "max", "uppercase", "zip", "single", "floor", "trim",
]  # fmt: skip
LEAVES = [*LITERALS, *FIELDS, "$", "$v", "$i"]
AFTER_STEP = ["[0]", "[-1]", "[]", "#$i", "@$f", "^(c)", "^(>g)"]

FORMS = [  # E stands for an expression, F for a field, f for a function, o for an operator
    "E o E", "E o E", "f(E)", "f(E)", "(E ? E : E)", "[E, E]", "{'p': E, 'q': E}", "($v := E; E)", "E ~> f",
    "$map(E, function($v, $i) { E })", "$filter(E, function($v) { E })", "$reduce(E, function($v, $w) { E })",
    "$each(E, function($v, $w) { E })", "$sift(E, function($v) { E })", "$append(E, E)", "[1..3]", "[1..1]",
    "$lookup(E, 'c')", "$substring(E, -2)", "$join(E, '-')", "E ~> | $ | {'z': E} |",
    "($f := function($v) { E }; $f(E))",
]  # fmt: skip
STEPS = ["F", "F", "F", "F", "F", "*", "**", "$", "(E)", "{'k': E}", "[E]", "$v", "$$", "%", "$count($)"]


def expression(chance: random.Random, depth: int) -> str:
    if depth <= 0:
        return chance.choice(LEAVES)
    if chance.random() < 0.4:
        return path(chance, depth)
    return filled(chance, chance.choice(FORMS), depth)


def filled(chance: random.Random, form: str, depth: int) -> str:
    parts = []
    for word in form.replace("(", " ( ").replace("E", " E ").split(" "):
        if word == "E":
            word = expression(chance, depth - 1)
        elif word == "o":
            word = chance.choice(OPERATORS)
        elif word == "f":
            word = "$" + chance.choice(FUNCTIONS)
        elif word == "F":
            word = chance.choice(FIELDS)
        parts.append(word)
    return " ".join(parts)


def path(chance: random.Random, depth: int) -> str:
    steps = []
    for number in range(chance.randint(1, 3)):
        step = filled(chance, chance.choice(STEPS), depth)
        if not number and step.lstrip().startswith(("[", "$count")):
            step = "a"
        if chance.random() < 0.3:
            step += chance.choice(AFTER_STEP)
        elif chance.random() < 0.1:
            step += f"{{{chance.choice(['g', 'd', '$string(c)'])}: {expression(chance, depth - 1)}}}"
        steps.append(step)
    return ".".join(steps)


def ours(text: str) -> dict[str, Any]:
    try:
        value = compile(text).evaluate(DATA)
    except JsonataError as error:
        return {"code": error.code}
    if value is UNDEFINED:
        return {}
    return {"function": True} if is_function(value) else {"value": value}


def agree(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, bool) or isinstance(theirs, bool):
        return mine is theirs
    if isinstance(mine, float | int) and isinstance(theirs, float | int):
        return math.isclose(mine, theirs, rel_tol=1e-15)
    if isinstance(mine, list) and isinstance(theirs, list):
        return len(mine) == len(theirs) and all(map(agree, mine, theirs))
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return mine.keys() == theirs.keys() and all(agree(mine[name], theirs[name]) for name in mine)
    return bool(mine == theirs)


@pytest.fixture(scope="module")
def peer():
    """Runs the reference implementation, which is installed once a machine."""
    if not shutil.which("npm"):
        if os.environ.get("CI"):
            pytest.fail("npm is not installed")
        pytest.skip("npm is not installed")
    CACHE.mkdir(parents=True, exist_ok=True)
    if not (CACHE / "node_modules" / "jsonata").exists():
        words = ["npm", "install", "--no-audit", "--no-fund", "--silent", f"jsonata@{VERSION}"]
        done = subprocess.run(words, cwd=CACHE, capture_output=True, text=True, timeout=170, check=False)
        assert done.returncode == 0, done.stderr
    shutil.copy(HERE / "peer.cjs", CACHE)

    def outcomes(texts: list[str]) -> list[dict[str, Any]]:
        given = json.dumps({"data": DATA, "texts": texts})
        done = subprocess.run(
            ["node", "peer.cjs"], cwd=CACHE, input=given, capture_output=True, text=True, timeout=170, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return outcomes


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_random_expressions_have_the_same_outcome(peer):
    chance = random.Random(int(os.environ.get("FREEHOLD_SEED", "0")))
    texts = [expression(chance, chance.randint(1, 4)) for _ in range(COUNT)]
    different = []
    for text, theirs in zip(texts, peer(texts)):
        mine = ours(text)
        if theirs.get("code", "") is None or ("code" in mine and "code" in theirs):
            continue  # it broke down itself, or of several errors another one came first
        if theirs.get("function") and (mine.get("function") or mine.get("code") == "D1001"):
            continue
        if not agree(mine, theirs):
            different.append((text, mine, theirs))
    assert not different
