"""A streamed invocation as its caller sees it.

One idea: a queue with two marks; above the upper one the function's runtime is not read from, below the lower one it
is again. Whoever stops listening lets the function run on unheard, as in AWS. It may not know the Runtime API.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from freehold.sandbox.spec import Result

HIGH_BYTES, LOW_BYTES = 1 << 20, 1 << 18


class Stream:
    """Chunks of an answer while it arrives: iterate over them, then look at `result`.

    `content_type` is known from the start; it is empty where the invocation failed before it answered. The chunks end
    when the answer does, which may be some time before the invocation: `ended` waits for that. `result` tells how it
    ended, with the error as its payload, if there was one.
    """

    def __init__(self) -> None:
        self.content_type = ""
        self.result: Result | None = None
        self._chunks: deque[bytes] = deque()
        self._bytes = 0
        self._held = False
        self._hold: Callable[[bool], None] | None = None
        self._listening, self._whole = True, False
        self._failure: BaseException | None = None
        self._bell = asyncio.Event()

    @property
    def over(self) -> bool:
        """True once nothing more will arrive."""
        return self.result is not None or self._failure is not None

    # The runtime's side.

    def open(self, content_type: str, hold: Callable[[bool], None]) -> None:
        """The answer begins. `hold(True)` stops its sender until `hold(False)`."""
        self.content_type, self._hold = content_type, hold
        self._bell.set()

    def feed(self, data: bytes) -> None:
        """The next piece."""
        if not self._listening or not data:
            return
        self._chunks.append(data)
        self._bytes += len(data)
        self._bell.set()
        if self._bytes > HIGH_BYTES and not self._held:
            self._set_held(True)

    def end(self) -> None:
        """That was all of it."""
        self._whole = True
        self._bell.set()

    def _set_held(self, held: bool) -> None:
        self._held = held
        if self._hold is not None:
            self._hold(held)

    # The invocation's side.

    def conclude(self, invocation: "asyncio.Task[Result]") -> None:
        """The invocation is over."""
        self._hold = None
        if invocation.cancelled() or (failure := invocation.exception()) is not None:
            self._failure = asyncio.CancelledError() if invocation.cancelled() else failure
        else:
            self.result = invocation.result()
        self._bell.set()

    # The caller's side.

    async def ended(self) -> Result:
        """How the invocation ended, once it has, whoever listened."""
        while not self.over:
            self._bell.clear()
            await self._bell.wait()
        if self.result is None:
            raise self._failure or asyncio.CancelledError()
        return self.result

    async def begun(self) -> None:
        """Wait until the answer begins, or the invocation is over."""
        while not self.content_type and not self.over:
            self._bell.clear()
            await self._bell.wait()
        if self._failure is not None and not self.content_type:
            raise self._failure

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> bytes:
        while not self._chunks:
            if self._failure is not None:
                raise self._failure
            if self.over or self._whole or not self._listening:
                raise StopAsyncIteration
            self._bell.clear()
            await self._bell.wait()
        chunk = self._chunks.popleft()
        self._bytes -= len(chunk)
        if self._held and self._bytes < LOW_BYTES:
            self._set_held(False)
        return chunk

    def close(self) -> None:
        """Stop listening. The function runs on; what it still says is dropped."""
        self._listening = False
        self._chunks.clear()
        self._bytes = 0
        if self._held:
            self._set_held(False)
        self._bell.set()
