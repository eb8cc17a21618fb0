"""Secrets: what of a connection nobody may see, kept in Secrets Manager.

One idea: a connection's parameters are the JSON of one secret, in AWS's names for them, and are read back from it when
a call needs them. In a cloud that has no such room they stay with the connection. It may not know HTTP.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-secrets.html
"""

from typing import Any

import msgspec

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.identity import root
from freehold.kernel.store import Tx

ROOM = "secretsmanager"
NAME = "events!connection/{name}/{id}"
SUFFIX = 6
OAUTH = "OAUTH_CLIENT_CREDENTIALS"
PARAMETERS = {"BASIC": "BasicAuthParameters", "API_KEY": "ApiKeyAuthParameters", OAUTH: "OAuthParameters"}
CLIENT, INVOCATION = "ClientParameters", "InvocationHttpParameters"
OF_CLIENT = ("ClientID", "ClientSecret")

# Members, as secrets name them.
NAMES = {
    "Username": "username", "Password": "password", "ApiKeyName": "api_key_name", "ApiKeyValue": "api_key_value",
    "ClientID": "client_id", "ClientSecret": "client_secret", "AuthorizationEndpoint": "authorization_endpoint",
    "HttpMethod": "http_method", "OAuthHttpParameters": "oauth_http_parameters",
    "InvocationHttpParameters": "invocation_http_parameters", "HeaderParameters": "header_parameters",
    "QueryStringParameters": "query_string_parameters", "BodyParameters": "body_parameters", "Key": "key",
    "Value": "value", "IsValueSecret": "is_value_secret",
}  # fmt: skip
MEMBERS = {name: member for member, name in NAMES.items()}


def written(kind: str, auth: dict[str, Any]) -> str:
    """The text of the secret for a connection's parameters."""
    own = dict(auth[PARAMETERS[kind]])
    told = own.pop(CLIENT, {}) | own
    if INVOCATION in auth:
        told[INVOCATION] = auth[INVOCATION]
    return msgspec.json.encode(_renamed(told, NAMES)).decode()


def read(kind: str, text: str) -> dict[str, Any]:
    """A connection's parameters, from the text of its secret."""
    own = _renamed(msgspec.json.decode(text), MEMBERS)
    invocation = {INVOCATION: own.pop(INVOCATION)} if INVOCATION in own else {}
    if kind == OAUTH:
        own[CLIENT] = {name: own.pop(name) for name in OF_CLIENT if name in own}
    return {PARAMETERS[kind]: own} | invocation


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(name, name): _renamed(inner, names) for name, inner in value.items()}
    return [_renamed(inner, names) for inner in value] if isinstance(value, list) else value


def kept_there(call: Call) -> bool:
    """Whether this cloud has a room for secrets."""
    return ROOM in call.door.rooms


async def create(call: Call, name: str, kind: str, auth: dict[str, Any], key: str) -> str:
    """The ARN of a new secret for a connection of this name."""
    told = NAME.format(name=name, id=call.ids.uuid())
    if not kept_there(call):
        return arns.arn(ROOM, call.region, call.account, f"secret:{told}-{call.ids.text(SUFFIX)}")
    request = {"Name": told, "SecretString": written(kind, auth), "ClientRequestToken": call.ids.uuid()}
    answer = await _keeper(call).ask(ROOM, "CreateSecret", request | ({"KmsKeyId": key} if key else {}))
    return str(answer["ARN"])


async def change(call: Call, arn: str, kind: str, auth: dict[str, Any]) -> None:
    request = {"SecretId": arn, "SecretString": written(kind, auth), "ClientRequestToken": call.ids.uuid()}
    await _keeper(call).ask(ROOM, "UpdateSecret", request)


async def value(call: Call, arn: str, kind: str) -> dict[str, Any]:
    """The parameters that a secret holds. Raises what Secrets Manager says."""
    answer = await _keeper(call).ask(ROOM, "GetSecretValue", {"SecretId": arn})
    return read(kind, answer["SecretString"])


def remove(tx: Tx, arn: str) -> None:
    """Promise that a secret is removed, at once and for good."""
    request = {"SecretId": arn, "ForceDeleteWithoutRecovery": True}
    promise(tx.acting(root(tx.account)), ROOM, "DeleteSecret", request)


def _keeper(call: Call) -> Call:
    """The account itself: who makes a connection need not be allowed its secret."""
    return call.acting(root(call.account))
