"""Keys: which values may be one, and their encoding into bytes that sort as DynamoDB sorts them.

One idea: within one type, the order of encodings is the order of keys, so every condition on a sort key is one
half-open range of bytes. It knows nothing of expressions or of where keys are kept. A schema is a sequence of (name,
type), the hash key first. Rules: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from freehold.engines.expressions import numbers
from freehold.engines.expressions.errors import (
    EmptyKey,
    EmptyKeyElement,
    HashKeyTooLong,
    KeySchemaMismatch,
    KeyTypeMismatch,
    MissingKey,
    SortKeyTooLong,
    StartKeyInvalid,
    ValidationException,
)
from freehold.engines.expressions.sizes import text_size
from freehold.engines.expressions.values import AttributeValue, Item, type_of

KeySchema = Sequence[tuple[str, str]]

HASH_KEY_MAX = 2048
SORT_KEY_MAX = 1024
PAIRS_MAX = 20  # of a number's digits

_EMPTY_WORDS = {"S": "string", "B": "binary"}
_NEGATIVE, _ZERO, _POSITIVE = b"\x00", b"\x01", b"\x02"
_AFTER_ALL_DIGITS = b"\xff"
_END = b"\x00\x01"  # of a key that others follow; within one, 00 is written 00 FF


def check_item_key(item: Item, schema: KeySchema) -> None:
    """Refuse an item whose key attributes are missing, of another type, empty or too long."""
    for position, (name, expected) in enumerate(schema):
        value = item.get(name)
        if value is None:
            raise MissingKey(name=name)
        if expected not in value:
            raise KeyTypeMismatch(name=name, expected=expected, actual=type_of(value))
        _check_length(name, expected, value, position)


def check_key(key: Item, schema: KeySchema) -> None:
    """Refuse a request's Key that is not exactly the key attributes of the schema."""
    if len(key) != len(schema):
        raise KeySchemaMismatch()
    for position, (name, expected) in enumerate(schema):
        check_key_element(key, name, expected, position)


def check_key_element(key: Item, name: str, expected: str, position: int) -> None:
    """Refuse a Key whose attribute `name`, the `position`-th of the schema, cannot be a key's."""
    if expected not in key.get(name, ()):
        raise KeySchemaMismatch()
    _check_length(name, expected, key[name], position, EmptyKeyElement)


def check_start_element(start: Item, name: str, expected: str, position: int) -> None:
    """As `check_key_element`, of a starting key."""
    if name not in start:
        raise StartKeyInvalid()
    check_key_element(start, name, expected, position)


def check_not_empty(name: str, kind: str, value: AttributeValue, empty: type[ValidationException] = EmptyKey) -> None:
    """Refuse an empty text or no bytes as a value of a key attribute."""
    if kind != "N" and not value[kind]:
        raise empty(name=name, type=_EMPTY_WORDS[kind])


def _check_length(
    name: str, kind: str, value: AttributeValue, position: int, empty: type[ValidationException] = EmptyKey
) -> None:
    if kind == "N":
        return
    length = text_size(value["S"]) if kind == "S" else len(value["B"])
    if not length:
        raise empty(name=name, type=_EMPTY_WORDS[kind])
    if position == 0 and length > HASH_KEY_MAX:
        raise HashKeyTooLong()
    if position > 0 and length > SORT_KEY_MAX:
        raise SortKeyTooLong()


def encode_key(value: AttributeValue) -> bytes:
    """The bytes of an S, N or B value; those of one type compare as the values do."""
    ((kind, content),) = value.items()
    if kind == "S":
        return content.encode()
    return _encode_number(content) if kind == "N" else bytes(content)


def _encode_number(text: str) -> bytes:
    """Sign, exponent, digits in pairs. A negative number is its positive turned over, with an end mark above all
    digits, so that of two with a common beginning the longer, which is the smaller, sorts first."""
    negative, digits, exponent = numbers.parse(text)
    if not digits:
        return _ZERO
    order = exponent - numbers.EXPONENT_MIN
    padded = digits + "0" * (len(digits) % 2)
    pairs = bytes(int(padded[at : at + 2]) for at in range(0, len(padded), 2))
    if negative:
        return _NEGATIVE + bytes([255 - order]) + bytes(99 - pair for pair in pairs) + _AFTER_ALL_DIGITS
    return _POSITIVE + bytes([order]) + pairs


def join_keys(values: Sequence[AttributeValue]) -> bytes:
    """The bytes of several values as one key, the first counting first; of one value its own, of none nothing."""
    if len(values) == 1:
        return encode_key(values[0])
    return b"".join(map(_closed, values[:-1])) + encode_key(values[-1]) if values else b""


def _closed(value: AttributeValue) -> bytes:
    """A value's bytes where others follow: what ends them is less than all that may stand there."""
    return _escaped(encode_key(value)) + _END


def _escaped(key: bytes) -> bytes:
    return key.replace(b"\x00", b"\x00\xff")


class KeyTest(NamedTuple):
    """A condition on one key attribute: "=" "<" "<=" ">" ">=" "begins_with" with one value, "BETWEEN" with two."""

    operator: str
    values: tuple[AttributeValue, ...]


class KeyRange(NamedTuple):
    """The encodings from `low` up to, and without, `high`; None is no upper end. Empty when low >= high."""

    low: bytes
    high: bytes | None


def key_range(test: KeyTest) -> KeyRange:
    """The range of encodings of the keys that pass the test."""
    return _RANGES[test.operator](*map(encode_key, test.values))


def joined_range(before: Sequence[AttributeValue], test: KeyTest | None, more: bool) -> KeyRange:
    """The range of joined keys that begin with the values `before` and then pass the test; `more` if others follow."""
    stem = b"".join(map(_closed, before))
    if test is None:
        return KeyRange(stem, _above_prefix(stem))
    if not more:
        low, high = key_range(test)
        return KeyRange(stem + low, _above_prefix(stem) if high is None else stem + high)
    if test.operator == "begins_with":
        prefix = stem + _escaped(encode_key(test.values[0]))
        return KeyRange(prefix, _above_prefix(prefix))
    return _closed_range(stem, test)


def _closed_range(stem: bytes, test: KeyTest) -> KeyRange:
    """As `joined_range`, where what is tested is closed: all that begins with it is equal to it."""
    first, last = (stem + _closed(value) for value in (test.values[0], test.values[-1]))
    beyond = _above_prefix(first if test.operator == ">" else last)
    low = {"<": stem, "<=": stem, ">": beyond or stem}.get(test.operator, first)
    high = {"<": first, ">": _above_prefix(stem), ">=": _above_prefix(stem)}.get(test.operator, beyond)
    return KeyRange(low, high)


def _after(key: bytes) -> bytes:
    """The least bytes above `key`."""
    return key + b"\x00"


def _above_prefix(prefix: bytes) -> bytes | None:
    """The least bytes above all that begin with `prefix`; None if there are none."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes([stem[-1] + 1]) if stem else None


_RANGES: dict[str, Callable[..., KeyRange]] = {
    "=": lambda key: KeyRange(key, _after(key)),
    "<": lambda key: KeyRange(b"", key),
    "<=": lambda key: KeyRange(b"", _after(key)),
    ">": lambda key: KeyRange(_after(key), None),
    ">=": lambda key: KeyRange(key, None),
    "BETWEEN": lambda lower, upper: KeyRange(lower, _after(upper)),
    "begins_with": lambda prefix: KeyRange(prefix, _above_prefix(prefix)),
}


def scatter(values: Sequence[AttributeValue]) -> bytes:
    """A digest of a hash key, by which AWS orders what it scans: items of one table, whatever they are scanned by,
    come in the order of their digests."""
    digested = _digested(values[0]) if len(values) == 1 else b"".join(map(_digested, values))
    return hashlib.md5(b"Outliers" + digested, usedforsecurity=False).digest()


def _digested(value: AttributeValue) -> bytes:
    ((kind, content),) = value.items()
    return _plain_number(content) if kind == "N" else content.encode() if kind == "S" else content


def _plain_number(text: str) -> bytes:
    """A number as AWS digests it: its power of a hundred, then its digits in pairs, each one higher; a negative one is
    turned over."""
    negative, digits, exponent = numbers.parse(text)
    if not digits:
        return b"\x80"
    odd = (exponent + 1) % 2
    padded = "0" * odd + digits
    padded += "0" * (len(padded) % 2)
    pairs = [int(padded[at : at + 2]) for at in range(0, len(padded), 2)]
    power = (exponent + 1 + odd) // 2 - 64
    if not negative:
        return bytes([power & 255, *(pair + 1 for pair in pairs)])
    end = [102] if len(pairs) < PAIRS_MAX else []
    return bytes([~power & 255, *(101 - pair for pair in pairs), *end])
