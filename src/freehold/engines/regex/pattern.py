"""Patterns, compiled: the door of this engine.

One idea: which of the two ways a search goes is decided by what it may cost at most. It may not know dialects.
"""

from typing import Final, Protocol

from .errors import Spent
from .machine import Machine
from .parsing import Parser
from .program import write
from .translation import translate, ways

WORK_MAX: Final = 20_000
"""The worst case, in places tried, up to which Python's `re` is let run a pattern: about a fifth of a millisecond."""

WORK_PER_STEP: Final = 64
STEPS_MAX: Final = 250_000  # about a tenth of a second


class Payer(Protocol):
    """Who pays for a search; raises what it likes when there is nothing left."""

    def spend(self, steps: int) -> None: ...


class Purse:
    """So many steps, of some tenths of a microsecond each. Raises Spent."""

    __slots__ = ("steps",)

    def __init__(self, steps: int = STEPS_MAX):
        self.steps = steps

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise Spent


class Pattern:
    """A compiled pattern with the flags i (any case), m (`^` and `$` at lines) and s (a dot is anything). Raises
    InvalidPattern."""

    __slots__ = ("_native", "_node", "_program")

    def __init__(self, source: str, flags: str = ""):
        parser = Parser(source, dot_is_all="s" in flags)
        self._node = parser.whole()
        self._program = write(self._node, parser.groups, flags)
        self._native = translate(self._node, flags) if ways(self._node, 1) < WORK_MAX else None

    def search(self, subject: str, start: int = 0, payer: Payer | None = None) -> list[int] | None:
        """The places of the first match at or after `start`: beginning and end of it and of each capture, or -1.

        Raises Spent for more memory than a search may take, and what the payer raises.
        """
        payer = payer or Purse()
        length = len(subject) - start
        work = (length + 1) * ways(self._node, length) if self._native is not None else WORK_MAX + 1
        if self._native is None or work > WORK_MAX:
            return Machine(self._program, subject, payer).search(start)
        payer.spend(1 + int(work) // WORK_PER_STEP)
        found = self._native.search(subject, start)
        return None if found is None else [place for group in found.regs for place in group]

    def found_in(self, subject: str) -> bool:
        """Whether it matches somewhere. Raises Spent."""
        return self.search(subject) is not None


def compile(source: str, flags: str = "", whole: bool = False) -> Pattern:
    """A pattern; a `whole` one matches all of a string or nothing. Raises InvalidPattern."""
    return Pattern(f"^(?:{source})$" if whole else source, flags)
