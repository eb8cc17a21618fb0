"""What a step finds in a value: a field, all fields, everything below.

One idea: an array is looked through, its items' finds poured into one sequence. Knows no syntax.
"""

from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.values import LISTS, UNDEFINED, Constructed, Json, Sequence, Wrapped, settle


def field(value: Json, name: str, run: Run) -> Json:
    """The field of an object, or a sequence of that field of all items."""
    if isinstance(value, dict):
        return value.get(name, UNDEFINED)
    if not isinstance(value, list):
        return UNDEFINED
    run.spend(len(value))
    found = Sequence()
    for item in value:
        result = field(item, name, run)
        if isinstance(result, list):
            run.spend_items(len(result))
            found.extend(result)
        elif result is not UNDEFINED:
            found.append(result)
    return found


def append(first: Json, second: Json, run: Run) -> Json:
    """Both as one array; a missing one is no item."""
    if first is UNDEFINED:
        return second
    if second is UNDEFINED:
        return first
    left = first if isinstance(first, list) else [first]
    right = second if isinstance(second, list) else [second]
    run.spend_items(len(left) + len(right))
    return [*left, *right]


def fields(value: Json, run: Run) -> Json:
    """The values of all fields of an object, or all items of an array, arrays within taken apart."""
    if isinstance(value, Wrapped) and value:
        value = value[0]
    members = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    run.spend(1 + len(members))
    found: list = Sequence()
    for member in members:
        if isinstance(member, list):
            flat: list = []
            _flatten(member, flat, run)
            found = list(found) if isinstance(found, Sequence) else found  # one array within, and all is an array
            found.extend(flat)
        else:
            found.append(member)
    return found


def _flatten(value: Json, into: list, run: Run) -> None:
    run.spend(1)
    if isinstance(value, list):
        for item in value:
            _flatten(item, into, run)
    else:
        into.append(value)


def descendants(value: Json, run: Run) -> Json:
    """The value and everything in it, arrays themselves left out."""
    if value is UNDEFINED:
        return UNDEFINED
    found = Sequence()
    _descend(value, found, run)
    return settle(found) if len(found) == 1 else found


def _descend(value: Json, into: list, run: Run) -> None:
    run.spend(1)
    if isinstance(value, list):
        for item in value:
            _descend(item, into, run)
        return
    into.append(value)
    if isinstance(value, dict):
        for item in value.values():
            _descend(item, into, run)


def pour(results: list, last: bool, run: Run) -> list:
    """The results of a step as one sequence. `last`: a single array that is no sequence stays as it is."""
    if last and len(results) == 1:
        only = results[0]
        if isinstance(only, list) and not isinstance(only, Sequence):
            return only
    if LISTS.isdisjoint(map(type, results)):
        return Sequence(results)
    found = Sequence()
    for result in results:
        if isinstance(result, list) and not isinstance(result, Constructed):
            run.spend_items(len(result))
            found.extend(result)
        else:
            found.append(result)
    return found
