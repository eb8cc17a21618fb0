"""AWS::Lambda::Version and Alias, with the environments that stand ready for them. It may not know the store."""

from typing import Any

from freehold.kernel.resources import Ask, Ending, Made, Pause, Properties, Refused, Steps, Want
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.names import LATEST
from freehold.services.lambda_.templates import chosen, typed

LOOK_AGAIN_S = 1.0
KEPT = "ProvisionedConcurrencyConfig"

version = lambda_.resource(
    "AWS::Lambda::Version",
    replaces=("FunctionName", "CodeSha256", "Description"),
    attributes=("Version", "FunctionArn"),
)
alias = lambda_.resource("AWS::Lambda::Alias", replaces=("FunctionName", "Name"), attributes=("AliasArn",))


def _keep(place: dict[str, Any], given: Properties, old: Properties) -> Ending:
    """As many environments as are wanted, there before the resource is complete; or none any more."""
    wanted, before = typed(given.get(KEPT)), typed(old.get(KEPT))
    if not wanted and before:
        yield Ask("lambda", "DeleteProvisionedConcurrencyConfig", place)
    if not wanted or wanted == before:
        return
    yield Ask("lambda", "PutProvisionedConcurrencyConfig", place | wanted)
    while True:
        told = yield Ask("lambda", "GetProvisionedConcurrencyConfig", place)
        if told["Status"] == "FAILED":
            raise Refused("ProvisionedConcurrencyFailed", told.get("StatusReason", told["Status"]))
        if told["Status"] == "READY":
            return
        yield Pause(LOOK_AGAIN_S)


@version.create
def create_version(want: Want) -> Steps:
    given = want.properties
    made = yield Ask("lambda", "PublishVersion", chosen(given, ("FunctionName", "Description", "CodeSha256")))
    place = {"FunctionName": given["FunctionName"], "Qualifier": made["Version"]}
    if given.get("RuntimePolicy"):
        yield Ask("lambda", "PutRuntimeManagementConfig", place | given["RuntimePolicy"])
    yield from _keep(place, given, {})
    return _made_version(made["FunctionArn"])


def _made_version(arn: str) -> Made:
    return Made(arn, {"Version": arn.rpartition(":")[2], "FunctionArn": arn})


@version.update
def update_version(want: Want) -> Steps:
    place = {"FunctionName": want.properties["FunctionName"], "Qualifier": want.id.rpartition(":")[2]}
    if want.changed("RuntimePolicy"):
        wanted = want.properties.get("RuntimePolicy") or {"UpdateRuntimeOn": "Auto"}
        yield Ask("lambda", "PutRuntimeManagementConfig", place | wanted)
    yield from _keep(place, want.properties, want.old)
    return _made_version(want.id)


@version.delete
def delete_version(want: Want) -> Ending:
    name, _, number = want.id.rpartition(":")
    if number != LATEST:
        yield Ask("lambda", "DeleteFunction", {"FunctionName": name, "Qualifier": number})


def _alias(given: Properties) -> dict[str, Any]:
    request = chosen(given, ("FunctionName", "Name", "FunctionVersion", "Description"))
    weights = given.get("RoutingConfig", {}).get("AdditionalVersionWeights", [])
    shares = {str(one["FunctionVersion"]): float(one["FunctionWeight"]) for one in weights}
    return request | {"RoutingConfig": {"AdditionalVersionWeights": shares}}


def _place(given: Properties) -> dict[str, Any]:
    return {"FunctionName": given["FunctionName"], "Qualifier": given["Name"]}


@alias.create
def create_alias(want: Want) -> Steps:
    made = yield Ask("lambda", "CreateAlias", _alias(typed(want.properties)))
    yield from _keep(_place(want.properties), want.properties, {})
    return Made(made["AliasArn"], {"AliasArn": made["AliasArn"]})


@alias.update
def update_alias(want: Want) -> Steps:
    made = yield Ask("lambda", "UpdateAlias", {"Description": ""} | _alias(typed(want.properties)))
    yield from _keep(_place(want.properties), want.properties, want.old)
    return Made(made["AliasArn"], {"AliasArn": made["AliasArn"]})


@alias.delete
def delete_alias(want: Want) -> Ending:
    place, _, name = want.id.rpartition(":")
    yield Ask("lambda", "DeleteAlias", {"FunctionName": place, "Name": name})
