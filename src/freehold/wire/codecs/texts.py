"""Scalars as text: in paths, query strings, headers, forms and XML.

One idea: a table from a shape's type to the two functions that read and write it. Times are seconds since the epoch
inside and one of three formats outside. Readers raise ValueError; the protocol has its own name for that.
Formats: Smithy 2.0, "Serialization and Protocol traits", timestampFormat.
"""

import binascii
import math
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache

import orjson

from freehold.wire.models import Member

Seconds = int | float
BOOLEANS = {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}
INTEGER = re.compile(r"[+-]?\d{1,20}", re.ASCII)
YEAR_1, YEAR_10_000 = -62_135_596_800, 253_402_300_800  # in seconds
NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def seconds(value: float) -> Seconds:
    """A time without a needless fraction."""
    return int(value) if value == int(value) else value


def read_integer(text: str) -> int:
    """An integer, of digits that no machine word has more of."""
    if len(text) < 20 and text.isdigit() and text.isascii():
        return int(text)
    if not INTEGER.fullmatch(text.strip()):
        raise ValueError(f"{text} is not an integer")
    return int(text)


def read_time(text: str) -> Seconds:
    """Seconds since the epoch from ISO 8601, an HTTP date, or a number; of years that can be written."""
    try:
        moment = _time(text.strip())
        if YEAR_1 <= moment < YEAR_10_000:
            return moment
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"{text} is not a time")


def _time(text: str) -> Seconds:
    if text[:1].isalpha():
        return seconds(parsedate_to_datetime(text).timestamp())
    if "T" in text or text.count("-") == 2:
        moment = datetime.fromisoformat(text)
        return seconds((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    return seconds(float(text))


def iso8601(value: Seconds) -> str:
    """2026-01-31T23:59:59Z, with milliseconds if there are any."""
    if isinstance(value, int):
        return f"{_second(value)}Z"
    whole, thousandths = divmod(round(value * 1000), 1000)
    return f"{_second(whole)}.{thousandths:03}Z" if thousandths else f"{_second(whole)}Z"


@lru_cache(maxsize=4_096)
def _second(whole: int) -> str:
    return datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")


def iso8601_ms(value: Seconds) -> str:
    """2026-01-31T23:59:59.000Z, always with milliseconds."""
    if isinstance(value, int):
        return f"{_second(value)}.000Z"
    text = iso8601(value)
    return text if "." in text else f"{text[:-1]}.000Z"


def http_date(value: Seconds) -> str:
    """Sat, 31 Jan 2026 23:59:59 GMT."""
    return _date(math.floor(value))


@lru_cache(maxsize=4_096)
def _date(whole: int) -> str:
    return formatdate(whole, usegmt=True)


def unix(value: Seconds) -> str:
    """Seconds, with milliseconds if there are any."""
    return str(seconds(round(value, 3)))


TIMES: dict[str, Callable[[Seconds], str]] = {
    "iso8601": iso8601, "milliseconds": iso8601_ms, "rfc822": http_date, "unixTimestamp": unix,
}  # fmt: skip


def read_bytes(text: str) -> bytes:
    """Bytes from base64; ValueError unless it is whole."""
    return binascii.a2b_base64("".join(text.split()).encode(), strict_mode=True)


def write_bytes(value: bytes | str) -> str:
    """Base64; text counts as its UTF-8 bytes."""
    return b64encode(value.encode() if isinstance(value, str) else value).decode()


def read_float(text: str) -> float:
    """A double, NaN and the infinities included."""
    return NOT_FINITE[text] if text in NOT_FINITE else float(text)


def write_float(value: float) -> str:
    """A double as text: 1, 1.5, NaN, -Infinity."""
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def read_boolean(text: str) -> bool:
    """true or false."""
    if text not in BOOLEANS:
        raise ValueError(f"{text} is not a boolean")
    return BOOLEANS[text]


def write_boolean(value: bool) -> str:
    """true or false."""
    return "true" if value else "false"


READERS: dict[str, Callable] = {
    "string": str,
    "character": str,
    "boolean": read_boolean,
    "integer": read_integer,
    "long": read_integer,
    "float": read_float,
    "double": read_float,
    "blob": read_bytes,
    "timestamp": read_time,
}
WRITERS: dict[str, Callable] = {
    "string": str,
    "character": str,
    "boolean": write_boolean,
    "integer": str,
    "long": str,
    "float": write_float,
    "double": write_float,
    "blob": write_bytes,
}


def reader(use: Member) -> Callable:
    """From text to the value of a scalar shape."""
    if use.jsonvalue:
        return lambda text: orjson.loads(read_bytes(text) if use.location == "header" else text)
    return READERS[use.target.type]


def writer(use: Member, time_format: str) -> Callable:
    """From a scalar shape's value to text; `time_format` holds where the model names none."""
    if use.jsonvalue:
        return lambda value: (
            write_bytes(orjson.dumps(value)) if use.location == "header" else orjson.dumps(value).decode()
        )
    if use.target.type == "timestamp":
        return TIMES[use.timestamp_format or time_format]
    return WRITERS[use.target.type]
