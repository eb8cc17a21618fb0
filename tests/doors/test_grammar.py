"""What the door takes for requests, beside what a strict reader of RFC 9112 does, whatever is said and however cut.

Whoever passes requests on to the door has read them first. So what is answered here must be what he saw: never two
requests where he saw one, never another body. Less is no harm: who is refused is hung up on."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.doors import strict

from freehold.doors.http import Conversation
from freehold.doors.places import Conversations
from freehold.web import HttpResponse

TURNS_MAX = 10_000  # of the loop, for one conversation to come to its end
WITHIN = b"GET /within HTTP/1.1\r\nHost: x\r\n\r\n"


class Line(asyncio.Transport):
    """A connection whose other side is the test: it cuts what is said as it likes, and takes all that is answered."""

    def __init__(self):
        super().__init__()
        self.said, self.over, self.paused = b"", False, False

    def write(self, data):
        self.said += data

    def write_eof(self):
        self.over = True

    def set_write_buffer_limits(self, high=None, low=None):
        pass  # nothing is ever left to be written

    def is_closing(self):
        return self.over

    def close(self):
        self.over = True

    def abort(self):
        self.over = True

    def pause_reading(self):
        self.paused = True

    def resume_reading(self):
        self.paused = False

    def get_write_buffer_size(self):
        return 0


async def _heard(pieces):
    taken, line = [], Line()

    async def app(request):
        body = await request.read()
        path = f"{request.path}?{request.query}" if request.query else request.path
        taken.append(strict.Request(request.method.encode(), path.encode(), body))
        return HttpResponse(200, [], b"")

    door = Conversations()
    one = Conversation(app, door)
    one.connection_made(line)
    turns = 0

    async def turn():
        nonlocal turns
        turns += 1
        assert turns < TURNS_MAX, "it hangs"
        await asyncio.sleep(0)

    for piece in pieces:
        while line.paused and not line.over:
            await turn()
        if line.over:
            break
        one.data_received(piece)
    while line.paused and not line.over:
        await turn()
    if not line.over and not one.eof_received():
        line.close()
    while one.answering or not line.over:
        await turn()
    one.connection_lost(None)
    door._sweeping.cancel()
    return taken, line.said


def heard(*pieces):
    """The requests that the door takes pieces for, and what it answers."""
    return asyncio.run(_heard(pieces))


def cut(text, places):
    bounds = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(bounds) if start < end]


# What is said: parts that are right or wrong in ways that servers and proxies have disagreed on, and then a few bytes
# changed.

ODD = [
    b"\0", b"\t", b"\n", b"\x0b", b"\x0c", b"\r", b"\r\n", b" ", b"\x7f", b"\x85", b"\xa0", b"\xff", b":", b";", b",",
    b'"', b"\\", b"%", b"%zz", b"%00", b"0", b"+", b"-", b"_", b"x", b"=", b"\r\n ", b"\r\n\t", b"\n\n", b"\r\r\n",
]  # fmt: skip
METHODS = [b"GET", b"POST", b"PUT", b"HEAD", b"DELETE", b"OPTIONS", b"PATCH", b"M-SEARCH", b"get", b"G\tT", b"", b"PRI"]
TARGETS = [b"/", b"/a?b=%zz", b"/%00", b"/a b", b"/\xa0", b"http://x/a", b"http://y/a", b"HTTP://X", b"*", b"x:443",
           b"//x/a", b"/a#b", b"", b"/" + b"a" * 70_000]  # fmt: skip
VERSIONS = [b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.2", b"HTTP/2.0", b"HTTP/0.9", b"http/1.1", b"HTTP/1.1 ", b"HTTP/01.1"]
ENDS = [b"\r\n"] * 40 + [b"\n", b"\r", b"\r\r\n", b" \r\n", b"\0\r\n"]
FIELDS = [
    b"Host: x", b"host:x", b"Host: y", b"Host:", b"Host : x", b"X: y", b"X: a\r\n b", b"X:\t y \t", b"X:", b": x", b"X",
    b" X: y", b"X\xa0: y", b"X: \xa0", b"X: a\0b", b"X: a\rb", b"X: " + b"y" * 70_000,
    b"Content-Length: 0", b"Content-Length: 3", b"Content-Length: 33", b"Content-Length: +3", b"Content-Length: 3, 3",
    b"Content-Length: 0x3", b"Content-Length: 3 ", b"Content-Length:\x0b3", b"Content-Length: 03",
    b"Content-Length: -1", b"Content-Length : 3", b"Content-Length: 99999999999999999999", b"Content_Length: 3",
    b"Content-Length:", b"Content-Length: 3\xa0", b"Content-Length: \r\n 3",
    b"Transfer-Encoding: chunked", b"transfer-encoding:CHUNKED", b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: identity", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding : chunked",
    b"Transfer-Encoding: xchunked", b"Transfer-Encoding:\x0bchunked", b"Transfer-Encoding: chunked;a=b",
    b"Transfer-Encoding: \r\n chunked", b"Transfer-Encoding:", b"Transfer-Encoding: chunked\xa0", b"TE: trailers",
    b"Transfer-Encoding: \xa0chunked", b"Transfer-Encoding: ,chunked", b"Transfer-Encoding: chunked,",
    b"Connection: close", b"Connection: keep-alive", b"Connection: Upgrade", b"Connection: Content-Length",
    b"Upgrade: h2c", b"Upgrade: websocket", b"Expect: 100-continue", b"Trailer: Content-Length",
]  # fmt: skip
SIZES = [
    b"0", b"3", b"21", b"3;a", b"3;a=b", b'3;a="b"', b'3;a="\r\n"', b"3 ;a", b"3; a", b"3;", b"3 ", b" 3", b"0x3",
    b"+3", b"-3", b"03", b"3\n", b"3;\n", b"g", b"", b"1" + b"0" * 16, b"f" * 16, b"00000000000000000", b"3_0", b"3\0",
    b"3;a=\xa0", b"3;" + b"a" * 20_000, b'3;a="\\"',
]  # fmt: skip
BODIES = [b"", b"abc", WITHIN, b"0\r\n\r\n", b"abc\r\n0\r\n\r\n"]

USUAL = [b"X: y", b"Content-Length: 33", b"Content-Length: 3", b"Transfer-Encoding: chunked", b"Connection: keep-alive",
         b"Connection: Upgrade\r\nUpgrade: h2c", b"Expect: 100-continue"]  # fmt: skip

field = st.one_of(*[st.sampled_from(USUAL)] * 3, st.sampled_from(FIELDS))
some_fields = st.one_of(st.lists(field, max_size=4).map(lambda rest: [b"Host: x", *rest]), st.lists(field, max_size=4))
chunk = st.one_of(
    *[st.just(b"3\r\nabc\r\n"), st.just(b"21;a=b\r\n" + WITHIN + b"\r\n")] * 3,
    st.tuples(*map(st.sampled_from, (SIZES, ENDS, BODIES, ENDS))).map(b"".join),
)
trailers = st.lists(field, max_size=2).map(lambda lines: b"".join(line + b"\r\n" for line in lines))
chunks = st.tuples(
    st.lists(chunk, max_size=3).map(b"".join), st.sampled_from([b"0\r\n"] * 6 + [b"0;a\r\n", b"", b"0\n"]), trailers,
    st.sampled_from([b"\r\n"] * 6 + [b"\n", b""]),
).map(b"".join)  # fmt: skip
line = st.one_of(
    *[st.sampled_from([b"GET / HTTP/1.1\r\n", b"POST /p HTTP/1.1\r\n", b"PUT /p HTTP/1.0\r\n"])] * 5,
    st.tuples(
        st.sampled_from(METHODS), st.just(b" "), st.sampled_from(TARGETS), st.just(b" "), st.sampled_from(VERSIONS),
        st.sampled_from(ENDS),
    ).map(b"".join),
)  # fmt: skip


@st.composite
def messages(draw):
    fields = b"".join(each + draw(st.sampled_from(ENDS)) for each in draw(some_fields))
    body = draw(st.one_of(st.sampled_from(BODIES), chunks))
    return draw(line) + fields + draw(st.sampled_from(ENDS)) + body


@st.composite
def streams(draw):
    text = b"".join(draw(st.lists(messages(), min_size=1, max_size=3)))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        at, odd = draw(st.integers(0, len(text))), draw(st.sampled_from(ODD))
        text = text[:at] + odd + text[at + draw(st.integers(0, 1)) :]
    return text + draw(st.sampled_from([b"", WITHIN]))


places = st.lists(st.integers(0, 1 << 20), max_size=6)


def check(text, where):
    taken, said = heard(*cut(text, where))
    seen = strict.requests(text)
    assert taken == seen[: len(taken)]
    assert said.count(b"HTTP/1.1 200 ") == len(taken) and said.count(b"HTTP/1.1 400 ") <= 1
    assert said.count(b"HTTP/1.1 ") - said.count(b"HTTP/1.1 100 ") <= len(taken) + 1


@given(streams(), places)
def test_no_more_is_taken_for_a_request_than_a_strict_reader_does(text, where):
    check(text, where)


# What is right is taken


def sized(body):
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def chunked(body):
    parts = [body[at : at + 7] for at in range(0, len(body), 7)]
    text = b"".join(b"%x;a=b\r\n%b\r\n" % (len(part), part) for part in parts)
    return b"Transfer-Encoding: chunked\r\n\r\n" + text + b"0\r\nX: y\r\n\r\n"


UPGRADE = b"Upgrade: h2c\r\nConnection: upgrade\r\n"
framed = st.one_of(st.just(b"\r\n"), st.binary(max_size=80).map(sized), st.binary(max_size=80).map(chunked))
right = st.tuples(
    st.sampled_from([b"GET", b"POST", b"PUT", b"DELETE"]), st.sampled_from([b" / ", b" /a?b=c ", b" http://x/a "]),
    st.just(b"HTTP/1.1\r\nHost: x\r\n"), st.sampled_from([b"", b"X: \xa0\t\xff\r\n", b"X:\r\n", UPGRADE]),
    framed,
).map(b"".join)  # fmt: skip


@given(st.lists(right, min_size=1, max_size=5).map(b"".join), places)
@example(b"POST / HTTP/1.1\r\nHost: x\r\n" + UPGRADE + chunked(WITHIN) + WITHIN, [70, 90])
def test_what_is_right_is_taken_whole(text, where):
    taken, _ = heard(*cut(text, where))
    assert taken == strict.requests(text)


GOOD = [
    b"POST /p HTTP/1.1\r\nHost: x\r\n" + rest + WITHIN
    for rest in (b"X: y\r\n\r\n", sized(WITHIN), UPGRADE + sized(WITHIN), UPGRADE + chunked(WITHIN[:9]))
]


@pytest.mark.parametrize("odd", [b"\0", b"\n", b"\r", b"\r\n", b"\r\n ", b"\t", b"\xa0", b";", b"0"])
@pytest.mark.parametrize("text", GOOD)
def test_one_odd_byte_anywhere(text, odd):
    for at in range(len(text) + 1):
        check(text[:at] + odd + text[at:], [])


@pytest.mark.parametrize("text", GOOD)
def test_a_cut_anywhere(text):
    seen = strict.requests(text)
    assert len(seen) == 2
    assert heard(*(text[at : at + 1] for at in range(len(text))))[0] == seen
    for at in range(len(text)):
        assert heard(text[:at], text[at:])[0] == seen


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
@pytest.mark.parametrize("beside", [b"", b"Content-Length: 33\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_each_field_beside_each_body(version, beside):
    for odd in FIELDS:
        for fields in (beside + odd + b"\r\n", odd + b"\r\n" + beside):
            for body in (*BODIES, b"3\r\nabc\r\n0\r\n\r\n", b"21\r\n" + WITHIN + b"\r\n0\r\n\r\n"):
                head = b"POST /p HTTP/%b\r\nHost: x\r\n%b\r\n" % (version, fields)
                check(head + body + WITHIN, [len(head)])


@pytest.mark.parametrize("end", sorted(set(ENDS)))
def test_each_size_of_a_chunk(end):
    head = b"POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    for size in SIZES:
        for body in BODIES:
            for rest in (b"\r\n", b"", b"\n"):
                check(head + size + end + body + rest + b"0\r\n\r\n" + WITHIN, [])
