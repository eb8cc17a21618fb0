"""botocore's own protocol cases, run in reverse: its requests are parsed, its responses are answered and read back.

The case files are botocore's `tests/unit/protocols` and are not part of this repository. FREEHOLD_PROTOCOL_CASES names
the folder that holds their `input` and `output`.
"""

import base64
import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from freehold.kernel.errors import AwsError
from freehold.wire.codecs import codec
from freehold.wire.http import Headers, HttpRequest
from freehold.wire.models import Member, ServiceModel, Shape, described

FOLDER = os.environ.get("FREEHOLD_PROTOCOL_CASES", "")
SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}

# Parts of the ids of cases that cannot hold in reverse, and why.
NOT_FOR_SERVERS = {
    "ContentEncoding": "the compressed body is not in the case",
    "Gzip": "the compressed body is not in the case",
    "IdempotencyToken": "the client makes the token up",
    "EndpointTrait": "a matter of the client's host name alone",
    "HostWithPath": "a matter of the client's base path",
    "sends_requests_to_slash": "the body is not in the case",
    "includes_x_amz_target_and_content_type": "the body is not in the case",
    "Ec2EmptyQueryLists": "what is empty is not sent",
    "QueryEmptyQueryMaps": "what is empty is not sent",
    "RestJsonOmitsEmptyListQueryValues": "what is empty is not sent",
    "PrefixHeadersAreNotPresent": "what is empty is not sent",
    "RestJsonHttpWithEmptyStructurePayload": "an empty structure is sent where there was none",
    "RestJsonHttpWithHeadersButNoPayload": "an empty structure is sent where there was none",
    "MediaTypeHeaderInputBase64": "values with a JSON media type are JSON here, not its text",
    "serializes_string_shapes_with_jsonvalue_trait": "values with a JSON media type are JSON here, not its text",
    "QueryPrecedence": "servers put every argument in a map of arguments",
    "QueryParamsStringListMap": "servers put every argument in a map of arguments",
    "rest-xml-AllQueryStringTypes": "servers put every argument in a map of arguments",
    "QueryValues": "servers put every argument in a map of arguments",
    "RestXmlQueryStringEscaping": "servers put every argument in a map of arguments",
    "rest-xml-BodyWithXmlName": "botocore takes a structure's own name for its members'",
    "XmlLists": "botocore reads flattened lists by their items' names, Smithy by their own",
    "NoBlobBody": "botocore reads an empty body as an empty blob",
    "PayloadWithUnsetUnion": "botocore takes no empty body for a union",
    "QuotedStringHeaders": "botocore does not unescape quoted items",
    "TimestampHeaders": "botocore takes no epoch seconds in headers",
    "HttpPrefixHeadersResponse": "an empty prefix takes in the headers of every answer",
    # botocore's older cases have only numbers
    "legacy-ec2-8-1": "the client makes the token up",
    "legacy-query-12-1": "the client makes the token up",
    "legacy-rest-json-19-1": "the client makes the token up",
    "legacy-rest-xml-23-1": "the client makes the token up",
    "legacy-json-6-0": "the case has no headers, or events and a text of bytes",
    "legacy-json-6-1": "the case has no headers",
    "legacy-rest-json-0-0": "the case has no parameters",
    "legacy-rest-json-13-1": "an empty structure is sent where there was none",
    "legacy-rest-json-25-2": "an empty structure is sent where there was none",
    "legacy-rest-json-25-4": "an empty structure is sent where there was none",
    "legacy-rest-json-25-7": "the client makes the content type up",
    "legacy-rest-json-26-1": "what is empty is not sent",
    "legacy-rest-xml-26-1": "what is empty is not sent",
    "legacy-rest-xml-11-0": "locations of shapes, which service files no longer have",
    "legacy-rest-xml-0-": "locations of shapes, which service files no longer have",
    "legacy-rest-xml-10-0": "locations of shapes, which service files no longer have",
    "legacy-rest-xml-15-0": "locations of shapes, which service files no longer have",
    "legacy-json-3-1": "botocore leaves JSON values in maps as text",
    "legacy-ec2-10-2": "an error that has no shape",
    "legacy-json-7-2": "an error that has no shape",
    "legacy-query-16-2": "an error that has no shape",
    "legacy-rest-json-13-5": "an error that has no shape",
    "legacy-rest-json-13-6": "an error that has no shape",
    "legacy-rest-xml-15-2": "an error that has no shape",
    "legacy-rest-json-9-0": "an empty prefix takes in the headers of every answer",
    "legacy-rest-json-17-2": "a union's member that only a client can meet",
    "legacy-rest-xml-16-2": "a union's member that only a client can meet",
}


def reverses(name: str) -> bool:
    return not any(part in name for part in NOT_FOR_SERVERS)


def cases(kind: str, part: str) -> Iterator[Any]:
    for file in sorted(Path(FOLDER, kind).glob("*.json")) + sorted(Path(FOLDER, "legacy", kind).glob("*.json")):
        legacy = "legacy-" if "legacy" in file.parts else ""
        for at, suite in enumerate(json.loads(file.read_text())):
            for number, case in enumerate(suite["cases"]):
                if part in case:
                    name = f"{legacy}{file.stem}-{case.get('id', f'{at}-{number}')}"
                    if reverses(name):
                        yield pytest.param(suite, case, id=name)


def load(suite: dict, case: dict) -> tuple[ServiceModel, str]:
    name = case["given"].get("name", "OperationName")
    for use in (case["given"].get("input", {}), case["given"].get("output", {})):
        if "payload" in use:  # the form of old service files
            suite["shapes"][use["shape"]]["payload"] = use["payload"]
    operation = {**case["given"], "name": name}
    file = {"metadata": suite["metadata"], "operations": {name: operation}, "shapes": suite["shapes"]}
    return described("cases", namespaced(file)), name


def namespaced(description: Any) -> Any:
    """A description whose XML namespaces all have the form that botocore's service files have."""
    if isinstance(description, list):
        return [namespaced(item) for item in description]
    if not isinstance(description, dict):
        return description
    made = {key: namespaced(item) for key, item in description.items()}
    if isinstance(made.get("xmlNamespace"), str) and ("shape" in made or "type" in made):
        made["xmlNamespace"] = {"uri": made["xmlNamespace"]}
    return made


def internal(use: Member | None, value: Any) -> Any:
    """A case's value as Freehold holds it: blobs as bytes, special floats as floats, no nulls."""
    if use is None or value is None:
        return value
    return of_shape(use.target, value, use.jsonvalue)


def of_shape(shape: Shape, value: Any, jsonvalue: bool = False) -> Any:
    if shape.document or jsonvalue:
        return value
    if shape.eventstream:
        return [{name: of_shape(shape.members[name].target, item) for name, item in event.items()} for event in value]
    match shape.type:
        case "structure":
            named = ((name, internal(shape.members[name], item)) for name, item in value.items())
            return {name: item for name, item in named if item is not None}
        case "list":
            return [internal(shape.member, item) for item in value]
        case "map":
            return {key: internal(shape.value, item) for key, item in value.items()}
        case "blob":
            return value.encode()
        case "float" | "double":
            return SPECIAL.get(value, value)
    return value


def comparable(value: Any) -> Any:
    """A value with blobs as text, as the cases have them, and special floats too, because NaN does not equal NaN."""
    match value:
        case dict():
            return {key: comparable(item) for key, item in value.items()}
        case list():
            return [comparable(item) for item in value]
        case bytes():
            return value.decode()
        case float() if not math.isfinite(value):
            return next(name for name, special in SPECIAL.items() if repr(special) == repr(value))
    return value


@pytest.mark.skipif(not FOLDER, reason="FREEHOLD_PROTOCOL_CASES is unset")
@pytest.mark.parametrize(("suite", "case"), [*cases("input", "serialized")] if FOLDER else ())
def test_requests_are_parsed_as_they_were_meant(suite: dict, case: dict) -> None:
    model, name = load(suite, case)
    sent, place = case["serialized"], case["given"].get("http", {})
    address = urlsplit(sent.get("uri", place.get("requestUri", "/")))
    body = sent.get("body", "")
    content = base64.b64decode(body) if "cbor" in model.protocols[0] else body.encode()
    pairs = [
        (key, item)
        for key, value in sent.get("headers", {}).items()
        for item in ([value] if isinstance(value, str) else value)
    ]
    method = sent.get("method", place.get("method", "POST"))
    http = HttpRequest(method, address.path, address.query, Headers(pairs), content)
    speaks = codec(model, model.protocols[0])
    operation = speaks.operation_of(http)
    assert operation.name == name
    assert comparable(speaks.parse(operation, http)) == comparable(internal(operation.input, case["params"]) or {})


@pytest.mark.skipif(not FOLDER, reason="FREEHOLD_PROTOCOL_CASES is unset")
@pytest.mark.parametrize(("suite", "case"), [*cases("output", "response")] if FOLDER else ())
def test_answers_are_read_as_they_were_meant(suite: dict, case: dict, reference: Any) -> None:
    model, name = load(suite, case)
    operation = model.operations[name]
    if "error" in case:
        refused(suite, case, model, reference)
    else:
        wanted = internal(operation.output, case.get("result") or {})
        reply = codec(model, model.protocols[0]).answer(operation, wanted or {}, "id")
        parsed = reference.read_response(suite, model, case["given"], reply)
        assert comparable(parsed) == comparable(wanted)


def refused(suite: dict, case: dict, model: ServiceModel, reference: Any) -> None:
    shape = model.error(case["errorCode"])
    assert shape
    words = case.get("errorMessage", "")
    error = type(shape.name, (AwsError,), {"words": words})(**of_shape(shape, case["error"]))
    reply = codec(model, model.protocols[0]).refuse(model.operations[case["given"]["name"]], error, "id")
    parsed = reference.read_response(suite, model, case["given"], reply)
    assert (parsed["Error"]["Code"], parsed["Error"].get("Message", "")) == (case["errorCode"], words)
    members = reference.read_response(suite, model, case["given"], reply, shape.name)
    assert comparable({name: item for name, item in members.items() if name in case["error"]}) == case["error"]
