"""Errands: calls whose bodies are streamed, made whole.

One idea: what a task sends and gets is JSON, so a stream is written and read to its end on the way. It may not know
tasks.
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request
from freehold.services.states.catalogue import states


@states.internal
async def run_errand(call: Call, request: Request) -> dict[str, Any]:
    """Make a call whose bodies are streamed, and read the answer's to its end: `room`, `operation`, `request`."""
    streamed = {name: _chunks(part) if isinstance(part, bytes) else part for name, part in request["request"].items()}
    answer = await call.ask(request["room"], request["operation"], streamed)
    return {name: await _whole(part) if hasattr(part, "__aiter__") else part for name, part in answer.items()}


async def _chunks(body: bytes) -> Any:
    yield body


async def _whole(body: Any) -> bytes:
    return b"".join([chunk async for chunk in body])
