"""Personal and secret data in texts: found, masked, removed.

One idea: what the cloud's policies find, a program finds by one call; a text that is too long for one is handed in by
pieces, and nothing is missed where two of them meet. It may not know files, services, or where texts come from.

Offsets count code points, as Python's strings do; ends are exclusive. Everywhere, `only` are the short names of managed
identifiers to look for, such as `Ssn-US` (all of NAMES), and `custom` maps names of one's own to regular expressions in
the subset that AWS has. A name that is not known raises KeyError, a pattern that cannot be compiled BadPattern.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from freehold.engines.pii import NAMES, BadPattern, Finding, Scanner, masked, redacted, scanner

__all__ = [
    "NAMES", "BadPattern", "Finding", "Scanner", "Stretch", "each", "find", "find_in", "mask", "mask_in", "masked",
    "redact", "scanner", "stretches",
]  # fmt: skip

WINDOW = 1 << 20  # code points of a long text that are looked at together, at least
AHEAD = 16_384  # what must be seen behind a place before a text may be cut there: more than the longest finding is
BEHIND = 16_384  # what is looked at once more, as keywords may stand before a finding
MARK = "*"

Names = Iterable[str]
Patterns = Mapping[str, str] | None


class Stretch(NamedTuple):
    """A part of a long text, and all findings in it, whose places are those within `text`; it begins at `offset`."""

    offset: int
    text: str
    findings: list[Finding]


def find(text: str, only: Names = NAMES, custom: Patterns = None) -> list[Finding]:
    """Findings (name, start, end) by start, then name. Those of one identifier never overlap, those of two may."""
    return scanner(only, custom).find(text)


def mask(text: str, character: str = MARK, only: Names = NAMES, custom: Patterns = None) -> str:
    """The text with each character of each finding replaced; its length stays."""
    return masked(text, find(text, only, custom), character)


def redact(text: str, only: Names = NAMES, custom: Patterns = None) -> str:
    """The text without its findings."""
    return redacted(text, find(text, only, custom))


def find_in(pieces: Iterable[str], only: Names = NAMES, custom: Patterns = None) -> Iterator[Finding]:
    """As `find`, in a text that comes by pieces and is never held whole."""
    for stretch in stretches(pieces, scanner(only, custom)):
        for name, start, end in stretch.findings:
            yield Finding(name, stretch.offset + start, stretch.offset + end)


def mask_in(
    pieces: Iterable[str], character: str = MARK, only: Names = NAMES, custom: Patterns = None
) -> Iterator[str]:
    """As `mask`, of a text that comes by pieces and is never held whole."""
    for stretch in stretches(pieces, scanner(only, custom)):
        yield masked(stretch.text, stretch.findings, character)


def each(texts: Iterable[str], scan: Scanner) -> Iterator[Stretch]:
    """Texts that stand for themselves, such as lines of a log, as soon as they come."""
    offset = 0
    for text in texts:
        yield Stretch(offset, text, scan.find(text))
        offset += len(text)


def stretches(pieces: Iterable[str], scan: Scanner) -> Iterator[Stretch]:
    """A text that comes by pieces, cut where no finding is cut."""
    window, begin, offset = "", 0, 0  # what stands before `begin` is told already, and only looked at once more
    for piece in pieces:
        window += piece
        if len(window) - begin < WINDOW + AHEAD:
            continue
        found = _behind(begin, scan.find(window))
        last = len(window) - AHEAD
        cut = _cut(found, last)
        cut = cut if cut > begin else last  # a custom pattern's finding may be as long as the text: it is told in parts
        yield _stretch(window, begin, cut, offset, found)
        offset += cut - begin
        begin = min(cut, BEHIND)
        window = window[cut - begin :]
    if len(window) > begin:
        yield _stretch(window, begin, len(window), offset, _behind(begin, scan.find(window)))


def _behind(begin: int, found: list[Finding]) -> list[Finding]:
    """The findings, or what is left of them, from a place on."""
    return [finding._replace(start=max(finding.start, begin)) for finding in found if finding.end > begin]


def _cut(found: list[Finding], cut: int) -> int:
    """The last place up to `cut` that is inside no finding."""
    for finding in sorted(found, key=lambda finding: finding.end, reverse=True):
        if finding.start < cut < finding.end:
            cut = finding.start
    return cut


def _stretch(window: str, begin: int, cut: int, offset: int, found: list[Finding]) -> Stretch:
    settled = [Finding(name, start - begin, min(end, cut) - begin) for name, start, end in found if start < cut]
    return Stretch(offset, window[begin:cut], settled)
