"""Resource types: what the rooms declare, found by name.

One idea: a type is known when a room of this cloud makes it; a name under
`Custom::` is the user's own and always is.
"""

from typing import Literal

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
    changed = [key for key in {*old.properties, *new.properties} if old.properties.get(key) != new.properties.get(key)]
    return any(requires(kind, key) == "Always" for key in changed)


def requires(kind: ResourceType | None, key: str) -> Recreation:
    """What the change of a property costs, as change sets print it."""
    return "Always" if kind is None or key in kind.replaces or "update" not in kind.steps else "Never"
