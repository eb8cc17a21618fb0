"""The scanner: which identifiers stand where in a text.

One idea: all scanners share the same automata, one of all keywords and one of each family of identifiers, and take from
what they find what they want. So it is all the same how many policies there are. It may not know what an identifier
means.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from freehold.engines.pii.custom import FOUND_MAX, Custom
from freehold.engines.pii.families import Family, Proposal, families
from freehold.engines.pii.grammar import Finding
from freehold.engines.pii.identifiers import PROVEN, TABLE
from freehold.engines.pii.keywords import Keywords, Mentions, Words
from freehold.engines.pii.reading import Reading, read

# Found by more than patterns: the modules whose find(text) gives the spans.
READERS = {"Name": "freehold.engines.pii.names", "Address": "freehold.engines.pii.addresses"}

TOGETHER_MAX = 16 * FOUND_MAX  # matches of a custom pattern in texts that come together
SAMPLE = "Jane Doe, 410 Terry Ave N, Seattle 98109, phone +1 206 555 0142"

_NOUGHTS = bytes.maketrans(b"123456789", b"000000000")
_START_AND_NAME = itemgetter(1, 0)

NAMES = frozenset(identifier.name for identifier in TABLE) | READERS.keys()


def scanner(
    names: Iterable[str], custom: Mapping[str, str] | None = None, *, keywords_optional: bool = False
) -> "Scanner":
    """The scanner for some managed identifiers and custom patterns (name → regex).

    keywords_optional   whether what proves itself is found without a keyword too (`identifiers.proven`), which AWS
                        never does.

    Raises KeyError for a name that is none, BadPattern for a regex that cannot be compiled.
    """
    return _scanner(frozenset(names), tuple(sorted((custom or {}).items())), keywords_optional)


@lru_cache(maxsize=1_024)
def _scanner(names: frozenset[str], custom: tuple[tuple[str, str], ...], keywords_optional: bool) -> "Scanner":
    if unknown := names - NAMES:
        raise KeyError(min(unknown))
    return Scanner(_tables(keywords_optional), names, {name: Custom(regex) for name, regex in custom})


class Tables(NamedTuple):
    """Identifiers made ready to search: all their keywords, and the families of each name."""

    keywords: Keywords
    families: dict[str, list[Family]]


def tables(kin: list[Family]) -> Tables:
    """Make families ready; nothing is compiled yet."""
    by_name: dict[str, list[Family]] = {}
    for family in kin:
        for name in {row.name for row in family.rows}:
            by_name.setdefault(name, []).append(family)
    return Tables(Keywords(dict.fromkeys(asked for family in kin for asked in family.words)), by_name)


@cache
def _tables(keywords_optional: bool) -> Tables:
    if not keywords_optional:
        return tables(families(TABLE))
    known, proven = _tables(False), tables(families(PROVEN))
    both = {name: known.families[name] + proven.families.get(name, []) for name in known.families}
    return Tables(known.keywords, both)  # the keywords of the proven are among them


class Scanner:
    """Finds some identifiers; made by `scanner`."""

    def __init__(self, tables: Tables, names: frozenset[str], custom: Mapping[str, Custom]):
        self._names = names - READERS.keys()
        self._keywords = tables.keywords
        self._families: dict[Words, list[Family]] = {}  # by the keywords for which they are searched
        kin = dict.fromkeys(family for name in sorted(self._names) for family in tables.families[name])
        self._wordless = [family for family in kin if not family.words]
        for family in kin:
            for asked in family.words:
                self._families.setdefault(asked, []).append(family)
        self._readers = sorted(names & READERS.keys())
        self._custom = custom
        self.warmed = False

    def warm(self) -> None:
        """Make ready now what texts would wait for, each kind when it is first met: automata, lists, libraries.

        Takes up to some seconds the first time that it is called for an identifier, then nothing. Any thread may call
        it, and meanwhile others may find; see `automaton`.
        """
        if self._names:
            self._keywords.warm()
        for family in {*self._wordless, *chain.from_iterable(self._families.values())}:
            family.warm()
        self.find(SAMPLE)
        self.warmed = True

    def find(self, text: str) -> list[Finding]:
        """What stands in the text, by start and name; see `reading` for how it is read."""
        return self._find(text, {})

    def find_each(self, texts: Iterable[str]) -> list[list[Finding]]:
        """What stands in each of some texts, whose number must not multiply what custom patterns may cost."""
        left = dict.fromkeys(self._custom, TOGETHER_MAX)
        return [self._find(text, left) for text in texts]

    def _find(self, text: str, left: dict[str, int]) -> list[Finding]:
        """`left` is how many more matches of each custom pattern are told apart."""
        reading = read(text)
        found = self._managed(reading.data) if self._names else []
        for name in self._readers:
            found += [Finding(name, *span) for span in _reader(name)(reading.text)]
        for name, pattern in self._custom.items():
            spans = list(pattern.find(reading.data, left.get(name, FOUND_MAX)))
            found += [Finding(name, *span) for span in spans]
            left[name] = left.get(name, 0) - len(spans)
        return sorted(_given(reading, found), key=_START_AND_NAME)

    def _managed(self, data: bytes) -> list[Finding]:
        """What the tables know; of overlapping matches of one name the first and longest that its check lets pass."""
        page = b"\n%b\n" % data
        taken: dict[str, int] = {}
        found = []
        for start, end, row in sorted(self._proposals(page), key=_first_and_longest):
            name, check = row.name, row.check
            if name not in self._names or start < taken.get(name, 0):
                continue
            if check is None or check(page[start:end].decode("latin-1")):
                taken[name] = end
                found.append(Finding(name, start - 1, end - 1))
        return found

    def _proposals(self, page: bytes) -> list[Proposal]:
        mentions = self._keywords.mentions(page)
        noughts = page.translate(_NOUGHTS)
        searched: dict[Family, list[Mentions]] = {family: [] for family in self._wordless if family.holds in noughts}
        for asked, mentioned in mentions.items():
            for family in self._families.get(asked, ()):
                searched.setdefault(family, []).append(mentioned)
        return [proposal for family, heard in searched.items() for proposal in family.propose(page, mentions, heard)]


@cache
def _reader(name: str) -> Callable[[str], Iterable[tuple[int, int]]]:
    """Imported when first used: it brings its lists along."""
    find: Callable[[str], Iterable[tuple[int, int]]] = importlib.import_module(READERS[name]).find
    return find


def _first_and_longest(proposal: Proposal) -> tuple[int, int]:
    return proposal[0], -proposal[1]


def _given(reading: Reading, found: list[Finding]) -> list[Finding]:
    """The findings as they stand in the text as given."""
    if len(reading.at) == 1:
        return found
    return [Finding(name, reading.origin(start), reading.origin(end)) for name, start, end in found]
