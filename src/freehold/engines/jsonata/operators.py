"""Operators: what `+`, `=`, `&`, `in` and the others make of two values.

One idea: numbers are JavaScript's doubles, kept as ints where that is the same; a missing operand makes a missing
result, a wrong one an error. Knows no syntax. Errors come without their place, which the compiler adds.
"""

import math
import operator
from collections.abc import Callable
from typing import Any, Final

from freehold.engines.jsonata.callables import is_function
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.run import CHARACTERS_PER_STEP, Run
from freehold.engines.jsonata.texts import text
from freehold.engines.jsonata.values import EXACT_MAX, UNDEFINED, Json, Sequence, is_number, items_of, number

Operate = Callable[[Json, Json, Run], Json]

_NAN: Final = math.nan


def finite(value: Json) -> bool:
    """Whether the value is a number. Raises EvaluationFailed D1001 for an infinite one."""
    if type(value) is int:
        return True
    if type(value) is not float or math.isnan(value):
        return False
    if math.isinf(value):
        raise EvaluationFailed("D1001", value=None)
    return True


def truth(value: Json, run: Run) -> bool:
    """JSONata's notion of true: neither empty, nor zero, nor null, nor missing, nor a function, nor only such items."""
    if value is True or value is False:
        return value
    if isinstance(value, list):
        run.spend(1 + len(value))
        return any(truth(item, run) for item in value)
    if type(value) is float:
        return finite(value) and value != 0
    return bool(value) and not is_function(value)


def same(left: Json, right: Json, run: Run) -> bool:
    """Whether two values are equal, to any depth: 1 is 1.0, true is not 1."""
    if isinstance(left, list):
        if not isinstance(right, list) or len(left) != len(right):
            return False
        run.spend(1 + len(left))
        return all(same(a, b, run) for a, b in zip(left, right))
    if isinstance(left, dict):
        if not isinstance(right, dict) or left.keys() != right.keys():
            return False
        run.spend(1 + len(left))
        return all(same(value, right[key], run) for key, value in left.items())
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if type(left) is str:
        run.spend_reading(len(left))
    return bool(left == right)


def _equal(left: Json, right: Json, run: Run) -> Json:
    return left is not UNDEFINED and right is not UNDEFINED and same(left, right, run)


def _unequal(left: Json, right: Json, run: Run) -> Json:
    return left is not UNDEFINED and right is not UNDEFINED and not same(left, right, run)


def _arithmetic(exact: Callable[[Any, Any], Any], double: Callable[[float, float], float]) -> Operate:
    """An operator on numbers: `exact` on ints as long as the result is one that a double holds, else `double`."""

    def operate(left: Json, right: Json, run: Run) -> Json:
        if type(left) is int and type(right) is int:
            result = exact(left, right)
            if result is not None and -EXACT_MAX <= result <= EXACT_MAX:
                return result
        elif left is not UNDEFINED and not finite(left):
            raise EvaluationFailed("T2001", value=left)
        elif right is not UNDEFINED and not finite(right):
            raise EvaluationFailed("T2002", value=right)
        if left is UNDEFINED or right is UNDEFINED:
            return UNDEFINED
        made = double(_double(left), _double(right))
        run.infinite = run.infinite or not math.isfinite(made)
        return number(made)

    return operate


def _double(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        raise EvaluationFailed("D1001", value=None) from None


def _divide(left: float, right: float) -> float:
    if right:
        return left / right
    return _NAN if not left or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)


def _divide_exactly(left: int, right: int) -> int | None:
    return left // right if right and not left % right else None


def _multiply(left: float, right: float) -> float:
    return left * right


def _remainder(left: float, right: float) -> float:
    return math.fmod(left, right) if right else _NAN


def _comparison(compare: Callable[[Any, Any], bool]) -> Operate:
    def operate(left: Json, right: Json, run: Run) -> Json:
        kind, other = type(left), type(right)
        if kind is int and other is int:
            return compare(left, right)
        for value in (left, right):
            if value is not UNDEFINED and not (type(value) is str or is_number(value)):
                raise EvaluationFailed("T2010", value=value)
        if left is UNDEFINED or right is UNDEFINED:
            return UNDEFINED
        if (kind is str) != (other is str):
            raise EvaluationFailed("T2009", value=left, value2=right)
        if kind is str:
            run.spend_reading(len(left))
        return compare(left, right)

    return operate


def _concatenate(left: Json, right: Json, run: Run) -> Json:
    left = "" if left is UNDEFINED else text(left, run)
    right = "" if right is UNDEFINED else text(right, run)
    run.spend_text(len(left) + len(right))
    return left + right


def _includes(left: Json, right: Json, run: Run) -> Json:
    if left is UNDEFINED or right is UNDEFINED:
        return False
    items = items_of(right)
    run.spend(len(items) * (1 + len(left) // CHARACTERS_PER_STEP if isinstance(left, str) else 1))
    if isinstance(left, list | dict):
        return any(item is left for item in items)
    return any((type(item) is type(left) and item == left) or (is_number(left) and is_number(item) and item == left)
               for item in items)  # fmt: skip


def _whole(value: Json) -> bool:
    return type(value) is int or (type(value) is float and value.is_integer())


def _range(left: Json, right: Json, run: Run) -> Json:
    if left is not UNDEFINED and not _whole(left):
        raise EvaluationFailed("T2003", value=left)
    if right is not UNDEFINED and not _whole(right):
        raise EvaluationFailed("T2004", value=right)
    if left is UNDEFINED or right is UNDEFINED or left > right:
        return UNDEFINED
    first, last = int(left), int(right)
    size = last - first + 1
    if size > run.setting.range_max:
        raise EvaluationFailed("D2014", value=size, limit=run.setting.range_max)
    run.spend_items(size)
    return first if size == 1 else Sequence(range(first, last + 1))


OPERATORS: Final[dict[str, Operate]] = {
    "+": _arithmetic(operator.add, operator.add),
    "-": _arithmetic(operator.sub, operator.sub),
    "*": _arithmetic(operator.mul, _multiply),
    "/": _arithmetic(_divide_exactly, _divide),
    "%": _arithmetic(lambda left, right: None, _remainder),
    "=": _equal,
    "!=": _unequal,
    "<": _comparison(operator.lt),
    "<=": _comparison(operator.le),
    ">": _comparison(operator.gt),
    ">=": _comparison(operator.ge),
    "&": _concatenate,
    "in": _includes,
    "..": _range,
}
