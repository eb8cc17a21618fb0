"""What travels: a web request as it arrived and a response as it will leave.

One idea: values, not connections. Paths and query strings stay as they were sent (percent-encoded), because signatures
are over them; decoding is done by whoever needs it. Only the wire and the few rooms whose own subject is HTTP use it.
It may not know sockets, nor AWS.
"""

import re
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Protocol
from urllib.parse import unquote_plus

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import Principal

Body = bytes | AsyncIterable[bytes]
BODY_MAX = 80 * 1024 * 1024
HOST_MAX = 255  # characters; no name is longer (RFC 1035, 2.3.4)
BROWSERS = frozenset(("origin", "sec-fetch-site"))  # what they say of themselves
FORWARDING = ("via", "forwarded", "x-forwarded-for")  # RFC 9110, 7.6.3; RFC 7239
NEAR = re.compile(r"https?://(?:localhost|[^/:@]+\.localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?(?:/.*)?")


class RequestEntityTooLarge(AwsError):
    words = "The request is larger than {limit} bytes."
    code = "RequestEntityTooLargeException"
    status = 413


class Headers:
    """Header fields in the order received, with lower-case names. `get` joins repeated ones by commas. `names` has each
    name once."""

    __slots__ = ("_joined", "names", "pairs")

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()):
        self._take([(name.lower(), value) for name, value in pairs])

    @classmethod
    def of(cls, pairs: list[tuple[str, str]]) -> "Headers":
        """As they are, of names that are in lower case already."""
        made = cls.__new__(cls)
        made._take(pairs)
        return made

    def _take(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs, self._joined = pairs, dict(pairs)
        if len(self._joined) < len(pairs):
            several: dict[str, list[str]] = {}
            for name, value in pairs:
                several.setdefault(name, []).append(value)
            self._joined = {name: ", ".join(values) for name, values in several.items()}
        self.names = self._joined.keys()

    def get(self, name: str, default: str = "") -> str:
        """The value of a header by its lower-case name (RFC 9110, 5.3)."""
        return self._joined.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self._joined

    def __getitem__(self, name: str) -> str:
        """As `get`, of one that is there."""
        return self._joined[name]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Each name once, with its joined value."""
        return iter(self._joined.items())


@dataclass(slots=True)
class HttpRequest:
    """A request. `path` and `query` are raw (no `?`); `body` is bytes, or an async iterable where it is streamed.

    `hung_up` returns when the client has gone; it may be asked when the body has been read.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = field(default_factory=Headers)
    body: Body = b""
    source_ip: str = ""
    hung_up: Callable[[], Awaitable[None]] | None = field(default=None, repr=False, compare=False)
    _arguments: list[tuple[str, str]] | None = field(default=None, init=False, repr=False, compare=False)
    _form: tuple[bytes, list[tuple[str, str]]] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def arguments(self) -> list[tuple[str, str]]:
        """The query string's decoded (name, value) pairs in order; a name without `=` has the value ''."""
        if self._arguments is None:
            self._arguments = pairs(self.query)
        return self._arguments

    def form(self, body: bytes) -> list[tuple[str, str]]:
        """The fields of the query string and of a body that is a form. UnicodeDecodeError if that is not UTF-8."""
        if self._form is None or self._form[0] is not body:
            self._form = body, self.arguments + pairs(body.decode())
        return self._form[1]

    @property
    def host(self) -> str:
        """The host asked for, without its port, in lower case; '' for what is too long to be one."""
        host = self.headers.get("host")
        return _without_port(host.lower()) if len(host) <= HOST_MAX else ""

    @property
    def forwarded(self) -> bool:
        """Whether it was passed on by another than who made it, whose address is therefore not its origin's."""
        return any(name in self.headers for name in FORWARDING)

    @property
    def from_other_site(self) -> bool:
        """Whether a browser asks for a web page that is not of this machine, and perhaps not for its reader.

        https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site
        """
        if BROWSERS.isdisjoint(self.headers.names):
            return False
        page = self.headers.get("origin")
        if not page and self.headers.get("sec-fetch-site") == "cross-site":
            page = self.headers.get("referer", "null")
        return bool(page) and not NEAR.fullmatch(page)

    async def read(self, limit: int = BODY_MAX) -> bytes:
        """The whole body, at most `limit` bytes; afterwards `body` is those bytes."""
        if isinstance(self.body, bytes):
            return self.body
        chunks, size = [], 0
        async for chunk in self.body:
            size += len(chunk)
            if size > limit:
                raise RequestEntityTooLarge(limit=limit)
            chunks.append(chunk)
        self.body = b"".join(chunks)
        return self.body


@dataclass(slots=True)
class HttpResponse:
    """A response; `body` is bytes, or an async iterable where it is streamed, whose pieces may last only until the next
    is asked for."""

    status: int
    headers: list[tuple[str, str]]
    body: Body = b""

    def header(self, name: str) -> str:
        """The first value of a header, by its name in any case; '' if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


App = Callable[[HttpRequest], Awaitable[HttpResponse]]


class SignedText(NamedTuple):
    """A text that somebody signed with an access key, other than a request: the policy of a form.

    `scope` is the date, region and service of Signature Version 4; without one it is Version 2's.
    """

    access_key: str
    token: str
    scope: tuple[str, str, str] | None
    text: str
    signature: str


class Exchange(Protocol):
    """A web request of an API, for a room whose subject is HTTP: it answers in `Service.around`, by way of `answer`.

    `bucket` is the one that the host names. `refused` says that nobody was let in, and `answer` only tells so.
    """

    call: Call
    http: HttpRequest
    bucket: str

    @property
    def refused(self) -> bool: ...

    @property
    def usual(self) -> HttpResponse | None:
        """What every API answers to a browser's preflight."""

    def answer(self, call: Call, http: HttpRequest, instead: str = "") -> Awaitable[HttpResponse]:
        """The API's own answer to a request, or that of an internal operation `instead`."""
        ...

    def refuse(self, why: AwsError) -> HttpResponse:
        """How the API tells a refusal."""
        ...

    async def vouch(self, signed: SignedText) -> Principal:
        """Who signed a text. Raises an AwsError if nobody did whom this cloud knows."""
        ...


@lru_cache(1_024)
def _without_port(host: str) -> str:
    return host[: host.rfind("]") + 1] if host.startswith("[") else host.partition(":")[0]


def pairs(text: str) -> list[tuple[str, str]]:
    """The decoded (name, value) pairs of a query string or a form, in order."""
    if not text:
        return []
    halves = (part.partition("=") for part in text.split("&") if part)
    if "%" not in text and "+" not in text:
        return [(name, value) for name, _, value in halves]
    return [(_decoded(name), _decoded(value)) for name, _, value in halves]


def _decoded(part: str) -> str:
    return unquote_plus(part) if "%" in part or "+" in part else part


async def stream(body: Body) -> AsyncIterator[bytes]:
    """A body piece by piece, however it came."""
    if isinstance(body, bytes):
        yield body
        return
    async for piece in body:
        yield piece
