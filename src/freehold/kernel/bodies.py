"""Bodies: calls whose bodies are streamed, made by those who have and want them whole.

One idea: a stream is written and read to its end on the way. It may not know which operations stream.
"""

from collections.abc import AsyncIterator
from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response


async def ask_whole(call: Call, service: str, operation: str, request: Request) -> Response:
    """As `call.ask`, with bytes wherever the request or the answer has a stream. Raises the operation's AwsErrors."""
    streamed = {name: _chunks(part) if isinstance(part, bytes) else part for name, part in request.items()}
    answer = await call.ask(service, operation, streamed)
    return {name: await _whole(part) if hasattr(part, "__aiter__") else part for name, part in answer.items()}


async def _chunks(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _whole(body: Any) -> bytes:
    return b"".join([chunk async for chunk in body])
