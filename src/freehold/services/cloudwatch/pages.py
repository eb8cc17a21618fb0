"""Pages of lists: a token says where to go on. It may not know what is listed."""

import base64
import binascii
from typing import Any, TypeVar

import msgspec

from freehold.services.cloudwatch.errors import InvalidNextToken

T = TypeVar("T")


def write_token(place: Any) -> str:
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(place)).decode()


def read_token(token: str, kind: type[T]) -> T:
    """What a token says. Raises InvalidNextToken."""
    try:
        return msgspec.msgpack.decode(base64.b64decode(token, b"-_", validate=True), type=kind)
    except (binascii.Error, ValueError, msgspec.DecodeError) as fault:
        raise InvalidNextToken() from fault
