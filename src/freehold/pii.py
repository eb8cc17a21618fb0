"""Personal and secret data in texts: found, masked, removed.

One idea: what the cloud's policies find, a program finds by one call; a text that is too long for one is handed in by
pieces, and nothing is missed where two of them meet. It may not know files, services, or where texts come from.

Offsets count code points, as Python's strings do; ends are exclusive. Everywhere, `only` are the short names of managed
identifiers to look for, such as `Ssn-US` (all of NAMES), and `custom` maps names of one's own to regular expressions in
the subset that AWS has. A name that is not known raises KeyError, a pattern that cannot be compiled BadPattern. A
scanner of one's own may take keywords as optional, which these functions do not.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
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

Over = Callable[[Callable[[str], list[Finding]], Iterable[str]], Iterable[list[Finding]]]
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


def stretches(pieces: Iterable[str], scan: Scanner, over: Over = map) -> Iterator[Stretch]:
    """A text that comes by pieces, cut where no finding is cut. `over` is `map`, or does the same with several texts at
    a time; it gets the scanner's `find` and the windows of the text."""
    windows: deque[_Window] = deque()
    held, offset = "", 0  # what is told with the next window
    kept: list[Finding] = []
    for found in over(scan.find, _noting(windows, _windows(pieces))):
        window = windows.popleft()
        text = held + window.text[window.begin : window.end]
        findings = _joined(kept, _own(window, found, len(held)), len(held))
        cut = _cut(findings, len(text)) or len(text)  # a custom pattern's finding may be as long as the text
        yield Stretch(offset, text[:cut], [one._replace(end=min(one.end, cut)) for one in findings if one.start < cut])
        held, offset = text[cut:], offset + cut
        kept = [Finding(name, max(start - cut, 0), end - cut) for name, start, end in findings if end > cut]


class _Window(NamedTuple):
    """A part of a text, from `begin` to `end`, with what must be seen around it."""

    text: str
    begin: int
    end: int


def _windows(pieces: Iterable[str]) -> Iterator[_Window]:
    text, begin = "", 0
    for piece in pieces:
        text += piece
        if len(text) - begin >= WINDOW + AHEAD:
            end = len(text) - AHEAD
            yield _Window(text, begin, end)
            begin = min(end, BEHIND)
            text = text[end - begin :]
    if len(text) > begin:
        yield _Window(text, begin, len(text))


def _noting(windows: deque[_Window], some: Iterable[_Window]) -> Iterator[str]:
    """The texts of windows, which are noted as they pass."""
    for window in some:
        windows.append(window)
        yield window.text


def _own(window: _Window, found: list[Finding], place: int) -> Iterator[Finding]:
    """The findings, or what is left of them, that begin in a window's own part, if that stands at a place."""
    shift = place - window.begin
    for name, start, end in found:
        if start < window.end and end > window.begin:
            yield Finding(name, max(start, window.begin) + shift, end + shift)


def _joined(kept: list[Finding], own: Iterable[Finding], place: int) -> list[Finding]:
    """What was found before a place, and behind it; the same finding, seen from both sides, is one."""
    reaching = {finding.name: finding for finding in kept if finding.end > place}
    joined = [finding for finding in kept if finding.end <= place]
    for finding in own:
        known = reaching.get(finding.name)
        if known and finding.start < known.end:
            reaching[finding.name] = known._replace(end=max(known.end, finding.end))
        else:
            joined.append(finding)
    return sorted([*reaching.values(), *joined], key=lambda finding: (finding.start, finding.name))


def _cut(found: list[Finding], cut: int) -> int:
    """The last place up to `cut` that is inside no finding."""
    for finding in sorted(found, key=lambda finding: finding.end, reverse=True):
        if finding.start < cut < finding.end:
            cut = finding.start
    return cut
