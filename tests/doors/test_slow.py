"""HTTP/1.1 as those speak it who take their time: a byte now and then, or none; nothing taken of what they asked for.

Each of these clients goes on for as long as he is let. The times are so short that they are over whenever looked at;
those that must not decide a test are long."""

import asyncio
from contextlib import suppress
from functools import partial

import pytest
from tests.doors.talking import bodies, echo, get, pieces, run, served, soon, talk

from freehold.doors import http, places
from freehold.doors.http import Conversation
from freehold.doors.places import Conversations
from freehold.web import HttpResponse

POST = partial(get, "/p", method="POST")
CHUNKED = "Transfer-Encoding: chunked"
BIG = 1 << 24  # more than sockets hold
LONG_S = 3_600
TIMES = ("HEAD_WITHIN_S", "KEEP_ALIVE_S", "BODY_WITHIN_S", "TAKEN_WITHIN_S", "LINGER_S")


@pytest.fixture
def hasty(monkeypatch):
    """A server that looks at deadlines often; `hasty(NAME=seconds)` sets a time, all others are long."""
    monkeypatch.setattr(places, "SWEPT_EVERY_S", 0.005)
    for name in TIMES:
        monkeypatch.setattr(http, name, LONG_S)

    def set(**given):
        for name, value in given.items():
            monkeypatch.setattr(http, name, value)

    return set


@pytest.fixture
def door():
    return Conversations()


def dripped(app, said, drip, answer=b""):
    """What is said after the `answer` to what is `said`, when it is followed by a `drip` now and then, without end."""

    async def dripping(reader, writer):
        writer.write(said)
        if answer:
            await reader.readuntil(answer)
        with suppress(ConnectionError):
            while not reader.at_eof() and not writer.transport.is_closing():
                writer.write(drip)
                await asyncio.sleep(0.001)

    try:
        return talk(app, dripping)
    except ConnectionError:
        return b""


@pytest.mark.parametrize(
    ("said", "drip"),
    [
        (b"", b"\r\n"),  # before a head nothing is to come but that
        (b"GET /", b"a"),
        (b"GET / HTTP/1.1\r\nX: ", b"a"),
        (b"GET / HTTP/1.1\r\n", b"X: y\r\n"),
    ],
)
def test_a_head_that_drips(hasty, said, drip):
    hasty(HEAD_WITHIN_S=0.02)
    assert dripped(echo, said, drip) == b""


def test_a_head_that_drips_after_others(hasty):
    hasty(HEAD_WITHIN_S=0.02)
    assert dripped(echo, get("/a") + b"GET /", b"a", b"GET /a   ") == b""


@pytest.mark.parametrize(
    ("said", "drip"),
    [
        (POST(f"Content-Length: {BIG}"), b"a"),
        (POST(f"Content-Length: {BIG}", "Expect: 100-continue"), b"a"),
        (POST(CHUNKED), b"1\r\na\r\n"),
        (POST(CHUNKED) + b"1;", b"x"),  # an extension of a chunk
        (POST(CHUNKED) + b"0\r\n", b"X: y\r\n"),  # trailers
    ],
)
def test_a_body_that_drips(hasty, said, drip):
    """A byte a second was good for ever: each piece had a minute."""
    hasty(BODY_WITHIN_S=0.02, BODY_RATE_MIN=1e9)
    said = dripped(echo, said, drip)
    assert b" 200 " not in said


def test_a_body_that_drips_after_its_answer(hasty):
    async def app(request):
        return HttpResponse(200, [], b"no")

    hasty(BODY_WITHIN_S=0.02)
    assert dripped(app, POST(f"Content-Length: {BIG}"), b"a", b"\r\n\r\nno") == b""


def test_a_body_that_drips_beside_its_last_answer(hasty):
    async def app(request):
        return HttpResponse(403, [("connection", "close")], b"no")

    hasty(LINGER_S=0.02)
    assert dripped(app, POST(f"Content-Length: {BIG}"), b"a", b"\r\n\r\nno") == b""


class Clock:
    """Stands for a loop that tells the time."""

    def __init__(self):
        self.now = 0.0

    def time(self):
        return self.now

    def create_future(self):
        return asyncio.get_running_loop().create_future()


def waited(monkeypatch, wait_s, size, times=1_000):
    """How many pieces of so many bytes, each waited for so long, may come of a body, up to `times`."""
    monkeypatch.setattr(http, "BODY_WITHIN_S", 60)

    async def waiting():
        one = Conversation(echo, Conversations())
        one.loop = clock = Clock()
        one._patience_s = http.BODY_WITHIN_S
        for number in range(times):
            one.listen()
            clock.now += wait_s
            if clock.now > one.due_at:
                return number
            one.heard(size)
        return times

    return run(waiting())


@pytest.mark.parametrize(
    ("wait_s", "size", "come"),
    [
        (1, 1, 60),  # a byte a second
        (59, 1, 1),
        (61, 1 << 16, 0),  # nothing for too long
        (1, http.BODY_RATE_MIN, 1_000),  # just fast enough
        (50, 1 << 16, 1_000),  # slow, and much at a time
        (0.001, 1, 1_000),  # little at a time, but quick
    ],
)
def test_what_comes_of_a_body_earns_time(monkeypatch, wait_s, size, come):
    assert waited(monkeypatch, wait_s, size) == come


def test_what_came_quickly_earns_no_more_than_the_first_had(monkeypatch):
    async def waiting():
        one = Conversation(echo, Conversations())
        one.loop, one._patience_s = Clock(), http.BODY_WITHIN_S
        one.listen()
        one.heard(1 << 30)
        one.listen()
        assert one.due_at == http.BODY_WITHIN_S

    run(waiting())


# Who takes nothing


def test_to_ask_for_more_does_not_put_off_to_take_what_there_is(hasty, door):
    """The next request's head used to end the time of an answer that nobody takes."""

    async def app(request):
        return HttpResponse(200, [], bytes(BIG))

    async def talking():
        server, place = await served(app, door)
        _, writer = await asyncio.open_connection(*place, limit=1)
        hasty(TAKEN_WITHIN_S=LONG_S)
        writer.write(get())
        await soon(lambda: any(one._room for one in door.open))
        hasty(TAKEN_WITHIN_S=0.01)
        for one in door.open:
            one.taken_by = 0.0
        writer.write(get())
        await soon(lambda: not door.open)
        server.close()
        writer.close()

    run(talking())


@pytest.mark.parametrize("streams", [False, True])
def test_who_takes_too_little_is_hung_up_on(hasty, door, streams):
    """A few bytes whenever it is looked at whether he takes any."""
    hasty(TAKEN_WITHIN_S=0.01, TAKEN_MIN=BIG)

    async def app(request):
        return HttpResponse(200, [], pieces(*[bytes(BIG // 4)] * 4) if streams else bytes(BIG))

    async def talking():
        server, place = await served(app, door)
        reader, writer = await asyncio.open_connection(*place, limit=1)
        writer.write(get())
        await soon(lambda: door.open)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while door.open:
                await reader.readexactly(1_000)
                await asyncio.sleep(0.001)
        await soon(lambda: not door.open and not door.unheard)
        server.close()
        writer.close()

    run(talking())


class Pipe:
    """Stands for a transport of which so much is not taken yet."""

    def __init__(self, left):
        self.left, self.aborted = left, False

    def get_write_buffer_size(self):
        return self.left

    def abort(self):
        self.aborted = True


@pytest.mark.parametrize(
    ("left", "let"),
    [
        ([100, 90, 80, 70, 60], True),
        ([100, 90, 81], False),
        ([100, 100], False),
        ([5, 0], True),  # the rest of it
        ([5, 5], False),
    ],
)
def test_how_much_is_to_be_taken_in_a_time(hasty, left, let):
    hasty(TAKEN_WITHIN_S=60, TAKEN_MIN=10)

    async def taking():
        one = Conversation(echo, Conversations())
        one.transport = pipe = Pipe(0)
        one.loop = clock = Clock()
        one.pause_writing()
        for pipe.left in left:
            clock.now += 60
            one.expire(clock.now)
        assert pipe.aborted is not let

    run(taking())


def test_thousands_of_requests_by_who_reads_no_answers(hasty, door):
    """No more is read of them than what waits, and they end with him."""
    asked = []

    async def app(request):
        asked.append(request.path)
        return HttpResponse(200, [], bytes(1 << 14))

    async def talking():
        server, place = await served(app, door)
        _, writer = await asyncio.open_connection(*place, limit=1)
        sent = get("/a", "X: " + "y" * 4_000)
        for _ in range(10_000):
            writer.write(sent)
        await soon(lambda: any(one._room and one._paused for one in door.open))
        (one,) = door.open
        assert len(one._turns) <= http.TURNS_MAX and one.unsent < 2 * (1 << 16)
        before = len(asked)
        assert before < 10_000
        hasty(TAKEN_WITHIN_S=0.01)
        one.taken_by = 0.0
        await soon(lambda: not door.open)
        assert len(asked) <= before + 1
        server.close()
        writer.transport.abort()

    run(talking())


def test_a_pipeline_whose_answers_are_read_is_answered_whole(hasty):
    said = get("/a", "X: " + "y" * 4_000) * 1_000

    async def reading(reader, writer):
        writer.write(said + get("/last", "Connection: close"))
        heard = await reader.read()
        assert len(bodies(heard)) == 1_001

    talk(echo, reading, end=False)
