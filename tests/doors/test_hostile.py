"""HTTP/1.1 as those speak it who mean harm, or have broken down: nothing is taken for what it is not, nor kept for
ever."""

import asyncio
import socket
from contextlib import suppress
from functools import partial

import httptools
import pytest
from tests.doors.talking import LAST, bodies, echo, get, pieces, run, served, talk

from freehold.doors import heads, http, places
from freehold.doors.http import HEAD_BYTES_MAX
from freehold.doors.places import Conversations
from freehold.web import HttpResponse

CHUNKED = "Transfer-Encoding: chunked"
BIG = 1 << 24  # more than sockets hold


@pytest.fixture
def impatient(monkeypatch):
    """A server that looks at deadlines often, and finds that all are over."""
    monkeypatch.setattr(places, "SWEPT_EVERY_S", 0.01)
    for name in ("KEEP_ALIVE_S", "BODY_WITHIN_S", "TAKEN_WITHIN_S", "LINGER_S"):
        monkeypatch.setattr(http, name, 0.01)


@pytest.fixture
def door():
    """What is open of a server of one's own."""
    return Conversations()


# Requests that can be read in two ways

POST = partial(get, "/p", method="POST")


@pytest.mark.parametrize(
    "coding", ["identity", "xchunked", "gzip, chunked", "chunked, identity", "chunked;q=1", "\x0bchunked"]
)
def test_other_codings_are_no_bodies(coding):
    said = talk(echo, POST(f"Transfer-Encoding: {coding}") + b"3\r\nabc\r\n0\r\n\r\n", LAST)
    assert said.startswith(b"HTTP/1.1 400 ") and said.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "two",
    [
        POST(CHUNKED, "Content-Length: 4") + b"0\r\n\r\n",
        POST("Content-Length: 4", CHUNKED) + b"0\r\n\r\n",
        POST("Content-Length: 3", "Content-Length: 3") + b"abc",
        POST("Content-Length: +3") + b"abc",
        POST(CHUNKED, version="1.0") + b"0\r\n\r\n",
        get("/", "X: 1\r\n 2"),
        get("/", "Host: x"),
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"GET /\r\n\r\n",
        get("/", version="0.9"),
        get("/", version="2.0"),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_heads_that_others_might_read_differently(two):
    said = talk(echo, two + LAST)
    assert said.startswith(b"HTTP/1.1 400 ") and said.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "wrong",
    [b"3\nabc\n0\n\n", b"3 \r\nabc\r\n", b"0x3\r\nabc\r\n", b"3\r\nabcd\r\n", b"f" * 17 + b"\r\nabc", b"-3\r\nabc\r\n"],
)
def test_chunks_that_are_none_end_their_request(wrong):
    said = talk(echo, POST(CHUNKED) + wrong, LAST)
    assert said.startswith(b"HTTP/1.1 400 ") and said.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_body_beside_the_wish_for_another_protocol_is_no_request(version):
    wish = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", "X-A: 1")
    within = get("/within")
    said = bodies(talk(echo, POST(*wish, f"Content-Length: {len(within)}", version=version) + within, LAST))
    assert said[0] == b"POST /p  1 " + within
    assert len(said) == (2 if version == "1.1" else 1)


def test_a_body_in_chunks_beside_the_wish_for_another_protocol():
    wish = POST("Connection: Upgrade", "Upgrade: h2c", CHUNKED)
    assert bodies(talk(echo, wish + b"3\r\nab", b"c\r\n0\r\n\r\n", LAST)) == [b"POST /p   abc", b"GET /last   "]


# Answers that would be read in two ways

TWICE = [("Content-Length", "4"), ("content-length", "5")]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (100, []),
        (101, []),
        (199, []),
        (200, TWICE),
        (200, [("content-length", "+4")]),
        (200, [("transfer-encoding", "gzip")]),
    ],
)
def test_answers_that_would_be_read_differently_are_bugs(status, told):
    async def app(request):
        return HttpResponse(status, told, b"four")

    said = talk(app, get(), LAST)
    assert said.startswith(b"HTTP/1.1 500 ") and said.count(b"HTTP/1.1 ") == 1


def test_a_body_in_chunks_has_no_length_beside():
    async def app(request):
        return HttpResponse(200, [("Content-Length", "4"), ("Transfer-Encoding", "chunked")], b"four")

    said = talk(app, LAST)
    assert b"ontent-" not in said and said.endswith(b"\r\n\r\n4\r\nfour\r\n0\r\n\r\n")
    assert b"hunked" not in talk(app, get(version="1.0"))


@pytest.mark.parametrize("version", ["1.1", "1.0"])
@pytest.mark.parametrize("told", [[], [("content-length", "9")]])
def test_a_stream_that_fails_does_not_look_whole(told, version):
    async def failing():
        yield b"abc"
        raise KeyError("x")

    async def app(request):
        return HttpResponse(200, told, failing())

    try:
        said = talk(app, get(version=version), LAST)
    except ConnectionResetError:  # the one sign, where the connection's end is the body's
        assert version == "1.0" and not told
        return
    assert said.count(b"HTTP/1.1 ") == 1 and not said.endswith(b"0\r\n\r\n")
    assert told or version == "1.1"


# What costs memory


def test_names_that_somebody_makes_up_are_not_kept():
    for number in range(2 * heads.KNOWN_MAX):
        heads.NAMES[b"X-%d" % number]
    heads.NAMES[b"X" * 1_000]
    assert len(heads.NAMES) <= heads.KNOWN_MAX and b"X" * 1_000 not in heads.NAMES


def test_more_requests_at_once_than_anybody_waits_for():
    said = talk(echo, get("/a") * 4_000)
    assert said.count(b"HTTP/1.1 200 ") == http.TURNS_MAX and said.count(b"HTTP/1.1 400 ") == 1


@pytest.mark.parametrize("endless", [b"X: y\r\n", b"x"])
def test_trailers_without_end(endless):
    async def on(reader, writer):
        writer.write(endless * (4 * HEAD_BYTES_MAX // len(endless)))
        assert await reader.read() == b""

    async def app(request):
        await request.read()

    with suppress(ConnectionError):
        talk(app, POST(CHUNKED) + b"0\r\n", on, end=False)


def test_who_takes_no_answers_is_given_no_others(door):
    """However many he asks for: they would all be kept for him."""
    asked = []

    async def app(request):
        asked.append(request.path)
        return HttpResponse(200, [], bytes(BIG))

    async def talking():
        server, place = await served(app, door)
        _, writer = await asyncio.open_connection(*place, limit=1)
        writer.write(get() * 100)
        while not asked or not next(iter(door.open))._room:
            await asyncio.sleep(0)
        for _ in range(100):
            await asyncio.sleep(0)
        assert len(asked) == 1
        server.close()
        door.hang_up()
        writer.close()

    run(talking())


# What would last for ever


async def forsaken(door):
    while door.open:
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("asked", [get(), LAST])
@pytest.mark.parametrize("streams", [False, True])
def test_who_takes_nothing_is_hung_up_on(door, impatient, asked, streams):
    async def app(request):
        return HttpResponse(200, [], pieces(*[bytes(1 << 16)] * 256) if streams else bytes(BIG))

    async def talking():
        server, place = await served(app, door)
        _, writer = await asyncio.open_connection(*place, limit=1)
        writer.write(asked)
        while not door.open:
            await asyncio.sleep(0)
        await forsaken(door)
        while door.unheard:
            await asyncio.sleep(0)
        server.close()
        writer.close()

    run(talking())


@pytest.mark.parametrize("reads", [False, True])
def test_who_does_not_send_the_rest_of_his_body_is_hung_up_on(impatient, reads):
    async def app(request):
        return await echo(request) if reads else HttpResponse(200, [], b"")

    said = talk(app, POST("Content-Length: 4") + b"ab")
    assert said.startswith(b"HTTP/1.1 400 " if reads else b"HTTP/1.1 200 ") or (reads and said == b"")


def test_an_application_that_is_cancelled_lets_its_client_go():
    async def app(request):
        raise asyncio.CancelledError

    with suppress(ConnectionError):
        assert talk(app, get()) == b""


def test_a_stream_that_nobody_takes_any_more_is_put_down(door):
    ended = []

    async def endless():
        try:
            while True:
                yield bytes(1 << 16)
        finally:
            ended.append(True)

    async def app(request):
        return HttpResponse(200, [], endless())

    async def talking():
        server, place = await served(app, door)
        reader, writer = await asyncio.open_connection(*place)
        writer.write(get())
        await reader.readexactly(10)
        writer.close()
        while not ended:
            await asyncio.sleep(0.005)
        server.close()

    run(talking())


# Who ends, and when


def test_who_says_no_more_is_answered_still():
    async def app(request):
        await asyncio.sleep(0.01)
        return await echo(request)

    async def half(reader, writer):
        writer.write_eof()

    assert bodies(talk(app, get("/a") + get("/b"), half)) == [b"GET /a   ", b"GET /b   "]


def test_who_is_refused_while_he_sends_hears_it(monkeypatch):
    """An unread rest in a socket that is closed is a reset, which takes with it what was said."""
    monkeypatch.setattr(http, "LINGER_S", 60)  # however slow the machine is

    async def app(request):
        return HttpResponse(413, [("connection", "close")], b"no")

    async def on(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        for _ in range(64):
            writer.write(bytes(1 << 16))
            await writer.drain()
        assert await reader.read() == b"no"

    talk(app, POST(f"Content-Length: {1 << 30}"), on, end=False)


def test_an_old_client_holds_nothing_back():
    async def told(reader, writer):
        writer.write(b"body")

    held = get("/e", "Expect: 100-continue", "Content-Length: 4", method="PUT", version="1.0")
    assert talk(echo, held, told).startswith(b"HTTP/1.1 200 ")


def test_an_end_hears_bodies_that_are_under_way_and_begins_nothing(door):
    async def talking():
        server, place = await served(echo, door)
        reader, writer = await asyncio.open_connection(*place)
        writer.write(POST("Content-Length: 4") + b"ab")
        while not any(one.answering for one in door.open):
            await asyncio.sleep(0)
        ending = asyncio.ensure_future(door.end(30))
        await asyncio.sleep(0)
        writer.write(b"cd" + get("/next"))
        await ending
        assert bodies(await reader.read()) == [b"POST /p   abcd"]
        server.close()
        writer.close()

    run(talking())


def test_an_end_waits_for_answers_that_nobody_hears(door):
    done = []

    async def app(request):
        try:
            await asyncio.Event().wait()
        finally:
            done.append(request.path)

    async def talking():
        server, place = await served(app, door)
        _, writer = await asyncio.open_connection(*place)
        writer.write(get("/a"))
        while not any(one.answering for one in door.open):
            await asyncio.sleep(0)
        writer.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, http.AT_ONCE)
        writer.transport.abort()
        await forsaken(door)
        assert door.unheard
        await door.end(0.01)
        assert done == ["/a"] and not door.unheard
        server.close()

    run(talking())


def test_the_parser_takes_a_body_beside_a_wish_for_another_protocols():
    """Why requests with such a wish are read twice; if this fails, once is enough."""
    heard = []

    class Listener:
        def on_body(self, piece):
            heard.append(piece)

    with pytest.raises(httptools.HttpParserUpgrade):
        wish = POST("Connection: Upgrade", "Upgrade: h2c", "Content-Length: 4")
        httptools.HttpRequestParser(Listener()).feed_data(wish + b"body")
    assert not heard
