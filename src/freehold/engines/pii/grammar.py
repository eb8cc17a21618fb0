"""What an identifier is, and what a finding is.

One idea: an identifier is a row of a table, never a class. Its pattern says what it looks like, its check whether that
can be one, its keywords what must be said nearby. It may not know how texts are searched.
"""

from collections.abc import Callable
from typing import NamedTuple


class BadPattern(ValueError):
    """A custom pattern that cannot be compiled, or that holds what AWS's subset has not."""


class Finding(NamedTuple):
    """Where something sensitive stands: code points of the text, the end exclusive."""

    name: str
    start: int
    end: int


class Identifier(NamedTuple):
    """One way in which one kind of sensitive data is written; a kind may have several rows of the same name.

    pattern   PCRE without look-around, anchors and captures, in ASCII; upper and lower case differ unless `(?i)`. Of
              all the matches in a text that begin and end at the edges of words those that begin first are looked at
              first, of these the longest first. Large counted repeats do not compile: prefer `+` to `{1,100}`.
    keywords  in any script, lower case; a space stands for a space, nothing, `_` or `-`, an end for a plural too.
              Empty: none needed.
    check     of the match as written (separators included; digits and dashes are ASCII, letters have no accents):
              checksum, ranges, structure. What it refuses makes room for a shorter match.
    near      a keyword must stand within so many characters of the match, before or after it.
    leads     whether the keyword must stand before the match.
    unless    keywords that rule a match out when one stands right before it.
    holds     what each finding holds, all digits read as 0, of a row without keywords: other texts are not searched.
    """

    name: str
    pattern: str
    keywords: tuple[str, ...] = ()
    check: Callable[[str], bool] | None = None
    near: int = 30
    leads: bool = False
    unless: tuple[str, ...] = ()
    holds: str = ""
