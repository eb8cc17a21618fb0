"""The texts of a policy: literals, wildcards and variables.

One idea: a text is read into parts once; where it has variables it is completed for each request, and what a variable
brings in is literal, so that no tag's value can act as a wildcard. It may not know what texts are compared with.
Follows "IAM policy elements: Variables and tags".
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from freehold.engines.iam.request import Request
from freehold.engines.patterns.globs import Matcher, Part, any_glob, glob, wild_parts

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"\s*([^,]*?)\s*,\s*'(.*)'\s*", re.DOTALL)
_LITERALS = ("*", "?", "$")


@dataclass(frozen=True, slots=True)
class Variable:
    """`${key}` or `${key, 'default'}`; the key in lower case."""

    key: str
    default: str | None


Text = tuple[Part | Variable, ...]


def read(text: str, variables: bool) -> Text:
    """Parts of a policy's text. Only version 2012-10-17 has variables; without them `${…}` is what it looks like."""
    if not variables or "${" not in text:
        return wild_parts(text)
    parts: list[Part | Variable] = []
    end = 0
    for found in _VARIABLE.finditer(text):
        parts += wild_parts(text[end : found.start()])
        parts.append(_variable(found[1]))
        end = found.end()
    return (*parts, *wild_parts(text[end:]))


def _variable(inside: str) -> str | Variable:
    if inside in _LITERALS:
        return inside
    if found := _DEFAULT.fullmatch(inside):
        return Variable(found[1].lower(), found[2])
    return Variable(inside.strip().lower(), None)


def fixed(text: Text) -> tuple[Part, ...] | None:
    """The text itself if it has no variables."""
    parts = tuple(part for part in text if not isinstance(part, Variable))
    return parts if len(parts) == len(text) else None


def complete(text: Text, request: Request) -> tuple[Part, ...] | None:
    """The text with a request's values in place of its variables; None if one has no value, or several."""
    parts: list[Part] = []
    for part in text:
        value = _value(part, request) if isinstance(part, Variable) else part
        if value is None:
            return None
        parts.append(value)
    return tuple(parts)


def _value(variable: Variable, request: Request) -> str | None:
    values = request.facts.get(variable.key)
    if not values:
        return variable.default
    return values[0] if len(values) == 1 else None


def any_action(actions: Iterable[str]) -> Matcher:
    """A matcher of actions in lower case."""
    return any_glob(wild_parts(action.lower()) for action in actions)


def any_resource(resources: Iterable[str], variables: bool) -> Callable[[Request], bool]:
    """Whether a request's resource is of one of these forms. Case matters, and wildcards pass over `:` and `/`."""
    texts = [read(_whole_arn(resource), variables) for resource in resources]
    plain = any_glob(parts for text in texts if (parts := fixed(text)) is not None)
    varying = [text for text in texts if fixed(text) is None]
    if not varying:
        return lambda request: plain(request.resource)

    def on(request: Request) -> bool:
        completed = (complete(text, request) for text in varying)
        return plain(request.resource) or any(parts and glob(parts)(request.resource) for parts in completed)

    return on


def _whole_arn(resource: str) -> str:
    """IAM reads an ARN that stops early as if the rest were wildcards."""
    if not resource.startswith("arn:") or resource.endswith("*"):
        return resource
    return resource + ":*" * (5 - resource.count(":"))
