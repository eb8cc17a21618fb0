"""JSON values as JSONata sees them, and the few kinds it has beside JSON.

One idea: a sequence is not an array. What a path finds is a Sequence, which is its only item when it has one and
nothing when it has none; an array of the input or of a constructor stays what it is. Knows no expression.
"""

from typing import Any, Final

Json = Any  # None, bool, int, float, str, list of Json, dict of str to Json

EXACT_MAX: Final = 2**53  # above it a double skips integers
DIGITS_MAX: Final = 10**21  # above it JavaScript writes an exponent


class Undefined:
    """The type of UNDEFINED: no value. Not null, which is one."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNDEFINED"

    def __bool__(self) -> bool:
        return False


UNDEFINED: Final = Undefined()


class Sequence(list):
    """What a path found. `keep`: stays an array even with one item, because the expression says `[]`."""

    keep = False


class Wrapped(Sequence):
    """An input that is an array, wrapped so that the first step takes it whole."""


class Constructed(list):
    """An array that a path's own step built: it is not poured into the sequence around it."""

    __slots__ = ()


class Tuples(list):
    """A stream of bindings (dicts of name to value, `@` the item itself) between steps of a path that binds names."""

    __slots__ = ()


LISTS: Final = frozenset((list, Sequence, Wrapped, Constructed, Tuples))


def settle(value: Json) -> Json:
    """What a sequence is as a value: nothing, its only item, or itself."""
    if isinstance(value, Sequence):
        if not value:
            return UNDEFINED
        if len(value) == 1 and not value.keep:
            return value[0]
    return value


def is_number(value: Json) -> bool:
    """Whether the value is a number; true and false are not."""
    return type(value) is int or type(value) is float


def number(value: float) -> int | float:
    """A double as a JSON number: an int where it is whole and JavaScript would write its digits."""
    if value.is_integer() and -DIGITS_MAX < value < DIGITS_MAX:
        return int(value)
    return value


def items_of(value: Json) -> list:
    """The value as an array: itself, or the array of it."""
    return value if isinstance(value, list) else [value]
