"""Tunnels through the main door: how long they last, and how each side ends them."""

import asyncio
import socket
import ssl
from contextlib import contextmanager, suppress
from functools import partial

import pytest
from tests.doors.talking import bodies, echo, get, until

from freehold.doors import handshakes, http, places
from freehold.doors.places import Conversations
from freehold.doors.proxy import ProxyConversation

NAME = "sts.amazonaws.com"
CONNECT = f"CONNECT {NAME}:443 HTTP/1.1\r\nHost: {NAME}:443\r\n\r\n".encode()
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Proxy:
    """A door of its own in a running cloud, whose application waits at `/wait` until it is let."""

    def __init__(self, cloud):
        self.cloud, self.group = cloud, Conversations()
        self.let, self.waiting, self.left = asyncio.Event(), 0, 0
        self.server = cloud.run(self._open())
        self.place = self.server.sockets[0].getsockname()
        self.trust = ssl.create_default_context(cafile=str(cloud.cloud.doors.trust / "authority.pem"))

    async def _open(self):
        doors = self.cloud.cloud.doors
        await doors.ready()
        speak = partial(ProxyConversation, self._answer, self.group, doors=doors, within=self._answer)
        return await asyncio.get_running_loop().create_server(speak, "127.0.0.1", 0)

    async def _answer(self, request):
        if request.path == "/wait":
            self.waiting += 1
            await self.let.wait()
        if request.path == "/stay":
            self.waiting += 1
            await request.hung_up()
            self.left += 1
        return await echo(request)

    def close(self):
        self.cloud.loop.call_soon_threadsafe(self.server.close)
        self.cloud.loop.call_soon_threadsafe(self.group.hang_up)

    @contextmanager
    def connected(self):
        """A connection on which a tunnel is opened, and nothing said in it."""
        with socket.create_connection(self.place, timeout=30) as connection:
            connection.sendall(CONNECT)
            assert connection.recv(65_536) == ESTABLISHED
            yield connection

    @contextmanager
    def tunnel(self):
        with self.connected() as connection, self.trust.wrap_socket(connection, server_hostname=NAME) as secure:
            yield secure


@pytest.fixture
def proxy(cloud):
    made = Proxy(cloud)
    yield made
    made.close()
    until(lambda: not made.group.open and not made.group.leaving)


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr(places, "SWEPT_EVERY_S", 0.005)


def heard(connection):
    """All that is said until the end."""
    said = b""
    with suppress(ConnectionError, ssl.SSLError):
        while part := connection.recv(65_536):
            said += part
    return said


def one_place(proxy):
    return len(proxy.group.open) == 1


def test_a_tunnel_has_one_place(proxy):
    with proxy.connected() as connection:
        assert one_place(proxy)
        with proxy.trust.wrap_socket(connection, server_hostname=NAME) as secure:
            secure.sendall(get("/a"))
            assert secure.recv(65_536).endswith(b"GET /a   ")
            assert one_place(proxy)


@pytest.mark.parametrize("drip", [b"", b"\x16\x03\x01\x02\x00\x01"])
def test_a_tunnel_in_which_no_hello_comes_to_its_end(proxy, monkeypatch, drip):
    monkeypatch.setattr(handshakes, "HANDSHAKE_WITHIN_S", 0.02)
    with proxy.connected() as connection:
        for byte in drip:
            with suppress(ConnectionError):
                connection.sendall(bytes([byte]))
        assert heard(connection) == b""
        until(lambda: not proxy.group.open)


def test_a_tunnel_in_which_nothing_is_said(proxy, often):
    with proxy.tunnel() as secure:
        until(lambda: [type(one) for one in proxy.group.open] == [handshakes.Within])
        (one,) = proxy.group.open
        assert one.due_at < float("inf")
        one.due_at = 0.0
        assert heard(secure) == b""
    until(lambda: not proxy.group.open)


def test_a_tunnel_at_rest(proxy, often, monkeypatch):
    monkeypatch.setattr(http, "KEEP_ALIVE_S", 0.02)
    with proxy.tunnel() as secure:
        secure.sendall(get("/a"))
        assert bodies(heard(secure)) == [b"GET /a   "]
    until(lambda: not proxy.group.open)


def test_a_client_that_ends_its_side_is_told_the_end_of_the_other(proxy):
    with proxy.tunnel() as secure:
        secure.sendall(get("/a"))
        assert secure.recv(65_536).endswith(b"GET /a   ")
        secure.unwrap().close()
        until(lambda: not proxy.group.open)


@pytest.mark.parametrize("by", ["close_notify", "end"])
def test_a_client_that_ends_its_side_before_its_answer(proxy, by):
    """It is taken for gone: with TLS neither side can go on alone here. Whoever works for it hears so."""
    with proxy.tunnel() as secure:
        secure.sendall(get("/stay"))
        until(lambda: proxy.waiting)
        if by == "end":
            secure.shutdown(socket.SHUT_WR)  # and so speaks TLS no more
        else:
            with suppress(OSError):
                secure.unwrap()
        until(lambda: proxy.left and not proxy.group.open)


def test_a_client_that_ends_in_the_midst_of_its_hello(proxy):
    with proxy.connected() as connection:
        connection.sendall(b"\x16\x03\x01")
        connection.shutdown(socket.SHUT_WR)
        assert heard(connection) == b""
        until(lambda: not proxy.group.open)


@pytest.mark.parametrize("hello", [b"", b"\x16\x03\x01"])
def test_a_client_that_is_gone_in_the_midst_of_its_hello(proxy, hello):
    """The transport that comes of it looks like any other, but nothing will ever be heard of it."""
    with proxy.connected() as connection:
        connection.sendall(hello)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, http.AT_ONCE)
    until(lambda: not proxy.group.open)


def test_a_tunnel_that_is_hung_up_on_in_the_midst_of_its_hello(proxy):
    with proxy.connected() as connection:
        proxy.cloud.loop.call_soon_threadsafe(proxy.group.hang_up)
        assert heard(connection) == b""
        until(lambda: not proxy.group.open)


def test_a_client_that_does_not_end_when_the_cloud_has(proxy, monkeypatch):
    """What is not read of it, and no answer to the goodbye, keep nothing."""
    monkeypatch.setattr(handshakes, "GOODBYE_WITHIN_S", 0.02)
    with proxy.tunnel() as secure:
        secure.sendall(get("/a", "Connection: close"))
        until(lambda: not proxy.group.open)


def test_a_client_that_has_gone_before_the_handshakes_end_is_noted_keeps_no_place(proxy):
    for _ in range(50):
        with proxy.tunnel() as secure:
            secure.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, http.AT_ONCE)
    until(lambda: not proxy.group.open)


def test_an_end_lets_tunnels_be_answered_and_waits_for_no_other(proxy):
    with proxy.connected() as silent, proxy.tunnel() as resting, proxy.tunnel() as busy:
        resting.sendall(get("/a"))
        assert resting.recv(65_536).endswith(b"GET /a   ")
        busy.sendall(get("/wait"))
        until(lambda: proxy.waiting)
        ending = asyncio.run_coroutine_threadsafe(proxy.group.end(3_600), proxy.cloud.loop)
        assert heard(silent) == b"" and heard(resting) == b""
        assert not ending.done()
        proxy.cloud.loop.call_soon_threadsafe(proxy.let.set)
        assert bodies(heard(busy)) == [b"GET /wait   "]
        ending.result(30)


def test_an_end_does_not_wait_for_hellos(proxy):
    """They are no answers, and used to be waited for like some."""
    with proxy.connected() as silent:
        asyncio.run_coroutine_threadsafe(proxy.group.end(3_600), proxy.cloud.loop).result(9)
        assert heard(silent) == b""
