"""Calls: of functions, with some of their arguments, with what stands before a `~>`.

One idea: a call works out its arguments before it makes itself; the last call of a function is handed to whoever called
it. Compiled by the `compile` it is given.
"""

from collections.abc import Callable

from freehold.engines.jsonata.callables import (
    HOLE,
    Closure,
    Composed,
    Evaluate,
    Invocable,
    Part,
    TailCall,
    apply,
)
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.run import Scope
from freehold.engines.jsonata.syntax import Apply, Call, Lambda, Name, Node, Partial, Path, Variable
from freehold.engines.jsonata.values import UNDEFINED, Json

Compile = Callable[..., Evaluate]


def _word(procedure: Node) -> str:
    """What an error calls the function."""
    if isinstance(procedure, Variable):
        return procedure.name
    first = procedure.steps[0] if isinstance(procedure, Path) else procedure
    return first.value if isinstance(first, Name) else ""


def _no_function(node: Call | Partial, scope: Scope, codes: tuple[str, str]) -> EvaluationFailed:
    """The error for calling something else; a field with the name of a function was probably meant to have a `$`."""
    word = _word(node.procedure)
    meant = isinstance(node.procedure, Path) and scope.lookup(word) is not UNDEFINED
    return EvaluationFailed(codes[0] if meant else codes[1], node.position, token=word)


def compile_call(node: Call, tail: bool, compile: Compile) -> Evaluate:
    if not tail:
        call = compile_call_with(node, compile)
        return lambda here, scope: call(here, scope, [])
    procedure = compile(node.procedure)
    arguments = [compile(argument) for argument in node.arguments]
    position, word = node.position, _word(node.procedure)

    def last_call(here: Json, scope: Scope) -> Json:
        function = procedure(here, scope)
        if not isinstance(function, Invocable):
            raise _no_function(node, scope, ("T1005", "T1006"))
        return TailCall(function, [argument(here, scope) for argument in arguments], position, word)

    return last_call


def compile_call_with(node: Call, compile: Compile) -> Callable[[Json, Scope, list[Json]], Json]:
    """A call, with arguments to go before its own."""
    procedure = compile(node.procedure)
    arguments = [compile(argument) for argument in node.arguments]
    position, word = node.position, _word(node.procedure)

    def call(here: Json, scope: Scope, before: list[Json]) -> Json:
        function = procedure(here, scope)
        given = [*before, *[argument(here, scope) for argument in arguments]]
        if not isinstance(function, Invocable):
            raise _no_function(node, scope, ("T1005", "T1006"))
        try:
            return apply(function, given, here, scope)
        except EvaluationFailed as error:
            raise error.at(position, word)  # noqa: B904  # the same error, not another

    return call


def compile_partial(node: Partial, tail: bool, compile: Compile) -> Evaluate:
    procedure = compile(node.procedure)
    arguments = [None if argument is None else compile(argument) for argument in node.arguments]

    def partial(here: Json, scope: Scope) -> Json:
        given = [HOLE if argument is None else argument(here, scope) for argument in arguments]
        function = procedure(here, scope)
        if not isinstance(function, Invocable):
            raise _no_function(node, scope, ("T1007", "T1008"))
        return Part(function, given)

    return partial


def compile_lambda(node: Lambda, tail: bool, compile: Compile) -> Evaluate:
    body = compile(node.body, True)
    parameters, signature, weight = node.parameters, node.signature, node.body.weight
    return lambda here, scope: Closure(parameters, body, here, scope, signature, weight)


def compile_apply(node: Apply, tail: bool, compile: Compile) -> Evaluate:
    left, position = compile(node.left), node.position
    if isinstance(node.right, Call) and not (node.right.predicates or node.right.group):
        call = compile_call_with(node.right, compile)
        return lambda here, scope: call(here, scope, [left(here, scope)])
    right = compile(node.right)

    def chain(here: Json, scope: Scope) -> Json:
        value = left(here, scope)
        function = right(here, scope)
        if not isinstance(function, Invocable):
            raise EvaluationFailed("T2006", position, value=function)
        if isinstance(value, Invocable):
            return Composed(value, function)
        return apply(function, [value], here, scope)

    return chain
