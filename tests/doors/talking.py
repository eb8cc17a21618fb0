"""How tests speak HTTP/1.1 by hand to a server of a small application."""

import asyncio
import time
from functools import partial

from freehold.doors.http import Conversation
from freehold.doors.places import Conversations
from freehold.web import HttpResponse

TEXT = [("content-type", "text/plain")]


async def echo(request):
    """The request as it was understood, in a line."""
    body = await request.read()
    told = f"{request.method} {request.path} {request.query} {request.headers.get('x-a')} {body.decode()}"
    return HttpResponse(200, TEXT, told.encode())


def talk(app, *said, most=None, end=True):
    """All that a server of `app` answers on one connection to what is `said`: bytes, or coroutine functions that are
    run when it is their turn."""

    async def run():
        door = Conversations(**({"most": most} if most is not None else {}))
        server = await asyncio.get_running_loop().create_server(partial(Conversation, app, door), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            for part in said:
                if isinstance(part, bytes):
                    writer.write(part)
                    await writer.drain()
                else:
                    await part(reader, writer)
            return await reader.read() if end else b""
        finally:
            writer.close()
            server.close()
            door.hang_up()

    return asyncio.run(asyncio.wait_for(run(), 30))


async def served(app, door):
    """A server whose connections are those of `door`, and where it is."""
    server = await asyncio.get_running_loop().create_server(partial(Conversation, app, door), "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 30))


def until(come, within_s=30):
    """Wait for something that comes to be in another thread."""
    deadline = time.monotonic() + within_s
    while not come():
        assert time.monotonic() < deadline
        time.sleep(0.002)


async def soon(come):
    """Wait for something that comes to be in this loop."""
    while not come():
        await asyncio.sleep(0.001)


def get(path="/", *headers, method="GET", version="1.1"):
    lines = [f"{method} {path} HTTP/{version}", "Host: x", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


LAST = get("/last", "Connection: close")


def bodies(answers):
    """The bodies of answers that tell their lengths."""
    found = []
    while answers:
        head, _, rest = answers.partition(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-l"))
        found.append(rest[:length])
        answers = rest[length:]
    return found


async def pieces(*those):
    for piece in those:
        yield piece
