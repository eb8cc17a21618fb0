"""Names, paths and terms: what conditions and statements are made of.

One idea: a literal is the AttributeValue it stands for; where parameters stand within, it is a term that waits for
them. It knows no conditions.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.data-types.html
"""

from freehold.engines.expressions.paths import Path
from freehold.engines.expressions.syntax import ValueNode
from freehold.engines.partiql.syntax import ListTerm, Literal, Parameter, SetTerm, Term, TupleTerm
from freehold.engines.partiql.tokens import NUMBER, QUOTED, TEXT, WORD, Cursor

CONSTANTS: dict[str, Literal] = {
    "TRUE": Literal({"BOOL": True}),
    "FALSE": Literal({"BOOL": False}),
    "NULL": Literal({"NULL": True}),
}
KEYWORDS = frozenset(
    ("SELECT", "FROM", "WHERE", "ORDER", "BY", "INSERT", "INTO", "VALUE", "UPDATE", "SET", "REMOVE", "DELETE")
    + ("RETURNING", "AND", "OR", "NOT", "BETWEEN", "IN", "IS", "MISSING", "EXISTS", "TRUE", "FALSE", "NULL")
)


class TermParser:
    """`terms` are noted in the order in which conditions and updates refer to them; `parameters` counts the ?s."""

    def __init__(self, text: str) -> None:
        self.cursor = Cursor(text)
        self.terms: list[Term] = []
        self.parameters = 0

    def noted(self, term: Term) -> ValueNode:
        """A reference to a term."""
        self.terms.append(term)
        return ValueNode(f":{len(self.terms) - 1}")

    def name(self) -> str:
        """A bare word that is no keyword, or anything in double quotes."""
        if self.cursor.token.kind == QUOTED:
            return self.cursor.take().text
        if self.cursor.token.kind != WORD or self.cursor.keyword() in KEYWORDS:
            raise self.cursor.fault()
        return self.cursor.take().text

    def path(self) -> Path:
        """A name, then any of .name, ['name'] and [place]."""
        path: Path = (self.name(),)
        while True:
            if self.cursor.take_sign("."):
                path = (*path, self.name())
            elif self.cursor.take_sign("["):
                path = (*path, self.step())
                self.cursor.expect_sign("]")
            else:
                return path

    def step(self) -> str | int:
        token = self.cursor.token
        if token.kind == TEXT:
            return self.cursor.take().text
        if token.kind != NUMBER or not token.text.isdigit():
            raise self.cursor.fault()
        return int(self.cursor.take().text)

    def term(self) -> Term:
        """A literal, a parameter, or a list, set or tuple of such."""
        self.cursor.descend()
        term = self._term()
        self.cursor.ascend()
        return term

    def _term(self) -> Term:
        cursor = self.cursor
        if cursor.take_sign("?"):
            self.parameters += 1
            return Parameter(self.parameters - 1)
        if cursor.take_sign("["):
            return ListTerm(self.terms_until("]"))
        if cursor.take_sign("<<"):
            return SetTerm(self.terms_until(">>"))
        if cursor.take_sign("{"):
            return self.tuple()
        if cursor.keyword() in CONSTANTS:
            return CONSTANTS[cursor.take().text.upper()]
        if cursor.token.kind == TEXT:
            return Literal({"S": cursor.take().text})
        return self.number()

    def number(self) -> Literal:
        sign = self.cursor.take_sign("-", "+")
        if self.cursor.token.kind != NUMBER:
            raise self.cursor.fault()
        return Literal({"N": ("-" if sign == "-" else "") + self.cursor.take().text})

    def terms_until(self, closing: str) -> tuple[Term, ...]:
        """Terms between commas, up to and with the closing sign."""
        terms: list[Term] = []
        while not self.cursor.take_sign(closing):
            if terms:
                self.cursor.expect_sign(",")
            terms.append(self.term())
        return tuple(terms)

    def tuple(self) -> TupleTerm:
        """{'name': term, …}, its opening brace already taken."""
        entries: list[tuple[str, Term]] = []
        while not self.cursor.take_sign("}"):
            if entries:
                self.cursor.expect_sign(",")
            if self.cursor.token.kind not in (TEXT, QUOTED, WORD):
                raise self.cursor.fault()
            name = self.cursor.take().text
            self.cursor.expect_sign(":")
            entries.append((name, self.term()))
        return TupleTerm(tuple(entries))
