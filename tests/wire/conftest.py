"""botocore as the reference client: it writes requests for Freehold to parse, and reads what Freehold answers."""

from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.awsrequest import HeadersDict
from botocore.eventstream import EventStream
from botocore.loaders import Loader
from botocore.model import OperationModel
from botocore.model import ServiceModel as ClientModel
from botocore.parsers import PROTOCOL_PARSERS
from botocore.serialize import create_serializer
from botocore.utils import parse_timestamp

from freehold.wire.http import Headers, HttpRequest, HttpResponse
from freehold.wire.models import ServiceModel


def seconds(value: Any) -> float:
    """A time as botocore reads it, in seconds since the epoch."""
    moment = parse_timestamp(value).timestamp()
    return int(moment) if moment == int(moment) else moment


def write_request(client: ClientModel, operation: str, params: dict, protocol: str = "") -> HttpRequest:
    """What botocore sends for an operation."""
    serializer = create_serializer(protocol or client.protocol, include_validation=False)
    sent = serializer.serialize_to_request(params, client.operation_model(operation))
    return as_http(sent)


def as_http(sent: dict) -> HttpRequest:
    """A request that botocore has serialised, as it arrives."""
    path, _, query = sent["url_path"].partition("?")
    arguments = sent["query_string"]
    more = urlencode(arguments, doseq=True) if isinstance(arguments, (dict, list)) else arguments
    body = sent["body"]
    content = urlencode(body).encode() if isinstance(body, dict) else body
    content = content.encode() if isinstance(content, str) else content
    headers = Headers((name, str(value)) for name, value in sent["headers"].items())
    return HttpRequest(sent["method"], path, "&".join(part for part in (query, more) if part), headers, content)


def read_response(suite: dict, model: ServiceModel, given: dict, reply: HttpResponse, error: str = "") -> dict:
    """What botocore reads in an answer of one of its protocol cases; an error's members if `error` names its shape."""
    name = given.get("name", "OperationName")
    client = ClientModel({**suite, "metadata": suite["metadata"], "operations": {name: given}})
    output = OperationModel(given, client).output_shape
    if model.protocols[0] == "query" and output and output.members:
        output.serialization["resultWrapper"] = f"{name}Result"
    return parsed(model.protocols[0], client.shape_for(error) if error else output, reply, name)


def parsed(protocol: str, output: Any, reply: HttpResponse, name: str = "") -> dict:
    """What botocore reads in an answer, without its metadata."""
    raw = {
        "status_code": reply.status,
        "headers": HeadersDict(reply.headers),
        "body": reply.body,
        "context": {"operation_name": name},
    }
    if not isinstance(reply.body, bytes):
        raw["body"] = Raw(reply.body)
    made = PROTOCOL_PARSERS[protocol](timestamp_parser=seconds).parse(raw, output)
    made.pop("ResponseMetadata", None)
    return {key: list(value) if isinstance(value, EventStream) else value for key, value in made.items()}


class Raw:
    """A body that arrives in parts, as urllib3 gives it."""

    def __init__(self, chunks: Any):
        self.chunks = chunks

    def stream(self) -> Any:
        try:
            while True:
                self.chunks.__anext__().send(None)
        except StopIteration as given:
            yield given.value
            yield from self.stream()
        except StopAsyncIteration:
            return


@cache
def client_of(service: str) -> ClientModel:
    """botocore's own model of a service, without what it adds for its own use."""
    loader = Loader(include_default_extras=False)
    return ClientModel(loader.load_service_model(service, "service-2"), service)


def moment(value: float) -> datetime:
    """Seconds since the epoch as botocore wants a time."""
    return datetime.fromtimestamp(value, UTC)


@pytest.fixture(scope="session")
def reference() -> SimpleNamespace:
    """The functions above."""
    return SimpleNamespace(
        write_request=write_request, read_response=read_response, parsed=parsed, client_of=client_of, moment=moment
    )
