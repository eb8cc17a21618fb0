"""The scanner: which identifiers stand where in a text.

One idea: there is one sieve of all identifiers and one of each alone, however many policies there are; a scanner for a
few takes theirs, a scanner for many takes from the large one what it wants. It may not know what an identifier means.
"""

import importlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from freehold.engines.pii.custom import Custom
from freehold.engines.pii.grammar import Finding
from freehold.engines.pii.identifiers import TABLE
from freehold.engines.pii.reading import Reading, read
from freehold.engines.pii.sieves import Sieve

# Found by more than patterns: the modules whose find(text) gives the spans.
READERS = {"Name": "freehold.engines.pii.names", "Address": "freehold.engines.pii.addresses"}

NAMES = frozenset(identifier.name for identifier in TABLE) | READERS.keys()
FEW = 6  # identifiers: up to so many are faster one by one


def scanner(names: Iterable[str], custom: Mapping[str, str] | None = None) -> "Scanner":
    """The scanner for some managed identifiers and custom patterns (name → regex).

    Raises KeyError for a name that is none, BadPattern for a regex that cannot be compiled.
    """
    return _scanner(frozenset(names), tuple(sorted((custom or {}).items())))


@lru_cache(maxsize=1_024)
def _scanner(names: frozenset[str], custom: tuple[tuple[str, str], ...]) -> "Scanner":
    if unknown := names - NAMES:
        raise KeyError(min(unknown))
    return Scanner(names, {name: Custom(regex) for name, regex in custom})


class Scanner:
    """Finds some identifiers; made by `scanner`."""

    def __init__(self, names: frozenset[str], custom: Mapping[str, Custom]):
        managed = names - READERS.keys()
        sieves = [_one(name) for name in sorted(managed)] if len(managed) <= FEW else [_whole()]
        self._sieves = [(sieve, sieve.bits(managed)) for sieve in sieves]
        self._readers = sorted(names & READERS.keys())
        self._custom = custom

    def find(self, text: str) -> list[Finding]:
        """What stands in the text, by start and name; see `reading` for how it is read."""
        reading = read(text)
        found = [finding for sieve, wanted in self._sieves for finding in sieve.find(reading.data, wanted)]
        found += self._read(reading.text)
        found += (Finding(name, *span) for name, pattern in self._custom.items() for span in pattern.find(reading.data))
        return sorted(_given(reading, found), key=lambda finding: (finding.start, finding.name))

    def _read(self, text: str) -> Iterator[Finding]:
        for name in self._readers:
            for start, end in importlib.import_module(READERS[name]).find(text):
                yield Finding(name, start, end)


def _given(reading: Reading, found: list[Finding]) -> list[Finding]:
    """The findings as they stand in the text as given."""
    if len(reading.at) == 1:
        return found
    return [Finding(name, reading.origin(start), reading.origin(end)) for name, start, end in found]


@cache
def _whole() -> Sieve:
    return Sieve(TABLE)


@cache
def _one(name: str) -> Sieve:
    return Sieve(identifier for identifier in TABLE if identifier.name == name)
