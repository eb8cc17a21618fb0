"""The server's HTTP/1.1: requests out of bytes that arrive in any pieces, answers in the order of the requests."""

import asyncio
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from freehold.sandbox.http1 import PIPELINE_MAX, Connection, Request

BODY_MAX = 100
BODIES = st.lists(st.binary(max_size=150), min_size=1, max_size=5)
CUTS = st.lists(st.integers(0, 2_000), max_size=10)


class Wire(asyncio.Transport):
    """The other side of a connection: keeps what was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.ended = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += bytes(data)

    def get_write_buffer_size(self) -> int:
        return 0

    def close(self) -> None:
        self.ended = True

    abort = close


class Keeper:
    """A door that keeps the requests that came; bodies of paths that begin with /taken are taken as they arrive."""

    def __init__(self) -> None:
        self.met: list[Request] = []
        self.whole: list[Request] = []
        self.taken: dict[str, bytes] = {}
        self.cut: list[str] = []

    def meet(self, request: Request) -> None:
        self.met.append(request)
        if request.path.startswith("/taken"):
            request.sink = Taker(self, request.path)

    def serve(self, request: Request) -> None:
        self.whole.append(request)


class Taker:
    def __init__(self, keeper: Keeper, path: str) -> None:
        self._keeper, self._path = keeper, path
        keeper.taken[path] = b""

    def feed(self, data: bytes) -> None:
        self._keeper.taken[self._path] += data

    def cut(self) -> None:
        self._keeper.cut.append(self._path)


def opened() -> tuple[Keeper, Connection, Wire]:
    keeper, wire = Keeper(), Wire()
    connection = Connection(keeper, BODY_MAX)
    connection.connection_made(wire)
    return keeper, connection, wire


def fed(connection: Connection, data: bytes, cuts: list[int]) -> None:
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    for start, end in pairwise(places):
        connection.data_received(data[start:end])


def sized(path: str, body: bytes) -> bytes:
    return b"POST %s HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (path.encode(), len(body), body)


def chunked(path: str, body: bytes, trailer: str) -> bytes:
    parts = [body[at : at + 7] for at in range(0, len(body), 7)]
    lines = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    head = b"POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" % path.encode()
    return head + lines + b"0\r\nX-End: %s\r\n\r\n" % trailer.encode()


@given(BODIES, CUTS)
def test_requests_do_not_depend_on_the_pieces(bodies: list[bytes], cuts: list[int]) -> None:
    keeper, connection, _ = opened()
    fed(connection, b"".join(sized(f"/{at}", body) for at, body in enumerate(bodies)), cuts)
    assert [(request.method, request.path) for request in keeper.whole] == [
        ("POST", f"/{at}") for at in range(len(bodies))
    ]
    assert [request.size for request in keeper.whole] == [len(body) for body in bodies]
    assert [request.body for request in keeper.whole] == [body if len(body) <= BODY_MAX else b"" for body in bodies]


@given(BODIES, CUTS)
def test_bodies_taken_as_they_arrive_are_whole_and_have_their_trailers(bodies: list[bytes], cuts: list[int]) -> None:
    keeper, connection, _ = opened()
    paths = [f"/taken/{at}" for at in range(len(bodies))]
    fed(connection, b"".join(chunked(path, body, path) for path, body in zip(paths, bodies, strict=True)), cuts)
    assert [keeper.taken[path] for path in paths] == bodies
    assert [request.headers["x-end"] for request in keeper.whole] == paths


@given(st.permutations(range(5)))
def test_answers_leave_in_the_order_of_the_requests(order: list[int]) -> None:
    keeper, connection, wire = opened()
    fed(connection, b"".join(sized(f"/{at}", b"") for at in range(5)), [])
    for at in order:
        keeper.whole[at].answer(200, str(at).encode())
    assert [part.split(b"\r\n\r\n")[1] for part in wire.sent.split(b"HTTP/1.1 200 OK")[1:]] == [
        b"0",
        b"1",
        b"2",
        b"3",
        b"4",
    ]


@given(st.binary(max_size=300), CUTS)
def test_any_bytes_are_survived(data: bytes, cuts: list[int]) -> None:
    _, connection, _ = opened()
    fed(connection, data, cuts)
    connection.connection_lost(None)
    assert connection.closed


def test_a_body_that_breaks_off_is_known_to_whoever_took_it() -> None:
    keeper, connection, _ = opened()
    connection.data_received(chunked("/taken", b"half of it", "")[:-12])
    connection.connection_lost(None)
    assert keeper.cut == ["/taken"] and not keeper.whole


def test_limits() -> None:
    keeper, connection, wire = opened()
    fed(connection, sized("/", b"") * (PIPELINE_MAX + 1), [])
    assert len(keeper.whole) == PIPELINE_MAX and wire.ended
    keeper, connection, wire = opened()
    connection.data_received(b"POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n")
    for _ in range(100):
        connection.data_received(b"x" * 100)
    assert [request.size for request in keeper.whole] == [900] and wire.ended


def test_a_header_value_can_not_start_another_header() -> None:
    keeper, connection, wire = opened()
    connection.data_received(sized("/", b""))
    keeper.whole[0].answer(200, b"", {"A": "b\r\nEvil: 1", "Empty": ""})
    assert b"\r\nA: b  Evil: 1\r\n" in wire.sent and b"Empty" not in wire.sent
