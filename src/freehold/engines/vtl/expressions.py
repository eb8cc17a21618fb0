"""Expressions and references: the half of the grammar that stands within parentheses, or behind a `$`.

One idea: a cursor over the text and one function per rule, precedence as a table. It knows directives only through
`interpolate`, which the template parser lends it for strings in double quotes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from freehold.engines.vtl.errors import VtlError
from freehold.engines.vtl.syntax import (
    Block,
    Chain,
    Expression,
    Index,
    Interpolated,
    ListOf,
    Literal,
    MapOf,
    Method,
    Negative,
    Not,
    Property,
    RangeOf,
    Reference,
    Step,
    Text,
)

NESTING_MAX = 50
DIGITS_MAX = 18

PRECEDENCE: tuple[dict[str, str], ...] = (
    {"||": "||", "or": "||"},
    {"&&": "&&", "and": "&&"},
    {"==": "==", "eq": "==", "!=": "!=", "ne": "!="},
    {"<=": "<=", "le": "<=", "<": "<", "lt": "<", ">=": ">=", "ge": ">=", ">": ">", "gt": ">"},
    {"+": "+", "-": "-"},
    {"*": "*", "/": "/", "%": "%"},
)
"""Binary operators, loosest first: as written, and what they mean."""

CONSTANTS = {"true": True, "false": False, "null": None}

_NOT = re.compile(r"!(?!=)|not\b")
_BLANK = re.compile(r"\s*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_WORD = re.compile(r"[A-Za-z_]\w*")
_NUMBER = re.compile(r"\d+(\.\d+([eE][+-]?\d+)?)?")
_STRING = re.compile(r"'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"")
_OPERATORS = tuple(
    re.compile("|".join(rf"{word}\b" if word.isalpha() else re.escape(word) for word in level)) for level in PRECEDENCE
)


@dataclass(slots=True)
class Cursor:
    """Where the parser stands in `text`, how deep, and how it reads what a string in double quotes holds."""

    text: str
    interpolate: Callable[[str, int], Block]
    at: int = 0
    depth: int = 0
    plain: set[int] = field(default_factory=set)
    """Where a `[` behind a reference turned out to open plain text, so that it is tried only once."""

    def skip_blanks(self) -> None:
        """Move past white space, line ends included."""
        self.at = _BLANK.match(self.text, self.at).end()  # type: ignore[union-attr]  # an empty match always succeeds

    def take(self, symbol: str) -> bool:
        """Move past blanks and `symbol`, if it stands here."""
        self.skip_blanks()
        if not self.text.startswith(symbol, self.at):
            return False
        self.at += len(symbol)
        return True

    def expect(self, symbol: str) -> None:
        """Move past blanks and `symbol`, which must stand here."""
        if not self.take(symbol):
            raise self.error(f"expected '{symbol}'")

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Move past what `pattern` matches here."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def descend(self) -> None:
        """Enter one level of nesting; `self.depth -= 1` leaves it."""
        self.depth += 1
        if self.depth > NESTING_MAX:
            raise self.error(f"nested deeper than {NESTING_MAX} levels")

    def error(self, problem: str) -> VtlError:
        """An error that says where."""
        return VtlError(problem, self.text, self.at)


def expression(cursor: Cursor, level: int = 0) -> Expression:
    """An expression whose operators bind at least as tightly as PRECEDENCE[level]."""
    if level == len(PRECEDENCE):
        return _unary(cursor)
    first = expression(cursor, level + 1)
    rest: list[tuple[str, Expression]] = []
    while True:
        cursor.skip_blanks()
        operator = cursor.match(_OPERATORS[level])
        if not operator:
            return Chain(first, tuple(rest)) if rest else first
        rest.append((PRECEDENCE[level][operator.group()], expression(cursor, level + 1)))


def arguments(cursor: Cursor, end: str) -> tuple[Expression, ...]:
    """Expressions up to `end`, with commas or blanks between them (macro calls may use blanks)."""
    items = []
    while not cursor.take(end):
        items.append(expression(cursor))
        cursor.take(",")
    return tuple(items)


def _unary(cursor: Cursor) -> Expression:
    cursor.descend()
    cursor.skip_blanks()
    if cursor.match(_NOT):
        node: Expression = Not(_unary(cursor))
    elif cursor.take("-"):
        node = Negative(_unary(cursor))
    else:
        node = _primary(cursor)
    cursor.depth -= 1
    return node


def _primary(cursor: Cursor) -> Expression:
    if cursor.take("("):
        inner = expression(cursor)
        cursor.expect(")")
        return inner
    if cursor.take("["):
        return _list(cursor)
    if cursor.take("{"):
        return _map(cursor)
    if cursor.text.startswith("$", cursor.at):
        found = reference(cursor)
        if found is None:
            raise cursor.error("a reference is not complete")
        return found
    return _literal(cursor)


def _literal(cursor: Cursor) -> Expression:
    if found := cursor.match(_STRING):
        single, double = found.groups()
        return (
            Literal(single.replace("''", "'")) if double is None else _interpolated(cursor, double.replace('""', '"'))
        )
    if found := cursor.match(_NUMBER):
        if len(found.group()) > DIGITS_MAX:
            raise cursor.error("a number is too long")
        return Literal(float(found.group()) if found.group(1) else int(found.group()))
    if (found := cursor.match(_WORD)) and found.group() in CONSTANTS:
        return Literal(CONSTANTS[found.group()])
    raise cursor.error("expected an expression")


def _interpolated(cursor: Cursor, text: str) -> Expression:
    if "$" not in text and "#" not in text:
        return Literal(text)
    block = cursor.interpolate(text, cursor.depth)
    texts = [node.text for node in block if isinstance(node, Text)]
    return Literal("".join(texts)) if len(texts) == len(block) else Interpolated(block)


def _list(cursor: Cursor) -> Expression:
    if cursor.take("]"):
        return ListOf(())
    first = expression(cursor)
    if cursor.take(".."):
        last = expression(cursor)
        cursor.expect("]")
        return RangeOf(first, last)
    cursor.take(",")
    return ListOf((first, *arguments(cursor, "]")))


def _map(cursor: Cursor) -> Expression:
    pairs = []
    while not cursor.take("}"):
        key = expression(cursor)
        cursor.expect(":")
        pairs.append((key, expression(cursor)))
        cursor.take(",")
    return MapOf(tuple(pairs))


def reference(cursor: Cursor) -> Reference | None:
    """The reference that starts with the `$` under the cursor; None, and the cursor unmoved, if there is none."""
    start = cursor.at
    cursor.at += 1
    quiet = cursor.text.startswith("!", cursor.at)
    cursor.at += quiet
    formal = cursor.text.startswith("{", cursor.at)
    cursor.at += formal
    name = cursor.match(_NAME)
    if name is None:
        cursor.at = start
        return None
    steps = _steps(cursor)
    if formal and not cursor.text.startswith("}", cursor.at):
        cursor.at = start
        return None
    cursor.at += formal
    return Reference(cursor.text[start : cursor.at], name.group(), steps, quiet)


def _steps(cursor: Cursor) -> tuple[Step, ...]:
    cursor.descend()
    steps: list[Step] = []
    while True:
        if cursor.text.startswith("[", cursor.at) and (index := _index(cursor)) is not None:
            steps.append(index)
        elif cursor.text.startswith(".", cursor.at) and (name := _NAME.match(cursor.text, cursor.at + 1)):
            cursor.at = name.end()
            called = cursor.text.startswith("(", cursor.at)
            cursor.at += called
            steps.append(Method(name.group(), arguments(cursor, ")")) if called else Property(name.group()))
        else:
            cursor.depth -= 1
            return tuple(steps)


def _index(cursor: Cursor) -> Index | None:
    """`[key]`, or None when the bracket opens plain text, as in `$name[, more]`."""
    start, depth = cursor.at, cursor.depth
    if start in cursor.plain:
        return None
    cursor.at += 1
    try:
        key = expression(cursor)
        cursor.expect("]")
    except VtlError:
        if cursor.depth > NESTING_MAX:
            raise
        cursor.plain.add(start)
        cursor.at, cursor.depth = start, depth
        return None
    return Index(key)
