"""The port behind which the query languages stand.

One idea: the machine asks for a state's input, arguments, output and variables, for numbers and conditions; how those
are spelled is the language's affair. It knows fields and frames, and nothing of threads.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol, TypeVar

from freehold.engines.jsonpath import Json

from .frame import Expression, Frame

Fields = Mapping[str, Json]
Condition = Callable[[Frame], bool]
Compiled = TypeVar("Compiled")
# What a query may call the outcome of a state's work: $states.result, or .errorOutput in a catcher.
RESULT, ERROR_OUTPUT, NO_WORK = "result", "errorOutput", ""
Until = Callable[[Frame, float], float]  # (frame, now) -> the moment to wait for


class Unclear(ValueError):
    """The text of a field means nothing in its language.

    `where` is the place of the field inside the state, such as `/Output/total`.
    """

    def __init__(self, message: str, where: str, code: str = "SCHEMA_VALIDATION_FAILED"):
        super().__init__(message)
        self.message = message
        self.where = where
        self.code = code
        self.others: list[Unclear] = []  # further fields of which the same is true

    def all(self) -> Iterator["Unclear"]:
        """This one and all the others."""
        yield self
        for other in self.others:
            yield from other.all()


def together(compilations: Iterable[Callable[[], Compiled]]) -> list[Compiled]:
    """The results of all the compilations, or all that is unclear at once."""
    done: list[Compiled] = []
    unclear: list[Unclear] = []
    for compile in compilations:
        try:
            done.append(compile())
        except Unclear as wrong:
            unclear.append(wrong)
    if unclear:
        unclear[0].others += unclear[1:]
        raise unclear[0]
    return done


class Flow(Protocol):
    """What a state's data fields do, in whatever language they are written. Each may raise Failure."""

    def enter(self, frame: Frame) -> Json:
        """The effective input, from the raw one."""

    def arguments(self, frame: Frame) -> Json:
        """What the work is given, from the effective input."""

    def leave(self, frame: Frame, result: Json) -> Json:
        """The output, from the raw input and the result of the work."""

    def assign(self, frame: Frame, result: Json) -> dict[str, Json]:
        """The variables set when the state is done."""


class Language(NamedTuple):
    """A query language: how each kind of field that it may write is compiled. All may raise Unclear.

    `flow` is told what a query calls the result of the state's work (RESULT, ERROR_OUTPUT, NO_WORK if there is none)
    and, as `condition` is, where inside the state the fields stand: "", or such as `/Choices[0]`.
    `number`, `text` and `template` answer None where the state has no such field.
    """

    name: str
    flow: Callable[[Fields, str, str], Flow]
    number: Callable[[Fields, str], Expression | None]
    text: Callable[[Fields, str], Expression | None]
    template: Callable[[Fields, str], Expression | None]
    items: Callable[[Fields], Expression]
    until: Callable[[Fields], Until]
    condition: Callable[[Fields, str], Condition]
