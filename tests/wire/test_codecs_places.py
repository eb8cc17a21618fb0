"""Which operation a request means, where its method and path say it."""

from typing import Any

import pytest

from freehold.kernel.errors import AwsError
from freehold.wire.codecs import choose, codec
from freehold.wire.http import Headers, HttpRequest, in_bucket
from freehold.wire.models import Member, model

# Operations that share a place with another one, which alone can be told.
SHARED = {
    "ListDirectoryBuckets": "ListBuckets",
    "GetBucketLifecycle": "GetBucketLifecycleConfiguration",
    "GetBucketNotification": "GetBucketNotificationConfiguration",
    "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
    "PutBucketNotification": "PutBucketNotificationConfiguration",
}


def least(use: Member) -> Any:
    """The least value of a shape that a client can send."""
    shape = use.target
    match shape.type:
        case "structure":
            return {name: least(shape.members[name]) for name in shape.required}
        case "list":
            return [least(shape.member)] if shape.member else []
        case "map":
            return {}
        case "boolean":
            return True
        case "integer" | "long" | "float" | "double":
            return 1
        case "blob":
            return b"x"
        case "timestamp":
            return 0
    return shape.enum[0] if shape.enum else "abcdef"


@pytest.mark.parametrize(
    "service",
    ["apigateway", "apigatewayv2", "cloudfront", "lambda", "route53", "s3", "scheduler", "pipes", "xray", "iot"],
)
def test_every_operation_is_found_where_a_client_sends_it(service: str, reference: Any) -> None:
    for operation in model(service).operations.values():
        params = least(operation.input) if operation.input else {}
        if operation.input and operation.input.target.event_stream:
            continue
        sent = reference.write_request(reference.client_of(service), operation.name, params)
        found = codec(model(service), choose(model(service), sent)).operation_of(sent)
        assert found.name == SHARED.get(operation.name, operation.name)


@pytest.mark.parametrize(
    ("method", "path", "query", "name"),
    [
        ("GET", "/", "", "ListBuckets"),
        ("GET", "/b", "", "ListObjects"),
        ("GET", "/b/", "list-type=2", "ListObjectsV2"),
        ("GET", "/b", "acl", "GetBucketAcl"),
        ("GET", "/b", "acl=", "GetBucketAcl"),
        ("GET", "/b/k", "acl", "GetObjectAcl"),
        ("GET", "/b/a/b//c/", "", "GetObject"),
        ("GET", "/b/k", "x-id=GetObject", "GetObject"),
        ("GET", "/b/k", "uploadId=u", "ListParts"),
        ("POST", "/b/k", "uploads", "CreateMultipartUpload"),
        ("POST", "/b/k", "uploadId=u", "CompleteMultipartUpload"),
        ("DELETE", "/b/k", "uploadId=u", "AbortMultipartUpload"),
        ("DELETE", "/b/k", "versionId=v", "DeleteObject"),
        ("PUT", "/b/k", "partNumber=1&uploadId=u", "UploadPart"),
        ("PUT", "/b/k", "", "PutObject"),
        ("PUT", "/b", "", "CreateBucket"),
        ("POST", "/b", "delete", "DeleteObjects"),
        ("HEAD", "/b/k", "", "HeadObject"),
        ("HEAD", "/b", "", "HeadBucket"),
    ],
)
def test_s3_tells_operations_apart_by_what_they_ask(method: str, path: str, query: str, name: str) -> None:
    assert codec(model("s3"), "rest-xml").operation_of(HttpRequest(method, path, query)).name == name


@pytest.mark.parametrize(("query", "name"), [("", "CopyObject"), ("partNumber=1&uploadId=u", "UploadPartCopy")])
def test_s3_copies_are_told_by_their_source(query: str, name: str) -> None:
    http = HttpRequest("PUT", "/b/k", query, Headers([("x-amz-copy-source", "/b/j")]))
    assert codec(model("s3"), "rest-xml").operation_of(http).name == name


def test_keys_keep_their_slashes_and_their_bytes() -> None:
    speaks = codec(model("s3"), "rest-xml")
    http = HttpRequest("GET", "/b/a//b%2Fc+d%20%C3%A9/")
    assert speaks.parse(speaks.operation_of(http), http) == {"Bucket": "b", "Key": "a//b/c+d é/"}


def test_a_bucket_may_stand_in_the_host_name() -> None:
    speaks = codec(model("s3"), "rest-xml")
    http = in_bucket(HttpRequest("GET", "/k", "versionId=v"), "photos")
    request = speaks.parse(speaks.operation_of(http), http)
    assert request == {"Bucket": "photos", "Key": "k", "VersionId": "v"}


def test_labels_are_decoded_after_the_path_is_split() -> None:
    speaks = codec(model("lambda"), "rest-json")
    arn = "arn%3Aaws%3Alambda%3Aus-east-1%3A1%3Afunction%3Af%2Fx"
    http = HttpRequest("POST", f"/2015-03-31/functions/{arn}/invocations", "Qualifier=live", body=b"{}")
    operation = speaks.operation_of(http)
    assert operation.name == "Invoke"
    assert speaks.parse(operation, http) == {
        "FunctionName": "arn:aws:lambda:us-east-1:1:function:f/x",
        "Qualifier": "live",
        "Payload": b"{}",
    }


@pytest.mark.parametrize(
    ("service", "method", "path", "status", "code"),
    [
        ("lambda", "GET", "/nowhere", 404, "UnknownOperationException"),
        ("s3", "PATCH", "/b/k", 405, "MethodNotAllowed"),
    ],
)
def test_places_without_operations(service: str, method: str, path: str, status: int, code: str) -> None:
    speaks = codec(model(service), choose(model(service), HttpRequest(method, path)))
    with pytest.raises(AwsError) as refused:
        speaks.operation_of(HttpRequest(method, path))
    reply = speaks.refuse(None, refused.value, "id")
    assert reply.status == status
    assert code.encode() in reply.body or reply.header("x-amzn-errortype") == code
