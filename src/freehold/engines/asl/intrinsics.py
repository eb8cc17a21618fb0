"""The 18 intrinsic functions, as one table.

One idea: a function takes JSON values and answers one, or says in words why it cannot. Chance comes in as a value.
Limits follow docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html. It knows neither paths nor states.
"""

import base64
import hashlib
import math
import re
from collections.abc import Callable
from typing import NamedTuple, Protocol

import msgspec

from freehold.engines.jsonpath import Json, same

from . import values

TEXT_MAX = 10_000  # characters that Base64*, Hash take
RANGE_MAX = 1_000  # elements that ArrayRange makes
INT_MAX = 2_147_483_647
NESTING_MAX = 10

PLACE = re.compile(r"\\([{}\\'])|\{\}")


class Chance(Protocol):
    """Where random numbers come from."""

    def random(self) -> float:
        """A number from 0 up to, not including, 1."""

    def uuid(self) -> str:
        """A version 4 UUID."""


class BadArgument(Exception):
    """An argument that the function does not take; the text says why."""


def need(holds: bool, why: str) -> None:
    """Refuse the arguments unless the condition holds."""
    if not holds:
        raise BadArgument(why)


def _array(value: Json) -> list[Json]:
    need(isinstance(value, list), f"expected an array but was: {values.write(value)}")
    return value


def _string(value: Json) -> str:
    need(isinstance(value, str), f"expected a string but was: {values.write(value)}")
    return value


def _short(value: Json) -> str:
    need(len(_string(value)) <= TEXT_MAX, f"the string has more than {TEXT_MAX} characters")
    return value


def _whole(value: Json) -> int:
    """A number rounded to the nearest integer, a half towards the greater one."""
    need(isinstance(value, (int, float)) and not isinstance(value, bool), f"not a number: {values.write(value)}")
    return value if isinstance(value, int) else math.floor(value + 0.5)


def _int32(value: Json) -> int:
    whole = _whole(value)
    need(-INT_MAX - 1 <= whole <= INT_MAX, f"{whole} is not between {-INT_MAX - 1} and {INT_MAX}")
    return whole


def array(_: Chance, *items: Json) -> Json:
    """The arguments as an array."""
    return list(items)


def array_partition(_: Chance, items: Json, size: Json) -> Json:
    """Chunks of at most `size` elements."""
    need(isinstance(size, (int, float)) and not isinstance(size, bool) and size >= 1, "the size must be at least 1")
    step = int(size)
    return [_array(items)[at : at + step] for at in range(0, len(_array(items)), step)]


def array_contains(_: Chance, items: Json, wanted: Json) -> Json:
    """Whether an equal value is in the array."""
    return any(same(item, wanted) for item in _array(items))


def array_range(_: Chance, first: Json, last: Json, step: Json) -> Json:
    """The numbers from first to last, both included."""
    start, end, by = _whole(first), _whole(last), _whole(step)
    need(by != 0, "the step must not be 0")
    numbers = range(start, end + (1 if by > 0 else -1), by)
    need(len(numbers) <= RANGE_MAX, f"the array would have more than {RANGE_MAX} elements")
    return list(numbers)


def array_get_item(_: Chance, items: Json, index: Json) -> Json:
    """The element at an index, counted from 0."""
    at = _whole(index)
    need(0 <= at < len(_array(items)), f"the index {at} is out of range")
    return items[at]


def array_length(_: Chance, items: Json) -> Json:
    """How many elements the array has."""
    return len(_array(items))


def array_unique(_: Chance, items: Json) -> Json:
    """The array without repetitions; what came first stays."""
    kept: list[Json] = []
    for item in _array(items):
        if not any(same(item, earlier) for earlier in kept):
            kept.append(item)
    return kept


def base64_encode(_: Chance, text: Json) -> Json:
    """MIME Base64 of a string's UTF-8."""
    return base64.b64encode(_short(text).encode()).decode()


def base64_decode(_: Chance, text: Json) -> Json:
    """The string whose Base64 this is."""
    try:
        return base64.b64decode(_short(text), validate=True).decode()
    except ValueError as wrong:  # no base64, or no UTF-8
        raise BadArgument("the string is not Base64 of a text") from wrong


ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def digest(_: Chance, data: Json, algorithm: Json) -> Json:
    """The hexadecimal hash of a string, or of the JSON of anything else."""
    need(isinstance(algorithm, str) and algorithm in ALGORITHMS, f"the algorithm must be one of {list(ALGORITHMS)}")
    text = _short(data if isinstance(data, str) else values.write(data))
    return hashlib.new(ALGORITHMS[algorithm], text.encode(), usedforsecurity=False).hexdigest()


def json_merge(_: Chance, first: Json, second: Json, deep: Json) -> Json:
    """Both objects in one; where both have a key, the second's value stands. Only shallow merging exists."""
    need(deep is False, "the third argument must be false: deep merging is not supported")
    need(isinstance(first, dict) and isinstance(second, dict), "both values must be JSON objects")
    return {**first, **second}


def string_to_json(_: Chance, text: Json) -> Json:
    """The value that a JSON text stands for; null for a blank text."""
    try:
        return values.read(text) if _string(text).strip() else None
    except msgspec.DecodeError as wrong:
        raise BadArgument(f"not a JSON document: {text}") from wrong


def json_to_string(_: Chance, value: Json) -> Json:
    """The JSON text of a value."""
    return values.write(value)


def math_random(chance: Chance, start: Json, end: Json, seed: Json = None) -> Json:
    """An integer from start up to, not including, end; always the same one for the same seed."""
    low, high = _int32(start), _int32(end)
    need(low < high, "the start number must be less than the end number")
    if seed is None:
        return low + int(chance.random() * (high - low))
    seeded = hashlib.sha256(f"{_whole(seed)}".encode()).digest()
    return low + int.from_bytes(seeded[:8]) % (high - low)


def math_add(_: Chance, first: Json, second: Json) -> Json:
    """The sum of two integers."""
    return _int32(_int32(first) + _int32(second))


def string_split(_: Chance, text: Json, delimiters: Json) -> Json:
    """The non-empty parts between any of the delimiting characters."""
    need(bool(_string(delimiters)), "the delimiter must not be empty")
    return [part for part in re.split("[" + re.escape(delimiters) + "]", _string(text)) if part]


def uuid(chance: Chance) -> Json:
    """A version 4 UUID."""
    return chance.uuid()


def string_format(_: Chance, template: Json, *items: Json) -> Json:
    """The template with each {} replaced by the next argument."""
    places = sum(1 for place in PLACE.finditer(_string(template)) if not place.group(1))
    need(places == len(items), f"the number of arguments ({len(items)}) does not match the occurrences of {{}}")
    rest = iter(items)
    return PLACE.sub(lambda place: place.group(1) or _shown(next(rest)), template)


def _shown(value: Json) -> str:
    """A value as Format writes it: a string bare, an object as {key=value}."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_shown(item)}" for key, item in value.items()) + "}"
    return values.write(value)


class Intrinsic(NamedTuple):
    """A function and how many arguments it takes."""

    call: Callable[..., Json]
    least: int
    most: float


INTRINSICS: dict[str, Intrinsic] = {
    "States.Array": Intrinsic(array, 0, math.inf),
    "States.ArrayContains": Intrinsic(array_contains, 2, 2),
    "States.ArrayGetItem": Intrinsic(array_get_item, 2, 2),
    "States.ArrayLength": Intrinsic(array_length, 1, 1),
    "States.ArrayPartition": Intrinsic(array_partition, 2, 2),
    "States.ArrayRange": Intrinsic(array_range, 3, 3),
    "States.ArrayUnique": Intrinsic(array_unique, 1, 1),
    "States.Base64Decode": Intrinsic(base64_decode, 1, 1),
    "States.Base64Encode": Intrinsic(base64_encode, 1, 1),
    "States.Format": Intrinsic(string_format, 1, math.inf),
    "States.Hash": Intrinsic(digest, 2, 2),
    "States.JsonMerge": Intrinsic(json_merge, 3, 3),
    "States.JsonToString": Intrinsic(json_to_string, 1, 1),
    "States.MathAdd": Intrinsic(math_add, 2, 2),
    "States.MathRandom": Intrinsic(math_random, 2, 3),
    "States.StringSplit": Intrinsic(string_split, 2, 2),
    "States.StringToJson": Intrinsic(string_to_json, 1, 1),
    "States.UUID": Intrinsic(uuid, 0, 0),
}
