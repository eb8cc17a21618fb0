"""Targets: which operation of which service an integration's ARN and request mean.

One idea: `action/Name` says the operation, `path/…` leaves it to the request as the service itself would read it: a
form for SQS and SNS, a header for the JSON protocols. It may not know who answers.

https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
"""

import base64
import json
import re
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from freehold.kernel.errors import AwsError
from freehold.services.apigateway import forms
from freehold.services.apigateway.mapping import Outgoing
from freehold.services.apigateway.responses import Declined
from freehold.web import pairs

URI = re.compile(
    r"arn:[\w-]+:apigateway:(?P<region>[^:]+):(?:[^.:]+\.)?(?P<service>[^:]+):(?P<kind>path|action)/(?P<rest>.*)",
    re.DOTALL,
)
LABEL = re.compile(r"\{([^{}]+?)\+?\}")
FUNCTION = re.compile(r"/?2015-03-31/functions/(?P<function>.+)/invocations(\?.*)?", re.DOTALL)
QUEUE = re.compile(r"/?(?P<account>\d{12})/(?P<queue>[^/?]+)/?")


class Target(NamedTuple):
    """What an ARN names; `rest` is what follows `path/` or `action/`."""

    region: str
    service: str
    kind: str
    rest: str


class Errand(NamedTuple):
    """A call to make, and whether its answer is told in the JSON form of the query protocol."""

    service: str
    operation: str
    request: dict[str, Any]
    query: bool


def target(uri: str) -> Target:
    found = URI.fullmatch(uri)
    if found is None:
        raise Declined("API_CONFIGURATION_ERROR")
    return Target(found["region"], found["service"], found["kind"], found["rest"])


def filled(text: str, out: Outgoing) -> str:
    """A URI with `{name}` and `{name+}` replaced by the outgoing path parameters."""
    return LABEL.sub(lambda found: quote(out.path.get(found[1], ""), safe="/-_.~"), text)


def function(where: Target) -> str:
    """The ARN of the function that an integration or authorizer invokes."""
    found = FUNCTION.fullmatch(where.rest)
    if found is None:
        raise Declined("API_CONFIGURATION_ERROR")
    return found["function"]


def errand(where: Target, out: Outgoing, base_url: str) -> Errand:
    """The call that a request to a service (but for Lambda and S3) stands for. Raises AwsErrors as it would."""
    operation = where.rest.partition("?")[0].strip("/") if where.kind == "action" else ""
    header = out.header("x-amz-target")
    if where.service in forms.OPERATIONS and not header:
        return _query(where, out, operation, base_url)
    operation = operation or header.rpartition(".")[2]
    if not operation[:1].isupper():  # what is not an AWS name would be the cloud's own work
        raise UnknownOperation()
    try:
        request = json.loads(out.body or b"{}")
    except (ValueError, RecursionError):
        raise Serialization() from None
    if not isinstance(request, dict):
        raise Serialization()
    return Errand(where.service, operation, _read_blobs(request) if where.service == "dynamodb" else request, False)


def _query(where: Target, out: Outgoing, operation: str, base_url: str) -> Errand:
    """A form in the body or the query string. The queue may stand in the path."""
    form = [(name, value) for name, values in out.query.items() for value in values]
    form += pairs(out.body.decode("utf-8", "replace").strip())
    operation = operation or dict(form).get("Action", "")
    if operation not in forms.OPERATIONS[where.service]:
        raise InvalidAction(action=operation)
    try:
        request = forms.request(form)
    except ValueError:
        raise MalformedInput() from None
    queue = QUEUE.fullmatch(unquote(where.rest)) if where.kind == "path" else None
    if queue:
        request["QueueUrl"] = f"{base_url}/{queue['account']}/{queue['queue']}"
    return Errand(where.service, operation, request, True)


def _read_blobs(value: Any) -> Any:
    """DynamoDB's values with their binaries as bytes."""
    if isinstance(value, list):
        return [_read_blobs(each) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"B"} and isinstance(value["B"], str):
        return {"B": base64.b64decode(value["B"])}
    if set(value) == {"BS"} and isinstance(value["BS"], list):
        return {"BS": [base64.b64decode(each) for each in value["BS"]]}
    return {key: _read_blobs(each) for key, each in value.items()}


def written(answer: dict[str, Any]) -> bytes:
    """An answer as JSON; binaries are base64."""
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False, default=_plain).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)


class UnknownOperation(AwsError):
    words = ""
    code = "UnknownOperationException"


class Serialization(AwsError):
    words = ""
    code = "SerializationException"


class InvalidAction(AwsError):
    words = "The action {action} is not valid for this endpoint."


class MalformedInput(AwsError):
    words = "The request could not be read."
