"""Many patterns searched for in one pass.

One idea: hyperscan compiles all patterns to one automaton, whose time is linear in the text, whatever the text is. It
may not know what the patterns mean.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

Match = Callable[[int, int, int, int, Any], None]  # which pattern, from where, to where, nothing, nothing


class Automaton:
    """Finds byte patterns, each at every place where a match of it ends; compiled when it is first used.

    starts   whether it tells too where the match begins, if it may begin at several places at the first. Without, all
             begin at 0.

    Threads may share one; while it compiles or searches, others may do something else (hyperscan lets go of the lock
    of the interpreter), but not with this one.
    """

    def __init__(self, patterns: Sequence[bytes], starts: bool):
        self._expressions = patterns
        self._starts = starts
        self._database: Any = None
        self._alone = Lock()  # a database has one scratch space

    def scan(self, data: bytes, match: Match) -> None:
        """Tell of all matches, in order of their ends."""
        if self._expressions:
            with self._alone:
                (self._database or self._compiled()).scan(data, match_event_handler=match)

    def warm(self) -> None:
        """Compile it now: up to half a second for a hundred patterns."""
        if self._expressions:
            with self._alone:
                self._database or self._compiled()

    def _compiled(self) -> Any:
        import hyperscan

        count = len(self._expressions)
        flag = hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_SOM_LEFTMOST if self._starts else 0)
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(expressions=self._expressions, ids=list(range(count)), elements=count, flags=[flag] * count)
        self._database = database
        return database
