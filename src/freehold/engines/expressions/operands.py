"""Operands, looked up: each a way to read a value from an item or a request, and what is known of it beforehand.

One idea: a constant's type is known before any item is seen, so wrong types are refused then; its value is only read
where the item is. It knows no operators.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from freehold.engines.expressions.paths import Path, read
from freehold.engines.expressions.scope import Scope, Values
from freehold.engines.expressions.syntax import Call, Operand, PathNode, ValueNode
from freehold.engines.expressions.values import AttributeValue, Item, type_of


class Sight(NamedTuple):
    """What is seen where an expression is evaluated: an item as it was, and the request's values."""

    item: Item
    values: Values


Read = Callable[[Sight], AttributeValue | None]


class Bound(NamedTuple):
    """An operand: a document path, a constant by its placeholder, or a call of size() or of a condition function.

    `type` is its type where that is known beforehand. `read` gives its value, None if there is none.
    """

    read: Read
    type: str | None = None
    path: Path | None = None
    constant: str | None = None
    function: str | None = None
    args: "tuple[Bound, ...]" = ()

    def calls(self) -> "Iterator[Bound]":
        """This operand and its operands, inner first, as far as they are calls."""
        for arg in self.args:
            yield from arg.calls()
        if self.function:
            yield self

    def paths(self) -> Iterator[Path]:
        """The document paths it reads."""
        if self.path is not None:
            yield self.path
        for arg in self.args:
            yield from arg.paths()


def bind(kind: str, operand: Operand, scope: Scope) -> Bound:
    """The operand with its placeholders looked up. Raises UndefinedName or UndefinedValue."""
    match operand:
        case PathNode(parsed):
            path = scope.path(kind, parsed)
            return Bound(_reader(path), path=path)
        case ValueNode(name):
            return Bound(lambda sight: sight.values[name], type=type_of(scope.value(kind, name)), constant=name)
        case Call(name, args):
            bound = tuple(bind(kind, arg, scope) for arg in args)
            result = "N" if name == "size" else "BOOL"
            return Bound(_size_reader(bound[0].read), type=result, function=name, args=bound)


def _reader(path: Path) -> Read:
    if len(path) > 1:
        return lambda sight: read(sight.item, path)
    name = str(path[0])
    return lambda sight: sight.item.get(name)


def _size_reader(read_operand: Read) -> Read:
    def read_size(sight: Sight) -> AttributeValue | None:
        value = read_operand(sight)
        size = None if value is None else measure(value)
        return None if size is None else {"N": str(size)}

    return read_size


def measure(value: AttributeValue) -> int | None:
    """size(): UTF-16 units of a string, bytes of a binary, members of a set, list or map; None of anything else."""
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content) if content.isascii() else len(content.encode("utf-16-le", "surrogatepass")) // 2
    return None if kind in ("N", "BOOL", "NULL") else len(content)
