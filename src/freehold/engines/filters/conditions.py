"""Comparisons and how they are joined, as JSON and column patterns share them.

One idea: what is compared with decides how: a number by size, a text with `*` by its form, `%…%` as an expression.
It may not know where the compared value comes from: a language gives the reader of one comparison.
"""

import operator
import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from freehold.engines.filters.errors import InvalidFilterPattern
from freehold.engines.patterns import globs

T = TypeVar("T")
Test = Callable[[T], bool]

TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:\\.|[^"\\])*")
    | (?P<regex>%[^%]*%)
    | (?P<operator>!=|>=|<=|=|>|<)
    | (?P<mark>&&|\|\||\(|\)|,)
    | (?P<word>\$(?:\.?\[(?:'[^']*'|"[^"]*"|\d+)\]|\.[^\s"=!<>&|(),%\[\].]+)+ | [^\s"=!<>&|(),%]+)
    )""",
    re.VERBOSE,
)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
ESCAPED = re.compile(r"\\(.)")
# No groups: so an expression takes at most a power of the message's length, which grows with its repeats.
EXPRESSION = re.compile(r"[\w\s\-:#=@/;,^$?\[\]{}|\\*+.]+", re.ASCII)
REPEAT = re.compile(r"\\.|([*+?]|\{\d*,\d*\})\??", re.DOTALL)
# How many of a message's first characters an expression looks at, by its repeats; one with more is refused.
REACH = (None, 20_000, 700, 140)

SIZES: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq, "!=": operator.ne, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip


class Token(NamedTuple):
    """A piece of a pattern: `kind` is string, regex, operator, mark or word."""

    kind: str
    text: str


def tokens(text: str) -> list[Token]:
    """The pieces of a pattern. Raises InvalidFilterPattern."""
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match or not match.lastgroup:
            raise InvalidFilterPattern()
        found.append(Token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def expression(text: str) -> Test[str]:
    """A test for a regular expression as patterns may have them, within its reach. Raises InvalidFilterPattern."""
    repeats = sum(bool(repeat) for repeat in REPEAT.findall(text))
    if not EXPRESSION.fullmatch(text) or repeats >= len(REACH):
        raise InvalidFilterPattern()
    try:
        search = re.compile(text).search
    except (re.error, OverflowError) as fault:
        raise InvalidFilterPattern() from fault
    return lambda message: search(message[: REACH[repeats]]) is not None


def comparison(sign: str, literal: Token) -> Test[Any]:
    """A test of one value (text or number) against a literal. What has no such value fails every test but its own."""
    if literal.kind == "regex":
        holds = expression(literal.text[1:-1])
        return _equality(sign, lambda value: isinstance(value, str) and holds(value))
    if literal.kind == "word" and NUMBER.fullmatch(literal.text):
        compare, size = SIZES[sign], float(literal.text)
        return lambda value: _is_number(value) and compare(value, size)
    if literal.kind == "string":
        form = glob(ESCAPED.sub(r"\1", literal.text[1:-1]))
        return _equality(sign, lambda value: isinstance(value, str) and form(value))
    if literal.kind == "word":
        form = glob(literal.text)
        return _equality(sign, lambda value: _is_plain(value) and form(str(value)))
    raise InvalidFilterPattern()


def glob(text: str) -> Test[str]:
    """A test of the whole text, in which `*` stands for anything."""
    return globs.glob(tuple(globs.Wild.RUN if part == "*" else part for part in re.split(r"(\*)", text) if part))


def _equality(sign: str, equal: Test[Any]) -> Test[Any]:
    if sign == "=":
        return equal
    if sign == "!=":
        return lambda value: not equal(value)
    raise InvalidFilterPattern()


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) or _is_number(value)


class Reader:
    """Reads conditions joined by `&&` and `||` (which binds less) and parentheses. `read_one` reads what is joined."""

    def __init__(self, pieces: list[Token], read_one: "Callable[[Reader], Test[T]]"):
        self.pieces, self.at, self._read_one = pieces, 0, read_one

    def take(self, kind: str, *texts: str) -> str:
        """The text of the next piece, which must be of this kind (and one of these, in any case of letters)."""
        piece = self.peek()
        if piece.kind != kind or (texts and piece.text.upper() not in texts):
            raise InvalidFilterPattern()
        self.at += 1
        return piece.text

    def peek(self) -> Token:
        return self.pieces[self.at] if self.at < len(self.pieces) else Token("end", "")

    def skip(self, text: str) -> bool:
        """Whether the next piece is this mark, which is then passed."""
        found = self.peek() == ("mark", text)
        self.at += found
        return found

    def read(self) -> Test[Any]:
        """All of it. Raises InvalidFilterPattern if something is left."""
        test = self._any()
        if self.at < len(self.pieces):
            raise InvalidFilterPattern()
        return test

    def _any(self) -> Test[Any]:
        tests = [self._all()]
        while self.skip("||"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda value: any(test(value) for test in tests)

    def _all(self) -> Test[Any]:
        tests = [self._one()]
        while self.skip("&&"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda value: all(test(value) for test in tests)

    def _one(self) -> Test[Any]:
        if not self.skip("("):
            return self._read_one(self)
        inner = self._any()
        if not self.skip(")"):
            raise InvalidFilterPattern()
        return inner
