"""Tokens: the words of an expression, one at a time.

One idea: a slash is a division after an operand and opens a regular expression elsewhere, so the parser says where it
stands when it asks for the next token. Knows no grammar beyond that.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from freehold.engines.jsonata.errors import InvalidExpression
from freehold.engines.jsonata.values import number

POWERS: Final[dict[str, int]] = {
    ".": 75, "[": 80, "]": 0, "{": 70, "}": 0, "(": 80, ")": 0, ",": 0, "@": 80, "#": 80, ";": 0, ":": 0, "?": 20,
    "+": 50, "-": 50, "*": 60, "/": 60, "%": 60, "|": 0, "=": 40, "<": 40, ">": 40, "^": 40, "**": 0, "..": 0,
    ":=": 10, "!=": 40, "<=": 40, ">=": 40, "~>": 40, "?:": 40, "??": 40, "and": 30, "or": 25, "in": 40, "&": 50,
}  # fmt: skip
"""Every operator with how strongly it binds to the left; 0 where it cannot follow an operand."""

_PAIRS: Final = ("..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??")
_SINGLES: Final = frozenset(".[]{}(),@#;:?+-*/%|=<>^&!~")
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}
_ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

_SPACE = re.compile(r"[ \t\n\r\v]*")
_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?([Ee][-+]?[0-9]+)?")
_NAME = re.compile(r"[^ \t\n\r\v.\[\]{}(),@#;:?+\-*/%|=<>^&!~]*")
_STRING = {quote: re.compile(rf"[^\\{quote}]*") for quote in "\"'"}
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class Token:
    """`kind`: name, variable, operator, string, number, value (true, false, null), regex (pattern, flags) or end."""

    kind: str
    value: Any
    position: int


class Tokens:
    """The tokens of a text."""

    def __init__(self, text: str):
        self.text = text
        self.position = 0

    def next(self, operand_before: bool) -> Token:
        """The next token; at the end of the text, always one more of kind end."""
        self._skip()
        text, start = self.text, self.position
        if start >= len(text):
            return Token("end", "(end)", len(text))
        character = text[start]
        if character == "/" and not operand_before:
            return self._regex()
        if character in _SINGLES:
            operator = text[start : start + 2]
            if operator not in _PAIRS:
                operator = character
            self.position += len(operator)
            return Token("operator", operator, start)
        if character in "\"'":
            return self._string(character)
        if character == "`":
            return self._quoted_name()
        if found := _NUMBER.match(text, start):
            return self._number(found)
        return self._word()

    def _skip(self) -> None:
        while True:
            self.position = _SPACE.match(self.text, self.position).end()  # type: ignore[union-attr]  # matches nothing too
            if not self.text.startswith("/*", self.position):
                return
            end = self.text.find("*/", self.position + 2)
            if end < 0:
                raise InvalidExpression("S0106", self.position)
            self.position = end + 2

    def _word(self) -> Token:
        start = self.position
        end = _NAME.match(self.text, start).end()  # type: ignore[union-attr]  # matches nothing too
        word = self.text[start:end]
        self.position = end
        if word.startswith("$"):
            return Token("variable", word[1:], start)
        if word in POWERS:
            return Token("operator", word, start)
        if word in _WORDS:
            return Token("value", _WORDS[word], start)
        return Token("name", word, start)

    def _number(self, found: re.Match[str]) -> Token:
        value = float(found[0])
        if value in (float("inf"), float("-inf")):
            raise InvalidExpression("S0102", self.position, token=found[0])
        self.position = found.end()
        return Token("number", number(value), found.start())

    def _quoted_name(self) -> Token:
        start = self.position
        end = self.text.find("`", start + 1)
        if end < 0:
            raise InvalidExpression("S0105", len(self.text))
        self.position = end + 1
        return Token("name", self.text[start + 1 : end], start)

    def _string(self, quote: str) -> Token:
        text, start = self.text, self.position
        parts: list[str] = []
        position = start + 1
        while True:
            plain = _STRING[quote].match(text, position)
            assert plain is not None  # it matches the empty string
            parts.append(plain[0])
            position = plain.end()
            if position >= len(text):
                raise InvalidExpression("S0101", position)
            if text[position] == quote:
                self.position = position + 1
                return Token("string", _paired("".join(parts)), start)
            character, position = self._escape(position + 1)
            parts.append(character)

    def _escape(self, position: int) -> tuple[str, int]:
        """The character of an escape sequence, whose letter stands at `position`, and where the text goes on."""
        letter = self.text[position : position + 1]
        if letter in _ESCAPES:
            return _ESCAPES[letter], position + 1
        if letter != "u":
            raise InvalidExpression("S0103", position, token=letter)
        digits = _HEX.match(self.text, position + 1)
        if digits is None:
            raise InvalidExpression("S0104", position)
        return chr(int(digits[0], 16)), position + 5

    def _regex(self) -> Token:
        """A regular expression up to the slash that closes it: the first outside brackets and not escaped."""
        text, start = self.text, self.position
        depth, position, escaped = 0, start + 1, False
        while position < len(text):
            character = text[position]
            if character == "/" and depth == 0 and not escaped:
                break
            if not escaped:
                depth += (character in "([{") - (character in ")]}")
            escaped = character == "\\" and not escaped
            position += 1
        else:
            raise InvalidExpression("S0302", position)
        if position == start + 1:
            raise InvalidExpression("S0301", position)
        end = position + 1
        while text[end : end + 1] in ("i", "m"):
            end += 1
        self.position = end
        return Token("regex", (text[start + 1 : position], text[position + 1 : end]), start)


def _paired(text: str) -> str:
    """The text with pairs of surrogates, as escape sequences write them, made one character."""
    if _SURROGATES.search(text):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return text
