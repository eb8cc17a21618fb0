"""multipart/form-data as it comes: the fields before the file at once, the file in chunks. It may not know what fields
mean.

https://www.rfc-editor.org/rfc/rfc7578
"""

import re
from collections.abc import AsyncIterator
from typing import NamedTuple
from urllib.parse import unquote

from freehold.services.s3.forms.errors import MalformedPOSTRequest, MaxPostPreDataLengthExceeded
from freehold.web import Body

FIELDS_MAX = 20_480  # bytes before the file
FILE = "file"

BOUNDARY = re.compile(r'multipart/form-data\s*;.*?boundary=(?:"([^"]{1,70})"|([^\s;,]{1,70}))', re.IGNORECASE)
NAME = re.compile(r'[;\s]name="([^"]*)"|[;\s]name=([^\s;"]+)', re.IGNORECASE)
FILENAME = re.compile(r'[;\s]filename="((?:[^"\\]|\\.)*)"|[;\s]filename=([^\s;"]+)', re.IGNORECASE)
FILENAME_ENCODED = re.compile(r"[;\s]filename\*=utf-8''([^\s;]+)", re.IGNORECASE)


class Form(NamedTuple):
    """What a browser sent: the fields before its file, by their names in small letters; the name that the file had, or
    None; and the file."""

    fields: dict[str, bytes]
    filename: str | None
    file: AsyncIterator[bytes] | None


def boundary(content_type: str) -> bytes | None:
    """What stands between the parts of a form, by its Content-Type; None if it is no form."""
    found = BOUNDARY.match(content_type)
    return (found[1] or found[2]).encode("latin-1") if found else None


async def read(body: Body, mark: bytes) -> Form:
    """A form whose parts are divided by a boundary. Raises MalformedPOSTRequest, MaxPostPreDataLengthExceeded."""
    stream, fields = _Stream(body), dict[str, bytes]()
    await stream.through(b"--" + mark)
    while await stream.take(2) == b"\r\n":
        head = (await stream.through(b"\r\n\r\n")).decode("utf-8", "replace")
        name = NAME.search(head)
        if not name:
            raise MalformedPOSTRequest()
        called = (name[1] or name[2] or "").lower()
        if called == FILE:
            return Form(fields, _filename(head), stream.chunks(b"\r\n--" + mark))
        fields[called] = await stream.through(b"\r\n--" + mark)
    return Form(fields, None, None)


def _filename(head: str) -> str | None:
    encoded, plain = FILENAME_ENCODED.search(head), FILENAME.search(head)
    if not (encoded or plain):
        return None
    name = unquote(encoded[1]) if encoded else (plain[1] or plain[2] or "") if plain else ""
    return re.split(r"[/\\]", name)[-1]  # some browsers send the whole path


class _Stream:
    """A body of which stretches are taken from the front."""

    def __init__(self, body: Body):
        self._more = _once(body) if isinstance(body, bytes) else aiter(body)
        self._held, self._taken = b"", 0

    async def _fill(self) -> None:
        try:
            self._held += await anext(self._more)
        except StopAsyncIteration:
            raise MalformedPOSTRequest() from None

    async def take(self, size: int) -> bytes:
        while len(self._held) < size:
            await self._fill()
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    async def through(self, mark: bytes) -> bytes:
        """What stands before the mark, which is passed over."""
        while mark not in self._held:
            if self._taken + len(self._held) > FIELDS_MAX:
                raise MaxPostPreDataLengthExceeded()
            await self._fill()
        taken, _, self._held = self._held.partition(mark)
        self._taken += len(taken)
        if self._taken > FIELDS_MAX:
            raise MaxPostPreDataLengthExceeded()
        return taken

    async def chunks(self, mark: bytes) -> AsyncIterator[bytes]:
        """The same as it comes; what may be the beginning of the mark is held back. What follows is read and left."""
        while mark not in self._held:
            free = len(self._held) - len(mark) + 1
            if free > 0:
                yield await self.take(free)
            await self._fill()
        rest, _, _ = self._held.partition(mark)
        if rest:
            yield rest
        async for _ in self._more:
            pass


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
