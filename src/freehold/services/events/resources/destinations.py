"""AWS::Events::Connection and ApiDestination. They may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-connection.html
"""

from typing import Any

from freehold.engines.coerce import boolean, integer
from freehold.kernel.resources import Ask, Ending, Made, Properties, Steps, Want
from freehold.services.events.catalogue import events, given

NAME_MAX = 64
ATTRIBUTES = ("Arn", "SecretArn", "ArnForPolicy")
CONNECTION = ("AuthorizationType", "Description", "InvocationConnectivityParameters", "KmsKeyIdentifier")
DESTINATION = ("ConnectionArn", "Description", "HttpMethod", "InvocationEndpoint")
RATE = "InvocationRateLimitPerSecond"

connection = events.resource("AWS::Events::Connection", replaces=("Name",), attributes=ATTRIBUTES)
destination = events.resource("AWS::Events::ApiDestination", replaces=("Name",), attributes=("Arn", "ArnForPolicy"))


def _auth(properties: Properties) -> dict[str, Any]:
    """The parameters; templates write flags as texts."""
    told = properties.get("AuthParameters")
    return {"AuthParameters": _flags(told)} if told else {}


def _flags(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: boolean(inner) if name == "IsValueSecret" else _flags(inner) for name, inner in value.items()}
    return [_flags(inner) for inner in value] if isinstance(value, list) else value


def _policy_arn(arn: str) -> str:
    """The ARN without the part that a new one of the name would not have."""
    return arn.rpartition("/")[0]


def _connection_made(want: Want, name: str) -> Steps:
    told = yield Ask("events", "DescribeConnection", {"Name": name})
    arn = told["ConnectionArn"]
    return Made(name, {"Arn": arn, "SecretArn": told["SecretArn"], "ArnForPolicy": _policy_arn(arn)})


@connection.create
def create_connection(want: Want) -> Steps:
    name = want.name(want.properties.get("Name"), NAME_MAX)
    request = {"Name": name} | given(want.properties, CONNECTION) | _auth(want.properties)
    yield Ask("events", "CreateConnection", request)
    return (yield from _connection_made(want, name))


@connection.update
def update_connection(want: Want) -> Steps:
    request = {"Name": want.id} | given(want.properties, CONNECTION) | _auth(want.properties)
    yield Ask("events", "UpdateConnection", request)
    return (yield from _connection_made(want, want.id))


@connection.delete
def delete_connection(want: Want) -> Ending:
    yield Ask("events", "DeleteConnection", {"Name": want.id})


def _destination(properties: Properties) -> dict[str, Any]:
    rate = {RATE: integer(properties[RATE])} if properties.get(RATE) is not None else {}
    return given(properties, DESTINATION) | rate


def _destination_made(name: str, answer: dict[str, Any]) -> Made:
    arn = answer["ApiDestinationArn"]
    return Made(name, {"Arn": arn, "ArnForPolicy": _policy_arn(arn)})


@destination.create
def create_destination(want: Want) -> Steps:
    name = want.name(want.properties.get("Name"), NAME_MAX)
    answer = yield Ask("events", "CreateApiDestination", {"Name": name} | _destination(want.properties))
    return _destination_made(name, answer)


@destination.update
def update_destination(want: Want) -> Steps:
    answer = yield Ask("events", "UpdateApiDestination", {"Name": want.id} | _destination(want.properties))
    return _destination_made(want.id, answer)


@destination.delete
def delete_destination(want: Want) -> Ending:
    yield Ask("events", "DeleteApiDestination", {"Name": want.id})
