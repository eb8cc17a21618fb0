"""Rendering: one walk over a template's tree.

One idea: a table from node to function; each pays its budget first. `#break` and `#stop` are the only exceptions that
travel, and never further than the loop or the rendering they end.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from freehold.engines.vtl import methods, syntax
from freehold.engines.vtl.budget import Budget
from freehold.engines.vtl.errors import VtlError
from freehold.engines.vtl.values import OPERATORS, Entry, Host, equal, is_number, map_key, text, truth

ITERATIONS_MAX = 1000
"""Turns of one #foreach; further items are passed over (API Gateway's quota, Velocity's directive.foreach.maxloops)."""

MACRO_DEPTH_MAX = 20
RANGE_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where those who embed Velocity differ.

    print_undefined: a reference without a value prints as it is written; otherwise it prints nothing.
    null_is_empty: null equals the empty string.
    """

    print_undefined: bool
    null_is_empty: bool


APACHE = Dialect(print_undefined=True, null_is_empty=False)


class _Break(Exception):
    """#break on its way to its loop."""


class _Stop(Exception):
    """#stop on its way out."""


_ABSENT = object()


class Rendering:
    """The state of one walk: the variables, the macros met so far, the text so far, and what is left of the budget."""

    def __init__(self, variables: dict[str, Any], dialect: Dialect):
        self.variables = variables
        self.dialect = dialect
        self.budget = Budget()
        self.macros: dict[str, syntax.Macro] = {}
        self.macro_depth = 0
        self.output: list[str] = []

    def text(self, block: syntax.Block) -> str:
        """The text of a whole template."""
        self._declare(block)
        with suppress(_Stop, _Break):  # outside a loop #break ends the template, as #stop does
            self._block(block)
        rendered = "".join(self.output)
        self.budget.spend_text(len(rendered))
        return rendered

    def _declare(self, block: syntax.Block) -> None:
        """Macros may be called above the place where they are defined."""
        for node in block:
            if isinstance(node, syntax.Macro):
                self.macros.setdefault(node.name, node)

    # Nodes ---------------------------------------------------------------------------------------------------------

    def _block(self, block: syntax.Block) -> None:
        for node in block:
            self.budget.spend()
            NODES[type(node)](self, node)

    def _write(self, piece: str) -> None:
        self.budget.spend_text(len(piece))
        self.output.append(piece)

    def _captured(self, block: syntax.Block) -> str:
        """The text of a block, kept from the output."""
        outer, self.output = self.output, []
        try:
            self._block(block)
            captured = "".join(self.output)
        finally:
            self.output = outer
        self.budget.spend_text(len(captured))
        return captured

    def _render_text(self, node: syntax.Text) -> None:
        self._write(node.text)

    def _render_reference(self, node: syntax.Reference) -> None:
        value = self.value(node)
        undefined = value is None and not node.quiet and self.dialect.print_undefined
        if undefined:
            return self._write("\\" * node.escapes + node.source)
        self._write("\\" * (node.escapes // 2))
        if node.escapes % 2:
            return self._write(node.source)
        if isinstance(value, _Defined):
            return self._block(value.block)
        return self._write("" if value is None else text(value, self.budget))

    def _render_set(self, node: syntax.Set) -> None:
        value = self.value(node.value)
        target = node.target
        if not target.steps:
            self.variables[target.name] = value
            return
        owner = self.value(syntax.Reference(target.source, target.name, target.steps[:-1]))
        match target.steps[-1]:
            case syntax.Property(name):
                methods.write(owner, name, value, self.budget)
            case syntax.Index(key):
                methods.write(owner, self.value(key), value, self.budget)
            case syntax.Method(name):
                raise VtlError(f"#set cannot write to the method '{name}'")

    def _render_if(self, node: syntax.If) -> None:
        for condition, block in node.branches:
            if condition is None or truth(self.value(condition)):
                return self._block(block)
        return None

    def _render_foreach(self, node: syntax.Foreach) -> None:
        items = _items(self.value(node.items), self.budget)
        loop_names = (node.name, "foreach", "velocityCount")
        before = {name: self.variables.get(name, _ABSENT) for name in loop_names}
        parent = None if before["foreach"] is _ABSENT else before["foreach"]
        try:
            for index, item in enumerate(items[:ITERATIONS_MAX]):
                loop = _loop(index, len(items), parent)
                self.variables.update({node.name: item, "foreach": loop, "velocityCount": index + 1})
                self._block(node.block)
        except _Break:
            pass
        self._restore(before)

    def _restore(self, before: dict[str, Any]) -> None:
        for name, value in before.items():
            if value is _ABSENT:
                self.variables.pop(name, None)
            else:
                self.variables[name] = value

    def _render_define(self, node: syntax.Define) -> None:
        self.variables[node.name] = _Defined(node.block)

    def _render_macro(self, node: syntax.Macro) -> None:
        self.macros[node.name] = node

    def _render_call(self, node: syntax.Call) -> None:
        macro = self.macros.get(node.name)
        if macro is None:
            raise VtlError(f"The macro #{node.name} is not defined yet")
        if self.macro_depth >= MACRO_DEPTH_MAX:
            raise VtlError(f"Macros call each other deeper than {MACRO_DEPTH_MAX} levels")
        values = [self.value(argument) for argument in node.arguments]
        before = {name: self.variables.get(name, _ABSENT) for name in macro.parameters}
        self.variables.update(dict.fromkeys(macro.parameters) | dict(zip(macro.parameters, values)))
        self.macro_depth += 1
        try:
            self._block(macro.block)
        finally:
            self.macro_depth -= 1
            self._restore(before)

    def _render_break(self, node: syntax.Break) -> None:
        raise _Break

    def _render_stop(self, node: syntax.Stop) -> None:
        raise _Stop

    # Expressions ---------------------------------------------------------------------------------------------------

    def value(self, node: syntax.Expression) -> Any:
        """The value of an expression; null where a step leads nowhere."""
        self.budget.spend()
        return EXPRESSIONS[type(node)](self, node)

    def _value_reference(self, node: syntax.Reference) -> Any:
        value = self.variables.get(node.name)
        for step in node.steps:
            if value is None:
                return None
            self.budget.spend()
            if isinstance(value, _Defined):
                value = self._captured(value.block)
            match step:
                case syntax.Property(name):
                    value = methods.read(value, name)
                case syntax.Index(key):
                    value = methods.read_index(value, self.value(key), self.budget)
                case syntax.Method(name, arguments):
                    value = methods.call(value, name, [self._plain(each) for each in arguments], self.budget)
        return value

    def _plain(self, node: syntax.Expression) -> Any:
        """The value of an expression, a #define'd block as its text."""
        value = self.value(node)
        return self._captured(value.block) if isinstance(value, _Defined) else value

    def _value_chain(self, node: syntax.Chain) -> Any:
        value = self._plain(node.first)
        for operator, operand in node.rest:
            self.budget.spend()
            if operator in ("&&", "||"):
                stays = truth(value) == (operator == "||")
                value = truth(value) if stays else truth(self._plain(operand))
            elif operator in ("==", "!="):
                value = self._equal(value, self._plain(operand)) == (operator == "==")
            else:
                value = OPERATORS[operator](value, self._plain(operand), self.budget)
        return value

    def _equal(self, left: Any, right: Any) -> bool:
        if self.dialect.null_is_empty and (left is None or right is None):
            return left in (None, "") and right in (None, "")
        return equal(left, right, self.budget)

    def _value_range(self, node: syntax.RangeOf) -> Any:
        first, last = self.value(node.first), self.value(node.last)
        if not all(isinstance(end, int) and not isinstance(end, bool) for end in (first, last)):
            return None
        size = abs(last - first) + 1
        if size > RANGE_MAX:
            raise VtlError(f"A range has more than {RANGE_MAX} numbers")
        self.budget.spend(size)
        step = 1 if last >= first else -1
        return list(range(first, last + step, step))

    def _value_map(self, node: syntax.MapOf) -> Any:
        return {map_key(self.value(key), self.budget): self._plain(value) for key, value in node.pairs}

    def _value_negative(self, node: syntax.Negative) -> Any:
        value = self.value(node.operand)
        return -value if is_number(value) else None


@dataclass(frozen=True, slots=True)
class _Defined:
    """What #define binds: a block, rendered where it is printed."""

    block: syntax.Block


def _items(value: Any, budget: Budget) -> list[Any]:
    """What #foreach goes through: a list's items, a map's values; of anything else nothing."""
    match value:
        case list():
            items = value[: ITERATIONS_MAX + 1]
        case dict():
            items = list(islice(value.values(), ITERATIONS_MAX + 1))
        case Entry():
            items = [value.key, value.value]
        case _:
            items = []
    budget.spend(len(items))
    return items


def _loop(index: int, size: int, parent: Any) -> Host:
    """`$foreach` of one turn."""
    loop: dict[str, Any] = {
        "index": index,
        "count": index + 1,
        "hasNext": index + 1 < size,
        "first": index == 0,
        "last": index + 1 == size,
        "parent": parent,
    }
    called: dict[str, Callable[..., Any]] = {
        "hasNext": lambda _budget: loop["hasNext"],
        "getIndex": lambda _budget: loop["index"],
        "getCount": lambda _budget: loop["count"],
    }
    return Host("$foreach", called, loop)


def _each(rendering: Rendering, nodes: Iterable[syntax.Expression]) -> list[Any]:
    return [rendering._plain(node) for node in nodes]


NODES: dict[type, Callable[[Rendering, Any], None]] = {
    syntax.Text: Rendering._render_text,
    syntax.Reference: Rendering._render_reference,
    syntax.Set: Rendering._render_set,
    syntax.If: Rendering._render_if,
    syntax.Foreach: Rendering._render_foreach,
    syntax.Define: Rendering._render_define,
    syntax.Macro: Rendering._render_macro,
    syntax.Call: Rendering._render_call,
    syntax.Break: Rendering._render_break,
    syntax.Stop: Rendering._render_stop,
}

EXPRESSIONS: dict[type, Callable[[Rendering, Any], Any]] = {
    syntax.Literal: lambda rendering, node: node.value,
    syntax.Interpolated: lambda rendering, node: rendering._captured(node.block),
    syntax.Reference: Rendering._value_reference,
    syntax.ListOf: lambda rendering, node: _each(rendering, node.items),
    syntax.RangeOf: Rendering._value_range,
    syntax.MapOf: Rendering._value_map,
    syntax.Not: lambda rendering, node: not truth(rendering.value(node.operand)),
    syntax.Negative: Rendering._value_negative,
    syntax.Chain: Rendering._value_chain,
}
