"""What a WHERE asks of keys: the equalities and ranges that must hold for any item it is true of.

One idea: only what stands in the outermost conjunction binds a key; whatever else is asked is asked of each item. It
knows a key schema only as names and types.
"""

from collections.abc import Iterator, Sequence

from freehold.engines.expressions import Item, KeySchema, KeyTest
from freehold.engines.expressions.keyconditions import KEY_OPERATORS
from freehold.engines.expressions.syntax import Call, Comparison, Logic, Node, PathNode, ValueNode
from freehold.engines.expressions.values import AttributeValue, equal, type_of
from freehold.engines.partiql.bindings import Bindings
from freehold.engines.partiql.errors import KeysWithoutEquality

MIRRORED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _conjuncts(tree: Node | None) -> Iterator[Node]:
    if isinstance(tree, Logic) and tree.operator == "AND":
        for arm in tree.args:
            yield from _conjuncts(arm)
    elif tree is not None:
        yield tree


def _tests(tree: Node | None, name: str, bindings: Bindings) -> Iterator[KeyTest]:
    """Every comparison of the attribute `name` with constants that the condition cannot do without."""
    for arm in _conjuncts(tree):
        if not isinstance(arm, Comparison | Call):
            continue
        operator, args = (arm.operator if isinstance(arm, Comparison) else arm.name), arm.args
        if isinstance(args[0], ValueNode) and operator in MIRRORED:
            operator, args = MIRRORED[operator], args[::-1]
        values = [arg for arg in args[1:] if isinstance(arg, ValueNode)]
        if args[0] == PathNode((name,)) and len(values) == len(args) - 1:
            yield KeyTest(operator, tuple(bindings.value("", value.name) for value in values))


def equalities(tree: Node | None, name: str, bindings: Bindings) -> list[AttributeValue] | None:
    """The values one of which the attribute must have, each once; None if there is no such bound."""
    for test in _tests(tree, name, bindings):
        if test.operator in ("=", "IN"):
            found: list[AttributeValue] = []
            for value in test.values:
                if not any(equal(value, other) for other in found):
                    found.append(value)
            return found
    return None


def key_test(tree: Node | None, name: str, kind: str, bindings: Bindings) -> KeyTest | None:
    """A test of the sort key `name`, of type `kind`, that the condition cannot do without; None if there is none."""
    for test in _tests(tree, name, bindings):
        if test.operator in KEY_OPERATORS and all(type_of(value) == kind for value in test.values):
            return test
    return None


def exact_key(tree: Node | None, schema: KeySchema, bindings: Bindings) -> Item:
    """The one key that the condition is about. Raises KeysWithoutEquality."""
    key: Item = {}
    for name, _ in schema:
        values: Sequence[AttributeValue] = equalities(tree, name, bindings) or ()
        if len(values) != 1:
            raise KeysWithoutEquality()
        key[name] = values[0]
    return key


def only_key(tree: Node | None, schema: KeySchema) -> bool:
    """Whether a condition that is about one key says nothing else of it."""
    arms = list(_conjuncts(tree))
    return len(arms) == len(schema) and all(isinstance(arm, Comparison) and arm.operator == "=" for arm in arms)
