"""Regular expressions as values: functions that find matches.

One idea: a regular expression is a function from a string to its first match, an object that holds the function to the
next one.
"""

from collections.abc import Iterator

from freehold.engines import regex
from freehold.engines.jsonata.callables import Function, Invocable
from freehold.engines.jsonata.errors import EvaluationFailed, InvalidExpression
from freehold.engines.jsonata.run import Run, Scope
from freehold.engines.jsonata.values import UNDEFINED, Json


class Pattern(regex.Pattern):
    """A compiled pattern, whose searches a run pays for. Raises InvalidPattern."""

    __slots__ = ()

    def places(self, subject: str, start: int, run: Run) -> list[int] | None:
        """As `search`. Raises EvaluationFailed D1014 for a string that is too long for the pattern."""
        try:
            return self.search(subject, start, run)
        except regex.Spent as spent:
            raise EvaluationFailed("D1014", value=spent.most) from spent

    def first(self, subject: str, run: Run) -> list[str | None] | None:
        """The texts of the first match and its captures."""
        found = self.places(subject, 0, run)
        return None if found is None else texts(subject, found)


def texts(subject: str, found: list[int]) -> list[str | None]:
    """The texts at pairs of places."""
    pairs = zip(found[::2], found[1::2])
    return [subject[start:end] if start >= 0 and end >= 0 else None for start, end in pairs]


def compile_pattern(source: str, flags: str, position: int) -> Pattern:
    """A pattern with the flags i and m. Raises InvalidExpression S0303."""
    try:
        return Pattern(source, flags)
    except regex.InvalidPattern as error:
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
        found = self.pattern.places(subject, start, run)
        while found is not None:
            match = self._match(subject, found)
            yield match
            if found[1] >= len(subject):
                return
            found = self.pattern.places(subject, found[1], run)
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
