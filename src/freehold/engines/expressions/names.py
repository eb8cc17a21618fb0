"""Which attributes a request is about: the top-level names in its item or key, its expressions and what they replaced.

One idea: names can be read off the parsed text, without looking at values. It knows nothing of tables.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from freehold.engines.expressions.parser import parse_condition, parse_projection, parse_update
from freehold.engines.expressions.paths import Path
from freehold.engines.expressions.syntax import Call, Comparison, Logic, Node, PathNode

NAMED = ("Item", "Key", "Expected", "AttributeUpdates", "QueryFilter", "ScanFilter", "KeyConditions")
CONDITIONS = ("ConditionExpression", "KeyConditionExpression", "FilterExpression")


def attribute_names(request: Mapping[str, Any]) -> set[str]:
    """The names of all top-level attributes of a request. Raises ValidationException for text that cannot be read."""
    names = {name for member in NAMED for name in request.get(member) or ()}
    names.update(request.get("AttributesToGet") or ())
    aliases = request.get("ExpressionAttributeNames") or {}
    names.update(aliases.get(path[0], path[0]) for path in _paths(request))
    return names


def _paths(request: Mapping[str, Any]) -> Iterator[Path]:
    for member in CONDITIONS:
        if member in request:
            yield from _read(parse_condition(member, request[member]))
    if "ProjectionExpression" in request:
        yield from parse_projection("ProjectionExpression", request["ProjectionExpression"])
    if "UpdateExpression" in request:
        for action in parse_update("UpdateExpression", request["UpdateExpression"]).actions:
            yield action.path
            if action.operand:
                yield from _read(action.operand)


def _read(node: Node) -> Iterator[Path]:
    if isinstance(node, PathNode):
        yield node.path
    elif isinstance(node, Logic | Comparison | Call):
        for arg in node.args:
            yield from _read(arg)
