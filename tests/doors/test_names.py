"""The name server of a cell, over UDP and TCP."""

import asyncio
import socket
import struct

import pytest

from freehold.doors.names import Names
from freehold.doors.nameserver import CONNECTIONS_MAX, NameServer, Resolver
from freehold.engines import dns
from freehold.sandbox.doors import Guest

LOOPBACK = bytes([127, 0, 0, 1])


def question(name, type=dns.A, id=7):
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack("!6H", id, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", type, 1)


def understood(packet):
    """Code and addresses of an answer to `question`."""
    id, flags, _, count, _, _ = struct.unpack_from("!6H", packet)
    assert id == 7
    assert flags & 0x8000
    at = packet.index(b"\0", 12) + 5
    found = []
    for _ in range(count):
        size = struct.unpack_from("!HHHIH", packet, at)[4]
        found.append(packet[at + 12 : at + 12 + size])
        at += 12 + size
    assert at == len(packet)
    return flags & 15, found


def over_udp(inside, packet):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(30)
        asker.sendto(packet, ("127.0.0.1", inside.udp[53]))
        return asker.recv(65_535)


def over_tcp(connection, packet):
    connection.sendall(struct.pack("!H", len(packet)) + packet)
    stream = connection.makefile("rb")
    return stream.read(struct.unpack("!H", stream.read(2))[0])


@pytest.mark.parametrize(
    "name",
    [
        "sqs.us-east-1.amazonaws.com", "S3.Amazonaws.Com", "localhost", "sandbox.localdomain", "sync-127.0.0.1",
        "000000000000.127.0.0.1", "data-localhost",
    ],
)  # fmt: skip
def test_served_names_lead_to_loopback(inside, name):
    assert understood(over_udp(inside, question(name))) == (dns.NO_ERROR, [LOOPBACK])
    assert understood(over_udp(inside, question(name, dns.AAAA))) == (dns.NO_ERROR, [])
    assert understood(over_udp(inside, question(name, 65))) == (dns.NO_ERROR, [])


def test_tcp_carries_many_questions(inside):
    with socket.create_connection(("127.0.0.1", inside.tcp[53]), timeout=30) as connection:
        for _ in range(3):
            answer = over_tcp(connection, question("iam.amazonaws.com"))
            assert understood(answer) == (dns.NO_ERROR, [LOOPBACK])


def test_connections_are_few(inside):
    held = [socket.create_connection(("127.0.0.1", inside.tcp[53]), timeout=30) for _ in range(CONNECTIONS_MAX)]
    for connection in held:
        assert over_tcp(connection, question("iam.amazonaws.com"))
    with socket.create_connection(("127.0.0.1", inside.tcp[53]), timeout=30) as late:
        assert late.recv(1) == b""
    for connection in held:
        connection.close()


def test_other_names_are_not_there(inside):
    assert understood(over_udp(inside, question("example.com"))) == (dns.NO_SUCH_NAME, [])


def test_garbage_is_not_answered_and_harms_nobody(inside):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(30)
        for packet in (b"", b"\xff" * 40, b"\0" * 11, question("iam.amazonaws.com")):
            asker.sendto(packet, ("127.0.0.1", inside.udp[53]))
        assert understood(asker.recv(65_535))[1] == [LOOPBACK]


class Machine:
    """What the machine's resolver would say."""

    def __init__(self, found):
        self.found = found

    async def find(self, name, type):
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


ALLOWED = [
    (("*",), "example.com", True),
    (("example.com",), "example.com", True),
    (("example.com",), "www.example.com", False),
    (("*.example.com",), "www.example.com", True),
    (("*.example.com",), "wwwexample.com", False),
    ((), "example.com", False),
]


def answered(names, packet, found):
    """What a guest who may know `names` is told, if the machine's resolver says `found`."""

    async def ask():
        answer = NameServer(Names(), Guest(id="x", names=names), Machine(found)).answer(packet)
        return understood(answer if isinstance(answer, bytes) else await answer)

    return asyncio.run(ask())


@pytest.mark.parametrize(("names", "asked", "well"), ALLOWED)
def test_the_machine_is_asked_for_names_that_a_guest_may_know(names, asked, well):
    told = answered(names, question(asked), (bytes([192, 0, 2, 1]),))
    assert told == ((dns.NO_ERROR, [bytes([192, 0, 2, 1])]) if well else (dns.NO_SUCH_NAME, []))


@pytest.mark.parametrize(
    ("found", "code"), [(None, dns.NO_SUCH_NAME), ((), dns.NO_ERROR), (TimeoutError(), dns.SERVER_FAILURE)]
)
def test_what_the_machine_does_not_know(found, code):
    assert answered(("*",), question("example.com"), found) == (code, [])
    assert answered(("*",), question("example.com", 16), found) == (dns.NO_ERROR, [])


def test_the_machine_is_asked_once_and_for_whole_names(monkeypatch):
    asked = []

    def look_up(host, port, family, kind):
        asked.append((host, family))
        return [(family, kind, 6, "", ("192.0.2.1", 0))]

    async def ask():
        resolver = Resolver()
        try:
            return [await resolver.find("example.com", dns.A) for _ in range(2)]
        finally:
            resolver.close()

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert asyncio.run(ask()) == [(bytes([192, 0, 2, 1]),)] * 2
    assert asked == [("example.com.", socket.AF_INET)]


def test_the_domains_of_an_owner_lead_here_too():
    names = Names(("cloud.example",))
    assert names.serve("s3.cloud.example")
    assert names.serve("cloud.example")
    assert not names.serve("othercloud.example")
    assert not Names().serve("s3.cloud.example")


@pytest.mark.parametrize(
    "name", ["", ".", "a..amazonaws.com", "*.amazonaws.com", "a b.amazonaws.com", "é.amazonaws.com"]
)
def test_what_is_no_name_is_not_served(name):
    assert not Names().serve(name)


def test_a_guest_keeps_its_address():
    one, other = Guest(id="one").address, Guest(id="other").address
    assert one == Guest(id="one").address != other
    assert one.startswith("100.")
    assert 64 <= int(one.split(".")[1]) < 128
