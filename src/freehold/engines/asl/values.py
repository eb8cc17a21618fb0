"""Payloads as text and as values. The one idea: JSON goes in and out unchanged, integers of any size included.

Knows the size limit of a payload, and nothing of states.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Final

import msgspec

from freehold.engines.jsonpath import Json

SIZE_MAX: Final = 262_144  # bytes of UTF-8: any input, output, result or set of variables

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder()
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def read(text: str) -> Json:
    """The value of a JSON text. Raises msgspec.DecodeError."""
    return _decoder.decode(text)


def write(value: Json) -> str:
    """The JSON text of a value, as short as can be."""
    return _encoder.encode(value).decode()


def oversize(text: str) -> bool:
    """Whether a payload is larger than Step Functions carries."""
    return len(text) > SIZE_MAX or (len(text) > SIZE_MAX // 4 and len(text.encode()) > SIZE_MAX)


@lru_cache(maxsize=1024)
def moment(text: str) -> float | None:
    """The epoch seconds of an RFC 3339 timestamp with an offset, or None if the text is no such thing."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).timestamp()
    except ValueError:
        return None
