"""JSON token by token, and what is wrong with it, in the words of the parser that AWS's services use.

One idea: a text becomes tokens that know how far a reader has come with them; a text that is no JSON ends with the word
for it. It may not know patterns.
"""

import re
from typing import NamedTuple

from freehold.engines.jackson import (
    ANY_VALUE,
    COLON_WANTED,
    COMMA_WANTED,
    NAME_WANTED,
    UNEXPECTED,
    UNKNOWN_WORD,
    VALUE_WANTED,
    standing,
)

SPACE = re.compile(r"[ \t\r\n]*")
STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
WORD = re.compile(r"[A-Za-z0-9_$]+")
LITERALS = ("true", "false", "null")


class Token(NamedTuple):
    """A token. `kind` is its first character, "n" for numbers, "w" for true, false and null, or "k" for a name. `path`
    are the brackets open around it and `names` the names of the objects on the way."""

    kind: str
    start: int
    end: int
    path: str
    names: tuple[str, ...]


class NoJson(ValueError):
    """Why a text is no JSON, and how many of its characters had been read. `words` are empty where it just ends."""

    def __init__(self, words: str, at: int):
        super().__init__(words)
        self.words, self.at = words, at


def tokens(text: str) -> list[Token]:
    """The tokens of a JSON text. Raises NoJson."""
    found: list[Token] = []
    names: list[str] = []
    path, wants = "", "value"
    at = _skip(text, 0)
    while path or wants == "value":
        char = text[at : at + 1]
        if not char:
            raise NoJson("", at)
        if wants in ("name", "first name") and char == '"':
            token = _string(text, at)._replace(kind="k", path=path, names=tuple(names))
            names[-1], wants = text[token.start + 1 : token.end - 1], "value"
            found.append(token)
            at = _after_colon(text, token.end)
            continue
        if path and char == {"[": "]", "{": "}"}[path[-1]] and wants in ("comma", "first name", "first value"):
            path = path[:-1]
            names.pop()
            token = Token(char, at, at + 1, path, tuple(names))
        elif wants == "comma":
            if char != ",":
                raise _unexpected(char, at, COMMA_WANTED.format(what="Array" if path[-1] == "[" else "Object"))
            at, wants = _skip(text, at + 1), "value" if path[-1] == "[" else "name"
            continue
        elif wants in ("name", "first name"):
            raise _unexpected(char, at, NAME_WANTED)
        else:
            token = _value(text, at)._replace(path=path, names=tuple(names))
        found.append(token)
        at = _skip(text, token.end)
        wants = "comma"
        if token.kind in "[{":
            path += token.kind
            names.append("")
            wants = "first value" if token.kind == "[" else "first name"
    return found


def _skip(text: str, at: int) -> int:
    space = SPACE.match(text, at)
    return space.end() if space else at


def _string(text: str, at: int) -> Token:
    string = STRING.match(text, at)
    if not string:
        raise NoJson("", len(text))
    return Token('"', at, string.end(), "", ())


def _after_colon(text: str, at: int) -> int:
    at = _skip(text, at)
    if text[at : at + 1] != ":":
        raise _unexpected(text[at : at + 1], at, COLON_WANTED) if text[at:] else NoJson("", at)
    return _skip(text, at + 1)


def _value(text: str, at: int) -> Token:
    char = text[at]
    if char in "[{":
        return Token(char, at, at + 1, "", ())
    if char == '"':
        return _string(text, at)
    number, word = NUMBER.match(text, at), WORD.match(text, at)
    if number:
        return Token("n", at, number.end(), "", ())
    if word and word[0] in LITERALS:
        return Token("w", at, word.end(), "", ())
    if word:
        raise NoJson(UNKNOWN_WORD.format(word=word[0], values=ANY_VALUE), word.end())
    raise _unexpected(char, at, VALUE_WANTED)


def _unexpected(char: str, at: int, wanted: str) -> NoJson:
    return NoJson(UNEXPECTED.format(char=char, code=ord(char or " "), wanted=wanted), at)


def place(text: str, read: int) -> str:
    """Where a reader stands after so many characters, as the parser tells it."""
    return f"\n at {standing(text, read)}"
