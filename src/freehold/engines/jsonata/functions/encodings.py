"""Encodings: base 64 and the escapes of URLs. One idea: what cannot be read is an error, never a guess."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from freehold.engines.jsonata.callables import Function
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.values import UNDEFINED, Json

_PLAIN = "-_.!~*'()"  # what no escape is needed for, beside letters and digits
_RESERVED = ";/?:@&=+$,#"  # what has a meaning of its own in a URL


def base64encode(run: Run, value: Json) -> Json:
    """Base 64 of the string's UTF-8."""
    if value is UNDEFINED:
        return UNDEFINED
    run.spend_text(len(value))
    return base64.b64encode(value.encode("utf-8", "surrogatepass")).decode()


def base64decode(run: Run, value: Json) -> Json:
    if value is UNDEFINED:
        return UNDEFINED
    run.spend_text(len(value))
    try:
        data = base64.b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError) as error:
        raise EvaluationFailed("D3142", message=f"Not base 64: {error}") from error
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _encode(safe: str) -> Callable[[Run, Json], Json]:
    def encode(run: Run, value: Json) -> Json:
        if value is UNDEFINED:
            return UNDEFINED
        run.spend_text(len(value))
        try:
            return quote(value, safe=safe)
        except UnicodeEncodeError as error:
            raise EvaluationFailed("D3140", value=value) from error

    return encode


def _decode(kept: str) -> Callable[[Run, Json], Json]:
    """Without escapes, but those of the characters in `kept`."""
    escapes = {f"%{ord(character):02X}" for character in kept}

    def decode(run: Run, value: Json) -> Json:
        if value is UNDEFINED:
            return UNDEFINED
        run.spend_text(len(value))
        pieces = value.split("%")
        for number, piece in enumerate(pieces[1:], 1):
            if not _is_hex(piece[:2]):
                raise EvaluationFailed("D3140", value=value)
            if f"%{piece[:2].upper()}" in escapes:
                pieces[number] = "25" + piece  # its percent sign is decoded, and the escape stays
        try:
            return unquote_to_bytes("%".join(pieces)).decode()
        except UnicodeDecodeError as error:
            raise EvaluationFailed("D3140", value=value) from error

    return decode


def _is_hex(text: str) -> bool:
    return len(text) == 2 and all(character in "0123456789abcdefABCDEF" for character in text)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "base64encode": Function(base64encode, "<s-:s>"),
    "base64decode": Function(base64decode, "<s-:s>"),
    "encodeUrlComponent": Function(_encode(_PLAIN), "<s-:s>"),
    "encodeUrl": Function(_encode(_PLAIN + _RESERVED), "<s-:s>"),
    "decodeUrlComponent": Function(_decode(""), "<s-:s>"),
    "decodeUrl": Function(_decode(_RESERVED), "<s-:s>"),
}
