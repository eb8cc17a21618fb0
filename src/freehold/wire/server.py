"""The way of a request: read → route → admit → parse → validate → authorize → answer → record → reply.

One idea: this file is that list, from a request to its answer, both values. It may not know sockets, nor any service;
an answer leaves only when what it tells of is on disk.
"""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from functools import lru_cache, partial

from freehold.kernel.call import LOOPBACK, Call
from freehold.kernel.door import Door
from freehold.kernel.errors import AwsError, InternalFailure, NotImplementedHere
from freehold.kernel.identity import ANYONE, Authority, Credential, Principal, root
from freehold.kernel.store import Seat
from freehold.web import (
    BODY_MAX,
    App,
    HttpRequest,
    HttpResponse,
    RequestEntityTooLarge,
    SignedText,
)
from freehold.wire import amendments, chunked, codecs, complaints, cors, digests, models, presigned, sigv2, sigv4
from freehold.wire.arrivals import Arrival
from freehold.wire.entrance import Entrance
from freehold.wire.http import in_bucket
from freehold.wire.route import Route, Router
from freehold.wire.signature import Signature

MINTED = ("AKIA", "ASIA")

Who = tuple[Principal, str, str]  # a principal, in an account and region


_root_of = lru_cache(4_096)(root)


class TooLargeFor(RequestEntityTooLarge):
    words = "Request must be smaller than {limit} bytes for the {operation} operation"


class InvalidClientTokenId(AwsError):
    words = "The security token included in the request is invalid."
    status = 403


class Wire:
    """What answers web requests in front of a `Door`, at its main entrance; `through` makes those for others.

    Where an entrance is lenient, keys that this cloud did not make stand for an account's root (of the account they
    spell, if they are twelve digits); elsewhere, and from web pages that are not of this machine, they are refused.
    """

    def __init__(self, door: Door, authority: Authority, region: str, account: str, lenient: bool):
        self.door, self.authority = door, authority
        self.region, self.account, self.entrance = region, account, Entrance(lenient)
        self.router = Router(door.rooms)

    def __call__(self, http: HttpRequest) -> Awaitable[HttpResponse]:
        return self._serve(self.entrance, http)

    def through(self, entrance: Entrance) -> App:
        """This application, for what comes in another way."""
        return partial(self._serve, entrance)

    async def _serve(self, entrance: Entrance, http: HttpRequest) -> HttpResponse:
        if entrance.address:
            http.source_ip = entrance.address
        losses = self.door.store.losses
        response = await self.respond(http, entrance)
        if await self._kept(losses):
            return response
        route = self.router.find(http, sigv4.find(http.method, http.path, http.query, http.headers.pairs))
        return self.refuse(route, http, InternalFailure(), self.door.ids.uuid())

    async def _kept(self, losses: int) -> bool:
        """Wait until what an answer tells of is on disk; whether it is, and nothing was lost since there were so many
        `losses`."""
        try:
            await self.door.store.durable()
        except Exception:  # whatever keeps the disk from being written: the store has said what
            return False
        return self.door.store.losses == losses

    async def respond(self, http: HttpRequest, entrance: Entrance) -> HttpResponse:
        """Answer a request; whatever goes wrong becomes an answer too."""
        signature = sigv4.find(http.method, http.path, http.query, http.headers.pairs)
        request_id = self.door.ids.uuid()
        if signature is None and not isinstance(http.body, bytes) and "urlencoded" in http.headers.get("content-type"):
            try:
                await http.read()
            except RequestEntityTooLarge as large:
                return self.refuse(self.router.find(http, None), http, large, request_id)
        route = self.router.find(http, signature)
        room = None if route.front else self.door.rooms.get(route.room)
        around = room.around if room else None
        if http.method == "OPTIONS" and not around and not route.front and (preflight := cors.preflight(http)):
            return preflight
        try:
            who, refusal = await self._admitted(http, signature, route, entrance.lenient)
            call = self._call(http, entrance, request_id, signature, *who)
            if around:
                return await around(Asked(self, route, call, http, entrance.lenient, refusal))
            if refusal:
                raise refusal
            if route.front:
                return await route.front.run(call, http)
            return cors.allow(http, await self.operate(route, call, http))
        except AwsError as refusal:
            return cors.allow(http, self.refuse(route, http, refusal, request_id))
        except Exception as bug:  # a front's or codec's bug is told like an operation's
            self.door.journal.bug(Call(self.door, self.account, self.region, ANYONE), route.room, http.path, bug)
            return self.refuse(route, http, InternalFailure(), request_id)

    def _call(
        self, http: HttpRequest, entrance: Entrance, request_id: str, signature: Signature | None,
        principal: Principal, account: str, region: str,
    ) -> Call:  # fmt: skip
        base_url = base_url_of(http, entrance)
        secure = http.source_ip in LOOPBACK or entrance.sealed or base_url.startswith("https:")
        call = Arrival(
            self.door, account, region, principal, request_id, base_url, http.source_ip,
            http.headers.get("user-agent"), 0, secure, http.headers.get("x-amzn-trace-id"), http.hung_up,
        )  # fmt: skip
        call.signature = signature
        return call

    async def operate(self, route: Route, call: Call, http: HttpRequest, instead: str = "") -> HttpResponse:
        """Parse, perform and answer one operation of a room's API; `instead` is an internal one that does its work."""
        codec, operation = None, None
        try:
            room = self.door.room(route.room)
            if not room.model:
                raise NotImplementedHere(service=room.name, operation="any operation of this service")
            model = models.model(room.model)
            if not model.rest:
                await http.read()
            codec = codecs.codec(model, model.sole or codecs.choose(model, http))
            http = in_bucket(http, route.bucket) if route.bucket else http
            operation = codec.operation_of(http)
            if not operation.streams_input:
                body = b"" if http.body == b"" else await read_whole(http, model.service, operation.name)
                if model.service in digests.SERVICES:
                    digests.check(operation, http.headers, body)
            request = codec.parse(operation, http)
            response = await self.door.answer(call, room.name, instead or operation.name, request)
            return codec.answer(operation, response, call.request_id)
        except AwsError as refusal:
            codec = codec or self._codec_of(route, http)
            return codec.refuse(operation, refusal, call.request_id)

    def refuse(self, route: Route, http: HttpRequest, refusal: AwsError, request_id: str) -> HttpResponse:
        return self._codec_of(route, http).refuse(None, refusal, request_id)

    def _codec_of(self, route: Route, http: HttpRequest) -> codecs.Codec:
        """What says no in the protocol that the caller seems to speak, if the request did not get so far."""
        room = self.door.rooms.get(route.room)
        known = room.model if room and room.model else route.room if route.room in models.services() else "sts"
        model = models.model(known)
        return codecs.codec(model, codecs.choose(model, http))

    async def _admitted(
        self, http: HttpRequest, signature: Signature | None, route: Route, lenient: bool
    ) -> tuple[Who, AwsError | None]:
        """Who asks, of which account and region; nobody, and why, if he is not let in."""
        try:
            return await self._admit(http, signature, route, lenient), None
        except AwsError as refusal:
            return (ANYONE, self.account, route.region or self.region), refusal

    async def _admit(self, http: HttpRequest, signature: Signature | None, route: Route, lenient: bool) -> Who:
        """Who asks, of which account and region. Verifies the signature of keys that this cloud made."""
        region = route.region or self.region
        if signature is None:
            self._unwrap(http, None)
            return ANYONE, self.account, region
        if signature.presigned:
            presigned.check_parts(signature)
        if signature.access_key.startswith(MINTED) and (
            known := await self._known(signature.access_key, signature.token or "")
        ):
            await self._verify(http, signature, known.secret, route)
            return known.principal, known.principal.account, region
        principal = self._stranger(http, signature.access_key, lenient)
        if signature.presigned:
            complaints.check(signature, http.headers.pairs, self.door.clock.now())
        if http.body:
            self._unwrap(http, None)
        return principal, principal.account, region

    async def _known(self, key: str, token: str) -> Credential | None:
        """The credential of a key, if this cloud made it."""
        if not key.startswith(MINTED):
            return None
        door, account = self.door, self.account
        seat = Seat(account, self.region, door.clock.now(), door.ids, _root_of(account))
        return await door.store.transact(seat, self.authority.credential, key, token)

    def _stranger(self, http: HttpRequest, key: str, lenient: bool) -> Principal:
        """Whom a key that this cloud did not make stands for. Raises InvalidClientTokenId if that is nobody."""
        if not lenient or http.from_other_site:
            raise InvalidClientTokenId(AWSAccessKeyId=key)
        return _root_of(key if len(key) == 12 and key.isdigit() else self.account)

    async def vouch(self, http: HttpRequest, lenient: bool, signed: SignedText) -> Principal:
        """Who signed a text that is no request, which came with this one."""
        known = await self._known(signed.access_key, signed.token)
        if not known:
            return self._stranger(http, signed.access_key, lenient)
        (sigv4 if signed.scope else sigv2).verify_text(signed, known.secret)
        return known.principal

    async def _verify(self, http: HttpRequest, signature: Signature, secret: str, route: Route) -> None:
        """Check the signature; a body whose digest the client stated is held to it as it is read."""
        if signature.algorithm == sigv4.VERSION_2:
            where, now = route.region or self.region, self.door.clock.now()
            sigv2.verify(signature, secret, http.method, http.path, http.query, http.headers, route.bucket, where, now)
            self._unwrap(http, None)
            return
        stated = signature.payload_hash or signature.service == "s3"
        digest = None if stated else hashlib.sha256(await http.read()).hexdigest()
        now = self.door.clock.now()
        sigv4.verify(signature, secret, http.method, http.path, http.query, http.headers.pairs, digest, now)
        self._unwrap(http, partial(sigv4.seed, signature, secret), signature.payload_hash)

    def _unwrap(self, http: HttpRequest, seed: Callable[[], chunked.Seed] | None, signed: str | None = None) -> None:
        """Take an `aws-chunked` body out of its chunks, checking their signatures and checksums as they pass; hold any
        other to the `signed` claim."""
        claim = signed or http.headers.get("x-amz-content-sha256")
        if claim in chunked.FORMS and http.body:
            http.body = chunked.Chunks(http.body, http.headers.pairs, seed() if seed else None)
        elif isinstance(http.body, bytes):
            if signed:
                chunked.check_sha256(signed, hashlib.sha256(http.body).hexdigest())
        elif seed and claim:
            http.body = _held_to(http.body, claim)


class Asked:
    """An `Exchange` of a room's API. `refusal` is why nobody was let in, if nobody was."""

    __slots__ = ("_lenient", "_refusal", "_route", "_wire", "call", "http")

    def __init__(
        self, wire: Wire, route: Route, call: Call, http: HttpRequest, lenient: bool, refusal: AwsError | None
    ):
        self._wire, self._route, self._lenient, self._refusal = wire, route, lenient, refusal
        self.call, self.http = call, http

    @property
    def bucket(self) -> str:
        return self._route.bucket

    @property
    def refused(self) -> bool:
        return self._refusal is not None

    @property
    def usual(self) -> HttpResponse | None:
        return cors.preflight(self.http)

    def answer(self, call: Call, http: HttpRequest, instead: str = "") -> Awaitable[HttpResponse]:
        return self._refused(self._refusal) if self._refusal else self._wire.operate(self._route, call, http, instead)

    async def _refused(self, why: AwsError) -> HttpResponse:
        return self.refuse(why)

    def refuse(self, why: AwsError) -> HttpResponse:
        return self._wire.refuse(self._route, self.http, why, self.call.request_id)

    async def vouch(self, signed: SignedText) -> Principal:
        return await self._wire.vouch(self.http, self._lenient, signed)


async def _held_to(body: AsyncIterable[bytes], claim: str) -> AsyncIterator[bytes]:
    """The body, refused at its end if its digest is not the one stated."""
    running = hashlib.sha256()
    async for chunk in body:
        running.update(chunk)
        yield chunk
    chunked.check_sha256(claim, running.hexdigest())


def base_url_of(http: HttpRequest, entrance: Entrance) -> str:
    """How the caller reaches this cloud, for links in answers."""
    host = http.headers.get("host")
    if not host:
        return ""
    told = "https" if http.headers.get("x-forwarded-proto") == "https" else "http"
    return f"{entrance.scheme or told}://{host}"


async def read_whole(http: HttpRequest, service: str, operation: str) -> bytes:
    """Read the body; where AWS has a limit for the operation, say no in its words."""
    most = amendments.BODIES.get(service, {}).get(operation, BODY_MAX)
    try:
        body = await http.read(most)
        if len(body) > most:
            raise RequestEntityTooLarge(limit=most)
        return body
    except RequestEntityTooLarge as refusal:
        raise (TooLargeFor(limit=most, operation=operation) if most != BODY_MAX else refusal) from refusal
