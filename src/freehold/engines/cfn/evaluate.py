"""Evaluation: a value with functions in it → the value they give.

One idea: a dict whose only key is a function's name is a call; everything else is itself. `evaluate` wants every value
known; `evaluate_known` leaves standing the calls that ask for what is not. It may not know templates.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from freehold.engines.cfn.environment import NOTHING, Environment, NotYet
from freehold.engines.cfn.functions import FUNCTIONS, Function


def call_of(value: Any, functions: Mapping[str, Function] = FUNCTIONS) -> str | None:
    """The function that `value` calls, if it is a call."""
    if isinstance(value, dict) and len(value) == 1:
        name = next(iter(value))
        return name if name in functions else None
    return None


def evaluate(value: Any, env: Environment, functions: Mapping[str, Function] = FUNCTIONS) -> Any:
    """`value` with every call answered. Raises NotYet for a resource not made yet, InvalidTemplate for a wrong call.

    A property or item that evaluates to AWS::NoValue is gone; `value` itself may come back as NOTHING.
    """
    name = call_of(value, functions)
    if name == "Fn::If":
        return evaluate(functions[name](value[name], env), env, functions)
    if name:
        return functions[name](evaluate(value[name], env, functions), env)
    if isinstance(value, dict):
        pairs = ((key, evaluate(item, env, functions)) for key, item in value.items())
        return {key: item for key, item in pairs if item is not NOTHING}
    if isinstance(value, list):
        items = (evaluate(item, env, functions) for item in value)
        return [item for item in items if item is not NOTHING]
    return value


def evaluate_known(value: Any, env: Environment) -> Any:
    """`value` with the calls answered that can be; those that wait for a resource stand, their arguments evaluated."""
    name = call_of(value)
    if name == "Fn::If":
        return evaluate_known(FUNCTIONS[name](value[name], env), env)
    if name:
        try:
            return evaluate(value, env)
        except NotYet:
            return {name: evaluate_known(value[name], env)}
    if isinstance(value, dict):
        pairs = ((key, evaluate_known(item, env)) for key, item in value.items())
        return {key: item for key, item in pairs if item is not NOTHING}
    if isinstance(value, list):
        items = (evaluate_known(item, env) for item in value)
        return [item for item in items if item is not NOTHING]
    return value


def before_resources(env: Environment) -> Environment:
    """The environment as it is before any resource is made."""
    return replace(env, resources={})
