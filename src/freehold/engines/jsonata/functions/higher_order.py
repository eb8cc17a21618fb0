"""Functions that call functions: `$map` and its like.

One idea: the function is given as many of item, position and whole as it takes.
"""

from collections.abc import Mapping
from typing import Final

from freehold.engines.jsonata.callables import Function, Invocable, apply, invoke
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.operators import truth
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.values import UNDEFINED, Json, Sequence, settle


def map_(run: Run, values: Json, function: Invocable) -> Json:
    if values is UNDEFINED:
        return UNDEFINED
    run.spend_items(len(values))
    results = [invoke(run, function, value, position, values) for position, value in enumerate(values)]
    return Sequence([result for result in results if result is not UNDEFINED])


def _chosen(run: Run, function: Invocable, value: Json, key: Json, whole: Json) -> bool:
    return truth(settle(invoke(run, function, value, key, whole)), run)


def filter_(run: Run, values: Json, function: Invocable) -> Json:
    if values is UNDEFINED:
        return UNDEFINED
    run.spend_items(len(values))
    return Sequence([value for position, value in enumerate(values) if _chosen(run, function, value, position, values)])


def single(run: Run, values: Json, function: Json = UNDEFINED) -> Json:
    """The one item that the function chooses, or the only item there is. Raises EvaluationFailed D3138, D3139."""
    if values is UNDEFINED:
        return UNDEFINED
    found = [
        value
        for position, value in enumerate(values)
        if function is UNDEFINED or _chosen(run, function, value, position, values)
    ]
    if len(found) == 1:
        return found[0]
    raise EvaluationFailed("D3138" if found else "D3139")


def reduce(run: Run, values: Json, function: Invocable, start: Json = UNDEFINED) -> Json:
    if values is UNDEFINED:
        return UNDEFINED
    if function.arity < 2:
        raise EvaluationFailed("D3050")
    rest = enumerate(values)
    result = start
    if start is UNDEFINED and values:
        _, result = next(rest)
    for position, value in rest:
        arguments = [result, value, position, values][: max(2, function.arity)]
        result = settle(apply(function, arguments, None, run.root))
    return result


def each(run: Run, value: Json, function: Invocable) -> Json:
    if value is UNDEFINED:
        return Sequence()
    run.spend_items(len(value))
    results = [invoke(run, function, item, name, value) for name, item in value.items()]
    return Sequence([result for result in results if result is not UNDEFINED])


def sift(run: Run, value: Json, function: Json = UNDEFINED) -> Json:
    """The fields that the function chooses; nothing where it chooses none."""
    if value is UNDEFINED:
        return UNDEFINED
    if function is UNDEFINED:
        raise EvaluationFailed("T0410", index=2)
    run.spend_items(len(value))
    return {name: item for name, item in value.items() if _chosen(run, function, item, name, value)} or UNDEFINED


FUNCTIONS: Final[Mapping[str, Function]] = {
    "map": Function(map_, "<af>"),
    "filter": Function(filter_, "<af>"),
    "single": Function(single, "<af?>"),
    "reduce": Function(reduce, "<afj?:j>"),
    "each": Function(each, "<o-f:a>"),
    "sift": Function(sift, "<o-f?:o>"),
}
