"""References: the names a value asks for.

One idea: one walk finds every Ref, Fn::GetAtt and Fn::Sub; given an environment it takes only the branches whose
conditions hold, without one it takes all. It may not know what the names stand for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from freehold.engines.cfn.environment import Environment
from freehold.engines.cfn.functions import attribute_parts, choose, sub_names, sub_parts


@dataclass(frozen=True, slots=True)
class Reference:
    """`function` asks for `name`, or for its `attribute`."""

    function: str
    name: str
    attribute: str | None = None


def references(value: Any, env: Environment | None = None) -> Iterator[Reference]:
    """Every reference in `value`, in the order written; repeated ones repeat."""
    if isinstance(value, list):
        for item in value:
            yield from references(item, env)
    if not isinstance(value, dict):
        return
    name = next(iter(value)) if len(value) == 1 else None
    if name in REFERENCES:
        yield from REFERENCES[name](value[name], env)
    elif name == "Fn::If" and env is not None:
        yield from references(choose(value[name], env), env)
    else:
        for item in value.values():
            yield from references(item, env)


def _ref(argument: Any, env: Environment | None) -> Iterator[Reference]:
    if isinstance(argument, str):
        yield Reference("Ref", argument)
    else:
        yield from references(argument, env)


def _get_att(argument: Any, env: Environment | None) -> Iterator[Reference]:
    name, attribute = attribute_parts(argument)
    if isinstance(name, str):
        yield Reference("Fn::GetAtt", name, attribute if isinstance(attribute, str) else "")
    yield from references([name, attribute], env)


def _sub(argument: Any, env: Environment | None) -> Iterator[Reference]:
    words, local = sub_parts(argument)
    for name in sub_names(words):
        if name not in local:
            target, dot, attribute = name.partition(".")
            yield Reference("Fn::Sub", target, attribute if dot else None)
    yield from references(local, env)


REFERENCES = {"Ref": _ref, "Fn::GetAtt": _get_att, "Fn::Sub": _sub}
