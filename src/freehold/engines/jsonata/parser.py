"""The parser: an expression's text becomes a tree.

One idea: Pratt's top-down operator precedence. A token knows what it means at the start of an expression and what it
means after an operand (see `prefix` and `infix`); how strongly it binds decides how far it reaches. Knows the grammar
of https://docs.jsonata.org and no values.
"""

from typing import Final

from freehold.engines.jsonata import ancestry
from freehold.engines.jsonata.errors import InvalidExpression
from freehold.engines.jsonata.infix import INFIXES
from freehold.engines.jsonata.prefix import PREFIXES
from freehold.engines.jsonata.syntax import Chain, Literal, Name, Node, Path, Regex, Variable
from freehold.engines.jsonata.tokens import POWERS, Token, Tokens

NESTING_MAX: Final = 90
"""How deep expressions may stand in each other; a chain of one operator or of steps is one level, however long."""


TEXT_MAX: Final = 100_000
"""Characters of an expression: a second or two of reading. A whole state machine may have a million."""


def parse(text: str) -> Node:
    """The tree of an expression. Raises InvalidExpression."""
    if len(text) > TEXT_MAX:
        raise InvalidExpression("S0502", TEXT_MAX, value=TEXT_MAX)
    try:
        return Parser(text).whole()
    except RecursionError as error:
        raise InvalidExpression("S0501", 0) from error


class Parser:
    """One reading of a text. `token` is the token that comes next."""

    def __init__(self, text: str):
        self.tokens = Tokens(text)
        self.count = 0  # tokens read
        self.depth = 0
        self.slots = 0
        self.fault: InvalidExpression | None = None  # found on the way, but any fault of the grammar goes before it
        self.token = self.next(operand_before=False)

    def whole(self) -> Node:
        node = self.expression(0)
        if self.token.kind != "end":
            raise InvalidExpression("S0201", self.token.position, token=self.token.value)
        if self.fault is not None:
            raise self.fault
        if ancestry.sought_by(node):
            raise InvalidExpression("S0217", node.position, token=type(node).__name__.lower())
        return node

    def expression(self, power: int) -> Node:
        """An expression up to the first operator that binds no stronger than `power`."""
        self.depth += 1
        if self.depth > NESTING_MAX:
            raise InvalidExpression("S0501", self.token.position)
        start, wraps = self.count, self.depth
        token = self.token
        self.take(operand_before=True)
        node = self.start(token)
        while self.token.kind == "operator" and POWERS.get(self.token.value, 0) > power:
            token = self.token
            self.take()
            node = INFIXES[token.value](self, token, node)
            wraps += not isinstance(node, Path | Chain)
            if wraps > NESTING_MAX:
                raise InvalidExpression("S0501", token.position)
        self.depth -= 1
        node.weight = max(1, self.count - start)
        return node

    def take(self, operator: str | None = None, operand_before: bool = False) -> None:
        """Go on to the next token; with `operator`, the present one must be that."""
        if operator is not None and not self.at(operator):
            code = "S0203" if self.token.kind == "end" else "S0202"
            raise InvalidExpression(code, self.token.position, token=self.token.value, value=operator)
        self.token = self.next(operand_before)

    def next(self, operand_before: bool) -> Token:
        self.count += 1
        token = self.tokens.next(operand_before)
        if token.kind == "operator" and token.value not in POWERS:
            raise InvalidExpression("S0204", token.position, token=token.value)
        return token

    def at(self, operator: str) -> bool:
        return self.token.kind == "operator" and self.token.value == operator

    def remember(self, fault: InvalidExpression) -> None:
        """A fault of sense: it is raised when the whole text has been read."""
        self.fault = self.fault or fault

    def start(self, token: Token) -> Node:
        """What a token means where an operand is wanted."""
        position = token.position
        if token.kind == "name" or (token.kind == "operator" and token.value in ("and", "or", "in")):
            return Path(position=position, steps=[Name(position=position, value=token.value)])
        if token.kind == "variable":
            return Variable(position=position, name=token.value)
        if token.kind in ("string", "number", "value"):
            return Literal(position=position, value=token.value)
        if token.kind == "regex":
            return Regex(position=position, pattern=token.value[0], flags=token.value[1])
        if token.kind == "end":
            self.remember(InvalidExpression("S0207", position, token=token.value))
            return Literal(position=position, value=None)
        if token.value not in PREFIXES:
            raise InvalidExpression("S0211", position, token=token.value)
        return PREFIXES[token.value](self, token)
