"""Requests to addresses that others named: answered, refused, cut off, and never at the cost of others."""

import asyncio
import gzip
import socket
import threading
from contextlib import contextmanager

import pytest

from freehold import outbound
from freehold.outbound import EACH_MAX, NoAnswer, Order, masked
from freehold.services.events.destinations.sending import ANSWER_MAX, unpacked

WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def listening(serve):
    """The address of a server that has `serve(connection)` answer each connection, and all that it heard."""
    heard = []

    def one(connection):
        with connection:
            heard.append(connection.recv(65_536))
            serve(connection)

    def run():
        while True:
            try:
                connection, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=256) as door:
        threading.Thread(target=run, daemon=True).start()
        yield f"127.0.0.1:{door.getsockname()[1]}", heard
        door.shutdown(socket.SHUT_RDWR)


def fetch(url, whose="a", **more):
    return asyncio.run(outbound.fetch(Order("POST", url, more.pop("headers", {}), b"body", **more), whose))


def test_an_answer_as_it_was():
    redirection = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with listening(lambda connection: connection.sendall(redirection)) as (place, heard):
        answer = fetch(f"http://user:pass%20word@{place}/a?b=c")
    assert (answer.status, answer.reason, answer.header("LOCATION")) == (302, "Found", "http://127.0.0.1:1/")
    assert heard[0].startswith(b"POST /a?b=c HTTP/1.1\r\n") and b"Basic dXNlcjpwYXNzIHdvcmQ=" in heard[0]


def test_no_more_of_a_body_than_was_wanted():
    with listening(lambda connection: connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 99)) as (place, _):
        answer = fetch(f"http://{place}", body_max=10)
    assert (answer.body, answer.whole) == (b"x" * 10, False)


@pytest.mark.parametrize("url", ["ftp://x", "http://", "http://[x", "http://x:port/", "nothing", "http://127.0.0.1:1/"])
def test_addresses_that_lead_nowhere(url):
    with pytest.raises(NoAnswer):
        fetch(url)


def test_what_is_no_http_and_what_may_not_be_sent():
    with listening(lambda connection: connection.sendall(b"hello\r\n\r\n")) as (place, _):
        for headers in ({}, {"a": "b\r\nc: d"}, {"a": "\u20ac"}):
            with pytest.raises(NoAnswer):
                fetch(f"http://{place}", headers=headers)


def test_the_credentials_of_the_machine_are_never_asked_for(monkeypatch):
    with listening(lambda connection: connection.sendall(WELL)) as (place, heard):
        for told in ("169.254.169.254", "fe80::1%eth0", "::ffff:169.254.169.254", "fd00:ec2::254"):
            monkeypatch.setattr(socket.socket, "getpeername", lambda self, told=told: (told, 80))
            with pytest.raises(NoAnswer, match="may not be asked"):
                fetch(f"http://{place}")
    assert not any(heard)


def test_the_pages_of_the_house_are_not_opened_from_within(cloud):
    """They answer this machine alone, and it is this machine that asks for those who are elsewhere."""
    for page, body in {"outbox": None, "status": None, "clock": {"advance": 0}}.items():
        assert cloud.get(f"/_freehold/{page}", body) is not None
        assert fetch(f"{cloud.url}/_freehold/{page}", headers={"Via": "none"}).status == 403
    assert fetch(f"{cloud.url}/_freehold/health").status == 200


def test_who_never_ends_is_cut_off():
    """Whether it says nothing, or a little again and again."""
    ended, over = [], threading.Event()

    def drip(connection):
        try:
            while True:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" if not ended else b"x")
                threading.Event().wait(0.01)
        except OSError:
            ended.append(True)

    for serve in (drip, lambda connection: over.wait(30)):
        with listening(serve) as (place, _), pytest.raises(NoAnswer) as told:
            fetch(f"http://{place}", patience_s=0.2)
        assert told.value.late
    over.set()
    assert ended


def test_slow_addresses_of_one_hold_up_no_other():
    hold = threading.Event()

    async def both(slow, quick):
        order = Order("GET", f"http://{slow}", {}, patience_s=30)
        waiting = [asyncio.ensure_future(outbound.fetch(order, "a")) for _ in range(4 * EACH_MAX)]
        await asyncio.sleep(0)
        answer = await outbound.fetch(Order("GET", f"http://{quick}", {}, patience_s=30), "b")
        hold.set()
        return answer, await asyncio.gather(*waiting)

    def slowly(connection):
        hold.wait(30)
        connection.sendall(WELL)

    with listening(slowly) as (slow, _), listening(lambda connection: connection.sendall(WELL)) as (quick, _):
        answer, others = asyncio.run(both(slow, quick))
    assert {one.body for one in [answer, *others]} == {b"ok"}


def test_passwords_are_not_shown():
    assert masked("https://user:pass@x.example/a:b@c") == "https://user:****@x.example/a:b@c"
    for same in ("https://x.example/a:b@c", "http://user@x", "a@x.example", "arn:aws:sqs:us-east-1:1:q", "http://[x"):
        assert masked(same) == same


def test_packed_bodies():
    packed = gzip.compress(b"told")
    assert unpacked(packed, "gzip") == b"told" and unpacked(packed, "") == packed
    assert unpacked(b"told", "gzip") == b"told"
    assert len(unpacked(gzip.compress(bytes(10 * ANSWER_MAX)), "GZIP")) == ANSWER_MAX
