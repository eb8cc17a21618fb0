"""Space-delimited patterns: `[host, user, ..., status = 4*, bytes > 1000]`.

One idea: a message is a row, each column a test of one field; `...` stands for any number of columns. It may not know
JSON.
"""

import re
from typing import Any

from freehold.engines.filters.conditions import NUMBER, Reader, Test, Token, comparison, tokens
from freehold.engines.filters.errors import InvalidFilterPattern

FIELD = re.compile(r'\[([^\]]*)\]|"([^"]*)"|(\S+)')
ELLIPSIS = [Token("word", "...")]
COMMA = Token("mark", ",")


def compile_columns(text: str) -> Test[str]:
    """A test of messages whose fields stand between spaces, quotes or brackets. Raises InvalidFilterPattern."""
    columns = _split(tokens(text))
    open_at = next((at for at, column in enumerate(columns) if column == ELLIPSIS), None)
    if open_at is None:
        first, last = [_column(column) for column in columns], []
    else:
        first = [_column(column) for column in columns[:open_at]]
        last = [_column(column) for column in columns[open_at + 1 :]]
    least = len(first) + len(last)

    def matches(message: str) -> bool:
        fields = [bracketed or quoted or plain for bracketed, quoted, plain in FIELD.findall(message)]
        if len(fields) < least or (open_at is None and len(fields) != least):
            return False
        end = fields[len(fields) - len(last) :]
        return all(test(field) for test, field in zip((*first, *last), (*fields[: len(first)], *end), strict=True))

    return matches


def _split(pieces: list[Token]) -> list[list[Token]]:
    columns: list[list[Token]] = [[]]
    for piece in pieces:
        if piece == COMMA:
            columns.append([])
        else:
            columns[-1].append(piece)
    return columns


def _column(pieces: list[Token]) -> Test[str]:
    """The test of one column: a name and conditions on it; without conditions, anything."""
    if pieces == ELLIPSIS:
        raise InvalidFilterPattern()
    if not pieces or (len(pieces) == 1 and pieces[0].kind == "word"):
        return lambda field: True
    names: set[str] = set()

    def read_condition(reader: Reader) -> Test[str]:
        names.add(reader.take("word"))
        sign, literal = reader.take("operator"), reader.peek()
        reader.take(literal.kind)
        test = comparison(sign, literal)
        return (lambda field: test(_number(field))) if _is_size(literal) else test

    holds = Reader(pieces, read_condition).read()
    if len(names) > 1:
        raise InvalidFilterPattern()
    return holds


def _is_size(literal: Token) -> bool:
    return literal.kind == "word" and NUMBER.fullmatch(literal.text) is not None


def _number(field: str) -> Any:
    """A field's number, or the field itself if it is none."""
    return float(field) if NUMBER.fullmatch(field) else field
