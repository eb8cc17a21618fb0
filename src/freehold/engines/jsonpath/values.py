"""JSON values and how they compare. The one idea: JSON has types that Python blurs (true is not 1). Knows no paths."""

from typing import Any, Final

Json = Any  # None, bool, int, float, str, list of Json, dict of str to Json


class Missing:
    """The type of MISSING: what a path that leads nowhere finds. Not null, which is a value."""

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing()


def is_number(value: Json) -> bool:
    """Whether the value is a JSON number; true and false are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same(left: Json, right: Json) -> bool:
    """Whether two JSON values are equal, to any depth: 1 is 1.0, true is not 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def ordered(left: Json, right: Json) -> bool:
    """Whether less and greater mean something between the two: both numbers, or both strings."""
    return (is_number(left) and is_number(right)) or (isinstance(left, str) and isinstance(right, str))
