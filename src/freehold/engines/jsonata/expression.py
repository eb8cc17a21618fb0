"""An expression: compiled once, evaluated often.

One idea: what an expression is can be asked without evaluating it (which variables it wants, whether it reads the
input), and what comes out of it is plain JSON again. Knows no state machine.
"""

import math
from collections.abc import Mapping
from typing import Final

from freehold.engines.jsonata.analysis import free_names, reads_input
from freehold.engines.jsonata.callables import is_function
from freehold.engines.jsonata.compiler import compile_tree
from freehold.engines.jsonata.errors import EvaluationFailed, InvalidExpression
from freehold.engines.jsonata.evaluation import Evaluation
from freehold.engines.jsonata.functions import LIBRARY
from freehold.engines.jsonata.parser import parse
from freehold.engines.jsonata.run import Run, Setting
from freehold.engines.jsonata.step_functions import FUNCTIONS
from freehold.engines.jsonata.texts import number_text
from freehold.engines.jsonata.values import UNDEFINED, Json, Wrapped

_LIBRARY: Final = {**LIBRARY, "eval": Evaluation()}
_KNOWN: Final = frozenset((*_LIBRARY, *FUNCTIONS))
_DEFAULT: Final = Setting()
_WITH_INFINITE: Final[frozenset[type]] = frozenset((str, int, bool, type(None)))  # where floats may be infinite
_SCALARS: Final[frozenset[type]] = _WITH_INFINITE | {float}


class Expression:
    """A compiled expression.

    `variables`: the names, without `$`, that it refers to and does not bind itself, those of the functions of JSONata
    and of Step Functions left out. `paths_from_root`: whether it reads the input: a field name or `$` at the top level,
    or `$$` anywhere. Step Functions allows neither.
    """

    __slots__ = ("_evaluate", "paths_from_root", "text", "variables")

    def __init__(self, text: str):
        """Raises InvalidExpression."""
        try:
            tree = parse(text)
            self._evaluate = compile_tree(tree)
            self.variables = free_names(tree) - _KNOWN
            self.paths_from_root = reads_input(tree)
        except RecursionError as error:  # the caller has left less of the stack than the nesting allowed needs
            raise InvalidExpression("S0501", 0) from error
        self.text = text

    def evaluate(
        self, input: Json = UNDEFINED, bindings: Mapping[str, Json] | None = None, setting: Setting = _DEFAULT
    ) -> Json:
        """The value for an input, as plain JSON, UNDEFINED for none, or a function (`is_function`).

        `bindings`: variables by name without `$`. Neither they nor the input are changed. A function within the result
        makes the function the result. Raises EvaluationFailed.
        """
        run = Run(setting, _LIBRARY, {**(bindings or {}), "$": input})
        try:
            value = self._evaluate(Wrapped([input]) if isinstance(input, list) else input, run.root)
            return value if type(value) in _WITH_INFINITE else _plain(value, run)
        except RecursionError as error:
            raise EvaluationFailed("D1011") from error
        except OverflowError as error:  # an integer of the input that is larger than any double
            raise EvaluationFailed("D1001") from error


def compile(text: str) -> Expression:
    """An expression from its text. Raises InvalidExpression."""
    return Expression(text)


class _FoundFunction(Exception):
    """There is a function within a result."""

    def __init__(self, function: Json):
        self.function = function


def _plain(value: Json, run: Run) -> Json:
    """A result as JSON of Python's own types; a function within it is the result. Raises EvaluationFailed D1001."""
    try:
        return _plain_json(value, run, _WITH_INFINITE if run.infinite else _SCALARS)
    except _FoundFunction as found:
        return found.function


def _plain_json(value: Json, run: Run, scalars: frozenset[type]) -> Json:
    """What is plain already, as parts of the input are, is not copied. `scalars`: types that need no look."""
    kind = type(value)
    if kind in scalars:
        return value
    if isinstance(value, list):
        run.spend(1 + len(value))
        if scalars.issuperset(map(type, value)):
            return value if kind is list else list(value)
        return [item if type(item) in scalars else _plain_json(item, run, scalars) for item in value]
    if kind is dict:
        run.spend(1 + len(value))
        if scalars.issuperset(map(type, value.values())):
            return value
        return {
            name: item if type(item) in scalars else _plain_json(item, run, scalars) for name, item in value.items()
        }
    if kind is float:
        if not math.isfinite(value):
            raise EvaluationFailed("D1001", value=number_text(value))
        return value
    if is_function(value):
        raise _FoundFunction(value)
    return value
