"""Regular expressions: JavaScript's, as functions that find matches.

One idea: a regular expression is a function from a string to its first match, which holds the function to the next.
"""

import re
from collections.abc import Iterator

from freehold.engines.jsonata.callables import Function, Invocable
from freehold.engines.jsonata.errors import EvaluationFailed, InvalidExpression
from freehold.engines.jsonata.run import Run, Scope
from freehold.engines.jsonata.values import UNDEFINED, Json


class Pattern:
    def __init__(self, source: str, flags: str):
        self.source = source
        self.compiled = re.compile(source, (re.I if "i" in flags else 0) | (re.M if "m" in flags else 0))

    def first(self, subject: str, run: Run) -> "re.Match[str] | None":
        return self.compiled.search(subject)


def compile_pattern(source: str, flags: str, position: int) -> Pattern:
    try:
        return Pattern(source, flags)
    except re.error as error:
        raise InvalidExpression("S0303", position, value=source) from error


class Matcher(Invocable):
    __slots__ = ("pattern",)
    arity = 1

    def __init__(self, pattern: Pattern):
        self.pattern = pattern

    def call(self, arguments: list[Json], here: Json, scope: Scope) -> Json:
        run = scope.run
        subject = arguments[0] if arguments else UNDEFINED
        if not isinstance(subject, str):
            return UNDEFINED
        return self._match(subject, 0, run)

    def matches(self, subject: str, run: Run) -> "Iterator[dict[str, Json]]":
        found = self._match(subject, 0, run)
        while found is not UNDEFINED:
            yield found
            found = found["next"].body(run)

    def _match(self, subject: str, start: int, run: Run) -> Json:
        found = self.pattern.compiled.search(subject, start)
        if found is None:
            return UNDEFINED

        def next_match(run: Run) -> Json:
            if found.end() >= len(subject):
                return UNDEFINED
            following = self._match(subject, found.end(), run)
            if following is not UNDEFINED and following["match"] == "":
                raise EvaluationFailed("D1004")
            return following

        return {
            "match": found[0],
            "start": found.start(),
            "end": found.end(),
            "groups": list(found.groups()),
            "next": Function(next_match),
        }
