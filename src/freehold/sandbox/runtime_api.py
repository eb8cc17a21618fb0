"""The Runtime API, version 2018-06-01, of one environment.

One idea: a transition table. A call of the runtime moves the environment from one phase to the next or is refused;
what happens is handed to the environment as a `Turn`. It may not know processes, pools or logs.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import asyncio
from collections.abc import Callable
from enum import Enum
from socket import socket

import msgspec
import orjson

from freehold.sandbox.http1 import Connection, Request
from freehold.sandbox.spec import Invocation

PREFIX = "/2018-06-01/runtime/"
RESPONSE_BYTES_MAX = 6_291_556
ACCEPTED = b'{"status":"OK"}\n'


class Phase(Enum):
    """Where an environment stands."""

    INIT = "init"
    IDLE = "idle"
    RUNNING = "running"
    ANSWERED = "answered"
    FAILED = "failed"


class Call(Enum):
    """What a runtime may ask."""

    NEXT = "next"
    RESPONSE = "response"
    ERROR = "error"
    INIT_ERROR = "init/error"


MOVES = {
    (Call.NEXT, Phase.INIT): Phase.IDLE,
    (Call.NEXT, Phase.ANSWERED): Phase.IDLE,
    (Call.RESPONSE, Phase.RUNNING): Phase.ANSWERED,
    (Call.ERROR, Phase.RUNNING): Phase.ANSWERED,
    (Call.INIT_ERROR, Phase.INIT): Phase.FAILED,
}


class Answer(msgspec.Struct, frozen=True):
    """What the runtime said to one invocation, or of its init. `error_type` is None where all went well."""

    payload: bytes
    error_type: str | None = None


class RuntimeApi:
    """The Runtime API of one environment: `listen`, then `give` it invocations. `on_turn` hears of each new phase."""

    def __init__(self, on_turn: Callable[[Phase], None]) -> None:
        self.phase = Phase.INIT
        self.answer: Answer | None = None
        self._on_turn = on_turn
        self._parked: Request | None = None
        self._request_id = ""
        self._server: asyncio.Server | None = None
        self._connections: list[Connection] = []

    async def listen(self, door: socket) -> str:
        """Serve at a socket that listens. Returns the value of AWS_LAMBDA_RUNTIME_API."""
        self._server = await asyncio.get_running_loop().create_server(self._connect, sock=door)
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    @property
    def waiting(self) -> bool:
        """True while the runtime waits on the line for its next invocation."""
        return self.phase is Phase.IDLE and self._parked is not None and not self._parked.gone

    def _connect(self) -> Connection:
        connection = Connection(self._serve, RESPONSE_BYTES_MAX)
        self._connections = [known for known in self._connections if not known.closed] + [connection]
        return connection

    def close(self) -> None:
        """Shut the door and hang up."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.close()

    def give(self, invocation: Invocation, deadline_ms: int) -> None:
        """Hand an invocation to the runtime, which must be waiting for one."""
        assert self.waiting
        self.phase, self.answer, self._request_id = Phase.RUNNING, None, invocation.request_id
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.invoked_arn,
            "Lambda-Runtime-Trace-Id": invocation.trace_id,
            "Lambda-Runtime-Client-Context": invocation.client_context or "",
            "Lambda-Runtime-Cognito-Identity": invocation.cognito_identity or "",
        }
        parked, self._parked = self._parked, None
        assert parked is not None
        parked.answer(200, invocation.payload, headers)

    def _serve(self, request: Request) -> None:
        """Answer one call of the runtime."""
        call, request_id = _read(request)
        if call is None:
            _refuse(request, 404, "InvalidRequest", f"{request.method} {request.path} is not part of the Runtime API")
            return
        if request_id is not None and request_id != self._request_id:
            _refuse(request, 400, "InvalidRequestID", "Invalid request ID")
            return
        following = self._following(call)
        if following is None:
            words = f"State transition from {self.phase.value} by {call.value} is not allowed"
            _refuse(request, 403, "InvalidStateTransition", words)
            return
        if call is Call.NEXT:
            self._parked = request
        else:
            self.answer = _take(request, call)
        self.phase = following
        self._on_turn(following)

    def _following(self, call: Call) -> Phase | None:
        """The phase this call leads to, None where it is not allowed."""
        if call is Call.NEXT and self.phase is Phase.IDLE and not self.waiting:
            return Phase.IDLE  # a runtime that lost its connection while it waited comes back
        return MOVES.get((call, self.phase))


def _read(request: Request) -> tuple[Call | None, str | None]:
    """The call that a request makes and the request id in its path, if the call has one."""
    if not request.path.startswith(PREFIX):
        return None, None
    match request.method, request.path.removeprefix(PREFIX).split("/"):
        case "GET", ["invocation", "next"]:
            return Call.NEXT, None
        case "POST", ["invocation", request_id, "response"]:
            return Call.RESPONSE, request_id
        case "POST", ["invocation", request_id, "error"]:
            return Call.ERROR, request_id
        case "POST", ["init", "error"]:
            return Call.INIT_ERROR, None
    return None, None


def _take(request: Request, call: Call) -> Answer:
    """Acknowledge an answer of the runtime and give what it says."""
    if request.size > RESPONSE_BYTES_MAX:
        words = f"Exceeded maximum allowed payload size ({RESPONSE_BYTES_MAX} bytes)."
        _refuse(request, 413, "RequestEntityTooLarge", words)
        return too_large(request.size)
    request.answer(202, ACCEPTED)
    if call is Call.RESPONSE:
        if "lambda-runtime-function-error-type" in request.headers:  # a stream that broke off says so in its trailers
            return Answer(request.body, request.headers["lambda-runtime-function-error-type"])
        return Answer(request.body)
    return Answer(request.body, _error_type(request))


def _error_type(request: Request) -> str:
    """The type an error report carries: that of its body, else of its header."""
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        body = None
    told = body.get("errorType") if isinstance(body, dict) else None
    return str(told or request.headers.get("lambda-runtime-function-error-type") or "Runtime.Unknown")


def too_large(size: int) -> Answer:
    """The answer the caller gets in place of one of `size` bytes."""
    words = f"Response payload size ({size} bytes) exceeded maximum allowed payload size ({RESPONSE_BYTES_MAX} bytes)."
    kind = "Function.ResponseSizeTooLarge"
    return Answer(orjson.dumps({"errorType": kind, "errorMessage": words}), kind)


def _refuse(request: Request, status: int, error_type: str, message: str) -> None:
    request.answer(status, orjson.dumps({"errorMessage": message, "errorType": error_type}))
