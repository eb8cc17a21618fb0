"""Functions of a simulated cloud: plain coroutines where the sandbox runs programs, under the world's clock.

One idea: what a function does is outside the cloud, so it outlives its crashes; only the answer can be lost. It may not
know who calls.
"""

import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from typing import Any

from freehold.sandbox import Result

Function = Callable[[dict[str, Any]], Awaitable[Any]]


def archive() -> bytes:
    """Some code, which nobody runs."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as code:
        code.writestr(zipfile.ZipInfo("index.py", (2024, 1, 1, 0, 0, 0)), "")
    return buffer.getvalue()


class Theatre:
    """Answers as the sandbox does: each function of the scenario by its name."""

    def __init__(self, functions: dict[str, Function]):
        self.functions = functions

    async def invoke(self, spec: Any, payload: bytes, **about: Any) -> Result:
        status, answer = "ok", None
        try:
            answer = await self.functions[spec.name](json.loads(payload))
        except ValueError as failure:  # how these functions fail
            status, answer = "error", {"errorType": "ValueError", "errorMessage": str(failure)}
        return Result(
            status=status, payload=json.dumps(answer).encode(), error_type=None, log=[], log_stream="stage", cold=False,
            duration_ms=1.0, billed_ms=1, max_memory_mb=1,
        )  # fmt: skip

    async def retire(self, key: str) -> None:
        """There is nothing to end."""

    async def reap(self, now: float, spared: Any = ()) -> int:
        return 0
