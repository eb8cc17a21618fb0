"""Signatures: which arguments a function takes, `<s-nn?:s>`.

One idea: the types of the arguments are letters, so the arguments of a call are a word, and a signature is a regular
expression over words. What a word means for a signature (which argument is missing and taken from the context, which
becomes an array) is worked out once and remembered. Knows no function.

Letters: s string, n number, b boolean, l null, o object, a array, f function, m missing; j any JSON, x anything,
(sn) one of these, a<n> array of numbers. `-` after a letter: the context if the argument is missing; `?` may be
missing; `+` one or more. What stands after the colon (the result) is not looked at.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from freehold.engines.jsonata.errors import EvaluationFailed, InvalidExpression
from freehold.engines.jsonata.values import UNDEFINED, Json, Undefined

LETTERS: Final[dict[type, str]] = {
    str: "s", int: "n", float: "n", bool: "b", type(None): "l", dict: "o", Undefined: "m",
}  # fmt: skip
"""The letter of each type; every list is `a`, anything else a function."""

_PATTERNS: Final = {
    **{letter: f"[{letter}m]" for letter in "snblo"}, "a": "[asnblfom]", "f": "f", "j": "[asnblom]", "x": "[asnblfom]",
}  # fmt: skip
_PLURALS: Final = {"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings"}
_WORDS_MAX = 256  # calls of different shapes that one signature remembers


def letter(value: Json) -> str:
    """The letter of a value's type."""
    return LETTERS.get(type(value)) or ("a" if isinstance(value, list) else "f")


@dataclass(slots=True)
class Parameter:
    """One parameter: the pattern its letters match, and what becomes of them."""

    kind: str
    pattern: str
    repeat: str = ""  # "", "?" or "+"
    context: bool = False
    item: str | None = None  # what an array holds


Plan = list[tuple[Parameter, str]]
"""The letters of a word that each parameter takes."""


class Signature:
    """A parsed signature; `fit` makes the arguments of a call what the function expects."""

    def __init__(self, text: str):
        """Raises InvalidExpression, with the position within `text`."""
        self.text = text
        self.parameters = _parse(text)
        self._pattern = re.compile("".join(f"({_quantified(each)})" for each in self.parameters))
        self._plans: dict[str, Plan | None] = {}

    def fit(self, arguments: list[Json], context: Json) -> list[Json]:
        """The arguments to call with. Raises EvaluationFailed T0410, T0411, T0412."""
        get = LETTERS.get
        word = "".join([get(type(value)) or letter(value) for value in arguments])
        plan = self._plans[word] if word in self._plans else self._plan(word)
        if plan is None:
            return arguments
        return _fitted(plan, arguments, context)

    def _plan(self, word: str) -> "Plan | None":
        """The letters that each parameter takes of a word; None where the arguments are taken as they are."""
        found = self._pattern.fullmatch(word)
        if found is None:
            raise self._mismatch(word)
        plan = [(each, found[number]) for number, each in enumerate(self.parameters, 1)]
        as_is = all(taken and not each.item and (each.kind != "a" or set(taken) == {"a"}) for each, taken in plan)
        result = None if as_is else plan
        if len(self._plans) < _WORDS_MAX:
            self._plans[word] = result
        return result

    def _mismatch(self, word: str) -> EvaluationFailed:
        pattern, good = "", 0
        for each in self.parameters:
            pattern += _quantified(each)
            found = re.match(pattern, word)
            if found is None:
                break
            good = found.end()
        return EvaluationFailed("T0410", index=good + 1)


def _fitted(plan: Plan, arguments: list[Json], context: Json) -> list[Json]:
    fitted: list[Json] = []
    index = 0
    for parameter, letters in plan:
        if not letters:
            if parameter.context:
                if not re.match(parameter.pattern, letter(context)):
                    raise EvaluationFailed("T0411", index=index + 1)
                fitted.append(context)
            else:
                fitted.append(arguments[index] if index < len(arguments) else UNDEFINED)
                index += 1
            continue
        for single in letters:
            value = arguments[index] if index < len(arguments) else UNDEFINED  # one above may have taken more
            index += 1
            fitted.append(_as_array(parameter, single, letters, value, index) if parameter.kind == "a" else value)
    return fitted


def _as_array(parameter: Parameter, single: str, letters: str, value: Json, index: int) -> Json:
    """The argument of an array parameter: a single value becomes the array of it, and its items have their type."""
    if single == "m" or value is UNDEFINED:
        return UNDEFINED
    if parameter.item is not None:
        right = single == "a" or letters == parameter.item
        if single == "a" and value:
            right = all(letter(item) == parameter.item[0] for item in value)
        if not right:
            raise EvaluationFailed("T0412", index=index, type=_PLURALS.get(parameter.item))
    return value if single == "a" else [value]


def _quantified(parameter: Parameter) -> str:
    return parameter.pattern + ("?" if parameter.context else "") + parameter.repeat


def _closing(text: str, start: int, opening: str, closing: str) -> int:
    """The position of the bracket that closes the one at `start`, or the end of the text."""
    depth = 0
    for position in range(start, len(text)):
        depth += (text[position] == opening) - (text[position] == closing)
        if depth == 0:
            return position
    return len(text)


def _parse(text: str) -> list[Parameter]:
    parameters: list[Parameter] = []
    position = 1
    while position < len(text) and text[position] != ":":
        symbol = text[position]
        last: Any = parameters[-1] if parameters else None
        if symbol in _PATTERNS:
            parameters.append(Parameter(symbol, _PATTERNS[symbol]))
        elif symbol == "(":
            end = _closing(text, position, "(", ")")
            choice = text[position + 1 : end]
            if "<" in choice:
                raise InvalidExpression("S0402", position, value=choice)
            parameters.append(Parameter(f"({choice})", f"[{re.escape(choice)}m]"))
            position = end
        elif symbol == "<":
            if last is None or last.kind not in "af":
                raise InvalidExpression("S0401", position, value=last.kind if last else "")
            end = _closing(text, position, "<", ">")
            last.item = text[position + 1 : end]
            position = end
        elif symbol == "-" and last is not None:
            last.context = True
        elif symbol in "?+" and last is not None:
            last.repeat = symbol
        position += 1
    return parameters
