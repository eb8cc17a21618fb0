"""The template parser: text in, tree out.

One idea: one scan from mark to mark (`$`, `#`, `\\`), a table of directives, and the line rule of Velocity 2:
a line that holds a single directive and otherwise blanks leaves neither its indentation nor its line end in the output.
"""

import re
from collections.abc import Callable

from freehold.engines.vtl.errors import VtlError
from freehold.engines.vtl.expressions import Cursor, arguments, expression, reference
from freehold.engines.vtl.syntax import (
    Block,
    Break,
    Call,
    Define,
    Expression,
    Foreach,
    If,
    Macro,
    Node,
    Reference,
    Set,
    Stop,
    Text,
)

SOURCE_MAX = 300 * 1024
"""Characters in a template: API Gateway's quota for a mapping template is 300 KB."""

_MARK = re.compile(r"[$#]")
_DIRECTIVE = re.compile(r"#(?:\{(\w+)\}|(\w+))")
_MACRO_NAME = re.compile(r"#(?:macro|\{macro\})\s*\(\s*([A-Za-z_]\w*)")
_LINE_END = re.compile(r"[ \t]*(?:\r?\n|\Z)")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_VARIABLE = re.compile(r"\$!?\{?([A-Za-z_][\w-]*)\}?")


def parse(text: str) -> Block:
    """The tree of a template. Raises VtlError with line and column."""
    if len(text) > SOURCE_MAX:
        raise VtlError("The template is larger than 300 KB")
    macros = frozenset(_MACRO_NAME.findall(text))
    try:
        return _Parser(text, macros, depth=0).template()
    except RecursionError as error:
        raise VtlError("The template is nested too deeply") from error


class _Parser:
    """One scan over one text: the whole template, or a string in double quotes within it."""

    def __init__(self, text: str, macros: frozenset[str], depth: int):
        self.macros = macros
        self.cursor = Cursor(text, self._interpolate, depth=depth)
        self.nodes: list[Node] = []
        self.condition: Expression | None = None
        """What the last #elseif asked; None after #else and #end."""

    def _interpolate(self, text: str, depth: int) -> Block:
        return _Parser(text, self.macros, depth + 1).template()

    def template(self) -> Block:
        block, end = self._block()
        if end:
            raise self.cursor.error(f"#{end} without a directive it could belong to")
        return block

    def _block(self) -> tuple[Block, str | None]:
        """Nodes up to an #end, #else or #elseif, and which of them it was; None at the end of the text."""
        outer, self.nodes = self.nodes, []
        self.cursor.descend()
        end: str | None = None
        while end is None and self.cursor.at < len(self.cursor.text):
            end = self._piece()
        self.cursor.depth -= 1
        block, self.nodes = tuple(self.nodes), outer
        return block, end

    def _piece(self) -> str | None:
        """Read up to the next mark and what it marks. The name of a directive that ends a block is returned."""
        cursor = self.cursor
        mark = _MARK.search(cursor.text, cursor.at)
        if mark is None:
            self._text(len(cursor.text))
            return None
        unescaped = mark.start()
        while unescaped > cursor.at and cursor.text[unescaped - 1] == "\\":
            unescaped -= 1
        self._text(unescaped)
        escapes = mark.start() - unescaped
        cursor.at = mark.start()
        if cursor.text[cursor.at] == "#":
            return self._hash(escapes)
        self._dollar(escapes)
        return None

    def _text(self, end: int) -> None:
        if end > self.cursor.at:
            self._emit(self.cursor.text[self.cursor.at : end])
        self.cursor.at = end

    def _emit(self, text: str) -> None:
        self.nodes.append(Text(text))

    def _dollar(self, escapes: int) -> None:
        found = reference(self.cursor)
        if found is None:
            self._emit("\\" * escapes + "$")
            self.cursor.at += 1
        else:
            self.nodes.append(Reference(found.source, found.name, found.steps, found.quiet, escapes))

    def _hash(self, escapes: int) -> str | None:
        cursor = self.cursor
        directive = _DIRECTIVE.match(cursor.text, cursor.at)
        name = (directive.group(1) or directive.group(2)) if directive else ""
        known = name in DIRECTIVES or name in self.macros or name in BLOCK_ENDS
        if escapes and known:
            self._emit("\\" * (escapes // 2))
        elif escapes:
            self._emit("\\" * escapes)
        if directive and known and escapes % 2 == 0:
            return self._directive(name, directive.end())
        if not self._comment() and not self._literal():
            end = directive.end() if directive and known else cursor.at + 1
            self._text(end)
        return None

    def _directive(self, name: str, after: int) -> str | None:
        start, self.cursor.at = self.cursor.at, after
        indented = self._indentation(start)
        if name in BLOCK_ENDS:
            self.condition = self._condition() if name == "elseif" else None
            self._gobble(indented)
            return name
        read = DIRECTIVES.get(name)
        node = read(self, indented) if read else self._call(name, indented)
        self.nodes.append(node)
        return None

    # The line rule -------------------------------------------------------------------------------------------------

    def _indentation(self, start: int) -> int | None:
        """How many blanks stand between the line's start and `start`; None if anything else does."""
        blanks = start
        while blanks and self.cursor.text[blanks - 1] in " \t":
            blanks -= 1
        return start - blanks if blanks == 0 or self.cursor.text[blanks - 1] == "\n" else None

    def _gobble(self, indented: int | None) -> None:
        """Drop the line end behind a directive and the indentation before it, if it is alone on its line."""
        if indented is not None and self.cursor.match(_LINE_END):
            self._outdent(indented)

    def _outdent(self, indented: int | None) -> None:
        if indented and self.nodes and isinstance(last := self.nodes[-1], Text):
            self.nodes[-1] = Text(last.text[:-indented])

    def _comment(self) -> bool:
        """`## …` to the line's end, which goes with it, and `#* … *#`."""
        cursor, start = self.cursor, self.cursor.at
        if cursor.text.startswith("##", start):
            end = cursor.text.find("\n", start)
            cursor.at = len(cursor.text) if end < 0 else end + 1
            self._outdent(self._indentation(start))
            return True
        if cursor.text.startswith("#*", start):
            end = cursor.text.find("*#", start + 2)
            cursor.at = len(cursor.text) if end < 0 else end + 2
            self._gobble(self._indentation(start))
            return True
        return False

    def _literal(self) -> bool:
        """`#[[text]]#`, rendered as it is."""
        cursor = self.cursor
        if not cursor.text.startswith("#[[", cursor.at):
            return False
        end = cursor.text.find("]]#", cursor.at)
        if end < 0:
            return False
        self._emit(cursor.text[cursor.at + 3 : end])
        cursor.at = end + 3
        return True

    # The directives ------------------------------------------------------------------------------------------------

    def _set(self, indented: int | None) -> Node:
        self.cursor.expect("(")
        target = self._reference()
        self.cursor.expect("=")
        value = expression(self.cursor)
        self.cursor.expect(")")
        self._gobble(indented)
        return Set(target, value)

    def _condition(self) -> Expression:
        self.cursor.expect("(")
        condition = expression(self.cursor)
        self.cursor.expect(")")
        return condition

    def _if(self, indented: int | None) -> Node:
        condition: Expression | None = self._condition()
        self._gobble(indented)
        branches: list[tuple[Expression | None, Block]] = []
        end: str | None = "elseif"
        while end in ("elseif", "else"):
            block, end = self._block()
            branches.append((condition, block))
            condition = self.condition
        self._closed("if", end)
        return If(tuple(branches))

    def _foreach(self, indented: int | None) -> Node:
        self.cursor.expect("(")
        variable = self._variable()
        self.cursor.skip_blanks()
        word = self.cursor.match(_WORD)
        if word is None or word.group() != "in":
            raise self.cursor.error("expected 'in'")
        items = expression(self.cursor)
        self.cursor.expect(")")
        return Foreach(variable, items, self._body("foreach", indented))

    def _define(self, indented: int | None) -> Node:
        self.cursor.expect("(")
        name = self._variable()
        while not self.cursor.take(")"):
            self._variable()
        return Define(name, self._body("define", indented))

    def _macro(self, indented: int | None) -> Node:
        self.cursor.expect("(")
        self.cursor.skip_blanks()
        name = self.cursor.match(_WORD)
        if name is None:
            raise self.cursor.error("a macro needs a name")
        parameters = []
        while not self.cursor.take(")"):
            self.cursor.take(",")
            parameters.append(self._variable())
        return Macro(name.group(), tuple(parameters), self._body("macro", indented))

    def _call(self, name: str, indented: int | None) -> Node:
        self.cursor.expect("(")
        values = arguments(self.cursor, ")")
        self._gobble(indented)
        return Call(name, values)

    def _leave(self, node: Node, indented: int | None) -> Node:
        self._gobble(indented)
        return node

    def _body(self, directive: str, indented: int | None) -> Block:
        self._gobble(indented)
        block, end = self._block()
        self._closed(directive, end)
        return block

    def _closed(self, directive: str, end: str | None) -> None:
        if end != "end":
            raise self.cursor.error(f"#{directive} is not closed by #end")

    def _reference(self) -> Reference:
        self.cursor.skip_blanks()
        found = reference(self.cursor) if self.cursor.text.startswith("$", self.cursor.at) else None
        if found is None:
            raise self.cursor.error("expected a reference")
        return found

    def _variable(self) -> str:
        self.cursor.skip_blanks()
        found = self.cursor.match(_VARIABLE)
        if found is None:
            raise self.cursor.error("expected a variable")
        return found.group(1)


BLOCK_ENDS = frozenset({"end", "else", "elseif"})

DIRECTIVES: dict[str, Callable[[_Parser, int | None], Node]] = {
    "set": _Parser._set,
    "if": _Parser._if,
    "foreach": _Parser._foreach,
    "define": _Parser._define,
    "macro": _Parser._macro,
    "break": lambda parser, indented: parser._leave(Break(), indented),
    "stop": lambda parser, indented: parser._leave(Stop(), indented),
}
