"""Custom data identifiers: patterns that a policy brings along.

One idea: RE2 is linear for one search, but many searches that each see the whole text are not; so each sees a window
of it. What is compiled weighs much and may be asked for without end; so the last used are kept, and others compiled
again. It may not know whose policy it is.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-custom-data-identifiers.html
"""

import string
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from freehold.engines.pii.grammar import BadPattern

LENGTH_MAX = 200
CHARACTERS = frozenset(string.ascii_letters + string.digits + "_#=@/;,- ^$?[]{}|\\*+.")
MEMORY_MAX = 1 << 20  # bytes, of a compiled pattern
PROGRAM_MAX = 500  # instructions; larger ones outgrow RE2's cache, and are ten times to a hundred times slower
COMPILED_MAX = 128  # patterns at a time, so that all together take at most 128 MB, however many scanners there are
FOUND_MAX = 4_096  # matches in a text; then all the rest of it is one
REACH = 1_024  # characters: within so many a match must show; from there on it may be of any length


class Custom:
    """A pattern of AWS's subset: no groups, at most 200 characters, counted repeats in bounds. Raises BadPattern."""

    def __init__(self, regex: str):
        if not regex or len(regex) > LENGTH_MAX or not CHARACTERS.issuperset(regex):
            raise BadPattern(regex)
        self._regex = regex
        compiled(regex)

    def find(self, data: bytes, most: int = FOUND_MAX) -> Iterator[tuple[int, int]]:
        """Where the pattern matches; matches do not overlap, and those of nothing are left out.

        After the first few thousands, or `most` if that is less, the rest of the text is one match: a pattern of any
        letter must not hold up all others, nor let pass what it would have found.
        """
        place, left, pattern = 0, max(1, min(most, FOUND_MAX)), compiled(self._regex)
        while place < len(data):
            match = pattern.search(data, place, place + 2 * REACH)
            if match is None:
                place += REACH
            elif match.start() > place + REACH:
                place = match.start()  # to see all that follows
            else:
                start, end = _whole(pattern, data, *match.span())
                left -= start < end
                end = end if left else len(data)
                if start < end:
                    yield start, end
                place = max(end, start + 1)


@lru_cache(maxsize=COMPILED_MAX)
def compiled(regex: str) -> Any:
    import re2

    options = re2.Options()
    options.encoding, options.max_mem, options.log_errors = re2.Options.Encoding.LATIN1, MEMORY_MAX, False
    try:
        pattern = re2.compile(regex.encode(), options)
    except re2.error as error:
        raise BadPattern(regex) from error
    re2.purge()  # it keeps as many itself
    if pattern.programsize > PROGRAM_MAX:
        raise BadPattern(regex)
    return pattern


def _whole(pattern: Any, data: bytes, start: int, end: int) -> tuple[int, int]:
    """The whole of a match: a long one is searched again in windows of twice the size until it no longer grows.

    So what is looked at is never more than a few times what is found.
    """
    reach = 2 * REACH
    while start + reach // 2 <= end < len(data):
        wider = pattern.search(data, start, start + 2 * reach)
        if wider is None or wider.start() != start or wider.end() <= end:
            break
        end, reach = wider.end(), 2 * reach
    return start, end
