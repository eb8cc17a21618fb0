"""The operations of connections and API destinations, and the calls that these make.

It may not know how requests are put together.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.events.catalogue import events, named
from freehold.services.events.destinations import connections, destinations, secrets, tokens
from freehold.services.events.destinations.connections import (
    AUTHORIZING,
    DEAUTHORIZED,
    OAUTH,
    Connection,
    find_connection,
)
from freehold.services.events.destinations.destinations import ApiDestination, find_destination
from freehold.services.events.destinations.letters import letter
from freehold.services.events.destinations.sending import NOBODY, Answer, judge, send
from freehold.services.events.errors import DestinationNotFound
from freehold.services.events.pages import page

ASK_AFTER_S = 2.0  # before an OAuth server is asked for the first token
TOKEN_ATTEMPTS = 5
UNAUTHORIZED = (401, 407)
CLOSED = "The connection {name} is not authorized."

connection_arn, destination_arn = named("connection", "Name"), named("api-destination", "Name")


@events.operation(needs={"events:CreateConnection": connection_arn})
async def create_connection(call: Call, request: Request) -> Response:
    """The secret is made before the connection that names it."""
    connections.check(request)
    await call.transact(connections.check_new, request["Name"])
    kind, auth, key = request["AuthorizationType"], request["AuthParameters"], request.get("KmsKeyIdentifier", "")
    secret = await secrets.create(call, request["Name"], kind, auth, key)
    return await call.transact(_create, request, secret, secrets.kept_there(call))


def _create(tx: Tx, request: Request, secret: str, sealed: bool) -> Response:
    connection = connections.create_connection(tx, request, secret, sealed)
    _ask_for_token(tx, connection)
    return _answer(tx, connection, "LastAuthorizedTime")


@events.operation(needs={"events:UpdateConnection": connection_arn})
async def update_connection(call: Call, request: Request) -> Response:
    connections.check(request)
    connection = await call.transact(find_connection, request["Name"])
    kind, auth = connections.merged(connection, await tokens.parameters(call, connection), request)
    if connection.sealed:
        await secrets.change(call, connection.secret, kind, auth)
    return await call.transact(_update, request, kind, auth)


def _update(tx: Tx, request: Request, kind: str, auth: dict[str, Any]) -> Response:
    connection = connections.update_connection(tx, request, kind, auth)
    _ask_for_token(tx, connection)
    return _answer(tx, connection)


def _ask_for_token(tx: Tx, connection: Connection) -> None:
    if connection.kind == OAUTH:
        about = {"name": connection.name, "id": connection.id}
        promise(
            tx, "events", "authorize", about, due_at=tx.now + ASK_AFTER_S, attempts=TOKEN_ATTEMPTS,
            then=("events", "not_authorized"), about=about,
        )  # fmt: skip


def _answer(tx: Tx, connection: Connection, *without: str) -> Response:
    names = {"ConnectionArn", "ConnectionState", "CreationTime", "LastModifiedTime", "LastAuthorizedTime"}
    told = connections.described(tx, connection)
    return {name: value for name, value in told.items() if name in names - set(without)}


@events.operation(needs={"events:DescribeConnection": connection_arn})
def describe_connection(call: Call, tx: Tx, request: Request) -> Response:
    connection = find_connection(tx, request["Name"])
    told = connections.described(tx, connection) | connection.settings
    return told | {
        "SecretArn": connection.secret,
        "AuthParameters": connections.shown(connection.kind, connection.auth),
    }


@events.operation(needs={"events:DeleteConnection": connection_arn})
def delete_connection(call: Call, tx: Tx, request: Request) -> Response:
    connection = find_connection(tx, request["Name"])
    tx.delete(Connection, connection.name)
    if connection.sealed:
        secrets.remove(tx, connection.secret)
    return _answer(tx, connection) | {"ConnectionState": "DELETING"}


@events.operation(needs={"events:DeauthorizeConnection": connection_arn})
def deauthorize_connection(call: Call, tx: Tx, request: Request) -> Response:
    """Forget the secrets; the connection stays, closed."""
    connection = find_connection(tx, request["Name"])
    connection.state, connection.token, connection.modified_at = DEAUTHORIZED, "", tx.now
    tx.put(connection)
    return _answer(tx, connection) | {"ConnectionState": "DEAUTHORIZING"}


@events.operation(needs={"events:ListConnections": "*"})
def list_connections(call: Call, tx: Tx, request: Request) -> Response:
    state = request.get("ConnectionState")
    return page(
        tx, Connection, request, "Connections", lambda connection: connections.described(tx, connection),
        wanted=lambda connection: state in (None, connection.state),
    )  # fmt: skip


@events.operation(needs={"events:CreateApiDestination": destination_arn})
def create_api_destination(call: Call, tx: Tx, request: Request) -> Response:
    return _destination(tx, destinations.create_destination(tx, request))


@events.operation(needs={"events:UpdateApiDestination": destination_arn})
def update_api_destination(call: Call, tx: Tx, request: Request) -> Response:
    return _destination(tx, destinations.update_destination(tx, request))


def _destination(tx: Tx, destination: ApiDestination) -> Response:
    names = ("ApiDestinationArn", "ApiDestinationState", "CreationTime", "LastModifiedTime")
    told = destinations.described(tx, destination)
    return {name: told[name] for name in names}


@events.operation(needs={"events:DescribeApiDestination": destination_arn})
def describe_api_destination(call: Call, tx: Tx, request: Request) -> Response:
    destination = find_destination(tx, request["Name"])
    return destinations.described(tx, destination) | destination.settings


@events.operation(needs={"events:DeleteApiDestination": destination_arn})
def delete_api_destination(call: Call, tx: Tx, request: Request) -> None:
    find_destination(tx, request["Name"])
    tx.delete(ApiDestination, request["Name"])


@events.operation(needs={"events:ListApiDestinations": "*"})
def list_api_destinations(call: Call, tx: Tx, request: Request) -> Response:
    connection = request.get("ConnectionArn")
    return page(
        tx, ApiDestination, request, "ApiDestinations",
        lambda destination: destinations.described(tx, destination),
        wanted=lambda destination: connection in (None, destination.settings["ConnectionArn"]),
    )  # fmt: skip


@events.internal
async def authorize(call: Call, request: Request) -> Response:
    """Ask the OAuth server of the connection `name` for a token, if it is still the one with this `id`."""
    connection = await call.transact(_connection, request)
    if connection:
        await tokens.ask(call, connection)
    return {}


def _connection(tx: Tx, request: Request) -> Connection | None:
    connection = tx.get(Connection, request["name"])
    return connection if connection and connection.id == request.get("id", connection.id) else None


@events.internal
def not_authorized(call: Call, tx: Tx, request: Request) -> None:
    """Close the connection `name` if its server gave no token: `outcome`."""
    connection = _connection(tx, request)
    if connection and connection.state == AUTHORIZING and "error" in request["outcome"]:
        connection.state, connection.reason = DEAUTHORIZED, request["outcome"]["error"]["message"]
        tx.put(connection)


def _called_arn(call: Call, request: Request) -> str:
    return arns.arn("events", call.region, call.account, request["resource"])


@events.internal_with({"events:InvokeApiDestination": _called_arn})
async def call_destination(call: Call, request: Request) -> Response:
    """Send `text` to the API destination `resource` (`api-destination/name/id`), with the target's parameters `http`.
    The `body` that it answered."""
    name = request["resource"].split("/")[1]
    await call.door.clock.sleep_until(await call.transact(destinations.turn, name))
    destination, connection = await call.transact(_both, _called_arn(call, request))
    if connection.state == DEAUTHORIZED:
        judge(Answer(NOBODY), "ApiDestination", call.now)
    key, to = await tokens.key_of(call, connection), destination.settings
    answer = await send(
        letter(to["HttpMethod"], to["InvocationEndpoint"], request["text"], request["http"], key.http, key.shown),
        call.account,
    )
    if answer.status in UNAUTHORIZED and key.token:
        await call.transact(tokens.forget, connection.name, key.token)
    judge(answer, "ApiDestination", call.now)
    return {"body": answer.body}


def _both(tx: Tx, arn: str) -> tuple[ApiDestination, Connection]:
    """An API destination, if it is still the one with this ARN, and its connection."""
    destination = find_destination(tx, arn.split("/")[1])
    if destinations.arn(tx, destination) != arn:
        raise DestinationNotFound(name=destination.name)
    return destination, find_connection(tx, destination.connection)


@events.internal
async def call_by_connection(call: Call, request: Request) -> Response:
    """Send a request by a `connection` (its ARN): `method`, `url`, `query`, `headers` and `text`, waited for at most
    `patience_s`. Its status is 0 if nobody answered. Raises ResourceNotFoundException, NotAuthorized."""
    connection = await call.transact(connections.by_arn, request["connection"])
    if connection.state == DEAUTHORIZED:
        raise tokens.NotAuthorized(reason=CLOSED.format(name=connection.name))
    own = {"HeaderParameters": request["headers"], "QueryStringParameters": request["query"]}
    key = await tokens.key_of(call, connection)
    sent = letter(request["method"], request["url"], request["text"], own, key.http, key.shown)
    answer = await send(sent, call.account, request["patience_s"])
    return {"status": answer.status, "headers": answer.headers, "body": answer.body}
