"""AttributeValues: which may be stored, when two are equal, which comes first.

One idea: a value is admitted once, and from then on is in one form — numbers as canonical text, blobs as bytes — so
that equality is equality of text. Values are dicts of one entry, {"S": "x"}, and are never changed in place, here or
by anyone. The module knows nothing of expressions, keys or tables. Rules:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

import base64
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from freehold.engines.expressions import numbers
from freehold.engines.expressions.errors import (
    AmbiguousValue,
    DuplicateBinaries,
    DuplicateNumbers,
    DuplicateStrings,
    EmptyAttributeName,
    EmptyBinarySet,
    EmptyNumberSet,
    EmptyStringSet,
    EmptyValue,
    FalseNull,
    NestedTooDeep,
)

AttributeValue = dict[str, Any]
Item = dict[str, AttributeValue]

TYPES = ("B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M")
SETS = ("SS", "NS", "BS")
VARIOUS = (*SETS, "L", "M")  # of which two may be equal and yet be written otherwise
ORDERED = ("S", "N", "B")
NESTING_MAX = 32

ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def type_of(value: AttributeValue) -> str:
    """The one type tag of a value: "S", "N", …"""
    return next(iter(value))


def admit_item(item: Item) -> Item:
    """The item in stored form. Raises ValidationException at the first attribute that may not be stored."""
    if "" in item:
        raise EmptyAttributeName()
    return {name: admit(value) for name, value in item.items()}


def admit(value: AttributeValue, depth: int = 0) -> AttributeValue:
    """A value in stored form, at `depth` lists and maps down (at most 32). Raises ValidationException."""
    if len(value) != 1:
        raise _refusal(value, depth)
    ((kind, content),) = value.items()
    if kind == "S" or kind == "B" or kind == "BOOL":
        return value
    if kind == "N":
        text = numbers.canonical(content)
        return value if text is content else {"N": text}
    if kind not in _ADMIT:
        raise EmptyValue()
    return {kind: _ADMIT[kind](content, depth)}


def _refusal(value: AttributeValue, depth: int) -> AmbiguousValue | EmptyValue:
    """Why a value of no type or several may not be; a fault of its parts is raised first, as AWS does."""
    for kind, content in value.items():
        admit({kind: content}, depth)
    return AmbiguousValue() if value else EmptyValue()


def _admit_null(content: bool, depth: int) -> bool:
    if not content:
        raise FalseNull()
    return True


def _admit_strings(members: list[str], depth: int) -> list[str]:
    if not members:
        raise EmptyStringSet()
    if len(set(members)) != len(members):
        raise DuplicateStrings(members=", ".join(members))
    return members


def _admit_numbers(members: list[str], depth: int) -> list[str]:
    if not members:
        raise EmptyNumberSet()
    texts = [numbers.canonical(member) for member in members]
    if len(set(texts)) != len(texts):
        raise DuplicateNumbers()
    return texts


def _admit_binaries(members: list[bytes], depth: int) -> list[bytes]:
    if not members:
        raise EmptyBinarySet()
    if len(set(members)) != len(members):
        raise DuplicateBinaries(members=", ".join(base64.b64encode(member).decode() for member in members))
    return members


def _admit_list(elements: list[AttributeValue], depth: int) -> list[AttributeValue]:
    if depth >= NESTING_MAX:
        raise NestedTooDeep()
    return [admit(element, depth + 1) for element in elements]


def _admit_map(entries: Item, depth: int) -> Item:
    if depth >= NESTING_MAX:
        raise NestedTooDeep()
    return {name: admit(value, depth + 1) for name, value in entries.items()}


_ADMIT: dict[str, Callable[[Any, int], Any]] = {
    "NULL": _admit_null,
    "SS": _admit_strings,
    "NS": _admit_numbers,
    "BS": _admit_binaries,
    "L": _admit_list,
    "M": _admit_map,
}


def equal(left: AttributeValue, right: AttributeValue) -> bool:
    """Whether two admitted values are the same: numbers by value, sets without order, lists and maps in depth."""
    if left == right:
        return True
    kind = type_of(left)
    if kind not in VARIOUS or kind not in right:
        return False
    ours, theirs = left[kind], right[kind]
    if kind in SETS:
        return set(ours) == set(theirs)
    if kind == "L":
        return len(ours) == len(theirs) and all(map(equal, ours, theirs))
    return ours.keys() == theirs.keys() and all(equal(value, theirs[name]) for name, value in ours.items())


def compare(ordering: str, left: AttributeValue, right: AttributeValue) -> bool:
    """Whether `left ordering right` holds ("<" "<=" ">" ">="). Values of two types, or of none that is ordered, never.

    Strings order by their UTF-8 bytes, which is the order of code points, which is Python's.
    """
    kind = type_of(left)
    if kind not in ORDERED or kind not in right:
        return False
    if kind == "N":
        return ORDERINGS[ordering](Decimal(left["N"]), Decimal(right["N"]))
    return ORDERINGS[ordering](left[kind], right[kind])
