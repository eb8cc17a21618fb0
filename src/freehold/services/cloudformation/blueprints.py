"""Blueprints: what shall be deployed, once and for all.

One idea: a template's text with the parameters, tags and capabilities given for it is one record that never changes
after it is prepared, so what follows from it (conditions, graph) is worked out once and remembered by its id.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from freehold.engines import cfn
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.store import Record, Tx
from freehold.services.cloudformation import errors, exports, rows, templates, types
from freehold.services.cloudformation.stacks import Stack

COMPILED_MAX = 64
HIDDEN = "****"


class Blueprint(Record, table="cfn_blueprints", key="id", index="stack"):
    """`parameters` are the texts given or defaulted; `stored` the Systems Manager values they name; `document` is the
    template when all transforms are done, empty until it is `prepared`. `hidden` and `looked_up` are the parameters
    that are NoEcho and those whose value is the name of a stored one."""

    id: str
    stack: str
    text: str
    parameters: dict[str, str] = {}
    tags: dict[str, str] = {}
    capabilities: list[str] = []
    types: list[str] = []
    notifications: list[str] = []
    stored: dict[str, str] = {}
    document: dict[str, Any] = {}
    prepared: bool = False
    hidden: list[str] = []
    looked_up: list[str] = []


class Compiled(NamedTuple):
    """What follows from a blueprint: its template in its environment, and which resource waits for which."""

    template: cfn.Template
    environment: cfn.Environment
    graph: cfn.Graph
    tags: dict[str, str]


_compiled: dict[str, Compiled] = {}  # by id; blueprints do not change


def pseudo(stack: str, notifications: Sequence[str] = ()) -> dict[str, Any]:
    """The pseudo parameters of a stack, by its id."""
    place = arns.parse(stack)
    assert place
    return {
        "AWS::AccountId": place.account, "AWS::NotificationARNs": list(notifications),
        "AWS::Partition": place.partition, "AWS::Region": place.region, "AWS::StackId": stack,
        "AWS::StackName": place.resource.split("/")[1], "AWS::URLSuffix": "amazonaws.com",
    }  # fmt: skip


def deployment(blueprint: Blueprint, template: cfn.Template) -> cfn.Deployment:
    """The template under the blueprint's parameters. Raises InvalidTemplate."""
    given = pseudo(blueprint.stack, blueprint.notifications)
    return cfn.deployment(template, blueprint.parameters, given, stored=blueprint.stored)


def complete(call: Call, tx: Tx, blueprint: Blueprint, document: dict[str, Any], stored: dict[str, str]) -> None:
    """Note the finished document, and check all that can be known before anything is made. Raises AwsErrors."""
    blueprint.document, blueprint.stored, blueprint.prepared = document, stored, True
    template = cfn.of_document(document)
    templates.check_capabilities(template, blueprint.capabilities)
    check_types(call, template, blueprint.types)
    cfn.graph(template, deployment(blueprint, template).environment)
    tx.put(blueprint)


def check_types(call: Call, template: cfn.Template, allowed: list[str]) -> None:
    """Raise unless this cloud has all types, the caller allows them, and their policies can be kept."""
    names = sorted({one.type for one in template.resources.values()})
    unknown = [name for name in names if types.find(call, name) is None]
    if unknown:
        raise errors.TypesUnknown(names=", ".join(unknown))
    refused = [name for name in names if allowed and not any(_matches(name, one) for one in allowed)]
    if refused:
        raise errors.ResourceNotAllowed(names=", ".join(refused))
    for one in template.resources.values():
        if "Snapshot" in (one.deletion_policy, one.update_replace_policy):
            raise errors.SnapshotUnsupported(type=one.type)


def _matches(name: str, allowed: str) -> bool:
    return name == allowed or (allowed.endswith("*") and name.startswith(allowed[:-1]))


def compiled(tx: Tx, id: str) -> Compiled:
    """What follows from a prepared blueprint."""
    found = _compiled.get(id)
    if found is None:
        blueprint = tx.get(Blueprint, id)
        assert blueprint and blueprint.prepared, id
        made = deployment(blueprint, cfn.of_document(blueprint.document))
        graph = cfn.graph(made.template, made.environment)
        found = _compiled[id] = Compiled(made.template, made.environment, graph, blueprint.tags)
        if len(_compiled) > COMPILED_MAX:
            del _compiled[next(iter(_compiled))]
    return found


def environment(tx: Tx, id: str) -> cfn.Environment:
    """Where a blueprint is evaluated now: with the resources that exist and what is exported."""
    found = compiled(tx, id)
    stack = found.environment.pseudo["AWS::StackId"]
    return replace(found.environment, resources=rows.Known(tx, stack), exports=exports.Exported(tx))


def draft(
    tx: Tx, stack: str, request: dict[str, Any], text: str, template: cfn.Template, previous: Blueprint | None
) -> Blueprint:
    """A blueprint not prepared yet, of a request and its template's text. Raises InvalidTemplate and others.

    Tags that the request does not give, and parameters that it tells to keep, are the previous blueprint's.
    """
    old = previous.parameters if previous else {}
    parameters = dict(_given(one, old) for one in request.get("Parameters", []))
    tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
    return Blueprint(
        id=tx.ids.uuid(), stack=stack, text=text, parameters=cfn.given(template.parameters, parameters),
        tags=previous.tags if previous and "Tags" not in request else tags,
        capabilities=request.get("Capabilities", []), types=request.get("ResourceTypes", []),
        notifications=request.get("NotificationARNs", []),
        hidden=[name for name, one in template.parameters.items() if one.no_echo],
        looked_up=[name for name, one in template.parameters.items() if one.stored],
    )  # fmt: skip


def _given(one: dict[str, Any], previous: dict[str, str]) -> tuple[str, str]:
    key = one.get("ParameterKey", "")
    if not one.get("UsePreviousValue"):
        return key, one.get("ParameterValue", "")
    if key not in previous:
        raise errors.PreviousParameterMissing(key=key)
    return key, previous[key]


def changes(call: Call, tx: Tx, stack: Stack, blueprint: Blueprint) -> list[cfn.Change]:
    """The changes that make the stack what the prepared blueprint says. Raises InvalidTemplate."""
    new = _deployed(tx, blueprint.id)
    old = _deployed(tx, stack.blueprint) if stack.blueprint else None
    return cfn.plan(old, new, lambda kind, key: types.requires(types.find(call, kind), key))


def _deployed(tx: Tx, blueprint: str) -> cfn.Deployment:
    return cfn.Deployment(compiled(tx, blueprint).template, environment(tx, blueprint))


def idle(call: Call, tx: Tx, stack: Stack, blueprint: Blueprint, planned: list[cfn.Change]) -> bool:
    """Whether deploying the blueprint would change nothing at all: neither resources nor outputs nor tags."""
    if planned or not stack.blueprint or stack.status.endswith("_FAILED"):
        return False
    old, new = compiled(tx, stack.blueprint), compiled(tx, blueprint.id)
    outputs = [one.template.document.get("Outputs") for one in (old, new)]
    return outputs[0] == outputs[1] and old.tags == new.tags


def printed_parameters(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Parameters with their values, as stacks and change sets show them; those marked NoEcho are hidden."""
    shown = []
    for key, value in blueprint.parameters.items():
        one = {"ParameterKey": key, "ParameterValue": HIDDEN if key in blueprint.hidden else value}
        if key in blueprint.looked_up and value in blueprint.stored:
            one["ResolvedValue"] = blueprint.stored[value]
        shown.append(one)
    return shown
