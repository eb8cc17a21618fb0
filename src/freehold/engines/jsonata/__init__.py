"""JSONata 2, the language of queries and transformations that Step Functions speaks beside JSONPath.

One idea: text becomes a tree, the tree becomes a closure, once (`compile`); the closure is evaluated many times
(`Expression.evaluate`), and every evaluation has a purse, so that no expression and no input can hold the process. It
knows no state machine, no clock and no chance: they arrive as a `Setting`. `step_functions.FUNCTIONS` is what AWS adds
to the library and takes from it.

Follows https://docs.jsonata.org and the reference implementation (jsonata-js 2.2), whose test suite it passes.
Otherwise than there, on purpose: a string is its characters, not its UTF-16 units; base 64 is of UTF-8; an offset such
as -0530 is that, not -0630; the left side of `?:` is evaluated once; `[a, b][0].c` is a path like any other; a division
may follow `[]`; a predicate makes nothing of nothing; classes of characters by Unicode property are refused.
"""

from freehold.engines.jsonata import step_functions
from freehold.engines.jsonata.callables import Function, is_function
from freehold.engines.jsonata.errors import EvaluationFailed, InvalidExpression, JsonataError
from freehold.engines.jsonata.expression import Expression, compile
from freehold.engines.jsonata.run import Run, Setting
from freehold.engines.jsonata.values import UNDEFINED

__all__ = [
    "UNDEFINED",
    "EvaluationFailed",
    "Expression",
    "Function",
    "InvalidExpression",
    "JsonataError",
    "Run",
    "Setting",
    "compile",
    "is_function",
    "step_functions",
]
