"""Text → trees: the grammars of condition, key condition, projection and update expressions.

One idea: a tree depends on the text alone, so it is made once and kept (the last 1,024 of each language). The parser
stops at the first syntax error; faults of other sorts it notes as it goes on, and the gravest by AWS's order is raised
at the end. It knows neither what placeholders stand for nor what operators do. Grammars:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

from collections.abc import Collection
from functools import lru_cache

from freehold.engines.expressions.errors import (
    MisusedFunction,
    PathTooDeep,
    PlaceTooHigh,
    RedundantParentheses,
    RepeatedSection,
    ReservedWord,
    TooManyOperands,
    TooManyOperators,
    UnknownFunction,
    ValidationException,
)
from freehold.engines.expressions.paths import Path
from freehold.engines.expressions.reserved import RESERVED_WORDS
from freehold.engines.expressions.syntax import (
    ARITHMETIC,
    COMPARATORS,
    CONDITION_FUNCTIONS,
    UPDATE_FUNCTIONS,
    Action,
    Call,
    Comparison,
    Logic,
    Node,
    Operand,
    PathNode,
    UpdateTree,
    ValueNode,
)
from freehold.engines.expressions.tokens import ALIAS, END, NUMBER, SIGN, VALUE, WORD, Cursor

OPERATORS_MAX = 300
PATH_MAX = 32  # parts of a document path
PLACE_MAX = 2**31 - 1
IN_OPERANDS_MAX = 100
CONDITION_KEYWORDS = frozenset(("AND", "OR", "NOT", "BETWEEN", "IN"))
SECTIONS = ("SET", "REMOVE", "ADD", "DELETE")

# Faults that do not end the parse, gravest first.
_GRAVITY = (
    PathTooDeep,
    PlaceTooHigh,
    TooManyOperators,
    TooManyOperands,
    RedundantParentheses,
    UnknownFunction,
    MisusedFunction,
    ReservedWord,
    RepeatedSection,
)
_UPDATE_GRAVITY = (
    PathTooDeep,
    PlaceTooHigh,
    TooManyOperators,
    ReservedWord,
    UnknownFunction,
    MisusedFunction,
    RepeatedSection,
)


@lru_cache(maxsize=1024)
def parse_condition(kind: str, text: str) -> Node:
    """The tree of a condition: a Logic, a Comparison or a Call. Raises ValidationException."""
    parser = _ConditionParser(kind, text)
    tree = parser.truth(parser.disjunction())
    parser.finish(_GRAVITY)
    return tree


@lru_cache(maxsize=1024)
def parse_projection(kind: str, text: str) -> tuple[Path, ...]:
    """The paths of a projection. Raises ValidationException."""
    parser = _Parser(kind, text, keywords=())
    paths = [parser.path()]
    while parser.cursor.take_sign(","):
        paths.append(parser.path())
    parser.finish(_GRAVITY)
    return tuple(paths)


@lru_cache(maxsize=1024)
def parse_update(kind: str, text: str) -> UpdateTree:
    """The actions of an update. Raises ValidationException."""
    return _UpdateParser(kind, text).update()


class _Parser:
    """What all grammars share: paths and lists of operands. `keywords` are words that cannot be names here."""

    def __init__(self, kind: str, text: str, keywords: Collection[str]) -> None:
        self.cursor = Cursor(kind, text)
        self.kind = kind
        self.keywords = keywords
        self.operators = 0
        self.faults: dict[type[ValidationException], ValidationException] = {}

    def note(self, fault: ValidationException) -> None:
        """Keeps the first fault of its class."""
        self.faults.setdefault(type(fault), fault)

    def finish(self, gravity: tuple[type[ValidationException], ...]) -> None:
        """The text must end here; then the gravest noted fault is raised."""
        if self.cursor.token.kind != END:
            raise self.cursor.fault()
        if self.operators > OPERATORS_MAX:
            self.note(TooManyOperators(kind=self.kind, count=OPERATORS_MAX + 1))  # where AWS stops counting
        for fault in gravity:
            if fault in self.faults:
                raise self.faults[fault]

    def path(self) -> Path:
        """name, then any of .name and [place]."""
        return self.path_onwards((self.name(),))

    def path_onwards(self, path: Path) -> Path:
        """The rest of a path that begins with `path`."""
        cursor = self.cursor
        while True:
            if cursor.take_sign("."):
                path = (*path, self.name())
            elif cursor.take_sign("["):
                path = (*path, self.place(cursor.expect(NUMBER)))
                cursor.expect_sign("]")
            else:
                if len(path) > PATH_MAX:
                    self.note(PathTooDeep(kind=self.kind, levels=len(path)))
                return path

    def place(self, text: str) -> int:
        """A place in a list; one beyond all lists is noted and taken for 0."""
        if len(text) > len(str(PLACE_MAX)) or int(text) > PLACE_MAX:
            self.note(PlaceTooHigh(kind=self.kind, place=text))
            return 0
        return int(text)

    def name(self) -> str:
        """A plain name or a #placeholder."""
        if self.cursor.token.kind == ALIAS:
            return self.cursor.take().text
        if self.cursor.keyword() in self.keywords:
            raise self.cursor.fault()
        name = self.cursor.expect(WORD)
        if name.upper() in RESERVED_WORDS:
            self.note(ReservedWord(kind=self.kind, word=name))
        return name


class _ConditionParser(_Parser):
    """OR of ANDs of NOTs of comparisons and calls. An operand may be parenthesised as a condition may, so both are read
    by one rule, and `truth` and `operand` say afterwards which of them had to be there."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(kind, text, CONDITION_KEYWORDS)
        self.grouped: Node | None = None  # what the last closed parentheses held

    def truth(self, node: Node) -> Node:
        """`node`, which must be something that holds or does not."""
        if isinstance(node, PathNode | ValueNode):
            raise self.cursor.fault()
        if isinstance(node, Call) and node.name == "size":
            self.note(MisusedFunction(kind=self.kind, function=node.name))
        return node

    def operand(self, node: Node) -> Operand:
        """`node`, which must be something that has a value."""
        if isinstance(node, Comparison | Logic):
            raise self.cursor.fault()
        if isinstance(node, Call) and node.name != "size":
            self.note(MisusedFunction(kind=self.kind, function=node.name))
        return node

    def disjunction(self) -> Node:
        """ANDs between ORs. One function for both: each level of parentheses should cost few frames of the stack."""
        arms, factors = [], [self.negation()]
        while self.cursor.keyword() in ("AND", "OR"):
            factors[-1] = self.truth(factors[-1])
            self.operators += 1
            if self.cursor.take().text.upper() == "OR":
                arms.append(self.joined("AND", factors))
                factors = []
            factors.append(self.negation())
        arms.append(self.joined("AND", factors))
        return self.joined("OR", arms)

    def joined(self, operator: str, arms: list[Node]) -> Node:
        """One arm stands for itself; arms that are themselves joined by `operator` are taken in, a long chain of
        parentheses so becoming one level."""
        if len(arms) == 1:
            return arms[0]
        self.truth(arms[-1])
        flat: list[Node] = []
        for arm in arms:
            flat += arm.args if isinstance(arm, Logic) and arm.operator == operator else (arm,)
        return Logic(operator, tuple(flat))

    def negation(self) -> Node:
        count = 0
        while self.cursor.take_keyword("NOT"):
            count += 1
        node = self.comparison()
        if not count:
            return node
        self.operators += count
        negated = Logic("NOT", (self.truth(node),))  # Of NOTs before NOTs only the count matters.
        return negated if count % 2 else Logic("NOT", (negated,))

    def comparison(self) -> Node:
        left = self.primary()
        token, keyword = self.cursor.token, self.cursor.keyword()
        if token.kind == SIGN and token.text in COMPARATORS:
            left = self.operand(left)
            self.cursor.take()
            return self.compared(token.text, left, self.operand(self.primary()))
        if keyword == "BETWEEN":
            left = self.operand(left)
            self.cursor.take()
            lower = self.operand(self.primary())
            if not self.cursor.take_keyword("AND"):
                raise self.cursor.fault()
            return self.compared(keyword, left, lower, self.operand(self.primary()))
        if keyword == "IN":
            left = self.operand(left)
            self.cursor.take()
            self.cursor.expect_sign("(")
            members = self.arguments()
            if len(members) > IN_OPERANDS_MAX:
                self.note(TooManyOperands(kind=self.kind, count=len(members)))
            return self.compared(keyword, left, *members)
        return left

    def compared(self, operator: str, *args: Operand) -> Comparison:
        self.operators += 1
        return Comparison(operator, args)

    def primary(self) -> Node:
        """An operand, or anything in parentheses; parenthesised paths may go on: (a.b).c"""
        cursor = self.cursor
        if not cursor.take_sign("("):
            return self.term()
        cursor.descend()
        inner = self.disjunction()
        cursor.expect_sign(")")
        cursor.ascend()
        if inner is self.grouped:
            self.note(RedundantParentheses(kind=self.kind))
        if isinstance(inner, PathNode) and cursor.token.text in (".", "["):
            return PathNode(self.path_onwards(inner.path))
        self.grouped = inner
        return inner

    def term(self) -> Operand:
        cursor = self.cursor
        if cursor.token.kind == VALUE:
            return ValueNode(cursor.take().text)
        if cursor.next_is_call() and cursor.keyword() not in CONDITION_KEYWORDS:
            return self.call()
        return PathNode(self.path())

    def call(self) -> Call:
        name = self.cursor.take().text
        self.cursor.take()
        self.cursor.descend()
        args = self.arguments()
        self.cursor.ascend()
        self.operators += 1
        if name in UPDATE_FUNCTIONS:
            self.note(MisusedFunction(kind=self.kind, function=name))
        elif name not in CONDITION_FUNCTIONS:
            self.note(UnknownFunction(kind=self.kind, function=name))
        return Call(name, args)

    def arguments(self) -> tuple[Operand, ...]:
        """Operands between commas, up to and with the closing parenthesis."""
        args = [self.operand(self.primary())]
        while self.cursor.take_sign(","):
            args.append(self.operand(self.primary()))
        self.cursor.expect_sign(")")
        return tuple(args)


class _UpdateParser(_Parser):
    """Sections, each a keyword and actions between commas."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(kind, text, SECTIONS)
        self.aliases: list[str] = []
        self.values: list[str] = []
        self.calls: list[Call] = []

    def update(self) -> UpdateTree:
        actions: list[Action] = []
        seen: set[str] = set()
        while True:
            section = self.cursor.keyword()
            if section not in SECTIONS:
                raise self.cursor.fault()
            self.cursor.take()
            if section in seen:
                self.note(RepeatedSection(kind=self.kind, section=section))
            seen.add(section)
            actions.append(self.action(section))
            while self.cursor.take_sign(","):
                actions.append(self.action(section))
            if self.cursor.token.kind == END:
                break
        self.finish(_UPDATE_GRAVITY)
        return UpdateTree(tuple(actions), tuple(self.aliases), tuple(self.values), tuple(self.calls))

    def action(self, section: str) -> Action:
        path = self.path()
        self.operators += 1
        if section == "REMOVE":
            return Action(section, path, None)
        if section == "SET":
            self.cursor.expect_sign("=")
            return Action(section, path, self.sum())
        return Action(section, path, self.value())

    def sum(self) -> Operand:
        """An operand, or two with + or - between them."""
        left = self.operand()
        for operator in ARITHMETIC:
            if self.cursor.token.text == operator:
                self.unsummed(left)
                self.cursor.take()
                return self.called(operator, (left, self.unsummed(self.operand())))
        return left

    def unsummed(self, operand: Operand) -> Operand:
        """`operand`, which may not itself be a sum: AWS has no sums of three."""
        if isinstance(operand, Call) and operand.name in ARITHMETIC:
            raise self.cursor.fault()
        return operand

    def operand(self) -> Operand:
        cursor = self.cursor
        if cursor.take_sign("("):
            cursor.descend()
            inner = self.sum()
            cursor.expect_sign(")")
            cursor.ascend()
            return inner
        if cursor.token.kind == VALUE:
            return self.value()
        if cursor.next_is_call() and cursor.keyword() not in SECTIONS:
            return self.call()
        return PathNode(self.path())

    def value(self) -> ValueNode:
        name = self.cursor.expect(VALUE)
        self.values.append(name)
        return ValueNode(name)

    def call(self) -> Call:
        name = self.cursor.take().text
        self.cursor.take()
        self.cursor.descend()
        args = [self.unsummed(self.operand())]
        while self.cursor.take_sign(","):
            args.append(self.unsummed(self.operand()))
        self.cursor.expect_sign(")")
        self.cursor.ascend()
        if name not in UPDATE_FUNCTIONS:
            self.note(UnknownFunction(kind=self.kind, function=name))
        for arg in args:
            if isinstance(arg, Call) and arg.name == "list_append":
                self.note(MisusedFunction(kind=self.kind, function=arg.name))
        return self.called(name, tuple(args))

    def called(self, name: str, args: tuple[Operand, ...]) -> Call:
        self.operators += 1
        call = Call(name, args)
        self.calls.append(call)
        return call

    def name(self) -> str:
        name = super().name()
        if name.startswith("#"):
            self.aliases.append(name)
        return name
