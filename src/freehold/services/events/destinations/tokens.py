"""Tokens: what OAuth servers give connections, and what a connection opens a destination with.

One idea: a token serves until it is nearly too old or was refused; then it is asked for once, however many calls wait
for it. It may not know destinations.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html
"""

import asyncio
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec

from freehold.engines import jsontext
from freehold.kernel.call import Call
from freehold.kernel.door import Door
from freehold.kernel.errors import AwsError
from freehold.kernel.store import Tx
from freehold.services.events.destinations import secrets
from freehold.services.events.destinations.connections import AUTHORIZED, DEAUTHORIZED, OAUTH, Connection
from freehold.services.events.destinations.letters import credentials, token_letter
from freehold.services.events.destinations.secrets import PARAMETERS
from freehold.services.events.destinations.sending import send

TOKEN_S, MARGIN_S = 3_600.0, 60.0
REFUSED = "The authorization server answered {status}."
NO_TOKEN = "The authorization server's answer has no access_token."

_asking: WeakKeyDictionary[Door, dict[str, asyncio.Task[str]]] = WeakKeyDictionary()  # by the id of the connection


class NotAuthorized(AwsError):
    """An OAuth server gave no token."""

    words = "{reason}"
    code = "CONNECTION_FAILURE"
    status = 503


class Key(NamedTuple):
    """What opens a destination: the connection's own HTTP parameters, the headers that are shown, and the token in
    them, if it is one."""

    http: dict[str, Any]
    shown: dict[str, str]
    token: str


async def parameters(call: Call, connection: Connection) -> dict[str, Any]:
    """All of a connection's parameters, secrets among them."""
    return await secrets.value(call, connection.secret, connection.kind) if connection.sealed else connection.auth


async def key_of(call: Call, connection: Connection) -> Key:
    """The key of a connection, a fresh token in it if need be. Raises NotAuthorized."""
    token, auth = connection.token, await parameters(call, connection)
    if connection.kind == OAUTH and connection.token_until < call.now + MARGIN_S:
        token = await ask(call, connection)
    shown = credentials(connection.kind, auth[PARAMETERS[connection.kind]], token)
    return Key(auth.get("InvocationHttpParameters", {}), shown, token)


async def ask(call: Call, connection: Connection) -> str:
    """A new token; the one that is being asked for already, if one is. Raises NotAuthorized."""
    asking = _asking.setdefault(call.door, {})
    task = asking.get(connection.id)
    if task is None:
        task = asking[connection.id] = asyncio.ensure_future(_ask(call, connection))
        task.add_done_callback(lambda _: asking.pop(connection.id))
    return await asyncio.shield(task)


async def _ask(call: Call, connection: Connection) -> str:
    token = await call.transact(_kept, connection)
    if token:
        return token
    auth = await parameters(call, connection)
    answer = await send(token_letter(auth[PARAMETERS[OAUTH]]), call.account)
    if not 200 <= answer.status < 300:
        raise NotAuthorized(reason=REFUSED.format(status=answer.status or "nothing"))
    try:
        told = jsontext.read(answer.body, dict)
        token, seconds = str(told["access_token"]), float(told.get("expires_in") or TOKEN_S)
    except (msgspec.DecodeError, KeyError, ValueError):
        raise NotAuthorized(reason=NO_TOKEN) from None
    await call.transact(_keep, connection.name, connection.id, token, seconds)
    return token


def _kept(tx: Tx, connection: Connection) -> str:
    """The token that a connection has got since it was read, if it has."""
    now = tx.get(Connection, connection.name)
    return now.token if now and now.id == connection.id and now.token_until >= tx.now + MARGIN_S else ""


def _keep(tx: Tx, name: str, id: str, token: str, seconds: float) -> None:
    """Write a token down for the next calls."""
    connection = tx.get(Connection, name)
    if connection and connection.id == id and connection.state != DEAUTHORIZED:
        connection.state, connection.reason, connection.authorized_at = AUTHORIZED, "", tx.now
        connection.token, connection.token_until = token, tx.now + seconds
        tx.put(connection)


def forget(tx: Tx, name: str, token: str) -> None:
    """Forget a token that was refused, unless there is another already."""
    connection = tx.get(Connection, name)
    if connection and connection.token == token:
        connection.token, connection.token_until = "", 0.0
        tx.put(connection)
