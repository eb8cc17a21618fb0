"""Plan: what must change between what is deployed and what is wanted, as data.

One idea: properties are compared with the calls that ask for resources left standing, so a difference is certain
(Static); what a changed resource may do to those that refer to it is carried along the graph (Dynamic). A change set
prints the plan, the room executes it. It may not know resource types: `requires` says what a property's change costs.

AWS CloudFormation API Reference, "ResourceChange", "ResourceChangeDetail", "ResourceTargetDefinition".
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from freehold.engines.cfn.conditions import check_rules, environment
from freehold.engines.cfn.environment import Environment, Known
from freehold.engines.cfn.errors import InvalidTemplate, bracketed
from freehold.engines.cfn.evaluate import before_resources, evaluate_known
from freehold.engines.cfn.graph import Graph, graph
from freehold.engines.cfn.parameters import given, resolved
from freehold.engines.cfn.references import Reference, references
from freehold.engines.cfn.template import Resource, Template

Recreation = Literal["Never", "Conditionally", "Always"]
Requires = Callable[[str, str], Recreation]

NESTED_STACK = "AWS::CloudFormation::Stack"
ABSENT = {"Ref": "AWS::NoValue"}  # a property that is not written
SCOPES = ("Properties", "Tags", "Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy")
# What a deletion policy makes of a resource that leaves a stack which was once complete.
KEEPS = {"Retain": "Retain", "RetainExceptOnCreate": "Retain", "Snapshot": "Snapshot"}

ATTRIBUTES: Mapping[str, Callable[[Resource], Any]] = {
    "Metadata": lambda resource: resource.metadata,
    "CreationPolicy": lambda resource: resource.creation_policy,
    "UpdatePolicy": lambda resource: resource.update_policy,
    "DeletionPolicy": lambda resource: resource.deletion_policy,
    "UpdateReplacePolicy": lambda resource: resource.update_replace_policy,
}


@dataclass(frozen=True, slots=True)
class Deployment:
    """A template and where it is evaluated. Of what is deployed, `environment.resources` knows the physical ids."""

    template: Template
    environment: Environment

    def known(self, value: Any) -> Any:
        """`value` as it can be compared: evaluated, with the calls that ask for resources left standing."""
        return evaluate_known(value, before_resources(self.environment))


def deployment(
    template: Template,
    values: Mapping[str, Any],
    pseudo: Mapping[str, Any],
    *,
    stored: Mapping[str, str] | None = None,
    resources: Mapping[str, Known] | None = None,
    exports: Mapping[str, str] | None = None,
) -> Deployment:
    """A template under the parameters given: they are resolved and, when no transform is left, conditions are decided
    and rules kept.

    `stored` has the Systems Manager values that `stored_names` asks for. Raises InvalidTemplate.
    """
    parameters = resolved(template.parameters, given(template.parameters, values), stored)
    env = environment(template, parameters, pseudo, resources, exports)
    if not template.transforms:
        check_rules(template, env)
    return Deployment(template, env)


@dataclass(frozen=True, slots=True)
class Detail:
    """Why one attribute, or one property of it, changes, and what that requires."""

    attribute: str
    name: str | None
    requires: Recreation
    evaluation: Literal["Static", "Dynamic"]
    source: str
    cause: str | None = None

    def printed(self) -> dict[str, Any]:
        """A ResourceChangeDetail."""
        target = {"Attribute": self.attribute, "RequiresRecreation": self.requires}
        target |= {"Name": self.name} if self.name else {}
        detail = {"Target": target, "Evaluation": self.evaluation, "ChangeSource": self.source}
        return detail | ({"CausingEntity": self.cause} if self.cause else {})


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one resource. `replacement` is set for Modify; `policy` says what becomes of the old one."""

    action: Literal["Add", "Modify", "Remove"]
    id: str
    type: str
    physical_id: str | None = None
    replacement: Literal["True", "False", "Conditional"] | None = None
    policy: str | None = None
    details: tuple[Detail, ...] = field(default=())

    @property
    def scope(self) -> list[str]:
        """Which attributes change."""
        changed = {detail.attribute for detail in self.details}
        return [scope for scope in SCOPES if scope in changed]

    def printed(self) -> dict[str, Any]:
        """A Change, as DescribeChangeSet prints it."""
        optional = {
            "PolicyAction": self.policy,
            "PhysicalResourceId": self.physical_id,
            "Replacement": self.replacement,
        }
        change = {"Action": self.action, "LogicalResourceId": self.id, "ResourceType": self.type}
        change |= {key: value for key, value in optional.items() if value is not None}
        lists = {"Scope": self.scope, "Details": [detail.printed() for detail in self.details]}
        return {"Type": "Resource", "ResourceChange": change | lists}


def plan(old: Deployment | None, new: Deployment, requires: Requires) -> list[Change]:
    """The changes that make `new` of `old`: additions and modifications in order of need, then removals in theirs.

    `requires(type, property)` tells whether changing a property replaces the resource. Raises InvalidTemplate when a
    resource changes its type.
    """
    after = graph(new.template, new.environment)
    before = graph(old.template, old.environment) if old else Graph({})
    planned: dict[str, Change] = {}
    if old:
        _check_types(old.template, new.template, set(before.needs) & set(after.needs))
    for id_ in after.order():
        if old and id_ in before.needs:
            change = _modify(id_, old, new, planned, requires)
        else:
            change = Change("Add", id_, new.template.resources[id_].type)
        if change:
            planned[id_] = change
    gone = [id_ for id_ in before.reverse().order() if id_ not in after.needs]
    return [*planned.values(), *(_remove(id_, old) for id_ in gone if old)]


def _check_types(old: Template, new: Template, ids: set[str]) -> None:
    changed = [id_ for id_ in ids if old.resources[id_].type != new.resources[id_].type]
    if changed:
        raise InvalidTemplate(
            message="Update of resource type is not permitted. The new template modifies resource type of the "
            f"following resources: {bracketed(changed)}"
        )


def _remove(id_: str, old: Deployment) -> Change:
    resource = old.template.resources[id_]
    policy = old.known(resource.deletion_policy)
    action = KEEPS.get(policy, "Delete") if isinstance(policy, str) else "Delete"
    return Change("Remove", id_, resource.type, _physical_id(id_, old), policy=action)


def _physical_id(id_: str, deployment: Deployment) -> str | None:
    known = deployment.environment.resources.get(id_)
    return known.physical_id if known else None


def _modify(
    id_: str, old: Deployment, new: Deployment, planned: Mapping[str, Change], requires: Requires
) -> Change | None:
    after = new.template.resources[id_]
    details = [*_property_details(id_, old, new, planned, requires), *_attribute_details(id_, old, new)]
    if after.type == NESTED_STACK:  # its template may have changed behind the same URL
        details.append(Detail("Properties", None, "Never", "Dynamic", "Automatic"))
    if not details:
        return None
    replacement = _replacement(details)
    policy = new.known(after.update_replace_policy)
    return Change(
        "Modify",
        id_,
        after.type,
        _physical_id(id_, old),
        replacement,
        f"ReplaceAnd{policy or 'Delete'}" if replacement == "True" else None,
        tuple(dict.fromkeys(details)),
    )


def _replacement(details: list[Detail]) -> Literal["True", "False", "Conditional"]:
    """Certain when a certain change requires it, possible when a possible one may, else not."""
    if any(detail.requires == "Always" and detail.evaluation == "Static" for detail in details):
        return "True"
    return "Conditional" if any(detail.requires != "Never" for detail in details) else "False"


def _attribute_details(id_: str, old: Deployment, new: Deployment) -> Iterator[Detail]:
    for attribute, read in ATTRIBUTES.items():
        if old.known(read(old.template.resources[id_])) != new.known(read(new.template.resources[id_])):
            yield Detail(attribute, None, "Never", "Static", "DirectModification")


def _property_details(
    id_: str, old: Deployment, new: Deployment, planned: Mapping[str, Change], requires: Requires
) -> Iterator[Detail]:
    before, after = old.template.resources[id_], new.template.resources[id_]
    given_before, given_after = old.environment.parameters, new.environment.parameters
    parameters = {name for name, value in given_after.items() if given_before.get(name) != value}
    for name in dict.fromkeys([*before.properties, *after.properties]):
        target = _target(after.type, name, requires)
        was, written = before.properties.get(name, ABSENT), after.properties.get(name, ABSENT)
        asked = list(references(written, new.environment))
        if old.known(was) != new.known(written):
            rewritten = was != written
            yield from _certain(target, rewritten, [ref.name for ref in asked if ref.name in parameters])
        yield from _possible(target, asked, planned)


Target = tuple[str, str | None, Recreation]


def _target(type_: str, name: str, requires: Requires) -> Target:
    return ("Tags", None, requires(type_, name)) if name == "Tags" else ("Properties", name, requires(type_, name))


def _certain(target: Target, rewritten: bool, parameters: list[str]) -> Iterator[Detail]:
    """A property whose value differs: because it was written anew, or because a parameter it refers to has."""
    yield Detail(*target, "Static" if rewritten or not parameters else "Dynamic", "DirectModification")
    for name in parameters:
        yield Detail(*target, "Static", "ParameterReference", name)


def _possible(target: Target, asked: list[Reference], planned: Mapping[str, Change]) -> Iterator[Detail]:
    """A property that refers to a resource which may come to have another id or other attributes."""
    for ref in asked:
        change = planned.get(ref.name)
        if change is None or change.action != "Modify":
            continue
        if ref.attribute is not None:
            yield Detail(*target, "Dynamic", "ResourceAttribute", f"{ref.name}.{ref.attribute}")
        elif change.replacement != "False":
            yield Detail(*target, "Dynamic", "ResourceReference", ref.name)
