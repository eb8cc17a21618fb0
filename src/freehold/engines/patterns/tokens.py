"""The tokens of a JSON text, each with how far a reader has come with it. They may not know patterns."""

import re
from typing import NamedTuple

STRING = r'"(?:[^"\\]|\\.)*"'
TOKEN = re.compile(rf"(?P<name>{STRING})(?=\s*:)|{STRING}|[\[\]{{}}]|[^\s\[\]{{}},:\"]+")


class Token(NamedTuple):
    """A token. `kind` is its first character, or "k" for a name. `path` are the brackets open around it and `names` the
    names of the objects on the way."""

    kind: str
    start: int
    end: int
    path: str
    names: tuple[str, ...]


def tokens(text: str) -> list[Token]:
    """The tokens of a text that is JSON."""
    found: list[Token] = []
    names: list[str] = []
    path = ""
    for match in TOKEN.finditer(text):
        kind = "k" if match["name"] else match[0][0]
        if kind in "]}":
            path = path[:-1]
            names.pop()
        found.append(Token(kind, match.start(), match.end(), path, tuple(names)))
        if kind == "k":
            names[-1] = match[0][1:-1]
        elif kind in "[{":
            path += kind
            names.append("")
    return found
