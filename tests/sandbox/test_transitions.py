"""The tables of the local APIs: nothing that a program may send, in any order, leads anywhere but where they say."""

import json
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from freehold.sandbox import extensions_api, runtime_api
from freehold.sandbox.extensions_api import ExtensionsApi, State
from freehold.sandbox.http1 import Request
from freehold.sandbox.runtime_api import Phase, RuntimeApi
from freehold.sandbox.spec import Invocation

from .test_http1 import opened

RUNTIME_CALLS = [
    ("GET", "runtime/invocation/next"),
    ("POST", "runtime/invocation/now/response"),
    ("POST", "runtime/invocation/now/error"),
    ("POST", "runtime/invocation/other/response"),
    ("POST", "runtime/init/error"),
    ("GET", "runtime/restore/next"),
    ("POST", "runtime/restore/error"),
    ("PUT", "runtime/invocation/next"),
]
EXTENSION_CALLS = ["register", "event/next", "init/error", "exit/error", "elsewhere"]
GIVE = ("", "give")


def asked(method: str, path: str, headers: dict[str, str], body: bytes = b"{}") -> Request:
    """A request as it comes, on a connection of its own."""
    keeper, connection, _ = opened()
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection.data_received(f"{method} {path} HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return keeper.whole[0]


@given(st.lists(st.sampled_from([*RUNTIME_CALLS, GIVE]), max_size=20), st.booleans())
def test_the_runtime_moves_as_its_table_says(calls: list[tuple[str, str]], restores: bool) -> None:
    turns: list[Phase] = []
    api = RuntimeApi(turns.append, restores)
    for method, path in calls:
        before, waited = api.phase, api.waiting
        if (method, path) == GIVE:
            if waited:
                api.give(Invocation(request_id="now", payload=b"1", invoked_arn=""), 0)
            continue
        request = asked(method, f"/{path}", {})
        api.serve(request, path)
        parked = api.waiting and not waited
        assert (request.reply is None) == parked
        moves = {runtime_api.MOVES.get((call, before)) for call in runtime_api.Call} | {before}
        assert api.phase in moves
        if request.reply and request.reply.startswith(b"HTTP/1.1 4"):
            assert api.phase is before
    assert not turns or turns[-1] in Phase


@given(st.lists(st.tuples(st.sampled_from(EXTENSION_CALLS), st.booleans()), max_size=20), st.booleans())
def test_an_extension_moves_as_its_table_says(calls: list[tuple[str, bool]], external: bool) -> None:
    api = ExtensionsApi(lambda _: None, {"handler": "h"}, "1", lambda: uuid4().hex)
    if external:
        api.expect("me")
    for path, told in calls:
        before = api.extensions["me"].state if "me" in api.extensions else State.STARTED
        known = {extensions_api.ID_HEADER: api.extensions["me"].id} if "me" in api.extensions else {}
        error = {extensions_api.ERROR_TYPE_HEADER: "A.B"} if told else {}
        request = asked("GET" if "next" in path else "POST", "/", {"Lambda-Extension-Name": "me", **known, **error})
        api.serve(request, path)
        after = api.extensions["me"].state if "me" in api.extensions else State.STARTED
        moves = {extensions_api.MOVES.get((call, before)) for call in extensions_api.Call} | {before}
        assert after in moves
        if request.reply and request.reply.startswith(b"HTTP/1.1 4"):
            assert after is before


def test_an_extension_that_is_late_for_the_end_hears_of_it_when_it_asks() -> None:
    api = ExtensionsApi(lambda _: None, {}, "1", lambda: uuid4().hex)
    extension = api.expect("me")
    register = asked("POST", "/", {"Lambda-Extension-Name": "me"}, b'{"events": ["SHUTDOWN"]}')
    api.serve(register, "register")
    api.shut_down({"eventType": "SHUTDOWN"})
    late = asked("GET", "/", {extensions_api.ID_HEADER: extension.id})
    api.serve(late, "event/next")
    assert late.reply and json.loads(late.reply.split(b"\r\n\r\n")[1]) == {"eventType": "SHUTDOWN"}
