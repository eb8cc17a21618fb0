"""Arrays. One idea: what is given is never changed; a new array is paid for by its length."""

import math
from collections.abc import Hashable, Mapping
from typing import Final

from freehold.engines.jsonata import lookups
from freehold.engines.jsonata.callables import Function, invoke
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.operators import truth
from freehold.engines.jsonata.ordering import in_order
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.values import UNDEFINED, Json, Sequence, is_number, settle

CALL_WEIGHT: Final = 4  # what a comparison by a function costs at least


def count(run: Run, values: Json) -> Json:
    return 0 if values is UNDEFINED else len(values)


def append(run: Run, first: Json, second: Json) -> Json:
    return lookups.append(first, second, run)


def sort(run: Run, values: Json, after: Json = UNDEFINED) -> Json:
    """In order; `after(left, right)` says whether left comes after right."""
    if values is UNDEFINED or len(values) <= 1:
        return values
    if after is not UNDEFINED:
        return in_order(
            values, lambda left, right: truth(settle(invoke(run, after, left, right)), run), CALL_WEIGHT, run
        )
    if not (all(map(is_number, values)) or all(isinstance(value, str) for value in values)):
        raise EvaluationFailed("D3070")
    run.spend(len(values) * len(values).bit_length())
    return sorted(values)


def reverse(run: Run, values: Json) -> Json:
    if values is UNDEFINED or len(values) <= 1:
        return values
    run.spend_items(len(values))
    return values[::-1]


def shuffle(run: Run, values: Json) -> Json:
    if values is UNDEFINED or len(values) <= 1:
        return values
    run.spend_items(len(values))
    result: list[Json] = []
    for number, value in enumerate(values):
        other = math.floor(run.setting.random() * (number + 1))
        result.append(value)
        result[number], result[other] = result[other], value
    return result


def distinct(run: Run, values: Json) -> Json:
    if not isinstance(values, list) or len(values) <= 1:
        return values
    seen: dict[Hashable, Json] = {}
    for value in values:
        seen.setdefault(_identity(value, run), value)
    return Sequence(seen.values()) if isinstance(values, Sequence) else list(seen.values())


def _identity(value: Json, run: Run) -> Hashable:
    """The same for equal values, and for no others."""
    run.spend(1)
    if isinstance(value, list):
        return ("array", tuple([_identity(item, run) for item in value]))
    if isinstance(value, dict):
        return ("object", frozenset([(name, _identity(item, run)) for name, item in value.items()]))
    if isinstance(value, str):
        run.spend_reading(len(value))
    if is_number(value) or isinstance(value, str):
        return value
    return ("other", value if value is None or isinstance(value, bool) else id(value))


def zip_(run: Run, *arrays: Json) -> Json:
    """The first items together, the second items, and so on, as far as the shortest array goes."""
    lengths = [len(array) if isinstance(array, list) else 0 for array in arrays]
    run.spend_items(min(lengths) * len(arrays))
    return [list(items) for items in zip(*arrays)] if min(lengths) else []


FUNCTIONS: Final[Mapping[str, Function]] = {
    "count": Function(count, "<a:n>"),
    "append": Function(append, "<xx:a>"),
    "sort": Function(sort, "<af?:a>"),
    "reverse": Function(reverse, "<a:a>"),
    "shuffle": Function(shuffle, "<a:a>"),
    "distinct": Function(distinct, "<x:x>"),
    "zip": Function(zip_, "<a+>", arity=0),
}
