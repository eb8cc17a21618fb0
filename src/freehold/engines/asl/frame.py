"""What an expression can see.

One idea: both query languages look through the same Frame, and whatever they compile becomes an Expression: a function
from a Frame to a value. It knows neither language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from freehold.engines import jsonata
from freehold.engines.jsonpath import Json

from . import values
from .intrinsics import Chance


@dataclass(slots=True)
class Frame:
    """What an expression of a state can see, at a moment (epoch seconds).

    `text` is the input as it was written, where that is known; `outcome` is what a query may call the work's result;
    `trace`, where there is one, is told what each field of the state made.
    """

    input: Json
    context: Callable[[], Json]
    variables: Mapping[str, Json]
    chance: Chance
    now: float
    text: str | None = None
    outcome: tuple[str, Json] | None = None
    trace: dict[str, Json] | None = None

    def of(self, value: Json, text: str | None = None) -> "Frame":
        """The same view with another input."""
        return Frame(value, self.context, self.variables, self.chance, self.now, text, self.outcome, self.trace)

    def after(self, called: str, outcome: Json) -> "Frame":
        """The same view once the work is done, which `$states` calls `result` or `errorOutput`."""
        known = (called, outcome)
        return Frame(self.input, self.context, self.variables, self.chance, self.now, self.text, known, self.trace)

    def states(self, whole: bool = True) -> dict[str, Json]:
        """The reserved variable `$states`, with the context object only if it is wanted."""
        states = {"input": self.input}
        if whole:
            states["context"] = self.context()
        if self.outcome:
            states[self.outcome[0]] = self.outcome[1]
        return states

    def setting(self) -> jsonata.Setting:
        """The moment and the chance that queries are evaluated with."""
        functions = jsonata.step_functions.FUNCTIONS
        return jsonata.Setting(self.now, self.chance.random, self.chance.uuid, functions)

    def noted(self, name: str, value: Json) -> Json:
        """The value, which the trace is told of."""
        if self.trace is not None:
            self.trace[name] = value
        return value

    def shown(self) -> str:
        """The input, for the words of a failure."""
        return values.write(self.input) if self.text is None else self.text


Expression = Callable[[Frame], Json]


def constant(value: Json) -> Expression:
    """The expression that is always this value."""
    return lambda _: value


def whole_input(frame: Frame) -> Json:
    """The expression that is the input as it is."""
    return frame.input
