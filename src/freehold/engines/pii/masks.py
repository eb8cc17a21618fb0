"""What is left of a text when its findings may not be seen.

One idea: findings may overlap, so they are laid over the text as spans first. It may not know what was found.
"""

from collections.abc import Iterable, Iterator

from freehold.engines.pii.grammar import Finding


def masked(text: str, findings: Iterable[Finding], character: str) -> str:
    """The text with each character of each finding replaced by one character; its length stays."""
    return "".join(character * len(part) if hidden else part for part, hidden in _parts(text, findings))


def redacted(text: str, findings: Iterable[Finding]) -> str:
    """The text without its findings."""
    return "".join(part for part, hidden in _parts(text, findings) if not hidden)


def _parts(text: str, findings: Iterable[Finding]) -> Iterator[tuple[str, bool]]:
    """The text in order, in parts that a finding covers and parts that none does."""
    end = 0
    for finding in sorted(findings, key=lambda finding: finding.start):
        if finding.end <= end:
            continue
        start = max(finding.start, end)
        yield text[end:start], False
        yield text[start : finding.end], True
        end = finding.end
    yield text[end:], False
