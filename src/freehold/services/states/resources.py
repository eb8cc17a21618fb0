"""AWS::StepFunctions::StateMachine, Activity, StateMachineVersion and StateMachineAlias.

One idea: a template writes the API's members with capital letters; what is left is where the definition comes from, and
which texts in it are to be filled in. It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_StepFunctions.html
"""

import json
import re
from collections.abc import Generator
from typing import Any

from freehold.engines.cfn.read import read
from freehold.engines.coerce import InvalidTemplate, boolean, integer
from freehold.kernel.resources import Ask, Ending, Made, Properties, Steps, Want
from freehold.services.states.catalogue import states

NAME_MAX = 80
REUSE = "kmsDataKeyReusePeriodSeconds"
PLACE = re.compile(r"\$\{([\w-]+)\}")

machine = states.resource(
    "AWS::StepFunctions::StateMachine",
    replaces=("StateMachineName", "StateMachineType"),
    attributes=("Arn", "Name", "StateMachineRevisionId"),
)
activity = states.resource(
    "AWS::StepFunctions::Activity", replaces=("Name", "EncryptionConfiguration"), attributes=("Arn", "Name")
)
version = states.resource(
    "AWS::StepFunctions::StateMachineVersion",
    replaces=("StateMachineArn", "StateMachineRevisionId", "Description"),
    attributes=("Arn",),
)
alias = states.resource("AWS::StepFunctions::StateMachineAlias", replaces=("Name",), attributes=("Arn",))


# State machines


@machine.create
def create_machine(want: Want) -> Steps:
    name = want.name(want.properties.get("StateMachineName"), NAME_MAX)
    request = yield from _settings(want)
    request |= {
        "name": name,
        "type": want.properties.get("StateMachineType", "STANDARD"),
        "tags": _listed(want.tagged(want.properties)),
    }
    answer = yield Ask("states", "CreateStateMachine", request)
    return Made(answer["stateMachineArn"], _attributes(answer["stateMachineArn"], "INITIAL"))


@machine.update
def update_machine(want: Want) -> Steps:
    request = yield from _settings(want)
    answer = yield Ask("states", "UpdateStateMachine", request | {"stateMachineArn": want.id})
    yield from _retag(want)
    return Made(want.id, _attributes(want.id, answer.get("revisionId", "INITIAL")))


@machine.delete
def delete_machine(want: Want) -> Ending:
    yield Ask("states", "DeleteStateMachine", {"stateMachineArn": want.id})


def _attributes(arn: str, revision: str) -> dict[str, str]:
    return {"Arn": arn, "Name": arn.rpartition(":")[2], "StateMachineRevisionId": revision}


def _settings(want: Want) -> Generator[Ask, Any, dict[str, Any]]:
    """What CreateStateMachine and UpdateStateMachine have in common."""
    given = want.properties
    text = yield from _definition(given)
    places = given.get("DefinitionSubstitutions", {})
    text = PLACE.sub(lambda found: _scalar(places[found[1]]) if found[1] in places else found[0], text)
    request: dict[str, Any] = {"definition": _as_json(text), "roleArn": given["RoleArn"]}
    request["loggingConfiguration"] = _logging(given.get("LoggingConfiguration", {}))
    tracing = given.get("TracingConfiguration", {})
    request["tracingConfiguration"] = {"enabled": boolean(tracing.get("Enabled", False), "Enabled")}
    request |= _encryption(given)
    return request


def _encryption(given: Properties) -> dict[str, Any]:
    """The API's encryptionConfiguration, if the template has one."""
    wanted = given.get("EncryptionConfiguration")
    if not wanted:
        return {}
    told = {"type": wanted["Type"]} | ({"kmsKeyId": wanted["KmsKeyId"]} if "KmsKeyId" in wanted else {})
    if "KmsDataKeyReusePeriodSeconds" in wanted:
        told[REUSE] = integer(wanted["KmsDataKeyReusePeriodSeconds"], "KmsDataKeyReusePeriodSeconds")
    return {"encryptionConfiguration": told}


def _definition(given: Properties) -> Generator[Ask, Any, str]:
    """The definition's text: an object, a text, or an object in S3."""
    place = given.get("DefinitionS3Location")
    if place:
        request = {"Bucket": place["Bucket"], "Key": place["Key"]}
        if place.get("Version"):
            request["VersionId"] = place["Version"]
        answer = yield Ask("states", "run_errand", {"room": "s3", "operation": "GetObject", "request": request})
        return answer["Body"].decode()
    text = given.get("DefinitionString")
    return text if isinstance(text, str) else json.dumps(given.get("Definition", {}), indent=2)


def _as_json(text: str) -> str:
    """A definition in S3 may be written as YAML; its places are filled in before it is read."""
    if text.lstrip().startswith("{"):
        return text
    try:
        return json.dumps(read(text), indent=2)
    except InvalidTemplate:
        return text  # refused by CreateStateMachine, in its words


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _logging(given: Properties) -> dict[str, Any]:
    logging: dict[str, Any] = {"level": given.get("Level", "OFF")}
    logging["includeExecutionData"] = boolean(given.get("IncludeExecutionData", False), "IncludeExecutionData")
    groups = [one["CloudWatchLogsLogGroup"]["LogGroupArn"] for one in given.get("Destinations", [])]
    if groups:
        logging["destinations"] = [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}} for arn in groups]
    return logging


# Tags


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in tags.items()]


def _retag(want: Want) -> Generator[Ask, Any, None]:
    gone, new = want.retagged()
    if gone:
        yield Ask("states", "UntagResource", {"resourceArn": want.id, "tagKeys": gone})
    if new:
        yield Ask("states", "TagResource", {"resourceArn": want.id, "tags": _listed(new)})


# Activities


@activity.create
def create_activity(want: Want) -> Steps:
    name = want.name(want.properties.get("Name"), NAME_MAX)
    request = {"name": name, "tags": _listed(want.tagged(want.properties)), **_encryption(want.properties)}
    answer = yield Ask("states", "CreateActivity", request)
    return Made(answer["activityArn"], {"Arn": answer["activityArn"], "Name": name})


@activity.update
def update_activity(want: Want) -> Steps:
    yield from _retag(want)
    return Made(want.id, {"Arn": want.id, "Name": want.id.rpartition(":")[2]})


@activity.delete
def delete_activity(want: Want) -> Ending:
    yield Ask("states", "DeleteActivity", {"activityArn": want.id})


# Versions and aliases


@version.create
def create_version(want: Want) -> Steps:
    given = want.properties
    request = {"stateMachineArn": given["StateMachineArn"], "description": given.get("Description", "")}
    if given.get("StateMachineRevisionId"):
        request["revisionId"] = given["StateMachineRevisionId"]
    arn = (yield Ask("states", "PublishStateMachineVersion", request))["stateMachineVersionArn"]
    return Made(arn, {"Arn": arn})


@version.delete
def delete_version(want: Want) -> Ending:
    yield Ask("states", "DeleteStateMachineVersion", {"stateMachineVersionArn": want.id})


@alias.create
def create_alias(want: Want) -> Steps:
    request = {"name": want.name(want.properties.get("Name"), NAME_MAX), **_routing(want.properties)}
    arn = (yield Ask("states", "CreateStateMachineAlias", request))["stateMachineAliasArn"]
    return Made(arn, {"Arn": arn})


@alias.update
def update_alias(want: Want) -> Steps:
    request = {"stateMachineAliasArn": want.id, **_routing(want.properties)}
    yield Ask("states", "UpdateStateMachineAlias", request)
    return Made(want.id, {"Arn": want.id})


@alias.delete
def delete_alias(want: Want) -> Ending:
    yield Ask("states", "DeleteStateMachineAlias", {"stateMachineAliasArn": want.id})


def _routing(given: Properties) -> dict[str, Any]:
    """Where an alias leads: by weights, or all to one version, which changes at once."""
    preference = given.get("DeploymentPreference")
    routes = given.get("RoutingConfiguration") or []
    if preference:
        routes = [{"StateMachineVersionArn": preference["StateMachineVersionArn"], "Weight": 100}]
    items = [
        {"stateMachineVersionArn": route["StateMachineVersionArn"], "weight": integer(route["Weight"], "Weight")}
        for route in routes
    ]
    return {"routingConfiguration": items, "description": given.get("Description", "")}
