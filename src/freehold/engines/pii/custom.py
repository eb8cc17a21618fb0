"""Custom data identifiers: patterns that a policy brings along.

One idea: RE2 is linear for one search, but many searches that each see the whole text are not; so each sees a window of
it. It may not know whose policy it is.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-custom-data-identifiers.html
"""

import string
from collections.abc import Iterator
from typing import Any

from freehold.engines.pii.grammar import BadPattern

LENGTH_MAX = 200
CHARACTERS = frozenset(string.ascii_letters + string.digits + "_#=@/;,- ^$?[]{}|\\*+.")
MEMORY_MAX = 1 << 20  # bytes, of a compiled pattern
PROGRAM_MAX = 500  # instructions; larger ones outgrow RE2's cache, and are ten times to a hundred times slower
FOUND_MAX = 4_096  # matches in a text; then all the rest of it is one
REACH = 1_024  # characters: within so many a match must show; from there on it may be of any length


class Custom:
    """A pattern of AWS's subset: no groups, at most 200 characters, counted repeats in bounds. Raises BadPattern."""

    def __init__(self, regex: str):
        import re2

        if not regex or len(regex) > LENGTH_MAX or not CHARACTERS.issuperset(regex):
            raise BadPattern(regex)
        options = re2.Options()
        options.encoding, options.max_mem, options.log_errors = re2.Options.Encoding.LATIN1, MEMORY_MAX, False
        try:
            self._pattern: Any = re2.compile(regex.encode(), options)
        except re2.error as error:
            raise BadPattern(regex) from error
        if self._pattern.programsize > PROGRAM_MAX:
            raise BadPattern(regex)

    def find(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where the pattern matches; matches do not overlap, and those of nothing are left out.

        After the first few thousands the rest of the text is one match: a pattern of any letter must not hold up all
        others, nor let pass what it would have found.
        """
        place, left = 0, FOUND_MAX
        while place < len(data):
            match = self._pattern.search(data, place, place + 2 * REACH)
            if match is None:
                place += REACH
            elif match.start() > place + REACH:
                place = match.start()  # to see all that follows
            else:
                start, end = self._whole(data, *match.span())
                left -= start < end
                end = end if left else len(data)
                if start < end:
                    yield start, end
                place = max(end, start + 1)

    def _whole(self, data: bytes, start: int, end: int) -> tuple[int, int]:
        """The whole of a match: a long one is searched again in windows of twice the size until it no longer grows.

        So what is looked at is never more than a few times what is found.
        """
        reach = 2 * REACH
        while start + reach // 2 <= end < len(data):
            wider = self._pattern.search(data, start, start + 2 * reach)
            if wider is None or wider.start() != start or wider.end() <= end:
                break
            end, reach = wider.end(), 2 * reach
        return start, end
