"""What AWS says when function code fails in ways the runtime itself can not report.

One idea: a failure is a value made once, here: its status, its error type, its payload for the caller and its line
for the log. It may not know processes or pools.
https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
"""

import signal

import msgspec
import orjson

from freehold.sandbox.platform import stamp
from freehold.sandbox.runtime_api import Answer
from freehold.sandbox.spec import Status

SIGNAL_WORDS = {
    signal.SIGKILL: "killed",
    signal.SIGSEGV: "segmentation fault",
    signal.SIGABRT: "aborted",
    signal.SIGTERM: "terminated",
    signal.SIGINT: "interrupt",
    signal.SIGFPE: "floating point exception",
    signal.SIGBUS: "bus error",
    signal.SIGILL: "illegal instruction",
    signal.SIGXFSZ: "file size limit exceeded",
}


class Failure(msgspec.Struct, frozen=True):
    """How a phase failed. `log_line` is the event that text logs have of it.

    `report_status` and `report_type` are what reports say of it: timeouts have no type there.
    """

    status: Status
    error_type: str
    payload: bytes
    log_line: str = ""
    report_status: str = "error"
    report_type: str = ""


def timed_out(request_id: str, timeout_s: float, now: float) -> Failure:
    """The function did not finish in its time."""
    words = f"Task timed out after {timeout_s:.2f} seconds"
    payload = _payload("Sandbox.Timedout", f"RequestId: {request_id} Error: {words}")
    return Failure("timeout", "Sandbox.Timedout", payload, f"{stamp(now)} {request_id} {words}\n\n", "timeout")


def exited(request_id: str, code: int, error_type: str) -> Failure:
    """The runtime process ended; `code` is its exit status or minus the signal that ended it."""
    words = f"Runtime exited with error: {_ending(code)}" if code else "Runtime exited without providing a reason"
    return _crash(request_id, "crash", error_type, words)


def extension_exited(request_id: str, code: int, error_type: str) -> Failure:
    """An extension's process ended."""
    return _crash(request_id, "crash", error_type, _ending(code) if code else "exit code 0")


def extension_not_startable(request_id: str, words: str) -> Failure:
    """There is an extension that can not be run."""
    return _crash(request_id, "init_error", "Extension.LaunchError", words)


def out_of_memory(request_id: str) -> Failure:
    """The environment held more memory than the function has and was killed."""
    return _crash(request_id, "memory", "Runtime.OutOfMemory", "Runtime exited with error: signal: killed")


def not_startable(request_id: str, words: str) -> Failure:
    """There is nothing to run: no interpreter, no bootstrap, no permission."""
    return _crash(request_id, "init_error", "Runtime.InvalidEntrypoint", words)


def init_failed(answer: Answer) -> Failure:
    """The runtime reported that it can not get ready."""
    kind = answer.error_type or "Runtime.Unknown"
    return Failure("init_error", kind, answer.payload, report_type=answer.fault or kind)


def _crash(request_id: str, status: Status, error_type: str, words: str) -> Failure:
    message = f"RequestId: {request_id} Error: {words}"
    payload = _payload(error_type, message)
    return Failure(status, error_type, payload, f"{message}\n{error_type}\n", report_type=error_type)


def _payload(error_type: str, message: str) -> bytes:
    return orjson.dumps({"errorType": error_type, "errorMessage": message})


def _ending(code: int) -> str:
    if code > 0:
        return f"exit status {code}"
    number = signal.Signals(-code) if -code in set(signal.Signals) else None
    return f"signal: {SIGNAL_WORDS.get(number, str(-code)) if number else -code}"
