"""Matching: which resource of an API a path means.

One idea: resources are a tree of path parts, walked with the most exact part first: a literal, then `{name}`, then
`{name+}`. It may not know methods' meaning, nor HTTP beyond the path.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
"""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from freehold.services.apigateway.apis import Document

ANY = "ANY"


class Match(NamedTuple):
    """A resource, the method of it, and the decoded path parameters."""

    resource: Document
    method: Document
    path_parameters: dict[str, str]


def match(resources: Mapping[str, Document], http_method: str, path: str) -> Match | None:
    """The method that answers a request for a raw path. A resource without the verb, or ANY, does not match."""
    below: dict[str, list[Document]] = {}
    for resource in resources.values():
        below.setdefault(resource.get("parentId", ""), []).append(resource)
    for children in below.values():
        children.sort(key=lambda each: _rank(each.get("pathPart", "")))
    steps = [step for step in path.split("/") if step]
    root = below.get("", [None])[0]
    return _walk(below, root, steps, http_method, {}) if root else None


def _rank(part: str) -> int:
    return 2 if part.endswith("+}") else 1 if part.startswith("{") else 0


def _walk(
    below: Mapping[str, list[Document]], resource: Document, steps: list[str], verb: str, found: dict[str, str]
) -> Match | None:
    if not steps:
        methods = resource.get("resourceMethods", {})
        method = methods.get(verb) or methods.get(ANY)
        return Match(resource, method, found) if method else None
    step, rest = steps[0], steps[1:]
    for child in below.get(resource["id"], ()):
        part = child["pathPart"]
        match _rank(part):
            case 0 if part != unquote(step):
                continue
            case 0:
                taken = _walk(below, child, rest, verb, found)
            case 1:
                taken = _walk(below, child, rest, verb, found | {part[1:-1]: unquote(step)})
            case _:
                taken = _walk(below, child, [], verb, found | {part[1:-2]: unquote("/".join(steps))})
        if taken:
            return taken
    return None
