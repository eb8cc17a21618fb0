"""Ion text read as attribute values.

One idea: one pattern cuts the text into tokens, one function for each kind of value takes them. It may not know files.
"""

import base64
import re
from decimal import Decimal, InvalidOperation
from typing import Any

DEPTH_MAX = 64
SETS = {"$dynamodb_SS": "SS", "$dynamodb_NS": "NS", "$dynamodb_BS": "BS"}
TOKEN = re.compile(
    r"""\s*(?:
      (?P<blob>\{\{[^"}]*\}\}) | (?P<mark>[\[\]{},:]|::)
    | (?P<string>"(?:[^"\\]|\\.)*") | (?P<quoted>'(?:[^'\\]|\\.)*')
    | (?P<number>[+-]?\d[\d_]*(?:\.[\d_]*)?(?:[dDeE][+-]?\d+)?) | (?P<symbol>[A-Za-z_$][A-Za-z0-9_$.]*)
    )""",
    re.VERBOSE,
)
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
WORDS: dict[str, dict[str, Any]] = {"true": {"BOOL": True}, "false": {"BOOL": False}}
VERSION = "$ion_1_0"

Token = tuple[str, str]


class IonError(ValueError):
    """The text is no Ion, or says what no attribute value can be."""


def read(text: str) -> dict[str, Any]:
    """The one value that a text has. Raises IonError."""
    tokens = _tokens(text)
    if tokens and tokens[0] == ("symbol", VERSION):
        tokens = tokens[1:]
    value, place = _value(tokens, 0, 0)
    if place != len(tokens):
        raise IonError(f"more than one value: {tokens[place][1]}")
    return value


def _tokens(text: str) -> list[Token]:
    tokens, place = [], 0
    text = text.rstrip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            raise IonError(f"cannot be read: {text[place : place + 20]}")
        kind = found.lastgroup
        piece = found[kind]
        end = found.end()
        if piece == ":" and text[end : end + 1] == ":":
            piece, end = "::", end + 1
        tokens.append((kind, piece))
        place = end
    return tokens


def _value(tokens: list[Token], place: int, depth: int) -> tuple[dict[str, Any], int]:
    if depth > DEPTH_MAX:
        raise IonError("nested too deep")
    kind, piece = _at(tokens, place)
    if kind in ("symbol", "quoted") and _at(tokens, place + 1, "")[1] == "::":
        return _annotated(_text(kind, piece), *_value(tokens, place + 2, depth + 1))
    if piece == "{":
        return _struct(tokens, place + 1, depth)
    if piece == "[":
        return _list(tokens, place + 1, depth)
    return _scalar(kind, piece), place + 1


def _at(tokens: list[Token], place: int, otherwise: str | None = None) -> Token:
    if place < len(tokens):
        return tokens[place]
    if otherwise is None:
        raise IonError("ends too soon")
    return otherwise, otherwise


def _scalar(kind: str, piece: str) -> dict[str, Any]:
    if kind == "number":
        return {"N": _number(piece)}
    if kind == "blob":
        try:
            return {"B": base64.b64decode(re.sub(r"\s", "", piece[2:-2]), validate=True)}
        except ValueError as fault:
            raise IonError(f"no blob: {piece}") from fault
    if kind == "symbol" and piece.partition(".")[0] == "null":
        return {"NULL": True}
    if kind == "symbol" and piece in WORDS:
        return WORDS[piece]
    if kind == "mark":
        raise IonError(f"no value: {piece}")
    return {"S": _text(kind, piece)}


def _number(piece: str) -> str:
    try:
        return format(Decimal(re.sub("[dD]", "E", piece.replace("_", ""))), "f")
    except InvalidOperation as fault:
        raise IonError(f"no number: {piece}") from fault


def _text(kind: str, piece: str) -> str:
    return piece if kind == "symbol" else ESCAPE.sub(_escaped, piece[1:-1])


def _escaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2] or found[3]
    return chr(int(digits, 16)) if digits else ESCAPES.get(found[4], found[4])


def _struct(tokens: list[Token], place: int, depth: int) -> tuple[dict[str, Any], int]:
    fields: dict[str, Any] = {}
    while _at(tokens, place)[1] != "}":
        kind, piece = _at(tokens, place)
        if kind not in ("symbol", "quoted", "string") or _at(tokens, place + 1)[1] != ":":
            raise IonError(f"no field: {piece}")
        fields[_text(kind, piece)], place = _value(tokens, place + 2, depth + 1)
        place = _behind(tokens, place, "}")
    return {"M": fields}, place + 1


def _list(tokens: list[Token], place: int, depth: int) -> tuple[dict[str, Any], int]:
    members = []
    while _at(tokens, place)[1] != "]":
        member, place = _value(tokens, place, depth + 1)
        members.append(member)
        place = _behind(tokens, place, "]")
    return {"L": members}, place + 1


def _behind(tokens: list[Token], place: int, end: str) -> int:
    """Where the next member begins, or where its holder ends."""
    piece = _at(tokens, place)[1]
    if piece not in (",", end):
        raise IonError(f"expected , or {end}: {piece}")
    return place + 1 if piece == "," else place


def _annotated(name: str, value: dict[str, Any], place: int) -> tuple[dict[str, Any], int]:
    kind = SETS.get(name)
    if kind is None:
        return value, place
    members = value.get("L", [])
    if any(kind[0] not in member for member in members) or "L" not in value:
        raise IonError(f"no set of {kind[0]}")
    return {kind: [member[kind[0]] for member in members]}, place
