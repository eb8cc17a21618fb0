"""The grammar of paths and of the filters inside them: text in, steps out.

One idea: recursive descent over a scanner, each rule returning a function. A step maps the nodes found so far (and the
document's root, for filters that look at it) to the nodes found next. It knows nothing of who uses the path.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from freehold.engines import regex

from .values import MISSING, Json, is_number, ordered, same

Step = Callable[[list[Json], Json], list[Json]]
Operand = Callable[[Json, Json], Json]  # (current node, root) -> value or MISSING
Test = Callable[[Json, Json], bool]

ROOT = re.compile(r"\$\$|\$[^\W\d]\w*|\$")
DOT_NAME = re.compile(r"[^\s.\[\]()=<>!&|~,?*'\"@]+")
INDEX = re.compile(r"-?\d+")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
CALL = re.compile(r"\.(\w+)\(\)")
BARE = re.compile(r"[^\W\d][\w-]*")
SEVERAL_END = re.compile(r"\s*\](?![.\[])")
REGEX = re.compile(r"/((?:[^/\\]|\\.)*)/(i?)")
SPACE = re.compile(r"\s*")


class PathSyntaxError(ValueError):
    """Text that spells no path."""


class Parsed(NamedTuple):
    """What the text of a path says; see Path."""

    root: str
    keys: tuple[str | int, ...] | None
    steps: tuple[Step, ...]
    fold: Step | None


class Scanner:
    """A text and how far it has been read."""

    def __init__(self, text: str):
        self.text = text
        self.at = 0

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Read the pattern if it is next."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def take(self, word: str) -> bool:
        """Read the word if it is next."""
        if self.text.startswith(word, self.at):
            self.at += len(word)
            return True
        return False

    def token(self, word: str) -> bool:
        """Read the word, and the space around it, if it is next."""
        self.match(SPACE)
        found = self.take(word)
        self.match(SPACE)
        return found

    def need(self, word: str) -> None:
        """Read the word, which must be next."""
        if not self.token(word):
            raise self.wrong(f"expected {word!r}")

    def wrong(self, why: str) -> PathSyntaxError:
        """The error that the text is wrong at the place where reading has come to."""
        return PathSyntaxError(f"{self.text!r}: {why} at position {self.at}")


def parse(text: str) -> Parsed:
    """The path that the whole of `text` spells."""
    scanner = Scanner(text)
    root = scanner.match(ROOT)
    if not root:
        raise scanner.wrong("a path begins with '$'")
    parsed = _path(scanner, root.group())
    if scanner.at != len(text):
        raise scanner.wrong("unexpected text")
    return parsed


def _path(scanner: Scanner, root: str) -> Parsed:
    keys: list[str | int] | None = []
    steps: list[Step] = []
    key: str | int | None
    while True:
        if call := scanner.match(CALL):
            fold = FOLDS.get(call.group(1))
            if fold is None:
                raise scanner.wrong(f"unknown function {call.group(1)!r}")
            return Parsed(root, None if keys is None else tuple(keys), tuple(steps), fold)
        if scanner.take(".."):
            keys = None
            steps.append(_descend)
            if scanner.text.startswith("[", scanner.at):
                continue
            key, step = _dot_name(scanner)
        elif scanner.take(".[") or scanner.take("["):
            if keys is not None and (names := _several(scanner)):
                return Parsed(root, tuple(keys), tuple(steps), _gathered(names))
            key, step = _bracket(scanner)
        elif scanner.take("."):
            key, step = _dot_name(scanner)
        else:
            return Parsed(root, None if keys is None else tuple(keys), tuple(steps), None)
        steps.append(step)
        if keys is not None:
            keys = None if key is None else [*keys, key]


def _dot_name(scanner: Scanner) -> tuple[str | None, Step]:
    if scanner.take("*"):
        return None, _children
    name = scanner.match(DOT_NAME)
    if not name:
        raise scanner.wrong("expected a name")
    return name.group(), _named([name.group()])


def _bracket(scanner: Scanner) -> tuple[str | int | None, Step]:
    key: str | int | None = None
    step: Step
    if scanner.token("*"):
        step = _children
    elif scanner.token("?"):
        scanner.need("(")
        step = _filtered(_any_of(scanner))
        scanner.need(")")
    elif scanner.text.startswith(("'", '"'), scanner.at):
        names = _listed(scanner, _string)
        last = SEVERAL_END.match(scanner.text, scanner.at) is not None
        key = names[0] if len(names) == 1 else None
        step = _gathered(names) if last and key is None else _named(names)
    else:
        key, step = _index_or_slice(scanner)
    scanner.need("]")
    return key, step


def _several(scanner: Scanner) -> list[str]:
    """The names of a bracket with more than one, if that is next and the path ends with it."""
    begun = scanner.at
    if scanner.text.startswith(("'", '"'), scanner.at):
        names = _listed(scanner, _string)
        if len(names) > 1 and scanner.token("]") and not scanner.text.startswith((".", "["), scanner.at):
            return names
    scanner.at = begun
    return []


def _index_or_slice(scanner: Scanner) -> tuple[int | None, Step]:
    bounds: list[int | None] = [_maybe_integer(scanner)]
    while scanner.token(":"):
        bounds.append(_maybe_integer(scanner))
    if len(bounds) > 3 or (len(bounds) == 1 and bounds[0] is None) or bounds[2:] == [0]:
        raise scanner.wrong("expected an index, a slice, a name, '*' or a filter")
    if len(bounds) > 1:
        return None, _sliced(slice(*bounds))
    indexes = [bounds[0] or 0]
    while scanner.token(","):
        indexes.append(_integer(scanner))
    return (indexes[0] if len(indexes) == 1 else None), _indexed(indexes)


def _maybe_integer(scanner: Scanner) -> int | None:
    found = scanner.match(INDEX)
    return int(found.group()) if found else None


def _integer(scanner: Scanner) -> int:
    value = _maybe_integer(scanner)
    if value is None:
        raise scanner.wrong("expected a number")
    return value


def _string(scanner: Scanner) -> str:
    quote = next((q for q in "'\"" if scanner.take(q)), None)
    if quote is None:
        raise scanner.wrong("expected a string")
    read: list[str] = []
    while not scanner.take(quote):
        scanner.take("\\")  # what follows a backslash stands for itself
        if scanner.at >= len(scanner.text):
            raise scanner.wrong("a string does not end")
        read.append(scanner.text[scanner.at])
        scanner.at += 1
    return "".join(read)


def _listed(scanner: Scanner, one: Callable[[Scanner], Json]) -> list[Json]:
    found = [one(scanner)]
    while scanner.token(","):
        found.append(one(scanner))
    return found


# Steps


def _children(nodes: list[Json], _root: Json) -> list[Json]:
    return [child for node in nodes for child in _values(node)]


def _values(node: Json) -> list[Json]:
    return list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []


def _descend(nodes: list[Json], _root: Json) -> list[Json]:
    return [deep for node in nodes for deep in _with_descendants(node)]


def _with_descendants(node: Json) -> Iterator[Json]:
    yield node
    for child in _values(node):
        yield from _with_descendants(child)


def _named(names: list[str]) -> Step:
    return lambda nodes, _: [node[name] for node in nodes if isinstance(node, dict) for name in names if name in node]


def _gathered(names: list[str]) -> Step:
    """Several names at a path's end: of each object an object with those of them that it has."""

    def gather(nodes: list[Json], _root: Json) -> list[Json]:
        return [{name: node[name] for name in names if name in node} for node in nodes if isinstance(node, dict)]

    return gather


def _indexed(indexes: list[int]) -> Step:
    return lambda nodes, _: [
        node[at] for node in nodes if isinstance(node, list) for at in indexes if -len(node) <= at < len(node)
    ]


def _sliced(bounds: slice) -> Step:
    return lambda nodes, _: [item for node in nodes if isinstance(node, list) for item in node[bounds]]


def _filtered(test: Test) -> Step:
    def keep(nodes: list[Json], root: Json) -> list[Json]:
        # An object under a filter is itself the candidate; an array offers its elements.
        candidates = [item for node in nodes for item in (node if isinstance(node, list) else [node])]
        return [item for item in candidates if test(item, root)]

    return keep


def _fold(function: Callable[[Json], Json]) -> Step:
    return lambda nodes, _: [function(node) for node in nodes]


def _numbers(function: Callable[[list[float]], float]) -> Step:
    def over(node: Json) -> Json:
        numbers = [value for value in _values(node) if is_number(value)]
        return function(numbers) if numbers else MISSING

    return _fold(over)


FOLDS: dict[str, Step] = {
    "length": _fold(lambda node: len(node) if isinstance(node, (list, dict, str)) else MISSING),
    "min": _numbers(min),
    "max": _numbers(max),
    "sum": _numbers(sum),
    "avg": _numbers(lambda numbers: sum(numbers) / len(numbers)),
}

# Filters: any-of is all-of joined by ||, all-of is terms joined by &&.


def _any_of(scanner: Scanner) -> Test:
    tests = [_all_of(scanner)]
    while scanner.token("||"):
        tests.append(_all_of(scanner))
    return tests[0] if len(tests) == 1 else lambda node, root: any(test(node, root) for test in tests)


def _all_of(scanner: Scanner) -> Test:
    tests = [_term(scanner)]
    while scanner.token("&&"):
        tests.append(_term(scanner))
    return tests[0] if len(tests) == 1 else lambda node, root: all(test(node, root) for test in tests)


def _term(scanner: Scanner) -> Test:
    if scanner.token("!"):
        negated = _term(scanner)
        return lambda node, root: not negated(node, root)
    if scanner.token("("):
        grouped = _any_of(scanner)
        scanner.need(")")
        return grouped
    left = _operand(scanner)
    for sign, holds in COMPARISONS.items():
        if scanner.token(sign):
            right = _pattern(scanner) if sign == "=~" else _operand(scanner)
            return lambda node, root: holds(left(node, root), right(node, root))
    return lambda node, root: left(node, root) is not MISSING


def _operand(scanner: Scanner) -> Operand:
    scanner.match(SPACE)
    if scanner.take("@"):
        return _finder(_path(scanner, "@"), current=True)
    if scanner.take("$"):
        return _finder(_path(scanner, "$"), current=False)
    value = _literal(scanner)
    return lambda _node, _root: value


def _finder(parsed: Parsed, current: bool) -> Operand:
    def find(node: Json, root: Json) -> Json:
        nodes = [node if current else root]
        for step in parsed.steps:
            nodes = step(nodes, root)
        if parsed.fold:
            nodes = parsed.fold(nodes, root)
        if parsed.keys is None and parsed.fold is None:
            return nodes
        return nodes[0] if nodes else MISSING

    return find


WORDS: dict[str, Json] = {"true": True, "false": False, "null": None}


def _literal(scanner: Scanner) -> Json:
    if scanner.text.startswith(("'", '"'), scanner.at):
        return _string(scanner)
    if scanner.token("["):
        return [] if scanner.token("]") else _closed(scanner, _listed(scanner, _literal))
    for word, value in WORDS.items():
        if scanner.take(word):
            return value
    number = scanner.match(NUMBER)
    if not number and (bare := scanner.match(BARE)):
        return bare.group()  # text without quotes, which published workflows have
    if not number:
        raise scanner.wrong("expected a value")
    return float(number.group()) if number.group(1) or number.group(2) else int(number.group())


def _closed(scanner: Scanner, values: list[Json]) -> list[Json]:
    scanner.need("]")
    return values


def _pattern(scanner: Scanner) -> Operand:
    found = scanner.match(REGEX)
    if not found:
        raise scanner.wrong("expected /a regular expression/")
    try:
        pattern = regex.java(found.group(1), found.group(2))
    except regex.InvalidPattern as wrong:
        raise scanner.wrong(str(wrong)) from wrong
    return lambda _node, _root: pattern


def _fits(pattern: regex.Pattern, text: str) -> bool:
    """Whether a text matches. One that the pattern takes too long for does not."""
    try:
        return pattern.found_in(text)
    except regex.Spent:
        return False


def _member(left: Json, right: Json) -> bool:
    return isinstance(right, list) and any(same(left, item) for item in right)


# Longer signs stand before those that they begin with.
COMPARISONS: dict[str, Callable[[Json, Json], bool]] = {
    "==": same,
    "!=": lambda left, right: not same(left, right),
    "=~": lambda left, pattern: isinstance(left, str) and _fits(pattern, left),
    "<=": lambda left, right: ordered(left, right) and left <= right,
    ">=": lambda left, right: ordered(left, right) and left >= right,
    "<": lambda left, right: ordered(left, right) and left < right,
    ">": lambda left, right: ordered(left, right) and left > right,
    "nin ": lambda left, right: not _member(left, right),
    "in ": _member,
}
