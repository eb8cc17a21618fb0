"""Regular expressions as JavaScript has them, in a time that grows no faster than pattern times string.

One idea: one tree (`tree`), two ways to run it. Where the worst case is small and can be reckoned beforehand Python's
own `re` runs it (`translation`); everything else is run by a machine that never tries the same place of the pattern at
the same place of the string twice (`machine`). Only patterns that refer back to a group may take longer; they end with
the purse. So whoever brings a pattern, nobody can hold the process by one. `java` reads what Java's patterns have
beside. It may not know whose patterns they are.
"""

from .errors import InvalidPattern, Spent
from .java import java
from .pattern import Pattern, Purse, compile

__all__ = ["InvalidPattern", "Pattern", "Purse", "Spent", "compile", "java"]
