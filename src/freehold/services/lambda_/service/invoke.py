"""Invoke: a function asked for now, for later, or only whether it may be asked.

It may not know how functions run.
"""

import base64
import binascii

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.sandbox import Result
from freehold.services.lambda_ import errors, names
from freehold.services.lambda_.catalogue import function_arn, lambda_
from freehold.services.lambda_.events import attempts
from freehold.services.lambda_.invocation import running
from freehold.services.lambda_.invocation.running import Payload, Target

SYNC_BYTES_MAX, ASYNC_BYTES_MAX = 6_291_556, 1_048_576
TAIL_BYTES = 4_096
EMPTY = b"{}"


@lambda_.operation(needs={"lambda:InvokeFunction": function_arn})
async def invoke(call: Call, request: Request) -> Response:
    """Run a function (RequestResponse), promise to (Event), or only look whether it could be (DryRun)."""
    ref = names.read(request["FunctionName"], request.get("Qualifier", ""))
    target = await call.transact(running.resolve, ref)
    home = call.within(ref.account) if ref.account and ref.account != call.account else call
    kind = request.get("InvocationType", "RequestResponse")
    if kind == "DryRun":
        return {"StatusCode": 204}
    body = _checked(request.get("Payload", b""), ASYNC_BYTES_MAX if kind == "Event" else SYNC_BYTES_MAX)
    if kind == "Event":
        await home.transact(attempts.accept, target, call.request_id, body)
        return {"StatusCode": 202}
    payload = Payload(call.request_id, body, _client_context(request.get("ClientContext")))
    result = await running.run(home, target, payload)
    await home.transact(running.write_log, target.version, result)
    return _answer(target, result, tail=request.get("LogType") == "Tail")


def _answer(target: Target, result: Result, tail: bool) -> Response:
    answer: Response = {"StatusCode": 200, "Payload": result.payload, "ExecutedVersion": target.version.label}
    if result.status != "ok":
        answer["FunctionError"] = "Unhandled"
    if tail:
        text = "".join(event if event.endswith("\n") else event + "\n" for _, event in result.log)
        answer["LogResult"] = base64.b64encode(text.encode()[-TAIL_BYTES:]).decode()
    return answer


def _checked(body: bytes, most: int) -> bytes:
    """The payload, which must be JSON of at most `most` bytes; nothing means an empty object."""
    if len(body) > most:
        raise errors.RequestTooLargeException(most=most)
    if not body:
        return EMPTY
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except msgspec.DecodeError as fault:
        raise errors.InvalidRequestContentException(reason=str(fault)) from fault
    return body


def _client_context(text: str | None) -> str | None:
    """The client context, sent as base64, as its JSON text. What cannot be read reaches no function."""
    if not text:
        return None
    try:
        decoded = base64.b64decode(text, validate=True).decode()
        msgspec.json.decode(decoded, type=msgspec.Raw)
    except (binascii.Error, UnicodeDecodeError, msgspec.DecodeError) as fault:
        raise errors.InvalidRequestContentException(
            reason="Client context must be a valid Base64-encoded JSON object."
        ) from fault
    return decoded
