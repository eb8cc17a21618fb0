"""The words of a statement, and a cursor over them.

One idea: what a token is can be told from its first character. It knows no grammar.
"""

import re
from typing import NamedTuple

from freehold.engines.partiql.errors import (
    StatementTooLong,
    StrayCharacter,
    TooDeep,
    UnexpectedEnd,
    UnexpectedToken,
)

STATEMENT_MAX = 8_192
DEPTH_MAX = 100

WORD, QUOTED, TEXT, NUMBER, SIGN, END = "word", "quoted", "text", "number", "sign", "end"

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<word>[A-Za-z_$@][A-Za-z0-9_$@]*)
  | (?P<quoted>"(?:[^"]|"")+")
  | (?P<text>'(?:[^']|'')*')
  | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<sign><<|>>|<>|!=|<=|>=|[=<>()\[\]{},.:;?*+-])
  | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
QUOTES = {QUOTED: '"', TEXT: "'"}


class Token(NamedTuple):
    """A token: of words and texts what they say, without quotes; `start` in characters from the statement's begin."""

    kind: str
    text: str
    start: int


def tokenize(text: str) -> list[Token]:
    """The tokens of a statement, the last of kind END. Raises ValidationException."""
    if len(text) > STATEMENT_MAX:
        raise StatementTooLong(most=STATEMENT_MAX)
    tokens: list[Token] = []
    at = 0
    while not tokens or tokens[-1].kind != END:
        match = _TOKEN.match(text, at)
        if match is None:
            raise StrayCharacter(position=len(text) - len(text[at:].lstrip()))
        kind, at = match.lastgroup or END, match.end()
        shown, quote = match[kind], QUOTES.get(kind)
        tokens.append(Token(kind, shown[1:-1].replace(quote * 2, quote) if quote else shown, match.start(kind)))
    return tokens


class Cursor:
    """Reads a statement token by token."""

    def __init__(self, text: str) -> None:
        self._tokens = tokenize(text)
        self._at = 0
        self._depth = 0
        self.token = self._tokens[0]

    def take(self) -> Token:
        """The present token; the cursor moves on."""
        token = self.token
        self._at = min(self._at + 1, len(self._tokens) - 1)
        self.token = self._tokens[self._at]
        return token

    def sees(self, sign: str) -> bool:
        """Whether `sign` is the present token."""
        return self.token.kind == SIGN and self.token.text == sign

    def keyword(self, ahead: int = 0) -> str:
        """The present token, or one further on, in capitals if it is a bare word; else nothing."""
        token = self._tokens[min(self._at + ahead, len(self._tokens) - 1)]
        return token.text.upper() if token.kind == WORD else ""

    def calls(self) -> bool:
        """Whether a bare word with an opening parenthesis comes."""
        following = self._tokens[min(self._at + 1, len(self._tokens) - 1)]
        return self.token.kind == WORD and (following.kind, following.text) == (SIGN, "(")

    def take_sign(self, *signs: str) -> str:
        """Moves past the present token if it is one of `signs`; which one it was, or nothing."""
        if self.token.kind == SIGN and self.token.text in signs:
            return self.take().text
        return ""

    def take_words(self, *words: str) -> bool:
        """Moves past these keywords if they come, all of them."""
        if any(self.keyword(ahead) != word for ahead, word in enumerate(words)):
            return False
        for _ in words:
            self.take()
        return True

    def expect_sign(self, sign: str) -> None:
        if not self.take_sign(sign):
            raise self.fault()

    def expect_words(self, *words: str) -> None:
        if not self.take_words(*words):
            raise self.fault()

    def descend(self) -> None:
        """One level into something nested. Raises TooDeep."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise TooDeep(most=DEPTH_MAX)

    def ascend(self) -> None:
        """One level out again."""
        self._depth -= 1

    def fault(self) -> UnexpectedToken | UnexpectedEnd:
        """The refusal of the present token."""
        if self.token.kind == END:
            return UnexpectedEnd()
        return UnexpectedToken(token=self.token.text, position=self.token.start)
