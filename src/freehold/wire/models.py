"""AWS's service models, read from the data files that botocore ships.

One idea: the classes below are the schema. Only what they declare is decoded, so documentation, examples and waiters
never become objects and a model stays small. botocore itself is not imported: that alone would cost 150 ms. What its
files leave out is in `freehold.wire.amendments`. This module may not know any protocol's bytes, nor any room.
"""

import gzip
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from freehold.wire import amendments

REST_PROTOCOLS = ("rest-json", "rest-xml")


class XmlNamespace(msgspec.Struct, gc=False):
    """An XML namespace: the address, and the prefix it is bound to, if any."""

    uri: str
    prefix: str = ""


class ErrorTrait(msgspec.Struct, rename="camel", gc=False):
    """What an error shape says of itself: the code on the wire if it is not the shape's name, status, and blame."""

    code: str = ""
    http_status_code: int = 0
    sender_fault: bool | None = None


class Member(msgspec.Struct, rename="camel", gc=False):
    """A use of a shape: as a structure's member, a list's item, a map's key or value, an operation's input or output.

    After loading, traits of the shape that the use does not override are its own, and `target` is the shape.
    """

    shape: str
    location: str = ""
    location_name: str = ""
    query_name: str = ""
    result_wrapper: str = ""
    xml_namespace: XmlNamespace | None = None
    xml_attribute: bool = False
    flattened: bool = False
    streaming: bool = False
    jsonvalue: bool = False
    eventpayload: bool = False
    eventheader: bool = False
    idempotency_token: bool = False
    sensitive: bool = False
    timestamp_format: str = ""
    target: "Shape" = None  # type: ignore[assignment]  # set once, when the model is linked

    @property
    def root(self) -> str:
        """What an XML document of this use is called."""
        return self.location_name or self.target.location_name or self.shape


class Shape(msgspec.Struct, rename="camel", gc=False):
    """A type: structure, list, map, string, blob, timestamp, boolean, integer, long, float, double, or character.

    `min` and `max` bound a number's value, and the length of anything else (blobs in bytes). `kept` and `event_stream`
    (the name of the member that is one) are set when the model is linked.
    """

    type: str
    name: str = ""
    members: dict[str, Member] = {}
    required: list[str] = []
    member: Member | None = None
    key: Member | None = None
    value: Member | None = None
    enum: list[str] = []
    min: int | float | None = None
    max: int | float | None = None
    pattern: str = ""
    payload: str = ""
    location_name: str = ""
    xml_namespace: XmlNamespace | None = None
    flattened: bool = False
    streaming: bool = False
    timestamp_format: str = ""
    sensitive: bool = False
    union: bool = False
    document: bool = False
    eventstream: bool = False
    sparse: bool = False
    exception: bool = False
    fault: bool = False
    error: ErrorTrait | None = None
    kept: bool = False
    event_stream: str = ""

    def uses(self) -> dict[str, Member]:
        """Every use of another shape within this one: members by name, or a list's `member`, a map's `key`, `value`."""
        within = {"member": self.member, "key": self.key, "value": self.value}
        return self.members or {name: use for name, use in within.items() if use}


class Http(msgspec.Struct, rename="camel", gc=False):
    """Where an operation lives in a REST protocol. `response_code` is the status of success."""

    method: str = "POST"
    request_uri: str = "/"
    response_code: int = 200


class Endpoint(msgspec.Struct, rename="camel", gc=False):
    """The prefix that clients put before the host name, with `{Member}` labels."""

    host_prefix: str = ""


class Operation(msgspec.Struct, rename="camel"):
    """One operation of a service as AWS models it.

    Set when the model is linked: `streams_input`, whether a request's body is to be handed over unread, as a streaming
    blob or an event stream; `wants_checksum`, whether a request has to say a checksum of its body; `states_checksum`,
    whether one that its headers state is of its body, not of something that it tells of.
    """

    name: str
    http: Http = msgspec.field(default_factory=Http)
    input: Member | None = None
    output: Member | None = None
    errors: list[Member] = []
    endpoint: Endpoint | None = None
    authtype: str = ""
    auth: list[str] = []
    unsigned_payload: bool = False
    http_checksum: dict[str, Any] = {}
    deprecated: bool = False
    readonly: bool = False
    idempotent: bool = False
    streams_input: bool = False
    wants_checksum: bool = False
    states_checksum: bool = False

    @property
    def output_stream(self) -> str:
        """The name of the output's member that is an event stream, or nothing."""
        return self.output.target.event_stream if self.output else ""

    @property
    def host_prefix(self) -> str:
        """The prefix that clients put before the host name, or nothing."""
        return self.endpoint.host_prefix if self.endpoint else ""

    @property
    def anonymous(self) -> bool:
        """Whether AWS takes this operation unsigned, as cognito-idp:InitiateAuth."""
        return self.authtype == "none" or self.auth == ["smithy.api#noAuth"]

    @property
    def streams_output(self) -> bool:
        """Whether the response's body may be a stream."""
        return _streams(self.output)


class Metadata(msgspec.Struct, rename="camel"):
    """A service's name in its several guises, and how it is spoken to."""

    api_version: str = ""
    protocol: str = ""
    protocols: list[str] = []
    json_version: str = "1.0"
    target_prefix: str = ""
    endpoint_prefix: str = ""
    signing_name: str = ""
    service_id: str = ""
    service_full_name: str = ""
    xml_namespace: str = ""
    aws_query_compatible: dict[str, Any] | None = None


class Description(msgspec.Struct):
    """A service file as it lies on disk."""

    metadata: Metadata
    operations: dict[str, Operation] = {}
    shapes: dict[str, Shape] = {}


class ServiceModel:
    """A service's operations and shapes, linked and amended. Treat as read-only; it hashes by identity."""

    def __init__(self, service: str, description: Description):
        self.service = service
        self.metadata = description.metadata
        self.operations = description.operations
        self.shapes = description.shapes
        for name, operation in self.operations.items():
            operation.name = name
        for name, shape in self.shapes.items():
            shape.name = name
        self._amend()
        self._link()
        spoken = self.metadata.protocols or [self.metadata.protocol]
        self.protocols: tuple[str, ...] = (*spoken, *amendments.PROTOCOLS.get(service, ()))
        self.rest = self.protocols[0] in REST_PROTOCOLS  # operations are told apart by method and path
        self.sole = self.protocols[0] if self.rest and len(self.protocols) == 1 else ""  # the protocol of every request
        known = self.metadata.xml_namespace or amendments.NAMESPACES.get(service)
        self.xml_namespace = known or self._namespace_of_inputs()

    def _amend(self) -> None:
        for place, name in amendments.NAMES.get(self.service, {}).items():
            shape, _, use = place.partition(".")
            self.shapes[shape].uses()[use].query_name = name
        for name, (code, status) in amendments.ERRORS.get(self.service, {}).items():
            self.shapes[name].error = ErrorTrait(code, status, True)
        for name, root in amendments.ROOTS.get(self.service, {}).items():
            output = self.operations[name].output
            if output:
                output.location_name = root
        for name in amendments.UNCLAIMED.get(self.service, ()):
            self.operations[name].http_checksum |= {"requestChecksumRequired": False}
        for name, status in amendments.STATUSES.get(self.service, {}).items():
            self.operations[name].http.response_code = status
        for name, last in amendments.LAST.get(self.service, {}).items():
            members = self.shapes[name].members
            for member in last:
                members[member] = members.pop(member)
        for name in amendments.KEPT.get(self.service, ()):
            self.shapes[name].kept = True

    def _link(self) -> None:
        for operation in self.operations.values():
            for use in (operation.input, operation.output, *operation.errors):
                if use:
                    self._adopt(use)
        for shape in self.shapes.values():
            for use in shape.uses().values():
                self._adopt(use)
            shape.event_stream = next((name for name, use in shape.members.items() if use.target.eventstream), "")
        for operation in self.operations.values():
            operation.streams_input = _streams(operation.input)
            operation.wants_checksum = bool(operation.http_checksum.get("requestChecksumRequired"))
            operation.states_checksum = "requestAlgorithmMember" in operation.http_checksum

    def _adopt(self, use: Member) -> None:
        target = use.target = self.shapes[use.shape]
        if target.type != "structure":  # a structure's own name is for it as a root
            use.location_name = use.location_name or target.location_name
        use.timestamp_format = use.timestamp_format or target.timestamp_format
        use.xml_namespace = use.xml_namespace or target.xml_namespace
        use.flattened = use.flattened or target.flattened
        use.streaming = use.streaming or target.streaming
        use.sensitive = use.sensitive or target.sensitive

    def _namespace_of_inputs(self) -> str:
        inputs = (operation.input for operation in self.operations.values())
        return next((use.xml_namespace.uri for use in inputs if use and use.xml_namespace), "")

    @property
    def signing_name(self) -> str:
        """The service's name in a credential scope: `sqs`, `execute-api`, `monitoring`."""
        return self.metadata.signing_name or self.metadata.endpoint_prefix

    def error(self, name: str) -> Shape | None:
        """The error shape of a name, which may also be the code that the shape has on the wire."""
        shape = self.shapes.get(name)
        return shape if shape is not None and shape.exception else self._errors_by_code().get(name)

    @cache  # noqa: B019 - models live as long as the process
    def _errors_by_code(self) -> dict[str, Shape]:
        return {shape.error.code: shape for shape in self.shapes.values() if shape.error and shape.error.code}


def payload_of(use: Member | None) -> Member | None:
    """The member of an input or output that is a stream or fills the whole body; None if there is none."""
    if use is None:
        return None
    name = use.target.payload or use.target.event_stream
    return use.target.members[name] if name else None


def _streams(use: Member | None) -> bool:
    payload = payload_of(use)
    return payload is not None and (payload.streaming or payload.target.eventstream)


@cache
def data_folder() -> Path:
    """Where botocore keeps its service files, found without importing it."""
    spec = find_spec("botocore")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("botocore is not installed; Freehold reads AWS's service models from its data files")
    return Path(spec.submodule_search_locations[0]) / "data"


@cache
def services() -> tuple[str, ...]:
    """The names of all services that botocore has a model of: its folder names, such as `stepfunctions`."""
    return tuple(sorted(folder.name for folder in data_folder().iterdir() if any(folder.glob("*/service-2.json*"))))


@cache
def model(service: str) -> ServiceModel:
    """The model of a service by botocore's folder name, at its newest API version. KeyError if there is none."""
    found = sorted((data_folder() / service).glob("*/service-2.json*"), key=lambda file: file.parent.name)
    if not found:
        raise KeyError(service)
    file = found[-1]
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return ServiceModel(service, msgspec.json.decode(text, type=Description))


def described(service: str, description: Mapping[str, Any]) -> ServiceModel:
    """A model from a description in the form of botocore's files."""
    return ServiceModel(service, msgspec.convert(description, type=Description))
