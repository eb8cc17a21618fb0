"""The scanner: which identifiers stand where in a text.

One idea: patterns propose, keywords and checks dispose. It may not know what an identifier means.
"""

import importlib
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from freehold.engines.pii import keywords
from freehold.engines.pii.grammar import BadPattern, Finding, Identifier
from freehold.engines.pii.identifiers import TABLE

# Found by more than a pattern: the module whose find(text) gives their spans.
READERS = {"Name": "freehold.engines.pii.names", "Address": "freehold.engines.pii.addresses"}

CUSTOM = frozenset(string.ascii_letters + string.digits + "_#=@/;,- ^$?[]{}|\\*+.")

NAMES = frozenset(identifier.name for identifier in TABLE) | READERS.keys()


def scanner(names: Iterable[str], custom: Mapping[str, str] | None = None) -> "Scanner":
    """The scanner for some managed identifiers and custom patterns (name → regex); raises BadPattern, KeyError."""
    return _scanner(frozenset(names), frozenset((custom or {}).items()))


@lru_cache(maxsize=256)
def _scanner(names: frozenset[str], custom: frozenset[tuple[str, str]]) -> "Scanner":
    if unknown := names - NAMES:
        raise KeyError(min(unknown))
    rows = [identifier for identifier in TABLE if identifier.name in names]
    for name, regex in custom:
        if not set(regex) <= CUSTOM:
            raise BadPattern(regex)
        rows.append(Identifier(name, regex))
    return Scanner(rows, sorted(READERS.keys() & names))


class Scanner:
    """Finds one set of identifiers; made by `scanner`."""

    def __init__(self, rows: list[Identifier], readers: list[str]):
        self._rows = [
            (row, _compiled(row.pattern), [_compiled(keywords.pattern(word)) for word in row.keywords]) for row in rows
        ]
        self._alone = [(row, _compiled(row.alone)) for row in rows if row.alone]
        self._readers = readers

    def find(self, text: str) -> list[Finding]:
        """What stands in the text, by start and name."""
        found = {
            Finding(row.name, *span) for row, pattern, words in self._rows for span in _spans(text, row, pattern, words)
        }
        found |= {Finding(row.name, *span) for row, pattern in self._alone for span in _spans(text, row, pattern, [])}
        for name in self._readers:
            reader: Callable[[str], Iterable[tuple[int, int]]] = importlib.import_module(READERS[name]).find
            found |= {Finding(name, *span) for span in reader(text)}
        return sorted(found, key=lambda finding: (finding.start, finding.name))


def _compiled(pattern: str) -> Any:
    import re2

    try:
        return re2.compile(pattern)
    except re2.error as error:
        raise BadPattern(pattern) from error


def _spans(text: str, row: Identifier, pattern: Any, words: list[Any]) -> Iterator[tuple[int, int]]:
    places = [word.span() for one in words for word in one.finditer(text) if _own(text, *word.span())]
    if words and not places:
        return
    for match in pattern.finditer(text):
        start, end = match.span()
        if not _own(text, start, end) or (row.check and not row.check(match.group())):
            continue
        if not words or any(begin - end <= row.near and start - stop <= row.near for begin, stop in places):
            yield start, end


def _own(text: str, start: int, end: int) -> bool:
    """Whether a span begins and ends at the edges of words."""
    return not (
        (text[start - 1 : start].isalnum() and text[start].isalnum())
        or (text[end : end + 1].isalnum() and text[end - 1].isalnum())
    )
