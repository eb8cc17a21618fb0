"""How large an item is, and how many capacity units reading or writing it takes.

One idea: sizes are bytes counted as DynamoDB counts them, units are sizes divided and rounded up. It knows nothing of
tables or prices. Rules: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from collections.abc import Callable
from typing import Any

from freehold.engines.expressions import numbers
from freehold.engines.expressions.values import AttributeValue, Item

ITEM_SIZE_MAX = 400 * 1024
READ_UNIT = 4 * 1024
WRITE_UNIT = 1024

_CONTAINER = 3  # What a list or a map costs, however empty.
_ELEMENT = 1  # What each of its elements costs on top of its own bytes.


def item_size(item: Item) -> int:
    """Bytes of an item: of its attribute names, in UTF-8, and of their values."""
    size = 0
    for name, value in item.items():
        ((kind, content),) = value.items()
        size += (len(name) if name.isascii() else len(name.encode())) + _SIZES[kind](content)
    return size


def text_size(text: str) -> int:
    """Bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode())


def _list_size(elements: list[AttributeValue]) -> int:
    size = _CONTAINER + _ELEMENT * len(elements)
    for element in elements:
        ((kind, content),) = element.items()
        size += _SIZES[kind](content)
    return size


def _map_size(entries: Item) -> int:
    return _CONTAINER + _ELEMENT * len(entries) + item_size(entries)


_SIZES: dict[str, Callable[[Any], int]] = {
    "S": text_size,
    "N": numbers.size,
    "B": len,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "SS": lambda members: sum(map(text_size, members)),
    "NS": lambda members: sum(map(numbers.size, members)),
    "BS": lambda members: sum(map(len, members)),
    "L": _list_size,
    "M": _map_size,
}


def read_units(size: int, *, consistent: bool, transactional: bool = False) -> float:
    """Read units of `size` bytes (of one item, or of all a query read): whole 4 KB, at least one; half if eventual."""
    blocks = max(1, -(-size // READ_UNIT))
    if transactional:
        return 2.0 * blocks
    return float(blocks) if consistent else blocks / 2


def write_units(size: int, *, transactional: bool = False) -> float:
    """Write units of `size` bytes (the larger of the item before and after): whole 1 KB, at least one."""
    blocks = max(1, -(-size // WRITE_UNIT))
    return float(2 * blocks if transactional else blocks)
