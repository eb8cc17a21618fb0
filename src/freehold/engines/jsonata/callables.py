"""Functions as values: of the library, of the expression, and what is made of them.

One idea: everything that can be called has `call(arguments, here, scope)` and an arity, which is how many arguments a
higher-order function gives it. A call at the end of a function is not made but returned, so that tail recursion takes
no stack. Knows no function of the library and no syntax.
"""

from collections.abc import Callable
from typing import Final

from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.run import Run, Scope
from freehold.engines.jsonata.signatures import Signature
from freehold.engines.jsonata.values import UNDEFINED, Json

Evaluate = Callable[[Json, Scope], Json]
"""A compiled expression: the value it has for a context, with the names of a scope."""


class Invocable:
    """Anything that can be called."""

    __slots__ = ()
    arity: int

    def call(self, arguments: list[Json], here: Json, scope: Scope) -> Json:
        """The result, which may be a TailCall.

        `here` is the context, for arguments that are left out, and `scope` what the caller sees.
        """
        raise NotImplementedError


class Function(Invocable):
    """A function written in Python: `body(run, *arguments)`. Missing arguments are left out or UNDEFINED.

    `arity` is how many arguments `$map` and its like give it at most; without one, as many as the body names.
    """

    __slots__ = ("arity", "body", "signature")

    def __init__(self, body: Callable[..., Json], signature: str | None = None, arity: int | None = None):
        self.body = body
        self.signature = None if signature is None else Signature(signature)
        self.arity = body.__code__.co_argcount - 1 if arity is None else arity

    def call(self, arguments: list[Json], here: Json, scope: Scope) -> Json:
        if self.signature is not None:
            arguments = self.signature.fit(arguments, here)
        return self.body(scope.run, *arguments)


class Closure(Invocable):
    """A function of the expression, with the context and the names around the place where it stands."""

    __slots__ = ("arity", "body", "here", "parameters", "scope", "signature", "weight")

    def __init__(
        self,
        parameters: tuple[str, ...],
        body: Evaluate,
        here: Json,
        scope: Scope,
        signature: Signature | None,
        weight: int,
    ):
        self.parameters = parameters
        self.body = body
        self.here = here
        self.scope = scope
        self.signature = signature
        self.weight = weight
        self.arity = len(parameters)

    def call(self, arguments: list[Json], here: Json, scope: Scope) -> Json:
        if self.signature is not None:
            arguments = self.signature.fit(arguments, here)
        run = scope.run
        names = dict(zip(self.parameters, arguments))
        if len(names) < self.arity:
            names = {**dict.fromkeys(self.parameters, UNDEFINED), **names}
        run.spend(self.weight)
        run.depth += 1
        if run.depth > run.setting.depth_max:
            raise EvaluationFailed("D1011")
        result = self.body(self.here, Scope(names, self.scope, run))
        run.depth -= 1
        return result


class Part(Invocable):
    """A function with some of its arguments given; HOLE stands for those that are not."""

    __slots__ = ("arguments", "arity", "function")

    def __init__(self, function: Invocable, arguments: list[Json]):
        self.function = function
        self.arguments = arguments
        self.arity = sum(argument is HOLE for argument in arguments)

    def call(self, arguments: list[Json], here: Json, scope: Scope) -> Json:
        given = iter(arguments)
        filled = [next(given, UNDEFINED) if argument is HOLE else argument for argument in self.arguments]
        return self.function.call(filled, here, scope)


class Composed(Invocable):
    """`first ~> second` as a function."""

    __slots__ = ("first", "second")
    arity = 1

    def __init__(self, first: Invocable, second: Invocable):
        self.first = first
        self.second = second

    def call(self, arguments: list[Json], here: Json, scope: Scope) -> Json:
        scope.run.spend(1)
        return self.second.call([apply(self.first, arguments[:1], here, scope)], here, scope)


class Hole:
    """The type of HOLE: an argument that is not given."""

    __slots__ = ()


HOLE: Final = Hole()


class TailCall:
    """A call that a function ends with, to be made by whoever called the function."""

    __slots__ = ("arguments", "function", "position", "token")

    def __init__(self, function: Invocable, arguments: list[Json], position: int, token: str):
        self.function = function
        self.arguments = arguments
        self.position = position
        self.token = token

    def made(self, here: Json, scope: Scope) -> Json:
        """The result of the call, and of those that it ends with in turn."""
        call = self
        while True:
            scope.run.spend(1)
            try:
                result = call.function.call(call.arguments, here, scope)
            except EvaluationFailed as error:
                raise error.at(call.position, call.token)  # noqa: B904  # the same error, not another
            if type(result) is not TailCall:
                return result
            call = result


def apply(function: Invocable, arguments: list[Json], here: Json, scope: Scope) -> Json:
    """The result of a call, tail calls made. It may be a Sequence of one: see `settle`."""
    result = function.call(arguments, here, scope)
    return result.made(here, scope) if type(result) is TailCall else result


def invoke(run: Run, function: Invocable, *arguments: Json) -> Json:
    """The result of a call that a function of the library makes, with as many arguments as the function takes."""
    result = function.call([*arguments[: function.arity or 1]], None, run.root)
    return result.made(None, run.root) if type(result) is TailCall else result


def is_function(value: object) -> bool:
    """Whether a value, or the result of an expression, is a function."""
    return isinstance(value, Invocable)
