"""The route station: which room is asked, of which account and region.

One idea: a request names its service in one of a few places; they are looked at in order, cheapest first. It may not
know any service's rules, only where names stand.
"""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from freehold.kernel.rooms import Rooms
from freehold.kernel.service import Front, Service
from freehold.web import HttpRequest
from freehold.wire import hosts, models
from freehold.wire.signature import Signature

QUERY_VERSIONS = {
    "2010-03-31": "sns",
    "2010-05-08": "iam",
    "2010-05-15": "cloudformation",
    "2010-08-01": "cloudwatch",
    "2011-06-15": "sts",
    "2012-11-05": "sqs",
}

S3_HOST = re.compile(r"(?:(?P<bucket>.+)\.)?s3(?:[.-](?P<region>[a-z]{2}(?:-[a-z]+)+-\d))?\.(?:.*\.)?[a-z]+")
POINT_HOST = re.compile(r"(?P<bucket>[a-z0-9-]+-\d{12})\.(?:localhost|127\.0\.0\.1)")  # an access point's
SERVICE_HOST = re.compile(r"(?:[^.]+\.)?(?P<service>[a-z0-9-]+)\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\..+")
TELLING = frozenset(("x-amz-target", "x-amz-account-id"))  # which of those that sign with one name is meant
CBOR_PATH = re.compile(r"/service/(?P<target>[^/]+)/operation/[^/]+$")
ACTION = re.compile(r"(?:^|&)Action=(?P<action>[A-Za-z]+)")
VERSION = re.compile(r"(?:^|&)Version=(?P<version>\d{4}-\d\d-\d\d)")


class Route(NamedTuple):
    """Where a request goes: to a front, or to a room's API. `bucket` is the one named by an S3 virtual host."""

    room: str
    region: str = ""
    front: Front | None = None
    bucket: str = ""


class Router:
    def __init__(self, rooms: Rooms):
        self.rooms = rooms
        self.fronts = [front for room in rooms.opened.values() for front in room.fronts]
        posts = rooms.signposts.items()
        self.by_signature = {post.signs or name: name for name, post in posts if not post.target}
        self.by_target = {(post.signs, post.target): name for name, post in posts if post.target}
        self._shared = {post.signs for _, post in posts if post.target}
        self._shut = [name for name, post in rooms.signposts.items() if post.fronted and name not in rooms.opened]
        self._targets: dict[str, str] = {}
        rooms.on_open.append(self._admit)

    def _admit(self, room: Service) -> None:
        self.fronts += room.fronts
        self._shut = [name for name in self._shut if name != room.name]

    def find(self, http: HttpRequest, signature: Signature | None) -> Route:
        """The route of a request; what names no service is S3's, which has plain paths."""
        host, path = http.host, http.path
        if signature and plain(host, path):
            return self._signed(signature, http, host, "")
        named = hosts.find(host)
        asked = self.by_signature.get(named.service, named.service) if named else ""
        front = self._front(host, path, asked)
        if front:
            return Route(front.service.name, front=front)
        if signature:
            return self._signed(signature, http, host, named.region if named else "")
        if named:
            return Route(asked, named.region, bucket=named.prefix if asked == "s3" else "")
        return self._unsigned(http, host)

    def _signed(self, signature: Signature, http: HttpRequest, host: str, region: str) -> Route:
        """The room that a credential scope means; where several sign with one name, the target tells them apart."""
        service = signature.service or ("s3" if signature.presigned else "")
        name = self.by_signature.get(service, service)
        if service in self._shared and not TELLING.isdisjoint(http.headers.names):
            target = http.headers.get("x-amz-target").rpartition(".")[0] or _versioned(http)
            name = self.by_target.get((service, target), name)
        bucket = virtual_bucket(host) if name == "s3" else ""
        return Route(name, signature.region or region, None, bucket)

    def _front(self, host: str, path: str, asked: str) -> Front | None:
        """The front of this address; rooms that may have it are opened before the answer is no."""
        found = next((one for one in self.fronts if matches(one, host, path, asked)), None)
        if found or not self._shut:
            return found
        for name in self._shut:
            self.rooms[name]
        return self._front(host, path, asked)

    def _unsigned(self, http: HttpRequest, host: str) -> Route:
        named = SERVICE_HOST.fullmatch(host)
        region = named["region"] if named else ""
        target = http.headers.get("x-amz-target").rpartition(".")[0]
        cbor = CBOR_PATH.fullmatch(http.path)
        if target or cbor:
            return Route(self._by_target(target or (cbor or {"target": ""})["target"]), region)
        if named and named["service"] in self.by_signature:
            name = self.by_signature[named["service"]]
            return Route(name, region, bucket=virtual_bucket(host) if name == "s3" else "")
        body = http.body if isinstance(http.body, bytes) else b""
        posted = "urlencoded" in http.headers.get("content-type")
        form = http.query or (body[:65_536].decode("latin-1") if posted else "")
        if ACTION.search(form):
            return Route(self._by_action(form), region)
        s3 = S3_HOST.fullmatch(host)
        return Route("s3", (s3["region"] or "") if s3 else region, bucket=virtual_bucket(host))

    def _by_target(self, prefix: str) -> str:
        """The room whose model has this target prefix; models are read at the first unsigned request only."""
        if not self._targets:
            for room in self.rooms.values():
                if room.model:
                    self._targets[models.model(room.model).metadata.target_prefix] = room.name
        return self._targets.get(prefix, prefix or "unknown")

    def _by_action(self, form: str) -> str:
        version, action = VERSION.search(form), ACTION.search(form)
        if version and version["version"] in QUERY_VERSIONS:
            return QUERY_VERSIONS[version["version"]]
        name = unquote(action["action"]) if action else ""
        asked = (room for room in QUERY_VERSIONS.values() if room in self.rooms)
        models_of = ((room, self.rooms[room].model) for room in asked)
        return next((room for room, model in models_of if model and name in models.model(model).operations), "sqs")


def _versioned(http: HttpRequest) -> str:
    """The first part of a path, of APIs that are told by it; they name an account, so no bucket is taken for one."""
    return http.path[: http.path.find("/", 1)] if "x-amz-account-id" in http.headers else ""


def plain(host: str, path: str) -> bool:
    """Whether a signed request can only be for a service's API: at an address, not a name, and no path of our own."""
    return (host == "localhost" or host[-1:].isdigit() or host[-1:] == "]") and not path.startswith("/_")


def matches(front: Front, host: str, path: str, asked: str) -> bool:
    """Whether a front answers. What it tells by the path alone holds under this cloud's own names, and under AWS's name
    of its service (`asked`): other services have paths of their own.
    """
    if not (front.host.fullmatch(host) if front.host else asked in ("", front.service.name)):
        return False
    return not front.path or bool(front.path.fullmatch(path))


@lru_cache(1_024)
def virtual_bucket(host: str) -> str:
    """The bucket that an S3 virtual host names, or nothing: `photos.s3.us-east-1.amazonaws.com` → `photos`."""
    named = hosts.find(host)
    if named:
        return named.prefix if named.service == "s3" else ""
    found = S3_HOST.fullmatch(host) or POINT_HOST.fullmatch(host)
    return (found["bucket"] or "") if found else ""
