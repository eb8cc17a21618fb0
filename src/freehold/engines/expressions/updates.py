"""Updates: UpdateExpression, from text to a function from an item to a new one.

One idea: every action is an edit at the end of a path; all edits see the item as it was. The old item is never changed.
What an update does follows from its text, the names in it and the types of its values, so it is planned once for all
values of these types. It knows nothing of tables or keys. Rules:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from collections.abc import Callable
from typing import NamedTuple

from freehold.engines.expressions import numbers
from freehold.engines.expressions.errors import (
    AttributeNotInItem,
    PathRequired,
    ValidationException,
    WrongFunctionOperand,
    WrongOperandCount,
    WrongOperatorOperand,
    WrongUpdateOperand,
)
from freehold.engines.expressions.operands import Sight
from freehold.engines.expressions.parser import parse_update
from freehold.engines.expressions.paths import Edit, Leaf, Path, Tree, pick, plant, read, rebuild
from freehold.engines.expressions.scope import Scope, Values
from freehold.engines.expressions.syntax import UPDATE_FUNCTIONS, Action, Call, Operand, PathNode, UpdateTree, ValueNode
from freehold.engines.expressions.values import AttributeValue, Item, admit, type_of

Evaluate = Callable[[Sight], AttributeValue]

_OPERAND_COUNTS = {**UPDATE_FUNCTIONS, "+": 2, "-": 2}
# The types an operand must have where it is known beforehand.
_OPERAND_TYPES = {"list_append": "L", "+": "N", "-": "N"}
# ADD and DELETE name types in words of their own when they refuse them; what is not here they take.
_REFUSED_TYPES = {
    "ADD": {"S": "STRING", "B": "BINARY", "NULL": "NULL", "BOOL": "BOOLEAN", "L": "LIST", "M": "MAP"},
    "DELETE": {
        "S": "STRING",
        "N": "NUMBER",
        "B": "BINARY",
        "NULL": "NULL",
        "BOOL": "BOOLEAN",
        "L": "LIST",
        "M": "MAP",
    },
}


class Update(NamedTuple):
    """A compiled update. `paths` are those it writes, `reads` those its operands read, in the order of the text.

    `kinds` are the types that attributes will have, where that is known beforehand; `takes` if it only takes away;
    `values` what its placeholders stand for.
    """

    paths: tuple[Path, ...]
    reads: tuple[Path, ...]
    tree: Tree
    kinds: dict[str, str] = {}
    takes: bool = False
    values: Values = {}

    def of(self, values: Values) -> "Update":
        """The update of one request, which has these values."""
        return Update(self.paths, self.reads, self.tree, self.kinds, self.takes, values)

    def apply(self, item: Item) -> Item:
        """The item after the update; `item`, which for a new one is its key alone, stays as it is.

        Raises ValidationException if the item has not what the update needs, or the outcome cannot be stored. Its
        size and the types of its keys are for the caller to look at.
        """
        updated = rebuild(item, self.tree, Sight(item, self.values))
        for head in {path[0] for path in self.paths if len(path) > 1}:
            admit(updated[str(head)])  # Only at the end of a long path can a value have come to lie too deep.
        return updated

    def touched(self, item: Item) -> Item:
        """What lies at the written paths: of the old item UPDATED_OLD, of the new UPDATED_NEW."""
        return pick(item, self.tree)


def compile_update(kind: str, text: str, scope: Scope) -> Update:
    """The update of `text`. Raises ValidationException: placeholders first, then paths, then operands."""
    return plan_update(kind, text, scope).of(scope.values)


def update_of(kind: str, parsed: UpdateTree, scope: Scope) -> Update:
    """The update of a tree, whatever language it was written in."""
    return _plan(kind, parsed, scope).of(scope.values)


def plan_update(kind: str, text: str, scope: Scope) -> Update:
    """As `compile_update`, without values."""
    return _plan(kind, parse_update(kind, text), scope)


def _plan(kind: str, parsed: UpdateTree, scope: Scope) -> Update:
    _check_placeholders(kind, parsed, scope)
    leaves = [Leaf(scope.path(kind, action.path), _edit(kind, action, scope)) for action in parsed.actions]
    tree = plant(leaves, kind)
    for action in parsed.actions:
        _check_action(kind, action, scope)
    for call in parsed.calls:
        _check_call(kind, call, scope)
    reads = [path for action in parsed.actions if action.operand for path in _reads(kind, action.operand, scope)]
    kinds = {
        str(leaf.path[0]): kind_known
        for leaf, action in zip(leaves, parsed.actions)
        if len(leaf.path) == 1 and action.operand and (kind_known := _kind(kind, action.operand, scope))
    }
    takes = all(action.section in ("REMOVE", "DELETE") for action in parsed.actions)
    return Update(tuple(leaf.path for leaf in leaves), tuple(reads), tree, kinds, takes)


def _check_placeholders(kind: str, parsed: UpdateTree, scope: Scope) -> None:
    """Raises UndefinedName, UndefinedValue."""
    for alias in parsed.aliases:
        scope.name(kind, alias)
    for name in parsed.values:
        scope.value(kind, name)


def _kind(kind: str, operand: Operand, scope: Scope) -> str:
    """The type of an operand's value, "" where it depends on the item."""
    if isinstance(operand, ValueNode):
        return type_of(scope.value(kind, operand.name))
    return _OPERAND_TYPES.get(operand.name, "") if isinstance(operand, Call) else ""


def _reads(kind: str, operand: Operand, scope: Scope) -> list[Path]:
    match operand:
        case PathNode(path):
            return [scope.path(kind, path)]
        case Call(_, args):
            return [path for arg in args for path in _reads(kind, arg, scope)]
    return []


# What is refused before an item is seen


def _check_action(kind: str, action: Action, scope: Scope) -> None:
    if action.section in _REFUSED_TYPES and isinstance(action.operand, ValueNode):
        refused = _REFUSED_TYPES[action.section].get(type_of(scope.value(kind, action.operand.name)))
        if refused:
            raise WrongOperatorOperand(kind=kind, operator=action.section, type=refused)


def _check_call(kind: str, call: Call, scope: Scope) -> None:
    if len(call.args) != _OPERAND_COUNTS[call.name]:
        raise WrongOperandCount(kind=kind, function=call.name, count=len(call.args))
    if call.name == "if_not_exists":
        if not isinstance(call.args[0], PathNode):
            raise PathRequired(kind=kind, function=call.name)
        return
    for arg in call.args:
        if isinstance(arg, ValueNode):
            actual = type_of(scope.value(kind, arg.name))
            if actual != _OPERAND_TYPES[call.name]:
                raise WrongFunctionOperand(kind=kind, function=call.name, type=actual)


# What an action does to the value at its path


def _edit(kind: str, action: Action, scope: Scope) -> Edit:
    if action.section == "REMOVE" or action.operand is None:
        return remove
    evaluate = _evaluator(kind, action.operand, scope)
    if action.section == "SET":
        return lambda sight, _: evaluate(sight)
    change = add_to if action.section == "ADD" else delete_from
    return lambda sight, current: change(current, evaluate(sight), WrongUpdateOperand)


def remove(sight: Sight, current: AttributeValue | None) -> None:
    """The edit that leaves nothing."""


def add_to(
    current: AttributeValue | None, value: AttributeValue, mismatch: type[ValidationException]
) -> AttributeValue:
    """ADD: the sum of numbers, the union of sets, the one list after the other; of nothing, `value` itself."""
    if current is None:
        return value
    kind = type_of(value)
    if kind not in current:
        raise mismatch()
    if kind == "N":
        return {"N": numbers.add(current["N"], value["N"])}
    if kind == "L":
        return {"L": current["L"] + value["L"]}
    members = set(current[kind])
    return {kind: current[kind] + [member for member in value[kind] if member not in members]}


def delete_from(
    current: AttributeValue | None, value: AttributeValue, mismatch: type[ValidationException]
) -> AttributeValue | None:
    """DELETE: a set without the members of another; None where none is left."""
    if current is None:
        return None
    kind = type_of(value)
    if kind not in current:
        raise mismatch()
    leaving = set(value[kind])
    kept = [member for member in current[kind] if member not in leaving]
    return {kind: kept} if kept else None


# What an operand of SET is worth


def _evaluator(kind: str, operand: Operand, scope: Scope) -> Evaluate:
    match operand:
        case PathNode(parsed):
            return _read_or_raise(scope.path(kind, parsed))
        case ValueNode(name):
            return lambda sight: sight.values[name]
        case Call(name, args):
            return _FUNCTIONS[name](*(_evaluator(kind, arg, scope) for arg in args[:2]))


def _read_or_raise(path: Path) -> Evaluate:
    def evaluate(sight: Sight) -> AttributeValue:
        value = read(sight.item, path)
        if value is None:
            raise AttributeNotInItem()
        return value

    return evaluate


def _if_not_exists(current: Evaluate, otherwise: Evaluate | None = None) -> Evaluate:
    def evaluate(sight: Sight) -> AttributeValue:
        try:
            return current(sight)
        except AttributeNotInItem:
            assert otherwise is not None, "the count of operands was checked"
            return otherwise(sight)

    return evaluate


def _combined(kind: str, combine: Callable) -> Callable[..., Evaluate]:
    def compiled(first: Evaluate, second: Evaluate | None = None) -> Evaluate:
        def evaluate(sight: Sight) -> AttributeValue:
            assert second is not None, "the count of operands was checked"
            left, right = first(sight), second(sight)
            if kind not in left or kind not in right:
                raise WrongUpdateOperand()
            return {kind: combine(left[kind], right[kind])}

        return evaluate

    return compiled


_FUNCTIONS: dict[str, Callable[..., Evaluate]] = {
    "if_not_exists": _if_not_exists,
    "list_append": _combined("L", lambda left, right: left + right),
    "+": _combined("N", numbers.add),
    "-": _combined("N", numbers.subtract),
}
