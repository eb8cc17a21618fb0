"""Text → statement: the grammar of DynamoDB's PartiQL.

One idea: a statement depends on its text alone, so it is made once and kept (the last 1,024). Each keyword that may
begin one has a function; conditions and terms have parsers of their own. It knows no values.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
"""

from collections.abc import Callable
from functools import lru_cache

from freehold.engines.expressions.paths import Path
from freehold.engines.expressions.syntax import Action, Node, Operand, UpdateTree
from freehold.engines.partiql.conditions import ConditionParser
from freehold.engines.partiql.errors import SectionRepeatsValue
from freehold.engines.partiql.syntax import Delete, Exists, Insert, Select, Statement, Update

RETURNINGS = {  # the words behind RETURNING → the ReturnValues of UpdateItem
    ("ALL", "OLD"): "ALL_OLD",
    ("MODIFIED", "OLD"): "UPDATED_OLD",
    ("ALL", "NEW"): "ALL_NEW",
    ("MODIFIED", "NEW"): "UPDATED_NEW",
}
SET_FUNCTIONS = {"SET_ADD": "ADD", "SET_DELETE": "DELETE"}


@lru_cache(maxsize=1024)
def parse(text: str) -> Statement:
    """The statement of `text`. Raises ValidationException."""
    return StatementParser(text).statement()


class StatementParser(ConditionParser):
    """One statement, from its first word to its end."""

    def statement(self) -> Statement:
        statements: dict[str, Callable[[], Select | Insert | Update | Delete | Exists]] = {
            "SELECT": self.select, "INSERT": self.insert, "UPDATE": self.update, "DELETE": self.delete,
            "EXISTS": self.exists,
        }  # fmt: skip
        begin = statements.get(self.cursor.keyword())
        if begin is None:
            raise self.cursor.fault()
        self.cursor.take()
        self.table, self.index = "", ""
        action = begin()
        self.cursor.take_sign(";")
        if self.cursor.token.kind != "end":
            raise self.cursor.fault()
        return Statement(action, self.table, self.index, tuple(self.terms), self.parameters)

    def source(self, indexed: bool = False) -> None:
        """A table, or where `indexed` an index of it: "Music"."ByYear"."""
        self.table = self.name()
        if indexed and self.cursor.take_sign("."):
            self.index = self.name()

    def select(self) -> Select:
        columns = self.columns()
        self.cursor.expect_words("FROM")
        self.source(indexed=True)
        where = self.where() if self.cursor.keyword() == "WHERE" else None
        return Select(columns, where, self.order())

    def columns(self) -> tuple[Path, ...]:
        if self.cursor.take_sign("*"):
            return ()
        columns = [self.path()]
        while self.cursor.take_sign(","):
            columns.append(self.path())
        return tuple(columns)

    def where(self) -> Node:
        self.cursor.expect_words("WHERE")
        return self.condition()

    def order(self) -> tuple[tuple[str, bool], ...]:
        if not self.cursor.take_words("ORDER", "BY"):
            return ()
        order = [self.direction()]
        while self.cursor.take_sign(","):
            order.append(self.direction())
        return tuple(order)

    def direction(self) -> tuple[str, bool]:
        name = self.name()
        descending = self.cursor.take_words("DESC")
        if not descending:
            self.cursor.take_words("ASC")
        return name, descending

    def exists(self) -> Exists:
        self.cursor.expect_sign("(")
        self.cursor.expect_words("SELECT")
        self.columns()
        self.cursor.expect_words("FROM")
        self.source()
        where = self.where()
        self.cursor.expect_sign(")")
        return Exists(where)

    def insert(self) -> Insert:
        self.cursor.expect_words("INTO")
        self.source()
        self.cursor.expect_words("VALUE")
        return Insert(self.term())

    def update(self) -> Update:
        self.source()
        actions: list[Action] = []
        while self.cursor.keyword() in ("SET", "REMOVE"):
            section = self.cursor.take().text.upper()
            actions.append(self.action(section))
            while self.cursor.take_sign(","):
                actions.append(self.action(section))
        if not actions:
            raise self.cursor.fault()
        where = self.where()
        tree = UpdateTree(tuple(actions), (), (), tuple(self.calls))
        return Update(tree, where, self.returning(*RETURNINGS))

    def action(self, section: str) -> Action:
        path = self.path()
        if section == "REMOVE":
            return Action(section, path, None)
        self.cursor.expect_sign("=")
        if self.cursor.calls() and self.cursor.keyword() in SET_FUNCTIONS:
            return self.change_of_set(path)
        return Action(section, path, self.sum())

    def change_of_set(self, path: Path) -> Action:
        """`path = set_add(path, <<…>>)`, which is what the expressions call ADD; set_delete is DELETE."""
        function = self.cursor.take().text
        self.cursor.expect_sign("(")
        if self.path() != path:
            raise SectionRepeatsValue(function=function)
        self.cursor.expect_sign(",")
        operand = self.value()
        self.cursor.expect_sign(")")
        return Action(SET_FUNCTIONS[function.upper()], path, operand)

    def sum(self) -> Operand:
        """An operand, or two with + or - between them."""
        left = self.update_operand()
        operator = self.cursor.take_sign("+", "-")
        return self.called(operator, (left, self.update_operand())) if operator else left

    def delete(self) -> Delete:
        self.cursor.expect_words("FROM")
        self.source()
        return Delete(self.where(), self.returning(("ALL", "OLD")))

    def returning(self, *allowed: tuple[str, ...]) -> str:
        """RETURNING and its words, as ReturnValues says them; "NONE" where there is none."""
        if not self.cursor.take_words("RETURNING"):
            return "NONE"
        for words in allowed:
            if self.cursor.take_words(*words):
                self.cursor.expect_sign("*")
                return RETURNINGS[words[0], words[1]]
        raise self.cursor.fault()
