"""Errands: calls whose bodies are streamed, made whole.

One idea: what a task sends and gets is JSON, so a stream is written and read to its end on the way. It may not know
tasks.
"""

from typing import Any

from freehold.kernel.bodies import ask_whole
from freehold.kernel.call import Call
from freehold.kernel.service import Request
from freehold.services.states.catalogue import states


@states.internal
async def run_errand(call: Call, request: Request) -> dict[str, Any]:
    """Make a call whose bodies are streamed, and read the answer's to its end: `room`, `operation`, `request`."""
    return await ask_whole(call, request["room"], request["operation"], request["request"])
