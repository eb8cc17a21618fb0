"""WHERE → a condition of the expression languages.

One idea: precedence is one function a level; what has no counterpart there is said by what has (IS MISSING is
attribute_not_exists). It knows no statements.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html
"""

from freehold.engines.expressions.syntax import Call, Comparison, Logic, Node, Operand, PathNode, ValueNode
from freehold.engines.partiql.errors import UnknownFunction
from freehold.engines.partiql.syntax import Literal
from freehold.engines.partiql.terms import TermParser
from freehold.engines.partiql.tokens import NUMBER, QUOTED, TEXT

COMPARATORS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
CLOSING = {"[": "]", "(": ")"}
UPDATE_FUNCTIONS = ("list_append", "if_not_exists")
FUNCTIONS = (
    "attribute_exists",
    "attribute_not_exists",
    "attribute_type",
    "begins_with",
    "contains",
    "size",
)
ALIASES = {"missing": "attribute_not_exists"}
NAMED_TYPE = "attribute_type"


class ConditionParser(TermParser):
    """ORs of ANDs of NOTs of predicates. `calls` are those of updates, inner first."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.calls: list[Call] = []

    def condition(self) -> Node:
        arms = [self.conjunction()]
        while self.cursor.take_words("OR"):
            arms.append(self.conjunction())
        return arms[0] if len(arms) == 1 else Logic("OR", tuple(arms))

    def conjunction(self) -> Node:
        arms = [self.negation()]
        while self.cursor.take_words("AND"):
            arms.append(self.negation())
        return arms[0] if len(arms) == 1 else Logic("AND", tuple(arms))

    def negation(self) -> Node:
        if not self.cursor.take_words("NOT"):
            return self.predicate()
        self.cursor.descend()
        negated = Logic("NOT", (self.negation(),))
        self.cursor.ascend()
        return negated

    def predicate(self) -> Node:
        if self.cursor.sees("("):
            return self.grouped()
        left = self.operand()
        if isinstance(left, Call) and left.name != "size":
            return left
        return self.compared(left)

    def grouped(self) -> Node:
        self.cursor.expect_sign("(")
        self.cursor.descend()
        inner = self.condition()
        self.cursor.ascend()
        self.cursor.expect_sign(")")
        return inner

    def compared(self, left: Operand) -> Node:
        """What is said of an operand."""
        sign = self.cursor.take_sign(*COMPARATORS)
        if sign:
            return Comparison(COMPARATORS[sign], (left, self.operand()))
        if self.cursor.take_words("IS"):
            return self.state(left)
        negative = self.cursor.take_words("NOT")
        if self.cursor.take_words("BETWEEN"):
            lower = self.operand()
            self.cursor.expect_words("AND")
            found: Node = Comparison("BETWEEN", (left, lower, self.operand()))
        elif self.cursor.take_words("IN"):
            found = Comparison("IN", (left, *self.members()))
        else:
            raise self.cursor.fault()
        return Logic("NOT", (found,)) if negative else found

    def state(self, operand: Operand) -> Node:
        """IS [NOT] MISSING, IS [NOT] NULL."""
        negative = self.cursor.take_words("NOT")
        if self.cursor.take_words("MISSING"):
            return Call("attribute_exists" if negative else "attribute_not_exists", (operand,))
        self.cursor.expect_words("NULL")
        null = Call(NAMED_TYPE, (operand, self.noted(Literal({"S": "NULL"}))))
        return Logic("NOT", (null,)) if negative else null

    def members(self) -> list[Operand]:
        """[a, b] or (a, b)."""
        opening = self.cursor.take_sign(*CLOSING)
        if not opening:
            raise self.cursor.fault()
        members = [self.operand()]
        while self.cursor.take_sign(","):
            members.append(self.operand())
        self.cursor.expect_sign(CLOSING[opening])
        return members

    def operand(self) -> Operand:
        """A function's call, a path, or a value."""
        if self.cursor.calls():
            return self.call()
        return self.value() if self.begins_value() else PathNode(self.path())

    def call(self) -> Call:
        name = self.cursor.take().text
        function = ALIASES.get(name.lower(), name.lower())
        if function not in FUNCTIONS:
            raise UnknownFunction(function=name)
        return Call(function, self.arguments(function))

    def arguments(self, function: str) -> tuple[Operand, ...]:
        """Operands in parentheses. attribute_type and begins_with may be given their path as a text in quotes."""
        self.cursor.expect_sign("(")
        self.cursor.descend()
        args: list[Operand] = [self.operand()]
        while self.cursor.take_sign(","):
            args.append(self.operand())
        self.cursor.ascend()
        self.cursor.expect_sign(")")
        return tuple(args)

    def update_operand(self) -> Operand:
        """What SET may assign: a path, a value, or a call of list_append or if_not_exists."""
        if not (self.cursor.calls() and self.cursor.keyword().lower() in UPDATE_FUNCTIONS):
            return self.value() if self.begins_value() else PathNode(self.path())
        name = self.cursor.take().text.lower()
        self.cursor.expect_sign("(")
        args = [self.update_operand()]
        while self.cursor.take_sign(","):
            args.append(self.update_operand())
        self.cursor.expect_sign(")")
        return self.called(name, tuple(args))

    def called(self, name: str, args: tuple[Operand, ...]) -> Call:
        call = Call(name, args)
        self.calls.append(call)
        return call

    def value(self) -> ValueNode:
        """A term, noted down; in its place stands a reference to it."""
        return self.noted(self.term())

    def begins_value(self) -> bool:
        """Whether what comes is a value and not a path: names in double quotes are paths, texts in single ones not."""
        token = self.cursor.token
        if token.kind == QUOTED:
            return False
        signs = any(map(self.cursor.sees, ("?", "[", "{", "<<", "-", "+")))
        return signs or token.kind in (TEXT, NUMBER) or self.cursor.keyword() in ("TRUE", "FALSE", "NULL")
