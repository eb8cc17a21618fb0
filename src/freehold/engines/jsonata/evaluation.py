"""`$eval`: an expression within an expression.

One idea: the text is compiled and evaluated where it stands, with the names and the purse of what is around it. It is
beside the library because it needs the parser, which the library may not know.
"""

from freehold.engines.jsonata.callables import Invocable
from freehold.engines.jsonata.compiler import compile_tree
from freehold.engines.jsonata.errors import EvaluationFailed, InvalidExpression
from freehold.engines.jsonata.parser import parse
from freehold.engines.jsonata.run import Scope
from freehold.engines.jsonata.signatures import Signature
from freehold.engines.jsonata.values import UNDEFINED, Json, Sequence, Wrapped


class Evaluation(Invocable):
    """The function `$eval(text, context?)`."""

    __slots__ = ("signature",)
    arity = 2

    def __init__(self) -> None:
        self.signature = Signature("<sx?:x>")

    def call(self, arguments: list[Json], here: Json, scope: Scope) -> Json:
        text, *context = self.signature.fit(arguments, here)
        if text is UNDEFINED:
            return UNDEFINED
        if context and context[0] is not UNDEFINED:
            here = context[0]
            if isinstance(here, list) and not isinstance(here, Sequence):
                here = Wrapped([here])
        scope.run.spend(1 + len(text))
        try:
            evaluate = compile_tree(parse(text))
        except InvalidExpression as error:
            raise EvaluationFailed("D3120", value=error.message) from error
        try:
            return evaluate(here, scope)
        except EvaluationFailed as error:
            if error.code in ("D1011", "D1012"):
                raise
            raise EvaluationFailed("D3121", value=error.message) from error
