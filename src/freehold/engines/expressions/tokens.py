"""The words of an expression, and a cursor over them.

One idea: every expression language of DynamoDB has the same tokens, and a syntax error is the token at which no rule
goes on, shown with its neighbours. It knows no grammar.
"""

import re
from typing import NamedTuple

from freehold.engines.expressions.errors import BadSyntax, EmptyExpression, ExpressionTooDeep, ExpressionTooLong

EXPRESSION_SIZE_MAX = 4096
# AWS bounds the number of operators, not the depth. This bounds recursion, far above what is written by hand.
DEPTH_MAX = 160

WORD, ALIAS, VALUE, NUMBER, SIGN, STRAY, END = "word", "alias", "value", "number", "sign", "stray", "end"

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
    (?P<word>[A-Za-z][A-Za-z0-9_]*)
  | (?P<alias>\#[A-Za-z0-9_]+)
  | (?P<value>:[A-Za-z0-9_]+)
  | (?P<number>[0-9]+(?![A-Za-z0-9_]))
  | (?P<sign><>|<=|>=|[=<>()\[\].,+-])
  | (?P<stray>_|[A-Za-z0-9_]+|[^ \t\r\n])
    )""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A token, its kind, and where it stands in the text."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, the last of kind END."""
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or STRAY
        tokens.append(Token(kind, match[kind], match.start(kind), match.end(kind)))
    tokens.append(Token(END, "<EOF>", len(text), len(text)))
    return tokens


class Cursor:
    """Reads an expression token by token. `kind` is the request parameter it came in, for messages."""

    def __init__(self, kind: str, text: str) -> None:
        """Raises EmptyExpression, or ExpressionTooLong beyond 4 KB."""
        if not text:
            raise EmptyExpression(kind=kind)
        size = len(text.encode(errors="replace"))
        if size > EXPRESSION_SIZE_MAX:
            raise ExpressionTooLong(kind=kind, size=size)
        self.kind = kind
        self._text = text
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

    def take_sign(self, sign: str) -> bool:
        """Moves past `sign` if it is the present token."""
        if self.token.kind != SIGN or self.token.text != sign:
            return False
        self.take()
        return True

    def expect_sign(self, sign: str) -> None:
        """Moves past `sign`; anything else is a syntax error."""
        if not self.take_sign(sign):
            raise self.fault()

    def expect(self, *kinds: str) -> str:
        """The text of the present token, which must be of one of `kinds`."""
        if self.token.kind not in kinds:
            raise self.fault()
        return self.take().text

    def keyword(self) -> str:
        """The present token in capitals if it is a word, else nothing."""
        return self.token.text.upper() if self.token.kind == WORD else ""

    def take_keyword(self, keyword: str) -> bool:
        """Moves past `keyword`, in whatever case, if it is the present token."""
        if self.keyword() != keyword:
            return False
        self.take()
        return True

    def next_is_call(self) -> bool:
        """Whether a word with an opening parenthesis comes."""
        return self.token.kind == WORD and self._tokens[self._at + 1].text == "("

    def descend(self) -> None:
        """One level into something nested. Raises ExpressionTooDeep beyond 160 levels."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise ExpressionTooDeep(kind=self.kind, depth_max=DEPTH_MAX)

    def ascend(self) -> None:
        """One level out again."""
        self._depth -= 1

    def fault(self) -> BadSyntax:
        """A syntax error at the present token, with the text from the token before it to the one after."""
        before = self._tokens[max(self._at - 1, 0)]
        after = self._tokens[min(self._at + 1, len(self._tokens) - 1)]
        return BadSyntax(kind=self.kind, token=self.token.text, near=self._text[before.start : after.end].strip())
