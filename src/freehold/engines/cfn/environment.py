"""Environment: all that an evaluation may look up, as values.

One idea: what is not known yet is not an error but a `NotYet`, so the same functions serve planning and doing.
It may not know where values come from: the room fills it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from freehold.engines.cfn.errors import InvalidTemplate


class NotYet(Exception):
    """A value depends on a resource that has not been made. `name` is its logical id."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


class Nothing:
    """What `AWS::NoValue` refers to: the property or list item that holds it vanishes."""

    def __repr__(self) -> str:
        return "AWS::NoValue"


NOTHING: Final = Nothing()

PSEUDO_PARAMETERS: Final = (
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::NoValue",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
)


@dataclass(frozen=True, slots=True)
class Known:
    """A resource that has been made. `ref` is what Ref gives, where that is not the physical id.

    `attributes` is read by Fn::GetAtt; a dotted name (Endpoint.Port, Outputs.X) is a key or a way through nested dicts.
    """

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    ref: str | None = None


def three_zones(region: str) -> list[str]:
    """The zones of a region nobody has described: its name and the letters a, b, c."""
    return [region + letter for letter in "abc"]


@dataclass(frozen=True, slots=True)
class Environment:
    """Values by name. `parameters` are resolved (text, or a list of texts); `pseudo` has AWS::Region and its kin;
    `exports` are those of the account and region; `zones` gives a region's availability zones.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    pseudo: Mapping[str, Any] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, bool] = field(default_factory=dict)
    resources: Mapping[str, Known] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)
    zones: Callable[[str], list[str]] = three_zones

    def ref(self, name: str) -> Any:
        """What `Ref: name` gives. Raises NotYet when it is a resource not made yet."""
        if name == "AWS::NoValue":
            return NOTHING
        if name in self.parameters:
            return self.parameters[name]
        if name in self.pseudo:
            return self.pseudo[name]
        if name not in self.resources:
            raise NotYet(name)
        known = self.resources[name]
        return known.physical_id if known.ref is None else known.ref

    def attribute(self, name: str, attribute: str) -> Any:
        """What `Fn::GetAtt: [name, attribute]` gives. Raises NotYet when the resource is not made yet."""
        if name not in self.resources:
            raise NotYet(name)
        found: Any = self.resources[name].attributes
        if attribute in found:
            return found[attribute]
        for step in attribute.split("."):
            if not isinstance(found, Mapping) or step not in found:
                raise InvalidTemplate(
                    message=f"Template error: resource {name} does not support attribute type {attribute} in Fn::GetAtt"
                )
            found = found[step]
        return found
