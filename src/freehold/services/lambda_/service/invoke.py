"""Invoke: a function asked for now, for later, or only whether it may be asked.

It may not know how functions run.
"""

import base64
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.sandbox import Result, Stream
from freehold.services.lambda_ import errors, functions, names
from freehold.services.lambda_.catalogue import function_arn, lambda_, whole_function_arn
from freehold.services.lambda_.events import attempts
from freehold.services.lambda_.invocation import running
from freehold.services.lambda_.invocation.running import Payload, Target

SYNC_BYTES_MAX, ASYNC_BYTES_MAX = 6_291_556, 1_048_576
TAIL_BYTES = 4_096
EMPTY = b"{}"
UNHANDLED, NEWLINE = "Unhandled", "\n"
OF_STARTS = ("INIT_START ", "INIT_NOTICE ")


@lambda_.operation(needs={"lambda:InvokeFunction": function_arn})
async def invoke(call: Call, request: Request) -> Response:
    """Run a function (RequestResponse), promise to (Event), or only look whether it could be (DryRun)."""
    home, target = await _asked(call, request)
    kind = request.get("InvocationType", "RequestResponse")
    if kind == "DryRun":
        return {"StatusCode": 204}
    body = _checked(request.get("Payload", b""), ASYNC_BYTES_MAX if kind == "Event" else SYNC_BYTES_MAX)
    if kind == "Event":
        await home.transact(attempts.accept, target, call.request_id, body)
        return {"StatusCode": 202}
    payload = Payload(call.request_id, body, _client_context(request.get("ClientContext")))
    result = await running.run(home, target, payload)
    return _answer(target, result, tail=request.get("LogType") == "Tail")


async def _asked(call: Call, request: Request) -> tuple[Call, Target]:
    """What is to run, and the call as seen from its account."""
    ref = names.read(request["FunctionName"], request.get("Qualifier", ""))
    target = await call.transact(running.resolve, ref)
    if not ref.account or ref.account == call.account:
        return call, target
    return call.within(ref.account), target


@lambda_.internal_with({"lambda:InvokeFunction": function_arn})
def accept_event(call: Call, tx: Tx, request: Request) -> Response:
    """Invoke of an Event, for what this cloud itself tells a function (`FunctionName`, `Qualifier`, `Payload`): it does
    not wait, so telling and accepting are one transaction, and the disk is waited for once."""
    ref = names.read(request["FunctionName"], request.get("Qualifier", ""))
    target, body = running.resolve(tx, ref), _checked(request.get("Payload", b""), ASYNC_BYTES_MAX)
    attempts.accept(functions.here(tx, ref), target, call.request_id, body)
    return {"StatusCode": 202}


@lambda_.operation(needs={"lambda:InvokeAsync": whole_function_arn})
async def invoke_async(call: Call, request: Request) -> Response:
    """The old way to promise an event."""
    home, target = await _asked(call, request)
    given = request.get("InvokeArgs", b"")
    args = given if isinstance(given, bytes) else b"".join([chunk async for chunk in given])
    await home.transact(attempts.accept, target, call.request_id, _checked(args, ASYNC_BYTES_MAX))
    return {"Status": 202}


@lambda_.operation(needs={"lambda:InvokeFunction": function_arn})
async def invoke_with_response_stream(call: Call, request: Request) -> Response:
    """Run a function and pass its answer on while it arrives; how it ended is told last."""
    home, target = await _asked(call, request)
    if request.get("InvocationType") == "DryRun":
        return {"StatusCode": 204}
    body = _checked(request.get("Payload", b""), SYNC_BYTES_MAX)
    payload = Payload(call.request_id, body, _client_context(request.get("ClientContext")))
    answer = await running.stream(home, target, payload)
    told = _told(answer, tail=request.get("LogType") == "Tail")
    return {"StatusCode": 200, "ExecutedVersion": target.version.label, "EventStream": told}


async def _told(answer: Stream, tail: bool) -> AsyncIterator[dict[str, Any]]:
    try:
        async for chunk in answer:
            yield {"PayloadChunk": {"Payload": chunk}}
    finally:
        answer.close()
    result = await answer.ended()
    ending: dict[str, str] = {}
    if result.status != "ok":
        ending = {"ErrorCode": UNHANDLED, "ErrorDetails": result.payload.decode("utf-8", "replace")}
    if tail:
        ending["LogResult"] = _tail(result)
    yield {"InvokeComplete": ending}


def _answer(target: Target, result: Result, tail: bool) -> Response:
    answer: Response = {"StatusCode": 200, "Payload": result.payload, "ExecutedVersion": target.version.label}
    if result.status != "ok":
        answer["FunctionError"] = UNHANDLED
    if tail:
        answer["LogResult"] = _tail(result)
    return answer


def _tail(result: Result) -> str:
    """The end of the invocation's log, without the start of its environment."""
    text = "".join(f"{line.removesuffix(NEWLINE)}\n" for _, line in result.log if not line.startswith(OF_STARTS))
    return base64.b64encode(text.encode()[-TAIL_BYTES:]).decode()


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
    except (ValueError, msgspec.DecodeError) as fault:
        raise errors.InvalidRequestContentException(
            reason="Client context must be a valid Base64-encoded JSON object."
        ) from fault
    return decoded
