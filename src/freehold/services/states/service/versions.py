"""Versions and aliases of state machines.

It may not know executions.
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.states import machines, names, pages
from freehold.services.states.catalogue import member, states
from freehold.services.states.errors import InvalidName, ValidationException
from freehold.services.states.machines import Alias, Version
from freehold.services.states.service.machines import version_arn

machine_arn, alias_arn = member("stateMachineArn"), member("stateMachineAliasArn")


@states.operation(needs={"states:PublishStateMachineVersion": machine_arn})
def publish_state_machine_version(call: Call, tx: Tx, request: Request) -> Response:
    """Publishing what is published already finds its version."""
    machine = machines.living(tx, request["stateMachineArn"])
    version = machines.publish(tx, machine, request.get("description", ""), request.get("revisionId", ""))
    return {"stateMachineVersionArn": version_arn(tx, version), "creationDate": version.created_at}


@states.operation(needs={"states:ListStateMachineVersions": machine_arn})
def list_state_machine_versions(call: Call, tx: Tx, request: Request) -> Response:
    page, named = pages.asked(request), names.read(request["stateMachineArn"], names.MACHINE)
    found = tx.range(Version, named.name, after=page.after, reverse=True, limit=page.size + 1)
    return pages.shown(page, found, lambda one: (one.number,), "stateMachineVersions", lambda one: _version(tx, one))


def _version(tx: Tx, version: Version) -> Response:
    return {"stateMachineVersionArn": version_arn(tx, version), "creationDate": version.created_at}


@states.operation(needs={"states:DeleteStateMachineVersion": member("stateMachineVersionArn")})
def delete_state_machine_version(call: Call, tx: Tx, request: Request) -> None:
    named = names.read(request["stateMachineVersionArn"], names.MACHINE)
    if not named.rest.isdecimal():
        raise ValidationException(message=f"Invalid state machine version ARN: {request['stateMachineVersionArn']}")
    machines.unpublish(tx, named.name, int(named.rest))


# Aliases


def _alias_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    """The right on the machine whose alias it is to be."""
    arn = request["routingConfiguration"][0]["stateMachineVersionArn"]
    return [("states:CreateStateMachineAlias", arn.rpartition(":")[0])]


@states.operation(needs=_alias_needs)
def create_state_machine_alias(call: Call, tx: Tx, request: Request) -> Response:
    name = names.check(request["name"])
    if name.isdecimal():
        raise InvalidName(name=name)
    machine, routes = machines.routing(tx, request["routingConfiguration"])
    alias = machines.create_alias(tx, name, machine, routes, request.get("description", ""))
    return {"stateMachineAliasArn": _arn(tx, alias), "creationDate": alias.created_at}


def _arn(tx: Tx, alias: Alias) -> str:
    return names.arn(tx, names.MACHINE, alias.machine, alias.name)


@states.operation(needs={"states:DescribeStateMachineAlias": alias_arn})
def describe_state_machine_alias(call: Call, tx: Tx, request: Request) -> Response:
    alias = machines.opened_alias(tx, request["stateMachineAliasArn"])
    routes = [
        {"stateMachineVersionArn": names.arn(tx, names.MACHINE, alias.machine, str(number)), "weight": weight}
        for number, weight in alias.routing
    ]
    answer = {
        "stateMachineAliasArn": _arn(tx, alias),
        "name": alias.name,
        "routingConfiguration": routes,
        "creationDate": alias.created_at,
        "updateDate": alias.updated_at,
    }
    return answer | ({"description": alias.description} if alias.description else {})


@states.operation(needs={"states:UpdateStateMachineAlias": alias_arn})
def update_state_machine_alias(call: Call, tx: Tx, request: Request) -> Response:
    alias = machines.opened_alias(tx, request["stateMachineAliasArn"])
    if "routingConfiguration" in request:
        _, alias.routing = machines.routing(tx, request["routingConfiguration"])
    alias.description, alias.updated_at = request.get("description", alias.description), tx.now
    tx.put(alias)
    return {"updateDate": alias.updated_at}


@states.operation(needs={"states:DeleteStateMachineAlias": alias_arn})
def delete_state_machine_alias(call: Call, tx: Tx, request: Request) -> None:
    alias = machines.opened_alias(tx, request["stateMachineAliasArn"])
    tx.delete(Alias, alias.machine, alias.name)


@states.operation(needs={"states:ListStateMachineAliases": machine_arn})
def list_state_machine_aliases(call: Call, tx: Tx, request: Request) -> Response:
    """The aliases of a machine, or of those only that lead to one of its versions."""
    page, target = pages.asked(request), machines.resolve(tx, request["stateMachineArn"])
    number = target.version.number if target.version else None
    found = tx.range(Alias, target.machine.name, after=page.after)
    found = [alias for alias in found if number is None or number in dict(alias.routing)]
    return pages.shown(
        page, found[: page.size + 1], lambda one: (one.name,), "stateMachineAliases", lambda one: _row(tx, one)
    )


def _row(tx: Tx, alias: Alias) -> Response:
    return {"stateMachineAliasArn": _arn(tx, alias), "creationDate": alias.created_at}
