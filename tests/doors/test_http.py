"""HTTP/1.1 as clients speak it, well and badly, with a small application of the test's own."""

import asyncio
from functools import partial

import pytest
from tests.doors.talking import LAST, TEXT, bodies, echo, get, pieces, talk

from freehold.doors import http, places
from freehold.doors.http import Conversation
from freehold.doors.incoming import AHEAD_MAX
from freehold.doors.places import SLOW_DOWN, Conversations
from freehold.kernel.errors import CallerGone
from freehold.web import HttpResponse


def test_a_conversation_goes_on():
    post = get("/b?q=1", "X-A: 1", "X-A: 2", "Content-Length: 4", method="POST")
    said = bodies(talk(echo, get("/a"), post + b"body", LAST))
    assert said == [b"GET /a   ", b"POST /b q=1 1, 2 body", b"GET /last   "]


def test_requests_sent_at_once_are_answered_in_their_order():
    async def slowest_first(request):
        await asyncio.sleep({"/0": 0.03, "/1": 0.01}.get(request.path, 0))
        return await echo(request)

    said = bodies(talk(slowest_first, b"".join(get(f"/{number}") for number in range(50)) + LAST))
    assert said == [f"GET /{number}   ".encode() for number in range(50)] + [b"GET /last   "]


def test_a_request_byte_by_byte():
    async def slowly(reader, writer):
        for byte in get("/slow", "Content-Length: 3", "Connection: close", method="PUT") + b"abc":
            writer.write(bytes([byte]))
            await asyncio.sleep(0)

    assert bodies(talk(echo, slowly)) == [b"PUT /slow   abc"]


def test_a_chunked_body_and_what_follows_it():
    chunks = get("/c", "Transfer-Encoding: chunked", method="POST") + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-T: 1\r\n\r\n"
    assert bodies(talk(echo, chunks, LAST)) == [b"POST /c   abcde", b"GET /last   "]


def test_trailers_are_no_headers():
    async def app(request):
        return HttpResponse(200, [], repr(request.headers.pairs).encode())

    chunks = get("/", "Transfer-Encoding: chunked", "Connection: close", method="POST")
    assert b"x-t" not in talk(app, chunks + b"3\r\nabc\r\n0\r\nX-T: 1\r\nHost: y\r\n\r\n")


def test_absolute_targets_and_fragments():
    said = bodies(talk(echo, get("http://x/a?b"), get("/a?b#c"), get("http://X"), LAST))
    assert said[:3] == [b"GET /a b  ", b"GET /a b  ", b"GET /   "]


@pytest.mark.parametrize(
    "wrong",
    [get("http://y/"), get("*", method="OPTIONS"), get("x:443", method="CONNECT"), get("/\xe4"), get("/", "Host: y")],
)
def test_requests_that_name_no_one_target(wrong):
    said = talk(echo, get("/a"), wrong, get("/b"))
    assert said.startswith(b"HTTP/1.1 200 ") and b"GET /a" in said and b"GET /b" not in said
    assert said.count(b"HTTP/1.1 ") == 2 and b"\r\n\r\nInvalid" in said


def test_who_asks_for_another_protocol_is_answered_in_this_one():
    wish = (  # as clients of Java ask for HTTP/2
        "Connection: Upgrade, HTTP2-Settings",
        "Upgrade: h2c",
        "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
    )
    assert bodies(talk(echo, get("/h", *wish), LAST))[0] == b"GET /h   "


def test_answers_without_a_body():
    async def app(request):
        if request.path == "/204":
            return HttpResponse(204, [])
        return HttpResponse(200, [*TEXT, ("content-length", "7")], b"")

    said = talk(app, get("/204"), get("/", method="HEAD"), get("/204", "Connection: close"))
    heads = said.split(b"\r\n\r\n")
    assert [head[9:12] for head in heads[:3]] == [b"204", b"200", b"204"]
    assert b"content-length" not in heads[0] and b"content-length: 7" in heads[1] and heads[3] == b""


def test_an_old_client():
    async def app(request):
        return HttpResponse(200, TEXT, pieces(b"a", b"b"))

    said = talk(app, get("/", version="1.0"))
    assert b"chunked" not in said and b"connection: close" in said and said.endswith(b"\r\n\r\nab")


def test_streams():
    async def app(request):
        told = {"/known": [("Content-Length", "4")], "/said": [("Transfer-Encoding", "chunked")]}.get(request.path, [])
        return HttpResponse(200, told, pieces(b"ab", b"", b"cd"))

    known, said, none, _ = (
        part for part in talk(app, get("/known"), get("/said"), get("/"), LAST).split(b"HTTP/1.1 ")[1:]
    )
    assert known.endswith(b"\r\n\r\nabcd") and b"content-length: 4" in known and b"hunked" not in known
    for chunked in (said, none):
        assert chunked.endswith(b"\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n") and chunked.lower().count(b"chunked") == 1


@pytest.mark.parametrize("length", [3, 5])
def test_a_stream_that_is_not_as_long_as_told_ends_the_connection(length):
    async def app(request):
        return HttpResponse(200, [("content-length", str(length))], pieces(b"ab", b"cd"))

    assert talk(app, get(), get()).count(b"HTTP/1.1 ") == 1


def test_an_answer_whose_length_is_wrong_or_name_is_none_is_not_sent():
    for broken in (HttpResponse(200, [("content-length", "3")], b"four"), HttpResponse(200, [("a b", "c")], b"")):

        async def app(request, broken=broken):
            return broken

        said = talk(app, get(), get())
        assert said.startswith(b"HTTP/1.1 500 ") and said.count(b"HTTP/1.1 ") == 1


def test_what_an_application_does_wrong_is_500():
    async def app(request):
        raise KeyError("x")

    said = talk(app, get(), get())
    assert said.startswith(b"HTTP/1.1 500 ") and said.count(b"HTTP/1.1 ") == 1


def test_what_a_header_cannot_hold():
    async def app(request):
        return HttpResponse(200, [("x-a", "b\r\nc: d"), ("X-Name", "gr\u00fcn \u20ac")], b"")

    head = talk(app, LAST)
    assert b"x-a: b  c: d\r\n" in head and "X-Name: gr\u00fcn \u20ac\r\n".encode() in head


def test_a_body_that_is_held_back_is_asked_for_when_it_is_read():
    async def told(reader, writer):
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"body")

    held = get("/e", "Expect: 100-continue", "Content-Length: 4", method="PUT")
    assert bodies(talk(echo, held, told, LAST)) == [b"PUT /e   body", b"GET /last   "]


def test_who_sends_at_once_what_he_might_hold_back_keeps_the_connection():
    held = get("/e", "Expect: 100-continue", "Content-Length: 4", method="PUT") + b"body"
    assert bodies(talk(echo, held, get("/f", "Expect: 100-continue"), LAST))[-1] == b"GET /last   "


def test_who_is_refused_need_not_send_his_body():
    async def app(request):
        return HttpResponse(403, [], b"no")

    held = get("/e", "Expect: 100-continue", "Content-Length: 4", method="PUT")
    said = talk(app, held)
    assert said.startswith(b"HTTP/1.1 403 ") and b"connection: close" in said


def test_a_body_that_nobody_reads_is_passed_over():
    async def app(request):
        return HttpResponse(200, [], request.path.encode())

    long = get("/a", f"Content-Length: {4 * AHEAD_MAX}", method="PUT") + bytes(4 * AHEAD_MAX)
    assert bodies(talk(app, long, LAST)) == [b"/a", b"/last"]


def test_no_more_is_read_than_somebody_asks_for():
    size, ahead = 64 * AHEAD_MAX, []

    async def app(request):
        await asyncio.sleep(0.05)
        ahead.append(sum(map(len, request.body._pieces)))
        return HttpResponse(200, [], str(len(await request.read(size))).encode())

    long = get("/a", f"Content-Length: {size}", "Connection: close", method="PUT") + bytes(size)
    assert bodies(talk(app, long)) == [str(size).encode()]
    assert ahead[0] < 8 * AHEAD_MAX


def test_no_more_is_written_than_somebody_takes():
    made, by_then = [], []

    async def app(request):
        async def endless():
            for number in range(4_096):
                made.append(number)
                yield bytes(AHEAD_MAX)

        return HttpResponse(200, [], endless())

    async def a_little(reader, writer):
        await reader.readexactly(10)
        await asyncio.sleep(0.1)
        by_then.append(len(made))

    talk(app, get(), a_little, end=False)
    assert by_then[0] < 1_024


def test_who_goes_in_the_midst_of_a_body():
    seen = asyncio.Queue()

    async def app(request):
        try:
            await request.read()
        except CallerGone as gone:
            seen.put_nowait(gone)
        return HttpResponse(200, [])

    async def leave(reader, writer):
        writer.close()
        assert isinstance(await seen.get(), CallerGone)

    talk(app, get("/", "Content-Length: 9", method="PUT") + b"abc", leave, end=False)


def test_an_application_may_hear_that_its_client_has_gone():
    gone = []

    async def app(request):
        await request.hung_up()
        gone.append(request.path)
        return HttpResponse(200, [])

    async def leave(reader, writer):
        await asyncio.sleep(0)
        writer.close()
        while not gone:
            await asyncio.sleep(0.001)

    talk(app, get("/wait"), leave, end=False)
    assert gone == ["/wait"]


def test_who_rests_too_long_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(places, "SWEPT_EVERY_S", 0.01)
    monkeypatch.setattr(http, "KEEP_ALIVE_S", 0.05)
    assert talk(echo, get("/a")).endswith(b"GET /a   ")


def test_who_says_nothing_is_hung_up_on_and_who_is_being_answered_is_not(monkeypatch):
    monkeypatch.setattr(places, "SWEPT_EVERY_S", 0.01)
    monkeypatch.setattr(http, "HEAD_WITHIN_S", 0.03)

    async def app(request):
        await asyncio.sleep(0.1)
        return await echo(request)

    assert talk(app) == b""
    assert bodies(talk(app, LAST)) == [b"GET /last   "]


def test_a_head_without_end(monkeypatch):
    monkeypatch.setattr(http, "HEAD_BYTES_MAX", 1_000)

    async def on(reader, writer):
        assert await reader.read() == b""

    talk(echo, b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1_000, on, end=False)


def test_one_more_than_there_is_room_for():
    assert talk(echo, get(), most=0) == SLOW_DOWN


def test_an_end_waits_for_answers():
    async def run():
        door, answers = Conversations(), []

        async def app(request):
            await asyncio.sleep(0.05)
            return await echo(request)

        server = await asyncio.get_running_loop().create_server(partial(Conversation, app, door), "127.0.0.1", 0)
        busy = [await asyncio.open_connection(*server.sockets[0].getsockname()) for _ in range(2)]
        busy[0][1].write(get("/a"))
        while not any(one.answering for one in door.open):
            await asyncio.sleep(0.001)
        server.close()
        await door.end(30)
        answers = [await reader.read() for reader, _ in busy]
        assert b"connection: close" in answers[0] and answers[0].endswith(b"GET /a   ") and answers[1] == b""

    asyncio.run(run())
