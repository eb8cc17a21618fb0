"""The way out of a cell: who may go where, and that what goes out is carried both ways."""

import asyncio
import os
import socket
import sys
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

import pytest
import uvloop

from freehold.sandbox.fittings import Egress, Launch, Plan, Reach
from freehold.sandbox.fittings.choice import refusal
from freehold.sandbox.fittings.egress import allows, parsed, read
from freehold.sandbox.fittings.namespace import NamespaceFitting
from freehold.sandbox.runtimes import HERE

DATABASE: Egress = (("192.0.2.0/24", (5432,)), ("2001:db8::/32", ()))
PROGRAM = """
import asyncio, errno, select, socket, sys
host, port = sys.argv[1], int(sys.argv[2])
def tried(act, *words):
    try: return act(*words)
    except OSError as error: return errno.errorcode.get(error.errno, "timeout")
def echoed(timeout=None, family=socket.AF_INET, to=host):
    with socket.socket(family) as line:
        line.settimeout(timeout)
        line.connect((to, port))
        line.sendall(b"x" * 500_000)
        line.shutdown(socket.SHUT_WR)
        return sum(map(len, iter(lambda: line.recv(65536), b"")))
def reached(to, at):
    with socket.socket() as line: return line.connect((to, at))
def watched_first():
    with socket.socket() as line:
        line.setblocking(False)
        watching = select.epoll()
        watching.register(line, select.EPOLLOUT)
        code = line.connect_ex((host, port))
        watching.poll(5)
        return code in (0, errno.EINPROGRESS) and line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
async def many():
    async def one(at):
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"%d" % at)
        writer.write_eof()
        return int(await reader.read())
    return sum(await asyncio.gather(*(one(at) for at in range(20))))
print([tried(echoed), tried(echoed, 5.0), tried(echoed, None, socket.AF_INET6, "::ffff:" + host), tried(watched_first),
    asyncio.run(many()), tried(reached, host, port + 1), tried(reached, "127.0.0.1", port),
    tried(reached, "169.254.169.254", 80), tried(socket.socket(type=socket.SOCK_DGRAM).connect, (host, port))])
"""


@pytest.mark.parametrize(
    ("egress", "target", "may"),
    [
        ("all", ("203.0.113.9", 443), True),
        ("all", ("127.0.0.1", 443), False),
        ("all", ("127.8.8.8", 443), False),
        ("all", ("0.0.0.0", 443), False),
        ("all", ("169.254.169.254", 80), False),
        ("all", ("fe80::1", 80), False),
        ("all", ("::1", 80), False),
        ("all", ("224.0.0.1", 80), False),
        ("freehold", ("203.0.113.9", 443), False),
        ("none", ("203.0.113.9", 443), False),
        (DATABASE, ("192.0.2.7", 5432), True),
        (DATABASE, ("192.0.2.7", 5433), False),
        (DATABASE, ("198.51.100.7", 5432), False),
        (DATABASE, ("2001:db8::7", 1), True),
        ((("0.0.0.0/0", ()),), ("127.0.0.1", 1), False),
    ],
)
def test_who_may_go_where(egress: Egress, target: tuple[str, int], may: bool) -> None:
    assert allows(egress, (ip_address(target[0]), target[1])) is may


def test_addresses_as_the_kernel_writes_them() -> None:
    assert parsed(b"\x02\0\x01\xbb\xc0\0\x02\x07" + bytes(8)) == (ip_address("192.0.2.7"), 443)
    mapped = b"\x0a\0\x01\xbb" + bytes(4) + bytes(10) + b"\xff\xff\x7f\0\0\x01" + bytes(4)
    assert parsed(mapped) == (ip_address("127.0.0.1"), 443)
    for short in (b"", b"\x02", b"\x02\0\x01\xbb", b"\x0a\0\x01\xbb" + bytes(8), b"\x01\0/run/socket"):
        assert parsed(short) is None


def test_the_setting() -> None:
    assert read("all") == "all"
    assert read("10.0.0.0/8=443+5432,192.0.2.7/32") == (("10.0.0.0/8", (443, 5432)), ("192.0.2.7/32", ()))
    with pytest.raises(ValueError, match="does not appear to be"):
        read("everywhere")


def _own_address() -> str:
    """An address of this machine that is not loopback; "" where it has none."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return ""


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(await reader.read())
    await writer.drain()
    writer.close()


async def _said_in_a_cell(root: Path, egress: Egress, reach: Reach | None, host: str, port: int) -> str:
    """What the program prints in a cell with that way out."""
    (root / "code").mkdir()
    (root / "code" / "program.py").write_text(PROGRAM)
    (root / "cell").mkdir()
    fitting = NamespaceFitting(root / "sandbox")
    reading, writing = os.pipe()
    try:
        plan = Plan(folder=root / "cell", code=root / "code", runtime=HERE, egress=egress, reach=reach)
        cell = await fitting.open(plan)
        argv = [os.path.realpath(sys.executable), "-S", "program.py", host, str(port)]
        launch = Launch(argv=argv, env={}, cwd=cell.places.code, output_fd=writing)
        async with asyncio.timeout(30):
            await (await cell.run(launch)).exited()
        return os.read(reading, 65_536).decode()
    finally:
        os.close(reading)
        os.close(writing)
        await fitting.close()


@pytest.mark.skipif(bool(refusal()), reason="no namespaces here")
@pytest.mark.parametrize("way", ["listed", "reached", "out of reach", "its own"])
def test_what_a_program_meets_outside(tmp_path: Path, way: str) -> None:
    """A list may name the machine's own address, which "all" leaves out; so the machine serves as the far end."""
    host = _own_address()
    if not host:
        pytest.skip("this machine has loopback alone")

    async def scene() -> str:
        server = await asyncio.start_server(_echo, "0.0.0.0", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            open_to_host: Egress = ((f"{host}/32", ()),)
            egress, reach = {
                "listed": (((f"{host}/32", (port,)),), None),
                "reached": (open_to_host, ((f"{host}/32", port, port),)),
                "out of reach": (open_to_host, ((f"{host}/32", port + 1, 65_535), ("203.0.113.0/24", 0, 65_535))),
                "its own": ("all", None),
            }[way]
            return await _said_in_a_cell(tmp_path, egress, reach, host, port)

    said = uvloop.run(scene())
    if way in ("listed", "reached"):
        own = [500_000, 500_000, 500_000, 0, 190]
        assert said.strip() == str([*own, "ENETUNREACH", "ECONNREFUSED", "ENETUNREACH", "ENETUNREACH"])
    else:
        assert "Network is unreachable" in said
