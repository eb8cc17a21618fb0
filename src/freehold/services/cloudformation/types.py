"""Resource types: what the rooms declare, found by name.

One idea: a type is known when a room of this cloud makes it; a name under
`Custom::` is the user's own and always is.
"""

from typing import Any, Literal

from freehold.kernel.call import Call
from freehold.kernel.resources import ResourceType
from freehold.services.cloudformation import custom
from freehold.services.cloudformation.rows import Incarnation

Recreation = Literal["Never", "Conditionally", "Always"]


def find(call: Call, name: str) -> ResourceType | None:
    """The type of this name, if any room has it."""
    if name.startswith(custom.PREFIX):
        return custom.custom_type(name)
    return call.door.rooms.resource(name)


def named(call: Call, name: str) -> ResourceType:
    """The type of this name; blueprints with unknown types were refused."""
    found = find(call, name)
    assert found, name
    return found


def replaces(kind: ResourceType, old: Incarnation, new: Incarnation) -> bool:
    """Whether the new properties can be had by a new resource only."""
    if "update" not in kind.steps and old.properties != new.properties:
        return True
    return any(_part(old.properties, path) != _part(new.properties, path) for path in kind.replaces)


def _part(properties: Any, path: str) -> Any:
    """The part of a resource's properties that a path leads to; None where it leads nowhere."""
    for key in path.split("/"):
        properties = properties.get(key) if isinstance(properties, dict) else None
    return properties


def requires(kind: ResourceType | None, key: str) -> Recreation:
    """What the change of a property costs, as change sets print it."""
    if kind is None or key in kind.replaces or "update" not in kind.steps:
        return "Always"
    return "Conditionally" if any(path.startswith(f"{key}/") for path in kind.replaces) else "Never"
