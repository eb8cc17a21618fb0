"""One module a protocol: bytes to a request, a response to bytes. They know shapes, never services.

One idea: a codec is made for one service and one protocol, and compiles each operation when it is first met. Requests
and responses inside are dicts of AWS's member names: times are seconds since the epoch, blobs are bytes, streaming
blobs are the body as it stands, event streams are async iterables of one-member dicts; absent members are absent.

`choose` tells the protocol a request speaks, `codec` gives what speaks it.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Protocol

from freehold.kernel.errors import AwsError
from freehold.wire.http import HttpRequest, HttpResponse
from freehold.wire.models import REST_PROTOCOLS, Operation, ServiceModel

# protocol → the module and class that speak it; a module is imported when its protocol is first spoken
CODECS: dict[str, tuple[str, str]] = {
    "json": ("json", "Json"),
    "query": ("query", "Query"),
    "query-json": ("query", "QueryJson"),
    "ec2": ("ec2", "Ec2"),
    "rest-json": ("restjson", "RestJson"),
    "rest-xml": ("restxml", "RestXml"),
    "smithy-rpc-v2-cbor": ("cbor", "Cbor"),
    "cbor-1.1": ("cbor", "TargetedCbor"),
}
CBOR_1_1 = "application/x-amz-cbor-1.1"
FORM = "application/x-www-form-urlencoded"


class Codec(Protocol):
    """What speaks one protocol for one service."""

    protocol: str

    def operation_of(self, http: HttpRequest) -> Operation:
        """The operation a request means; an AwsError if the service has none such."""

    def parse(self, operation: Operation, http: HttpRequest) -> dict:
        """A request's members. The body must be bytes unless `operation.streams_input`. AwsError if it is malformed."""

    def answer(self, operation: Operation, response: dict, request_id: str) -> HttpResponse:
        """A response; unknown and None members are left out. TypeError if it is not of the output's shape."""

    def refuse(self, operation: Operation | None, error: AwsError, request_id: str) -> HttpResponse:
        """An error; `operation` is None where the request did not get so far."""


@cache
def codec(model: ServiceModel, protocol: str) -> Codec:
    """The codec of a service for a protocol that `choose` named."""
    module, name = CODECS[protocol]
    make: Callable[[ServiceModel], Codec] = getattr(import_module(f"{__name__}.{module}"), name)
    return make(model)


def choose(model: ServiceModel, http: HttpRequest) -> str:
    """The protocol that a request speaks, of those the service does; its first if nothing tells."""
    headers, spoken = http.headers, model.protocols
    if "smithy-rpc-v2-cbor" in spoken and headers.get("smithy-protocol") == "rpc-v2-cbor":
        return "smithy-rpc-v2-cbor"
    if "json" in spoken and "x-amz-target" in headers:
        return "cbor-1.1" if headers.get("content-type").startswith(CBOR_1_1) else "json"
    if "query" in spoken and (len(spoken) == 1 or _is_form(http)):
        return "query-json" if headers.get("accept").startswith("application/json") else "query"
    return next((protocol for protocol in spoken if protocol in REST_PROTOCOLS), spoken[0])


def _is_form(http: HttpRequest) -> bool:
    posted = http.headers.get("content-type").startswith(FORM)
    return posted or http.method == "GET" or any(key == "Action" for key, _ in http.arguments)
