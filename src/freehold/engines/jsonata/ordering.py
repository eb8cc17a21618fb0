"""Sorting: by the terms of `^(...)` and by a function.

One idea: the order is Python's stable sort under JSONata's "comes after". Terms are worked out once for an item, and
only as far as it takes to tell two items apart. Knows no syntax beyond the terms.
"""

from collections.abc import Callable
from typing import Any

from freehold.engines.jsonata.callables import Evaluate
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.run import Run, Scope
from freehold.engines.jsonata.syntax import Sort
from freehold.engines.jsonata.values import UNDEFINED, Json, Tuples, is_number


class Comparable:
    """An item among those to sort; `after(left, right)` says whether left comes after right."""

    __slots__ = ("after", "item")

    def __init__(self, item: Any, after: Callable[[Any, Any], bool]):
        self.item = item
        self.after = after

    def __lt__(self, other: "Comparable") -> bool:
        return self.after(other.item, self.item)


def in_order(items: list, after: Callable[[Any, Any], bool], weight: int, run: Run) -> list:
    """The items, sorted; `weight` is the cost of one comparison."""
    run.spend(len(items) * len(items).bit_length() * weight)
    return [each.item for each in sorted([Comparable(item, after) for item in items])]


class Ranked:
    """An item of a path with the values of its terms, as far as they are known."""

    __slots__ = ("item", "known")

    def __init__(self, item: Json):
        self.item = item
        self.known: list[Json] = []


def sorter(node: Sort, compile: Callable[..., Evaluate]) -> Callable[[list, Scope], list]:
    """The step that puts items, or the bindings of a stream, in order."""
    terms = [(compile(term.value), term.descending) for term in node.terms]
    weight = sum(term.value.weight for term in node.terms)

    def sort(items: list, scope: Scope) -> list:
        if len(items) <= 1:
            return items
        streaming = isinstance(items, Tuples)

        def value(ranked: Ranked, number: int) -> Json:
            if number == len(ranked.known):
                item = ranked.item
                inner = Scope(dict(item), scope, scope.run) if streaming else scope
                ranked.known.append(terms[number][0](item["@"] if streaming else item, inner))
            return ranked.known[number]

        def after(left: Ranked, right: Ranked) -> bool:
            for number, (_, descending) in enumerate(terms):
                order = _compare(value(left, number), value(right, number), descending, node.position)
                if order:
                    return order > 0
            return False

        result = [each.item for each in in_order([Ranked(item) for item in items], after, weight, scope.run)]
        return Tuples(result) if streaming else result

    return sort


def _compare(left: Json, right: Json, descending: bool, position: int) -> int:
    """1 where left comes after right, -1 before, 0 where the next term decides. What is missing comes last."""
    if left is UNDEFINED or right is UNDEFINED:
        return (left is UNDEFINED) - (right is UNDEFINED)
    for value in (left, right):
        if not (type(value) is str or is_number(value)):
            raise EvaluationFailed("T2008", position, value=value)
    if (type(left) is str) != (type(right) is str):
        raise EvaluationFailed("T2007", position, value=left, value2=right)
    order = (left > right) - (left < right)
    return -order if descending else order
