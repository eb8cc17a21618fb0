"""A run: one evaluation, with what it may use and what it may spend.

One idea: whatever takes time or memory is paid for in steps, so that any expression over any input ends, at the same
place each time. Knows no expression; time and chance are given to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.values import UNDEFINED, Json

CHARACTERS_PER_STEP: Final = 25
_ABSENT: Final = object()


def _no_chance() -> Any:
    raise EvaluationFailed("D3142", message="This setting has no source of chance")


@dataclass(frozen=True, slots=True)
class Setting:
    """What an evaluation has around it.

    `now`: epoch seconds. `random`: a number from 0 (included) to 1 (not). `new_id`: a UUID as text. `functions`: by
    name without `$`, beside those of the library; None takes one of the library's away. The limits: `steps_max` tokens
    evaluated (0.1 to 0.7 microseconds each), `depth_max` calls within calls (tail calls do not count; the stack of the
    interpreter may end before), `range_max` numbers of one range, `sequence_max` items of one array, `text_max`
    characters of one string.
    """

    now: float = 0.0
    random: Callable[[], float] = _no_chance
    new_id: Callable[[], str] = _no_chance
    functions: Mapping[str, Any] = field(default_factory=dict)
    steps_max: int = 2_000_000
    depth_max: int = 500
    range_max: int = 1_000_000
    sequence_max: int = 1_000_000
    text_max: int = 1_000_000


class Run:
    """One evaluation: its setting, the library of functions, the steps it has left and how deep it is.

    `root` is the outermost scope; `infinite` whether arithmetic has left the numbers of JSON.
    """

    __slots__ = ("depth", "infinite", "library", "root", "setting", "steps")

    def __init__(self, setting: Setting, library: Mapping[str, Any], names: dict[str, Json]):
        self.setting = setting
        self.library = library
        self.steps = setting.steps_max
        self.depth = 0
        self.infinite = False
        self.root = Scope(names, None, self)

    def spend(self, steps: int) -> None:
        """Pay for work about to be done. Raises EvaluationFailed D1012."""
        self.steps -= steps
        if self.steps < 0:
            raise EvaluationFailed("D1012", value=self.setting.steps_max)

    def spend_text(self, length: int) -> None:
        """Pay for a string of `length` characters about to be made. Raises EvaluationFailed D1014."""
        if length > self.setting.text_max:
            raise EvaluationFailed("D1014", value=self.setting.text_max)
        self.spend(1 + length // CHARACTERS_PER_STEP)

    def spend_reading(self, length: int) -> None:
        """Pay for looking through a string of `length` characters; a short one costs nothing of its own."""
        if length > CHARACTERS_PER_STEP:
            self.spend(length // CHARACTERS_PER_STEP)

    def spend_items(self, length: int) -> None:
        """Pay for an array of `length` items about to be made. Raises EvaluationFailed D2015."""
        if length > self.setting.sequence_max:
            raise EvaluationFailed("D2015", value=self.setting.sequence_max)
        self.spend(1 + length)

    def function(self, name: str) -> Json:
        """The function of a name, or UNDEFINED."""
        found = self.setting.functions.get(name, _ABSENT)
        if found is _ABSENT:
            return self.library.get(name, UNDEFINED)
        return UNDEFINED if found is None else found


class Scope:
    """Names and what they stand for, within the names around them."""

    __slots__ = ("names", "outer", "run")

    def __init__(self, names: dict[str, Json], outer: "Scope | None", run: Run):
        self.names = names
        self.outer = outer
        self.run = run

    def lookup(self, name: str) -> Json:
        """What a name stands for: a variable, else a function of the library, else UNDEFINED."""
        scope: Scope | None = self
        while scope is not None:
            value = scope.names.get(name, _ABSENT)
            if value is not _ABSENT:
                return value
            scope = scope.outer
        return self.run.function(name)
