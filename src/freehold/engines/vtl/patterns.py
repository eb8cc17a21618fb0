"""Java's regular expressions, bounded.

One idea: a pattern is accepted only when its worst case can be reckoned beforehand: as many nested scans of the subject
as it has unbounded repeats, and no choice inside a repeat. What could take longer is a VtlError, not a hang.
"""

import re
from collections.abc import Iterator
from re import _constants as sre  # type: ignore[attr-defined]  # the standard library's own parser; it has no other door
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

from freehold.engines.vtl.budget import TEXT_MAX, Budget
from freehold.engines.vtl.errors import VtlError

PATTERN_MAX = 1000
WORK_MAX = 10_000_000
BOUNDED_REPEAT_MAX = 1000

_REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}
_GROUP = re.compile(r"\\(.)|\$(\d)|\$\{(\w+)\}", re.DOTALL)


def compile_pattern(pattern: str, subject_length: int) -> re.Pattern[str]:
    """A pattern in Java's syntax, safe to run over a subject of `subject_length` characters."""
    if len(pattern) > PATTERN_MAX:
        raise VtlError(f"A regular expression is longer than {PATTERN_MAX} characters")
    translated = re.sub(r"\(\?<(?=[A-Za-z])", "(?P<", pattern)
    try:
        repeats = _repeats(sre_parser.parse(translated), inside=False)
        compiled = re.compile(translated)
    except (re.error, OverflowError, RecursionError) as error:
        raise VtlError(f"Not a regular expression: {pattern}") from error
    if max(subject_length, 1) ** (repeats + (subject_length > 1)) > WORK_MAX and repeats > 0:
        raise VtlError(f"A regular expression takes too long on {subject_length} characters: {pattern}")
    return compiled


def _repeats(tree: Any, inside: bool) -> int:
    """How many repeats without a small bound a pattern has. A choice or a repeat within a repeat is refused."""
    count = 0
    for operation, argument in tree:
        if operation in _REPEATS:
            low, high, body = argument
            variable = high != low
            if inside and variable:
                raise VtlError("A regular expression repeats a repeat")
            if low > BOUNDED_REPEAT_MAX:
                raise VtlError("A regular expression repeats too often")
            count += variable + _repeats(body, inside or variable)
        elif operation in (sre.GROUPREF, sre.GROUPREF_EXISTS) or (operation is sre.BRANCH and inside):
            raise VtlError("A regular expression chooses within a repeat, or refers back")
        else:
            count += sum(_repeats(part, inside) for part in _parts(argument))
    return count


def _parts(argument: Any) -> Iterator[Any]:
    """The patterns nested in the argument of one operation."""
    if isinstance(argument, sre_parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for item in argument:
            if isinstance(item, sre_parser.SubPattern | tuple | list):
                yield from _parts(item)


def replace(subject: str, pattern: str, replacement: str, budget: Budget, count: int = 0) -> str:
    """`replaceAll`, or `replaceFirst` with `count` 1. In the replacement `$1` is a group, `\\$` a dollar."""
    compiled = compile_pattern(pattern, len(subject))
    parts: list[str] = []
    position = length = 0
    for number, match in enumerate(compiled.finditer(subject)):
        if count and number >= count:
            break
        piece = subject[position : match.start()] + _expand(replacement, match)
        length += len(piece)
        budget.spend_text(len(piece))
        if length > TEXT_MAX:
            raise VtlError(f"The template makes a string longer than {TEXT_MAX} characters")
        parts.append(piece)
        position = match.end()
    return "".join(parts) + subject[position:]


def _expand(replacement: str, match: re.Match[str]) -> str:
    def group(found: re.Match[str]) -> str:
        escaped, number, name = found.groups()
        if escaped is not None:
            return str(escaped)
        try:
            return match.group(int(number) if number else name) or ""
        except IndexError as error:
            raise VtlError(f"No group {number or name}") from error

    return _GROUP.sub(group, replacement)


def split(subject: str, pattern: str, limit: int, budget: Budget) -> list[str]:
    """`String.split`: without a limit, empty strings at the end fall away."""
    budget.spend(len(subject))
    compiled = compile_pattern(pattern, len(subject))
    parts: list[str] = []
    position = 0
    for match in compiled.finditer(subject):
        if limit > 0 and len(parts) == limit - 1:
            break
        if match.end() == 0 or (match.start() == match.end() == len(subject)):
            continue
        parts.append(subject[position : match.start()])
        position = match.end()
    parts.append(subject[position:])
    while limit == 0 and len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts
