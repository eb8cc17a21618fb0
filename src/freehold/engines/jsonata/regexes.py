"""Regular expressions as values: functions that find matches.

One idea: a regular expression is a function from a string to its first match, an object that holds the function to the
next one.
"""

from collections.abc import Iterator
from typing import Final

from freehold.engines.jsonata.callables import Function, Invocable
from freehold.engines.jsonata.errors import EvaluationFailed, InvalidExpression
from freehold.engines.jsonata.regex.machine import Machine
from freehold.engines.jsonata.regex.parsing import InvalidPattern, Parser
from freehold.engines.jsonata.regex.program import write
from freehold.engines.jsonata.regex.translation import translate, ways
from freehold.engines.jsonata.run import Run, Scope
from freehold.engines.jsonata.values import UNDEFINED, Json

WORK_MAX: Final = 20_000
"""The worst case, in places tried, up to which Python's `re` is let run a pattern: about a fifth of a millisecond."""

WORK_PER_STEP: Final = 64


class Pattern:
    """A compiled pattern. Raises InvalidPattern."""

    __slots__ = ("_native", "_node", "_program")

    def __init__(self, source: str, flags: str):
        parser = Parser(source)
        self._node = parser.whole()
        self._program = write(self._node, parser.groups, flags)
        self._native = translate(self._node, flags) if ways(self._node, 1) < WORK_MAX else None

    def search(self, subject: str, start: int, run: Run) -> list[int] | None:
        """The places of the first match at or after `start`: beginning and end of it and of each capture, or -1."""
        length = len(subject) - start
        work = (length + 1) * ways(self._node, length) if self._native is not None else WORK_MAX + 1
        if self._native is None or work > WORK_MAX:
            return Machine(self._program, subject, run).search(start)
        run.spend(1 + int(work) // WORK_PER_STEP)
        found = self._native.search(subject, start)
        return None if found is None else [place for group in found.regs for place in group]

    def first(self, subject: str, run: Run) -> list[str | None] | None:
        """The texts of the first match and its captures."""
        found = self.search(subject, 0, run)
        return None if found is None else texts(subject, found)


def texts(subject: str, found: list[int]) -> list[str | None]:
    """The texts at pairs of places."""
    pairs = zip(found[::2], found[1::2])
    return [subject[start:end] if start >= 0 and end >= 0 else None for start, end in pairs]


def compile_pattern(source: str, flags: str, position: int) -> Pattern:
    """A pattern with the flags i and m. Raises InvalidExpression S0303."""
    try:
        return Pattern(source, flags)
    except InvalidPattern as error:
        raise InvalidExpression("S0303", position, value=source, reason=str(error)) from error


class Matcher(Invocable):
    """A regular expression as a function."""

    __slots__ = ("pattern",)
    arity = 1

    def __init__(self, pattern: Pattern):
        self.pattern = pattern

    def call(self, arguments: list[Json], here: Json, scope: Scope) -> Json:
        subject = arguments[0] if arguments else UNDEFINED
        if not isinstance(subject, str):
            return UNDEFINED
        return next(self.matches(subject, scope.run), UNDEFINED)

    def matches(self, subject: str, run: Run, start: int = 0) -> Iterator[dict[str, Json]]:
        """The matches from left to right. Raises EvaluationFailed D1004 for an empty one that is not the first."""
        found = self.pattern.search(subject, start, run)
        while found is not None:
            match = self._match(subject, found)
            yield match
            if found[1] >= len(subject):
                return
            found = self.pattern.search(subject, found[1], run)
            if found is not None and found[0] == found[1]:
                raise EvaluationFailed("D1004")

    def _match(self, subject: str, found: list[int]) -> dict[str, Json]:
        def following(run: Run) -> Json:
            if found[1] >= len(subject):
                return UNDEFINED
            match: Json = next(self.matches(subject, run, found[1]), UNDEFINED)
            if match is not UNDEFINED and not match["match"]:
                raise EvaluationFailed("D1004")
            return match

        match, *groups = texts(subject, found)
        return {"match": match, "start": found[0], "end": found[1], "groups": groups, "next": Function(following)}
