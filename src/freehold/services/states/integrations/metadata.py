"""Metadata: what the SDK inside an optimised integration saw of the HTTP response, which the integration hands on.

One idea: a service's headers are a line in a table, and the length is that of the body as it came over the wire. It may
not know what the result means.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html
"""

from collections.abc import Callable
from email.utils import formatdate
from typing import Any, NamedTuple
from zlib import crc32

from freehold.engines import lineage
from freehold.engines.asl import values
from freehold.kernel.store import Tx

Result = dict[str, Any]
# What SNS's XML has around its values, line breaks and request id included.
SNS_ENVELOPE, SNS_SEQUENCE = 294 - 36, len("    <SequenceNumber></SequenceNumber>\n")
JSON, JSON_1_0, XML = "application/json", "application/x-amz-json-1.0", "text/xml"


class Seen(NamedTuple):
    """How a service's responses look: content type, how Connection is spelt, the body's length, and headers more."""

    kind: str = JSON_1_0
    connection: str = "connection"
    length: Callable[[Result], int] = lambda result: len(values.write(result))
    more: Callable[[Tx, Result], dict[str, str]] = lambda tx, result: {}


def _started_length(result: Result) -> int:
    """Step Functions writes moments in microseconds, with an exponent: 1.713421621123456E9."""
    return len(values.write({**result, "startDate": round(result["startDate"], 6)})) + len("E9")


def _published_length(result: Result) -> int:
    sequence = result.get("SequenceNumber")
    return SNS_ENVELOPE + len(result["MessageId"]) + (SNS_SEQUENCE + len(sequence) if sequence else 0)


def _of_invocation(tx: Tx, result: Result) -> dict[str, str]:
    optional = {
        "X-Amz-Executed-Version": result.get("ExecutedVersion"),
        "X-Amz-Log-Result": result.get("LogResult"),
    }
    return {
        **{name: value for name, value in optional.items() if value},
        "x-amzn-Remapped-Content-Length": "0",
        "X-Amzn-Trace-Id": tx.trace or lineage.begun(tx.now, tx.ids.hex(40)),
    }


def _of_dynamodb(_tx: Tx, result: Result) -> dict[str, str]:
    return {"Server": "Server", "x-amz-crc32": str(crc32(values.write(result).encode()))}


SEEN: dict[str, Seen] = {
    "dynamodb": Seen(connection="Connection", more=_of_dynamodb),
    "lambda": Seen(JSON, "Connection", lambda result: len(result.get("Payload", b"")), _of_invocation),
    "sns": Seen(XML, length=_published_length),
    "sqs": Seen(),
    "states": Seen(length=_started_length),
}


def metadata(tx: Tx, service: str, result: Result) -> Result:
    """The members SdkHttpMetadata and SdkResponseMetadata of a service's result, which is as it came."""
    seen, request_id = SEEN[service], tx.ids.uuid()
    headers = {
        **seen.more(tx, result),
        seen.connection: "keep-alive",
        "Content-Length": str(seen.length(result)),
        "Content-Type": seen.kind,
        "Date": formatdate(tx.now, usegmt=True),
        "x-amzn-RequestId": request_id,
    }
    http = {
        "AllHttpHeaders": {name: [value] for name, value in headers.items()},
        "HttpHeaders": headers,
        "HttpStatusCode": 200,
    }
    return {"SdkHttpMetadata": http, "SdkResponseMetadata": {"RequestId": request_id}}
