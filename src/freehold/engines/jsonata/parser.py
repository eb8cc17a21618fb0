"""The parser: an expression's text becomes a tree.

One idea: Pratt's top-down operator precedence. A token knows what it means at the start of an expression and what it
means after an operand; how strongly it binds decides how far it reaches. Paths are put together on the way: what a dot
joins becomes the steps of one Path, what a bracket follows hangs on the last of them. Knows the grammar of
https://docs.jsonata.org and no values.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Final

from freehold.engines.jsonata import ancestry
from freehold.engines.jsonata.errors import InvalidExpression
from freehold.engines.jsonata.signatures import Signature
from freehold.engines.jsonata.syntax import (
    Apply,
    Array,
    Bind,
    Block,
    Call,
    Chain,
    Condition,
    Default,
    Descendants,
    Filter,
    Indexed,
    Lambda,
    Link,
    Literal,
    Name,
    Negation,
    Node,
    Object,
    Parent,
    Partial,
    Path,
    Regex,
    Slot,
    Sort,
    Term,
    Transform,
    Variable,
    Wildcard,
)
from freehold.engines.jsonata.tokens import POWERS, Token, Tokens

NESTING_MAX: Final = 150
"""How deep expressions may stand in each other; a chain of one operator or of steps is one level, however long."""

_CHAINS: Final = ("+-", "*/%", "&", ("and",), ("or",))  # operators that form a chain with each other
_COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=", "in")


def parse(text: str) -> Node:
    """The tree of an expression. Raises InvalidExpression."""
    try:
        return Parser(text).whole()
    except RecursionError as error:
        raise InvalidExpression("S0501", 0) from error


class Parser:
    """One reading of a text. `token` is the token that comes next."""

    def __init__(self, text: str):
        self.tokens = Tokens(text)
        self.token: Token = self.tokens.next(False)
        self.count = 0  # tokens read
        self.depth = 0
        self.slots = 0
        self.ended: InvalidExpression | None = None  # an operand was wanted where the text ends

    def whole(self) -> Node:
        node = self.expression(0)
        if self.token.kind != "end":
            raise InvalidExpression("S0201", self.token.position, token=self.token.value)
        if self.ended is not None:
            raise self.ended
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
            node = _AFTER[token.value](self, token, node)
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
        self.token = self.tokens.next(operand_before)
        self.count += 1
        if self.token.kind == "operator" and self.token.value in ("!", "~"):
            raise InvalidExpression("S0204", self.token.position, token=self.token.value)

    def at(self, operator: str) -> bool:
        return self.token.kind == "operator" and self.token.value == operator

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
            self.ended = self.ended or InvalidExpression("S0207", position, token=token.value)
            return Literal(position=position, value=None)
        if token.value not in _START:
            raise InvalidExpression("S0211", position, token=token.value)
        return _START[token.value](self, token)

    # What operators mean where an operand is wanted.

    def negation(self, token: Token) -> Node:
        operand = self.expression(70)
        if isinstance(operand, Literal) and type(operand.value) in (int, float):
            operand.value = -operand.value
            return operand
        node = Negation(position=token.position, operand=operand)
        ancestry.inherit(node, operand)
        return node

    def wildcard(self, token: Token) -> Node:
        return Wildcard(position=token.position)

    def descendants(self, token: Token) -> Node:
        return Descendants(position=token.position)

    def parent(self, token: Token) -> Node:
        self.slots += 1
        return Parent(position=token.position, slot=Slot(f"!{self.slots}"))

    def block(self, token: Token) -> Node:
        items: list[Node] = []
        while not self.at(")"):
            items.append(self.expression(0))
            if not self.at(";"):
                break
            self.take()
        self.take(")", operand_before=True)
        node = Block(position=token.position, items=items)
        ancestry.inherit(node, *items)
        return node

    def array(self, token: Token) -> Node:
        items: list[Node] = []
        while not self.at("]"):
            item = self.expression(0)
            if self.at(".."):
                position = self.token.position
                self.take()
                item = self.chained("..", position, item, self.expression(0))
            items.append(item)
            if not self.at(","):
                break
            self.take()
            if self.at("]"):  # the grammar has no trailing comma
                items.append(self.expression(0))
        self.take("]", operand_before=True)
        node = Array(position=token.position, items=items)
        ancestry.inherit(node, *items)
        return node

    def object(self, token: Token) -> Object:
        node = self.pairs(token)
        for pair in node.pairs:
            ancestry.inherit(node, *pair)
        return node

    def pairs(self, token: Token) -> Object:
        pairs: list[tuple[Node, Node]] = []
        while not self.at("}"):
            key = self.expression(0)
            self.take(":")
            pairs.append((key, self.expression(0)))
            if not self.at(","):
                break
            self.take()
            if self.at("}"):
                self.expression(0)
        self.take("}", operand_before=True)
        return Object(position=token.position, pairs=pairs)

    def transform(self, token: Token) -> Node:
        pattern = self.expression(0)
        self.take("|")
        update = self.expression(0)
        delete = None
        if self.at(","):
            self.take()
            delete = self.expression(0)
        self.take("|")
        return Transform(position=token.position, pattern=pattern, update=update, delete=delete)

    # What operators mean after an operand.

    def binary(self, token: Token, left: Node) -> Node:
        return self.chained(token.value, token.position, left, self.expression(POWERS[token.value]))

    def chained(self, operator: str, position: int, left: Node, right: Node) -> Node:
        """One more operator of a chain, or a chain of its own."""
        link = Link(operator, right, position)
        if isinstance(left, Chain) and _chain_with(left, operator):
            left.links.append(link)
            ancestry.inherit(left, right)
            return left
        node = Chain(position=position, first=left, links=[link])
        ancestry.inherit(node, left, right)
        return node

    def dot(self, token: Token, left: Node) -> Node:
        if isinstance(left, Path):
            path = left
        else:
            path = Path(position=token.position, steps=[left])
            if isinstance(left, Parent):
                path.seeking.append(left.slot)
        right = self.expression(POWERS["."])
        if isinstance(right, Path):
            path.steps += right.steps
        else:
            right.stages, right.predicates = [*right.predicates], []
            path.steps.append(right)
        path.steps = [_step(step) for step in path.steps]
        path.keep_step = path.keep_step or any(step.keep for step in path.steps)
        for end in (path.steps[0], path.steps[-1]):
            if isinstance(end, Array):
                end.constructed = True
        ancestry.resolve(path)
        return path

    def predicate(self, token: Token, left: Node) -> Node:
        step = left.steps[-1] if isinstance(left, Path) else left
        if self.at("]"):
            self.take()
            left.keep = True
            if isinstance(left, Path) and not isinstance(step, Sort):
                step.keep = left.keep_step = True
            return left
        condition = self.expression(0)
        self.take("]", operand_before=True)
        if step.group is not None:
            raise InvalidExpression("S0209", token.position)
        ancestry.resolve_predicate(step, condition)
        if isinstance(left, Path):
            step.stages.append(Filter(condition))
        else:
            step.predicates.append(Filter(condition))
        return left

    def group(self, token: Token, left: Node) -> Node:
        pairs = self.pairs(token)
        if left.group is not None:
            raise InvalidExpression("S0210", token.position)
        left.group = pairs
        return left

    def order(self, token: Token, left: Node) -> Node:
        self.take("(")
        sort = Sort(position=token.position, terms=[])
        while True:
            descending = self.at(">")
            if descending or self.at("<"):
                self.take()
            value = self.expression(0)
            sort.terms.append(Term(value=value, descending=descending))
            ancestry.inherit(sort, value)
            if not self.at(","):
                break
            self.take()
        self.take(")", operand_before=False)
        path = left if isinstance(left, Path) else Path(position=token.position, steps=[left])
        path.steps.append(sort)
        ancestry.resolve(path)
        return path

    def bind(self, token: Token, left: Node) -> Node:
        if not _plain_variable(left):
            raise InvalidExpression("S0212", left.position, token=_word(left))
        value = self.expression(POWERS[":="] - 1)
        node = Bind(position=token.position, name=left.name, value=value)  # type: ignore[attr-defined]  # a variable
        ancestry.inherit(node, value)
        return node

    def named(self, token: Token) -> str:
        """The variable that `@` or `#` binds."""
        right = self.expression(POWERS[token.value])
        if not isinstance(right, Variable):
            raise InvalidExpression("S0214", right.position, token=token.value)
        return right.name

    def focus(self, token: Token, left: Node) -> Node:
        name = self.named(token)
        step = left.steps[-1] if isinstance(left, Path) else left
        if step.stages or step.predicates:
            raise InvalidExpression("S0215", token.position)
        if isinstance(step, Sort):
            raise InvalidExpression("S0216", token.position)
        step.focus = name
        step.streams = True
        return left

    def position(self, token: Token, left: Node) -> Node:
        name = self.named(token)
        if isinstance(left, Path):
            path = left
        else:
            path = Path(position=token.position, steps=[left])
            left.stages, left.predicates = [*left.predicates], []
        step = path.steps[-1]
        if step.stages:
            step.stages.append(Indexed(name))
        else:
            step.index = name
        step.streams = True
        return path

    def condition(self, token: Token, left: Node) -> Node:
        then = self.expression(0)
        otherwise = None
        if self.at(":"):
            self.take()
            otherwise = self.expression(0)
        node = Condition(position=token.position, test=left, then=then, otherwise=otherwise)
        ancestry.inherit(node, left, then, otherwise)
        return node

    def default(self, token: Token, left: Node) -> Node:
        otherwise = self.expression(0)
        node = Default(position=token.position, value=left, otherwise=otherwise, missing=token.value == "??")
        ancestry.inherit(node, left, otherwise)
        return node

    def apply(self, token: Token, left: Node) -> Node:
        right = self.expression(POWERS["~>"])
        return Apply(position=token.position, left=left, right=right, keep=left.keep or right.keep)

    def call(self, token: Token, left: Node) -> Node:
        arguments: list[Node | None] = []
        while not self.at(")"):
            if self.at("?"):
                self.take()
                arguments.append(None)
            else:
                arguments.append(self.expression(0))
            if not self.at(","):
                break
            self.take()
            if self.at(")"):
                arguments.append(self.expression(0))
        self.take(")", operand_before=True)
        if _is_name(left, "function", "λ"):
            return self.function(token, arguments)
        given = [argument for argument in arguments if argument is not None]
        node: Node
        if len(given) < len(arguments):
            node = Partial(position=token.position, procedure=left, arguments=arguments)
        else:
            node = Call(position=token.position, procedure=left, arguments=given)
        ancestry.inherit(node, *given)
        return node

    def function(self, token: Token, arguments: list[Node | None]) -> Node:
        parameters: list[str] = []
        for number, argument in enumerate(arguments, 1):
            if argument is None or not _plain_variable(argument):
                position = token.position if argument is None else argument.position
                raise InvalidExpression("S0208", position, token=_word(argument), value=number)
            parameters.append(argument.name)  # type: ignore[attr-defined]  # a variable
        signature = self.signature() if self.at("<") else None
        self.take("{")
        body = self.expression(0)
        self.take("}")
        return Lambda(position=token.position, parameters=parameters, signature=signature, body=body)

    def signature(self) -> Signature:
        start, text, depth = self.token.position, "<", 1
        while depth > 0 and not self.at("{") and self.token.kind != "end":
            self.take()
            depth += self.at("<") - self.at(">")
            text += str(self.token.value)
        self.take(">")
        try:
            return Signature(text)
        except InvalidExpression as error:
            error.position = start + (error.position or 0)
            raise


def _chain_with(chain: Chain, operator: str) -> bool:
    """Whether a chain goes on with an operator: nothing hangs on it, and its own operators bind alike."""
    plain = not (chain.predicates or chain.keep or chain.group or chain.focus or chain.index)
    return plain and any(operator in alike and chain.links[0].operator in alike for alike in _CHAINS)


def _step(node: Node) -> Node:
    """A node as a step: a string names a field, any other literal is no step."""
    if not isinstance(node, Literal):
        return node
    if not isinstance(node.value, str):
        raise InvalidExpression("S0213", node.position, value=node.value)
    return Name(**{each.name: getattr(node, each.name) for each in fields(node)})


def _is_name(node: Node, *words: str) -> bool:
    return isinstance(node, Path) and len(node.steps) == 1 and getattr(node.steps[0], "value", None) in words


def _plain_variable(node: Node) -> bool:
    return isinstance(node, Variable) and not (node.predicates or node.group)


def _word(node: Node | None) -> str:
    """A word for a node within an error."""
    if isinstance(node, Path):
        node = node.steps[0]
    value = getattr(node, "value", None) or getattr(node, "name", None)
    return value if isinstance(value, str) else "" if value is None or isinstance(value, Node) else str(value)


_START: Final[dict[str, Callable[[Parser, Token], Node]]] = {
    "-": Parser.negation,
    "*": Parser.wildcard,
    "**": Parser.descendants,
    "%": Parser.parent,
    "(": Parser.block,
    "[": Parser.array,
    "{": Parser.object,
    "|": Parser.transform,
}

_AFTER: Final[dict[str, Callable[[Parser, Token, Node], Node]]] = {
    **{operator: Parser.binary for alike in _CHAINS for operator in alike},
    **{operator: Parser.binary for operator in _COMPARISONS},
    ".": Parser.dot,
    "[": Parser.predicate,
    "{": Parser.group,
    "^": Parser.order,
    ":=": Parser.bind,
    "@": Parser.focus,
    "#": Parser.position,
    "?": Parser.condition,
    "?:": Parser.default,
    "??": Parser.default,
    "~>": Parser.apply,
    "(": Parser.call,
}
