"""Connections: how the software of others is opened, and the secrets for it.

One idea: what was given is kept whole, in a secret where there is a room for it, and shown without. It may not know who
calls.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html
"""

from collections.abc import Callable
from typing import Any

from freehold.kernel import arns
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request
from freehold.kernel.store import Record, Tx
from freehold.services.events import errors
from freehold.services.events.catalogue import given
from freehold.services.events.destinations.secrets import OAUTH, PARAMETERS

AUTHORIZED, AUTHORIZING, DEAUTHORIZED = "AUTHORIZED", "AUTHORIZING", "DEAUTHORIZED"
NOT_GIVEN = "Parameter(s) {name} must be specified for authorization type {kind}."
SETTINGS = ("Description", "KmsKeyIdentifier")


class Connection(Record, table="events_connections", key="name"):
    """A connection. `auth` are its parameters: those to be shown, where `sealed`, for then the `secret` (an ARN) has
    all; else all of them. `token` and `token_until` are of OAuth's last answer."""

    name: str
    id: str
    kind: str
    auth: dict[str, Any]
    secret: str
    sealed: bool = False
    settings: dict[str, Any] = {}
    state: str = AUTHORIZED
    reason: str = ""
    created_at: float = 0.0
    modified_at: float = 0.0
    authorized_at: float = 0.0
    token: str = ""
    token_until: float = 0.0


def find_connection(tx: Tx, name: str) -> Connection:
    """Raises ResourceNotFoundException."""
    connection = tx.get(Connection, name)
    if connection is None:
        raise errors.ConnectionNotFound(name=name)
    return connection


def by_arn(tx: Tx, told: str) -> Connection:
    """The connection of an ARN, and none of its name only. Raises ResourceNotFoundException."""
    connection = find_connection(tx, told.partition("/")[2].partition("/")[0])
    if arn(tx, connection) != told:
        raise errors.ConnectionNotFound(name=connection.name)
    return connection


def arn(tx: Tx, connection: Connection) -> str:
    return arns.arn("events", tx.region, tx.account, f"connection/{connection.name}/{connection.id}")


def check(request: Request) -> None:
    """Raises ValidationException where the parameters are not those of the type, NotImplementedHere for private
    ones."""
    kind, auth = request.get("AuthorizationType"), request.get("AuthParameters", {})
    if request.get("InvocationConnectivityParameters") or "ConnectivityParameters" in auth:
        raise NotImplementedHere(service="events", operation="connections to private networks")
    if kind and PARAMETERS[kind] not in auth:
        raise errors.Invalid(reason=NOT_GIVEN.format(name=f"AuthParameters.{PARAMETERS[kind]}", kind=kind))


def check_new(tx: Tx, name: str) -> None:
    if tx.get(Connection, name):
        raise errors.AlreadyExists(kind="Connection", name=name)


def create_connection(tx: Tx, request: Request, secret: str, sealed: bool) -> Connection:
    """`secret` is the ARN of what holds the parameters, if `sealed`."""
    check_new(tx, request["Name"])
    kind, auth = request["AuthorizationType"], request["AuthParameters"]
    connection = Connection(
        name=request["Name"], id=tx.ids.uuid(), kind=kind, auth=shown(kind, auth) if sealed else auth, secret=secret,
        sealed=sealed, settings=given(request, SETTINGS), created_at=tx.now, modified_at=tx.now, authorized_at=tx.now,
    )  # fmt: skip
    return _open(tx, connection)


def merged(connection: Connection, auth: dict[str, Any], request: Request) -> tuple[str, dict[str, Any]]:
    """The kind and parameters of a connection that had `auth`, after an update; another kind needs its own
    parameters."""
    kind, more = request.get("AuthorizationType") or connection.kind, request.get("AuthParameters", {})
    if PARAMETERS[kind] not in auth | more:
        raise errors.Invalid(reason=NOT_GIVEN.format(name=f"AuthParameters.{PARAMETERS[kind]}", kind=kind))
    new = {name: {**auth.get(name, {}), **value} for name, value in more.items()}
    kept = (PARAMETERS[kind], "InvocationHttpParameters")
    return kind, {name: value for name, value in (auth | new).items() if name in kept}


def update_connection(tx: Tx, request: Request, kind: str, auth: dict[str, Any]) -> Connection:
    connection = find_connection(tx, request["Name"])
    connection.kind, connection.auth = kind, shown(kind, auth) if connection.sealed else auth
    connection.settings = connection.settings | given(request, SETTINGS)
    connection.modified_at = tx.now
    return _open(tx, connection)


def _open(tx: Tx, connection: Connection) -> Connection:
    """Basic and key need nobody's consent; OAuth asks for a token first."""
    connection.state = AUTHORIZING if connection.kind == OAUTH else AUTHORIZED
    connection.reason, connection.token, connection.token_until = "", "", 0.0
    tx.put(connection)
    return connection


def described(tx: Tx, connection: Connection) -> dict[str, Any]:
    """A connection as lists show it."""
    told = {
        "ConnectionArn": arn(tx, connection),
        "Name": connection.name,
        "ConnectionState": connection.state,
        "StateReason": connection.reason,
        "AuthorizationType": connection.kind,
        "CreationTime": connection.created_at,
        "LastModifiedTime": connection.modified_at,
        "LastAuthorizedTime": connection.authorized_at,
    }
    return {name: value for name, value in told.items() if value}


def shown(kind: str, auth: dict[str, Any]) -> dict[str, Any]:
    """The parameters without secrets."""
    own = PARAMETERS[kind]
    told = {own: SHOWN[kind](auth[own])}
    if "InvocationHttpParameters" in auth:
        told["InvocationHttpParameters"] = _open_values(auth["InvocationHttpParameters"])
    return told


def _oauth(parameters: dict[str, Any]) -> dict[str, Any]:
    told = given(parameters, ("AuthorizationEndpoint", "HttpMethod"))
    told["ClientParameters"] = given(parameters["ClientParameters"], ("ClientID",))
    if "OAuthHttpParameters" in parameters:
        told["OAuthHttpParameters"] = _open_values(parameters["OAuthHttpParameters"])
    return told


SHOWN: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "BASIC": lambda parameters: given(parameters, ("Username",)),
    "API_KEY": lambda parameters: given(parameters, ("ApiKeyName",)),
    OAUTH: _oauth,
}


def _open_values(http: dict[str, Any]) -> dict[str, Any]:
    """Parameters of HTTP requests, those of secret value without it."""
    return {
        place: [
            {name: value for name, value in one.items() if name != "Value" or not one.get("IsValueSecret")}
            for one in parameters
        ]
        for place, parameters in http.items()
    }
