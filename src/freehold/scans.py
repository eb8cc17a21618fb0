"""Scans: texts searched for what is sensitive, without holding others up.

One idea: what is short is searched within the transaction that asks; what is long in a worker process, and when that is
done the transaction begins anew. What a policy looks for is made ready when it is put, or before its first text. It may
not know what is done with what is found.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from freehold.engines import pii
from freehold.engines.pii import Finding
from freehold.kernel.call import Call

HEAVY = 8_192  # characters to be read, as often as there are patterns; what is less takes a few milliseconds


class Search(NamedTuple):
    """What to look for: the names of managed identifiers, and custom patterns (name, regex)."""

    names: frozenset[str]
    custom: tuple[tuple[str, str], ...]

    def heavy(self, texts: Collection[str]) -> bool:
        """Whether a search is left to a worker."""
        return sum(map(len, texts)) * (1 + len(self.custom)) > HEAVY

    def find(self, call: Call, texts: Collection[str]) -> list[list[Finding]]:
        """What stands in each text. To be asked before anything is done but writing: see `Call.computed`."""
        if self.heavy(texts):
            return call.computed(_found, self, tuple(texts))
        return self.prepare(call).find_each(texts)

    def prepare(self, call: Call) -> pii.Scanner:
        """The scanner, made ready. To be asked as `find`."""
        scanner = _scanner(self)
        if not scanner.warmed:
            call.prepared(_warm, self)
        return scanner


def search(names: frozenset[str], custom: Mapping[str, str]) -> Search:
    """Raises KeyError for a name that is no identifier's, BadPattern for a regex that cannot be compiled."""
    made = Search(names, tuple(sorted(custom.items())))
    _scanner(made)
    return made


def _scanner(search: Search) -> pii.Scanner:
    return pii.scanner(search.names, dict(search.custom))


def _warm(search: Search) -> None:
    _scanner(search).warm()


def _found(search: Search, texts: Collection[str]) -> list[list[Finding]]:
    return _scanner(search).find_each(texts)
