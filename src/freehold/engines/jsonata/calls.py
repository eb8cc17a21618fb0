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
from freehold.engines.jsonata.syntax import Apply, Call, Lambda, Name, Node, Partial, Path, Variable, is_bare
from freehold.engines.jsonata.values import UNDEFINED, Json, Sequence, settle

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


def compile_call(node: Call, tail: bool, compile: Compile, applied: Apply | None = None) -> Evaluate:
    """A call, or what the `~>` before it makes of it: its left side is then an argument before the others.

    The result is settled if nothing stands after it.
    """
    settled = is_bare(node) and (applied is None or is_bare(applied))
    procedure = compile(node.procedure)
    arguments = [compile(argument) for argument in node.arguments]
    if applied is not None:
        arguments.insert(0, compile(applied.left))
    position, word = node.position, _word(node.procedure)
    only = arguments[0] if len(arguments) == 1 else None

    def call(here: Json, scope: Scope) -> Json:
        function = procedure(here, scope)
        given = [argument(here, scope) for argument in arguments] if only is None else [only(here, scope)]
        if not isinstance(function, Invocable):
            raise _no_function(node, scope, ("T1005", "T1006"))
        if tail:
            return TailCall(function, given, position, word)
        try:
            result = function.call(given, here, scope)
            if type(result) is TailCall:
                result = result.made(here, scope)
        except EvaluationFailed as error:
            raise error.at(position, word)  # noqa: B904  # the same error, not another
        return settle(result) if settled and isinstance(result, Sequence) else result

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
    parameters, signature, weight = tuple(node.parameters), node.signature, node.body.weight
    return lambda here, scope: Closure(parameters, body, here, scope, signature, weight)


def compile_apply(node: Apply, tail: bool, compile: Compile) -> Evaluate:
    if isinstance(node.right, Call) and not (node.right.predicates or node.right.group):
        return compile_call(node.right, False, compile, applied=node)
    left, right, position, settled = compile(node.left), compile(node.right), node.position, is_bare(node)

    def chain(here: Json, scope: Scope) -> Json:
        value = left(here, scope)
        function = right(here, scope)
        if not isinstance(function, Invocable):
            raise EvaluationFailed("T2006", position, value=function)
        if isinstance(value, Invocable):
            return Composed(value, function)
        result = apply(function, [value], here, scope)
        return settle(result) if settled else result

    return chain
