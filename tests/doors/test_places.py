"""Who has a place where there are few: whoever is being answered; those who rest make room, longest rest first."""

import asyncio
import json
import resource
import socket
import subprocess
import sys
import urllib.request
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from tests.doors.talking import bodies, echo, get, run, served, soon
from tests.running import Freehold

from freehold import doctor
from freehold.config import Config
from freehold.doors import places
from freehold.doors.places import SLOW_DOWN, Conversations, Total


class Client:
    """One connection to a small server."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    def say(self, text):
        self.writer.write(text)

    async def ask(self, path):
        """The body of the answer to a request."""
        self.say(get(path))
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.partition(b"content-length: ")[2].partition(b"\r")[0])
        return (await self.reader.readexactly(length)).strip()

    async def rest(self):
        """All that is said until the end."""
        with suppress(ConnectionError):
            return await self.reader.read()
        return b""


@asynccontextmanager
async def crowd(app, **limits):
    """The connections of a door with few places, and what connects another."""
    door = Conversations(**limits)
    server, place = await served(app, door)
    clients = []

    async def come():
        clients.append(Client(*await asyncio.open_connection(*place)))
        return clients[-1]

    try:
        yield door, come
    finally:
        server.close()
        door.hang_up()
        for client in clients:
            client.writer.close()


def slow(event):
    """Answers when it is time."""

    async def app(request):
        await event.wait()
        return await echo(request)

    return app


def test_who_rests_longest_makes_room():
    async def coming():
        async with crowd(echo, most=2) as (door, come):
            first, second = await come(), await come()
            for client in (first, second, first):
                assert await client.ask("/a") == b"GET /a"
            third = await come()
            assert await third.ask("/c") == b"GET /c"
            assert await second.rest() == b""
            assert await first.ask("/a") == b"GET /a"
            assert (door.made_room, door.turned_away, len(door.open)) == (1, 0, 2)

    run(coming())


def test_who_has_begun_to_speak_makes_room_last():
    async def coming():
        async with crowd(echo, most=2) as (door, come):
            first = await come()
            first.say(get("/begun")[:20])
            await soon(lambda: any(one.begun for one in door.open))
            second = await come()
            assert await second.ask("/b") == b"GET /b"
            assert await (await come()).ask("/c") == b"GET /c"
            assert await second.rest() == b""
            first.say(get("/begun")[20:])
            assert b"GET /begun" in await first.reader.readuntil(b"GET /begun")

    run(coming())


def test_heads_that_never_come_to_an_end_make_room_too():
    async def coming():
        async with crowd(echo, most=3) as (door, come):
            slowest = [await come() for _ in range(3)]
            for client in slowest:
                client.say(b"GET / HTTP/1.1\r\n")
            await soon(lambda: sum(one.begun for one in door.open) == 3)
            assert await (await come()).ask("/d") == b"GET /d"
            assert await slowest[0].rest() == b""

    run(coming())


def test_who_is_being_answered_keeps_his_place_and_others_are_told_to_come_again():
    async def coming():
        event = asyncio.Event()
        async with crowd(slow(event), most=2) as (door, come):
            busy = [await come(), await come()]
            for client in busy:
                client.say(get("/busy", "Connection: close"))
            await soon(lambda: not door.resting)
            refused = await come()
            refused.say(get("/more"))
            assert await refused.rest() == SLOW_DOWN
            event.set()
            assert [bodies(await client.rest()) for client in busy] == [[b"GET /busy   "]] * 2
            assert await (await come()).ask("/late") == b"GET /late"
            assert door.turned_away == 1

    run(coming())


def test_who_is_told_to_come_again_takes_no_place_for_it(monkeypatch):
    monkeypatch.setattr(places, "LEAVING_MAX", 2)

    async def coming():
        async with crowd(slow(asyncio.Event()), most=0) as (door, come):
            refused = [await come() for _ in range(8)]
            await soon(lambda: door.turned_away == 8)
            assert len(door.leaving) == 2 and not door.open
            for client in refused[:6]:
                await client.rest()

    run(coming())


def test_who_does_not_leave_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(places, "SWEPT_EVERY_S", 0.01)
    monkeypatch.setattr("freehold.doors.http.LINGER_S", 0.01)

    async def coming():
        async with crowd(echo, most=0) as (door, come):
            await come()
            await soon(lambda: door.turned_away and not door.leaving)

    run(coming())


def test_a_crowd_of_some_doors_leaves_a_few_places_to_the_others(monkeypatch):
    monkeypatch.setattr(places, "GUEST_MIN", 1)

    async def coming():
        total, event = Total(3), asyncio.Event()
        async with crowd(slow(event), most=8, total=total) as (greedy, come), crowd(echo, most=8, total=total) as other:
            for _ in range(5):
                (await come()).say(get())
            await soon(lambda: greedy.turned_away == 2)
            assert (total.taken, len(greedy.open)) == (3, 3)
            assert await (await other[1]()).ask("/a") == b"GET /a"
            event.set()
        await soon(lambda: total.taken == 0)

    run(coming())


@pytest.mark.parametrize(
    ("files", "main", "guests"), [(256, 128, 64), (1_024, 512, 256), (65_536, 16_384, 16_384), (-1, 16_384, 16_384)]
)
def test_shares(files, main, guests):
    assert (places.share(places.MAIN_SHARE, files), places.share(places.GUESTS_SHARE, files)) == (main, guests)


@pytest.mark.parametrize(("hard", "well"), [(1_024, False), (65_536, True), (resource.RLIM_INFINITY, True)])
def test_the_doctor_tells_how_many_clients_there_may_be(monkeypatch, hard, well):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, hard))
    finding = doctor._open_files(Config())
    assert finding.well is well and finding.words.startswith("65536, so 16384 " if well else "1024, so 512 ")
    assert ("ulimit -n 4096" in finding.words) is not well


def limited(files):
    """A cloud of its own that may open so many files, and what has it end."""
    return f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({files // 2}, {files}))\n"


@pytest.fixture
def small(tmp_path):
    """A cloud that may open few files."""
    freehold = Freehold(tmp_path / "data")
    text = f"{limited(256)}import sys; from freehold.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", text, "up", "--detach", "--port", str(freehold.port), "--data", str(freehold.data)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    yield freehold
    freehold.kill()


def test_more_clients_than_files(small):
    """Four hundred that rest, where two hundred and fifty-six files may be open: each newcomer is answered, and the
    cloud has files left for what it does."""
    pid = json.loads((small.data / "running.json").read_text())["pid"]
    assert resource.prlimit(pid, resource.RLIMIT_NOFILE) == (256, 256)
    held = [socket.create_connection(("127.0.0.1", small.port), timeout=30) for _ in range(400)]
    client = small.client("s3")
    client.create_bucket(Bucket="held")
    client.put_object(Bucket="held", Key="a", Body=bytes(100_000))
    with urllib.request.urlopen(f"{small.url}/_freehold/status", timeout=30) as answer:
        told = json.load(answer)["connections"]
    assert told["most"] == 128 and told["open"] <= 128 and told["made_room"] >= 272 and not told["turned_away"]
    assert len(list(Path(f"/proc/{pid}/fd").iterdir())) < 256
    said = small.command("status").stdout
    assert "connections:  " in said and " of 128, 0 of functions; 0 turned away" in said
    for connection in held:
        connection.close()
