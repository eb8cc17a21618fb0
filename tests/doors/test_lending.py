"""Answers whose pieces are there only until the next is asked for: what leaves is what each piece was."""

import asyncio
import ssl
import time
from functools import partial

import pytest
import uvloop
from tests.doors.talking import get

from freehold.doors.contexts import Contexts
from freehold.doors.http import Conversation, Conversations
from freehold.doors.issuer import open_issuer
from freehold.doors.names import Names
from freehold.web import HttpResponse

PIECE, PIECES, TAKEN = 1 << 18, 40, 50_000


async def app(request):
    async def lent():
        room = bytearray(PIECE)
        for number in range(PIECES):
            room[:] = bytes([number]) * PIECE
            yield memoryview(room)
            room[:] = b"?" * PIECE

    headers = [("content-length", str(PIECE * PIECES))] if request.path == "/known" else []
    return HttpResponse(200, [*headers, ("connection", "close")], lent())


async def taken(contexts, authority, path):
    """An answer, taken a little at a time."""
    inside = contexts.first if contexts else None
    trusting = ssl.create_default_context(cadata=authority.decode()) if contexts else None
    speak = partial(Conversation, app, Conversations())
    server = await asyncio.get_running_loop().create_server(speak, "127.0.0.1", 0, ssl=inside)
    reader, writer = await asyncio.open_connection(
        *server.sockets[0].getsockname(), ssl=trusting, limit=TAKEN, server_hostname="localhost" if contexts else None
    )
    writer.write(get(path))
    found = bytearray()
    while part := await reader.read(TAKEN):
        found += part
        await asyncio.sleep(0)
    writer.close()
    server.close()
    return bytes(found)


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("path", ["/known", "/chunked"])
def test_what_leaves_is_what_each_piece_was(tmp_path, loop, sealed, path):
    issuer = open_issuer(tmp_path, Names().suffixes, time.time())
    contexts = Contexts(issuer, Names(), "us-east-1", time.time) if sealed else None
    with asyncio.Runner(loop_factory=loop) as runner:
        answer = runner.run(asyncio.wait_for(taken(contexts, issuer.pem, path), 60))
    body = answer.partition(b"\r\n\r\n")[2]
    if path == "/chunked":
        body = body.removesuffix(b"0\r\n\r\n").replace(b"40000\r\n", b"").replace(b"\r\n", b"")
    assert body == b"".join(bytes([number]) * PIECE for number in range(PIECES))
