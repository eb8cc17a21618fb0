"""The Runtime API, version 2018-06-01, of one environment.

One idea: a transition table. A call of the runtime moves it from one phase to the next or is refused; what happens is
handed to the environment as a turn. It may not know processes, pools or logs.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html; where it is silent, AWS's runtime interface emulator
(github.com/aws/aws-lambda-runtime-interface-emulator), which is the code of the real one.
"""

import re
import time
from collections.abc import Callable
from enum import Enum
from typing import Protocol

import msgspec
import orjson

from freehold.sandbox.http1 import JSON, Request
from freehold.sandbox.spec import Invocation

PREFIX = "/2018-06-01/"
RESPONSE_BYTES_MAX = 6_291_556
STREAM_BYTES_MAX = 200 << 20
ACCEPTED = b'{"status":"OK"}\n'
MODE_HEADER = "lambda-runtime-function-response-mode"
ERROR_TYPE_HEADER = "lambda-runtime-function-error-type"
ERROR_BODY_HEADER = "lambda-runtime-function-error-body"
REPORTABLE = re.compile(r"(Runtime|Function)\.[A-Z][a-zA-Z]+")


class Phase(Enum):
    """Where a runtime stands, by AWS's names."""

    INIT = "Started"
    RESTORING = "Restoring"
    IDLE = "Ready"
    RUNNING = "Running"
    ANSWERING = "InvocationResponse"
    ANSWERED = "ResponseSent"
    FAILED = "InitError"


class Call(Enum):
    """What a runtime may ask, by AWS's name of where it leads."""

    NEXT = "Ready"
    RESPONSE = "InvocationResponse"
    ERROR = "InvocationErrorResponse"
    INIT_ERROR = "InitError"
    RESTORE_NEXT = "RestoreReady"
    RESTORE_ERROR = "RestoreError"


MOVES = {
    (Call.NEXT, Phase.INIT): Phase.IDLE,
    (Call.NEXT, Phase.RESTORING): Phase.IDLE,
    (Call.NEXT, Phase.RUNNING): Phase.RUNNING,  # it is told the same invocation again
    (Call.NEXT, Phase.ANSWERED): Phase.IDLE,
    (Call.RESPONSE, Phase.RUNNING): Phase.ANSWERED,
    (Call.RESPONSE, Phase.ANSWERING): Phase.ANSWERED,
    (Call.ERROR, Phase.RUNNING): Phase.ANSWERED,
    (Call.INIT_ERROR, Phase.INIT): Phase.FAILED,
    (Call.INIT_ERROR, Phase.RESTORING): Phase.FAILED,
    (Call.RESTORE_NEXT, Phase.INIT): Phase.RESTORING,
    (Call.RESTORE_ERROR, Phase.RESTORING): Phase.FAILED,
}

RESTORE_CALLS = {
    ("GET", "runtime/restore/next"): Call.RESTORE_NEXT,
    ("POST", "runtime/restore/error"): Call.RESTORE_ERROR,
}
PLAIN_CALLS = {("GET", "runtime/invocation/next"): Call.NEXT, ("POST", "runtime/init/error"): Call.INIT_ERROR}
ANSWER_CALLS = {"response": Call.RESPONSE, "error": Call.ERROR}


class Answer(msgspec.Struct, frozen=True):
    """What the runtime said to one invocation, or of its init. `error_type` is None where all went well.

    `fault` is what AWS's own reports call the error: they repeat only types under Runtime. and Function. `streamed`
    bytes went to an outlet already and are not in `payload`.
    """

    payload: bytes
    error_type: str | None = None
    fault: str | None = None
    content_type: str = JSON
    streamed: int = 0

    @property
    def produced_bytes(self) -> int:
        """How much the runtime answered."""
        return self.streamed or len(self.payload)


class Outlet(Protocol):
    """Where a streamed response goes while it arrives."""

    def open(self, content_type: str, hold: Callable[[bool], None]) -> None:
        """A response begins. `hold(True)` stops its sender until `hold(False)`."""

    def feed(self, data: bytes) -> None:
        """The next piece."""

    def end(self) -> None:
        """That was all, and all is well."""


class RuntimeApi:
    """The Runtime API of one runtime: `give` it invocations. `on_turn` hears of each new phase.

    `restores` says that the snapshot calls are there; elsewhere AWS answers them with 404. `response_at` and
    `answered_at` are moments of time.perf_counter: when the runtime began to answer, and when it had.
    """

    def __init__(self, on_turn: Callable[[Phase], None], restores: bool = False) -> None:
        self.phase = Phase.INIT
        self.answer: Answer | None = None
        self.response_at = self.answered_at = 0.0
        self._on_turn = on_turn
        self._restores = restores
        self._parked: Request | None = None
        self._invocation: Invocation | None = None
        self._headers: dict[str, str] = {}
        self._outlet: Outlet | None = None

    @property
    def waiting(self) -> bool:
        """True while the runtime waits on the line for its next invocation."""
        return self.phase is Phase.IDLE and self._parked is not None and not self._parked.gone

    def give(self, invocation: Invocation, deadline_ms: int, outlet: Outlet | None = None) -> None:
        """Hand an invocation to the runtime, which must be waiting for one. `outlet` takes a response that streams."""
        assert self.waiting
        self.phase, self.answer = Phase.RUNNING, None
        self._invocation, self._outlet = invocation, outlet
        self._headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.invoked_arn,
            "Lambda-Runtime-Trace-Id": invocation.trace_id,
            "Lambda-Runtime-Client-Context": invocation.client_context or "",
            "Lambda-Runtime-Cognito-Identity": invocation.cognito_identity or "",
            "Lambda-Runtime-Aws-Tenant-Id": invocation.tenant_id or "",
        }
        parked, self._parked = self._parked, None
        assert parked is not None
        parked.answer(200, invocation.payload, self._headers)

    def meet(self, request: Request, path: str) -> None:
        """A head came: take the body as it arrives where it is a streamed response that somebody waits for."""
        if self._outlet is None or self.phase is not Phase.RUNNING:
            return
        call, request_id = self._read(request.method, path)
        streams = request.headers.get(MODE_HEADER, "").lower() == "streaming"
        if call is Call.RESPONSE and streams and self._invocation and request_id == self._invocation.request_id:
            self.phase, self.response_at = Phase.ANSWERING, time.perf_counter()
            request.sink = Flow(self, request, self._outlet)

    def serve(self, request: Request, path: str) -> None:
        """Answer one call of the runtime."""
        if isinstance(request.sink, Flow) and request.sink.over:
            return  # it has its answer
        call, request_id = self._read(request.method, path)
        if call is None:
            not_found(request)
        elif request_id is not None and (self._invocation is None or request_id != self._invocation.request_id):
            refuse(request, 400, "InvalidRequestID", "Invalid request ID")
        elif (following := self._following(call, request)) is None:
            words = f"State transition from {self.phase.value} to {call.value} failed for runtime."
            refuse(request, 403, "InvalidStateTransition", f"{words} Error: State transition is not allowed")
        else:
            self._do(request, call, following)

    def _read(self, method: str, path: str) -> tuple[Call | None, str | None]:
        """The call that a request makes and the request id in its path, if the call has one."""
        if call := PLAIN_CALLS.get((method, path)):
            return call, None
        parts = path.split("/")
        if method == "POST" and len(parts) == 4 and parts[:2] == ["runtime", "invocation"]:
            return ANSWER_CALLS.get(parts[3]), parts[2]
        return (RESTORE_CALLS.get((method, path)) if self._restores else None), None

    def _following(self, call: Call, request: Request) -> Phase | None:
        """The phase this call leads to, None where it is not allowed."""
        if call is Call.NEXT and self.phase is Phase.IDLE and not self.waiting:
            return Phase.IDLE  # a runtime that lost its connection while it waited comes back
        if self.phase is Phase.ANSWERING and request.sink is None:
            return None  # a second answer while the first still streams
        return MOVES.get((call, self.phase))

    def _do(self, request: Request, call: Call, following: Phase) -> None:
        """A call that is allowed."""
        if following is Phase.RUNNING and self._invocation is not None:
            request.answer(200, self._invocation.payload, self._headers)
            return
        if call is Call.NEXT:
            self._parked, self._invocation, self._outlet = request, None, None
        elif call is Call.RESTORE_NEXT:
            request.answer(200)
        elif isinstance(request.sink, Flow):
            self.answer = request.sink.end()
        else:
            self.response_at = time.perf_counter()
            self.answer = take(request, call)
            self._pass_on(self.answer, request)
        self.turn(following)

    def _pass_on(self, answer: Answer, request: Request) -> None:
        """Give an answer that came whole to an outlet that waits for one."""
        if self._outlet is not None and answer.error_type is None:
            self._outlet.open(answer.content_type, request.hold)
            self._outlet.feed(answer.payload)
            self._outlet.end()

    def turn(self, phase: Phase) -> None:
        """Enter a phase and tell."""
        self.phase = phase
        if phase is Phase.ANSWERED:
            self.answered_at = time.perf_counter()
        self._on_turn(phase)

    def break_off(self, answer: Answer) -> None:
        """A streamed answer ended before its end."""
        if self.phase is Phase.ANSWERING:
            self.answer = answer
            self.turn(Phase.ANSWERED)


class Flow:
    """A response on its way from the runtime to an outlet."""

    def __init__(self, api: RuntimeApi, request: Request, outlet: Outlet) -> None:
        self._api, self._request, self._outlet = api, request, outlet
        self._content_type = request.headers.get("content-type") or "application/octet-stream"
        self._sent = 0
        self.over = False
        outlet.open(self._content_type, request.hold)

    def feed(self, data: bytes) -> None:
        """Pass a piece on, up to 200 MB."""
        if self.over:
            return
        self._sent += len(data)
        if self._sent <= STREAM_BYTES_MAX:
            self._outlet.feed(data)
            return
        self.over = True
        entity_too_large(self._request, STREAM_BYTES_MAX)
        self._request.hang_up()
        self._api.break_off(too_large(self._sent, STREAM_BYTES_MAX))

    def cut(self) -> None:
        """The runtime went away in the midst of it."""
        kind = "Runtime.TruncatedResponse"
        self._api.break_off(Answer(b"", kind, kind, self._content_type, self._sent))

    def end(self) -> Answer:
        """All is there: acknowledge. A stream that broke off says so in its trailers, with its error in base64."""
        self._request.answer(202, ACCEPTED)
        kind = self._request.headers.get(ERROR_TYPE_HEADER)
        if kind is None:
            self._outlet.end()
            return Answer(b"", content_type=self._content_type, streamed=self._sent)
        body = decoded(self._request.headers.get(ERROR_BODY_HEADER, ""))
        return Answer(body, kind, reportable(kind), self._content_type, self._sent)


def decoded(text: str) -> bytes:
    """An error body out of a trailer: base64 as the public runtime clients send it, else as it stands."""
    try:
        return msgspec.convert(text, bytes, strict=False) if text else b""
    except msgspec.ValidationError:
        return text.encode("latin-1", "replace")


def take(request: Request, call: Call) -> Answer:
    """Acknowledge an answer of the runtime and give what it says."""
    if request.size > RESPONSE_BYTES_MAX:
        entity_too_large(request, RESPONSE_BYTES_MAX)
        return too_large(request.size, RESPONSE_BYTES_MAX)
    content_type = request.headers.get("content-type") or JSON
    kind = request.headers.get(ERROR_TYPE_HEADER)
    if call is not Call.RESPONSE:
        request.answer(202, ACCEPTED)
        return Answer(request.body, _error_type(request), reportable(kind or ""), content_type)
    if request.headers.get(MODE_HEADER, "streaming").lower() != "streaming":
        refuse(request, 400, "InvalidFunctionResponseMode", "Invalid function response mode")
        kind = "Runtime.InvalidResponseModeHeader"
        return Answer(b"", kind, kind)
    request.answer(202, ACCEPTED)
    if kind is not None:  # a stream that broke off says so in its trailers
        return Answer(request.body, kind, reportable(kind), content_type)
    return Answer(request.body, content_type=content_type)


def _error_type(request: Request) -> str:
    """The type an error report carries: that of its body, else of its header."""
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        body = None
    told = body.get("errorType") if isinstance(body, dict) else None
    return str(told or request.headers.get(ERROR_TYPE_HEADER) or "Runtime.Unknown")


def reportable(kind: str) -> str:
    """An error type as AWS's reports name it: those that are not of its own two families are not repeated."""
    if REPORTABLE.search(kind):
        return kind
    return "Function.Unknown" if kind.startswith("Function.") else "Runtime.Unknown"


def too_large(size: int, most: int) -> Answer:
    """The answer the caller gets in place of one of `size` bytes."""
    words = f"Response payload size ({size} bytes) exceeded maximum allowed payload size ({most} bytes)."
    kind = "Function.ResponseSizeTooLarge"
    return Answer(orjson.dumps({"errorType": kind, "errorMessage": words}), kind, kind)


def entity_too_large(request: Request, most: int) -> None:
    """Refuse an answer for its size."""
    refuse(request, 413, "RequestEntityTooLarge", f"Exceeded maximum allowed payload size ({most} bytes).")


def refuse(request: Request, status: int, error_type: str, message: str) -> None:
    """Say no in the form that all APIs of an environment share."""
    request.answer(status, orjson.dumps({"errorMessage": message, "errorType": error_type}))


def not_found(request: Request) -> None:
    """There is no such call."""
    request.answer(404, b"404 page not found\n", content_type="text/plain; charset=utf-8")
