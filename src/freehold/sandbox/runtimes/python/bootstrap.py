"""The Python runtime: takes invocations from the Runtime API, calls the function's handler, gives back what it says.

One idea: one connection, one loop; the answer to an invocation and the request for the next leave in one write. It
runs inside the function's own process, by any Python from 3.8 on, and may use the standard library alone.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
"""

from __future__ import annotations

import _sitebuiltins
import builtins
import importlib
import json
import logging
import os
import re
import socket
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # not there where a fork server loads this file
from freehold_voice import EventLog, Frames, set_level, take_voice

del sys.path[0]

READ_BYTES = 65_536
PATH = "/2018-06-01/runtime/"
JSON = "application/json"


class Fault(Exception):
    """A failure this runtime finds in the function's code or answers, under its AWS name."""

    def __init__(self, kind: str, message: str, trace: list[str] | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.trace = trace or []


# The Runtime API.


class RuntimeApi:
    """The client's side of the Runtime API, over one connection that is kept."""

    def __init__(self, address: str) -> None:
        host, port = address.rsplit(":", 1)
        self._host = address
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def next(self, answer: bytes) -> tuple[dict[str, str], bytes]:
        """Send `answer` to the last invocation, if any, and wait for the next: its headers and its event."""
        self._socket.sendall(answer + f"GET {PATH}invocation/next HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())
        if answer:
            self._read()  # an answer that was refused, say for its size, is known to the platform
        status, headers, event = self._read()
        if status != 200:
            sys.exit(f"the Runtime API answered {status}")
        return headers, event

    def fail_init(self, report: dict) -> None:
        """Tell that the function can not get ready."""
        self._socket.sendall(self.post("init/error", *dump(report), report["errorType"]))
        self._read()

    def post(self, path: str, body: bytes, kind: str = JSON, error_type: str = "") -> bytes:
        """The bytes of a POST; `kind` is the content type."""
        head = f"POST {PATH}{path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: {kind}\r\n"
        if error_type:
            head += f"Lambda-Runtime-Function-Error-Type: {error_type}\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode("latin-1", "replace") + body

    def _read(self) -> tuple[int, dict[str, str], bytes]:
        """One response: status, headers by lower-case name, body."""
        data = self._rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._receive()
        status_line, *lines = data[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body, length = [data[end + 4 :]], int(headers.get("content-length", 0))
        missing = length - len(body[0])
        while missing > 0:
            body.append(self._receive())
            missing -= len(body[-1])
        whole = b"".join(body)
        self._rest = whole[length:]
        return int(status_line.split(" ", 2)[1]), headers, whole[:length]

    def _receive(self) -> bytes:
        try:
            data = self._socket.recv(READ_BYTES)
        except OSError:
            data = b""
        if not data:
            os._exit(1)  # the platform is gone
        return data


# What the handler is given beside the event.


class Fields:
    """An object with the fields of a JSON object; what is not there is None."""

    def __init__(self, names: tuple[str, ...], values: dict | None) -> None:
        for name in names:
            setattr(self, name, (values or {}).get(name))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({vars(self)})"


class CognitoIdentity(Fields):
    """Who called, by Amazon Cognito."""

    def __init__(self, values: dict | None) -> None:
        names = {"cognito_identity_id": "cognitoIdentityId", "cognito_identity_pool_id": "cognitoIdentityPoolId"}
        super().__init__(tuple(names), {name: (values or {}).get(told) for name, told in names.items()})


class Client(Fields):
    """The mobile application that called."""

    def __init__(self, values: dict | None) -> None:
        super().__init__(
            ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"), values
        )


class ClientContext(Fields):
    """What the caller's SDK told of itself."""

    def __init__(self, values: dict) -> None:
        super().__init__(("custom", "env"), values)
        self.client = Client(values["client"]) if values.get("client") else None


class LambdaContext:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, headers: dict[str, str], voice: Frames) -> None:
        variable = os.environ.get
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn", "")
        self.function_name = variable("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = variable("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = variable("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = variable("AWS_LAMBDA_LOG_STREAM_NAME")
        client = told(headers, "lambda-runtime-client-context", "Client Context")
        self.client_context = ClientContext(client) if client else None
        self.identity = CognitoIdentity(told(headers, "lambda-runtime-cognito-identity", "Cognito Identity"))
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        self._deadline_ms = int(headers.get("lambda-runtime-deadline-ms") or 0)
        self._voice = voice

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the platform ends this invocation; never below zero."""
        return max(self._deadline_ms - time.time_ns() // 1_000_000, 0)

    def log(self, message: object) -> None:
        """Write one log event."""
        self._voice.event(str(message).encode("utf-8", "replace"))

    def __repr__(self) -> str:
        return f"LambdaContext({ {name: value for name, value in vars(self).items() if name[0] != '_'} })"


def told(headers: dict[str, str], name: str, what: str) -> dict | None:
    """The JSON of a header. Raises Fault."""
    try:
        return json.loads(headers[name]) if headers.get(name) else None
    except ValueError as error:
        raise Fault("Runtime.LambdaContextUnmarshalError", f"Unable to parse {what} JSON: {error}") from None


# The function.


def load(name: str):
    """The handler called `name`, "folder/module.function". Raises Fault; what the module raises goes through."""
    try:
        module_path, function = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{name}': {error}") from None
    module_name = module_path.replace("/", ".")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_path} as a handler module")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_path}': {error}") from None
    except SyntaxError as error:
        where = f'  File "{error.filename}" Line {error.lineno}\n    {(error.text or "").strip()}'
        raise Fault(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_path}': {error}", [where]
        ) from None
    try:
        return getattr(module, function)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module_path}'") from None


class Encoder(json.JSONEncoder):
    """JSON as AWS's runtime writes it: Decimal as the number it is, bytes as text."""

    def __init__(self) -> None:
        version = os.environ.get("AWS_EXECUTION_ENV", "").rpartition("python3.")[2]
        super().__init__(ensure_ascii=not version.isdigit() or int(version) < 12)
        self._mark = os.urandom(8).hex()  # stands for a number until all else is text
        self._numbers: list[str] = []

    def default(self, value: object) -> object:
        if isinstance(value, (bytes, bytearray)):
            return value.decode()
        if "decimal" in sys.modules and isinstance(value, sys.modules["decimal"].Decimal):
            self._numbers.append("NaN" if value.is_nan() else str(value))
            return f"{self._mark}{len(self._numbers) - 1}"
        return super().default(value)

    def encode(self, value: object) -> str:
        text = super().encode(value)
        if not self._numbers:
            return text
        return re.sub(f'"{self._mark}(\\d+)"', lambda found: self._numbers[int(found[1])], text)


def dump(value: object) -> tuple[bytes, str]:
    """`value` as JSON, and its content type; bytes are given as they are. Raises Fault where it has no JSON form."""
    if isinstance(value, bytes):
        return value, "application/unknown"
    try:
        try:
            return Encoder().encode(value).encode(), JSON
        except UnicodeEncodeError:  # half of a surrogate pair
            return json.dumps(value).encode(), JSON
    except Exception as error:  # a value's own methods may raise anything
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


SILENT_OF_REQUESTS = {f"AWS_Lambda_python3.{minor}" for minor in (6, 7, 8)}  # whose errors have no requestId in AWS


def report_of(error: BaseException, request_id: str) -> dict:
    """An exception as the caller sees it."""
    named = {} if os.environ.get("AWS_EXECUTION_ENV") in SILENT_OF_REQUESTS else {"requestId": request_id}
    if isinstance(error, Fault):
        return {"errorMessage": str(error), "errorType": error.kind, **named, "stackTrace": error.trace}
    frames = [tuple(frame) for frame in traceback.extract_tb(error.__traceback__)]  # without what points into lines
    while frames and frames[0][0] == __file__:
        frames.pop(0)
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        **named,
        "stackTrace": traceback.format_list(frames),
    }


def serve(api: RuntimeApi, handler, voice: Frames, log: EventLog) -> None:
    """Take invocations for ever."""
    answer = b""
    while True:
        headers, event = api.next(answer)
        log.request_id = request_id = headers["lambda-runtime-aws-request-id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
        try:
            answer = api.post(f"invocation/{request_id}/response", *dump(call(handler, event, headers, voice)))
        except Exception as error:  # whatever the function raises is its answer
            report = report_of(error, request_id)
            log.tell(report)
            answer = api.post(f"invocation/{request_id}/error", *dump(report), report["errorType"])
        voice.end_line()


def call(handler, event: bytes, headers: dict[str, str], voice: Frames) -> object:
    """What the handler says to an event."""
    try:
        value = json.loads(event)
    except ValueError as error:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None
    return handler(value, LambdaContext(headers, voice))


def search_path(task_root: str) -> list[str]:
    """The function's code, its layers, then what the interpreter has; not the folder of this file."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    opt = os.environ.pop("_FREEHOLD_OPT", "/opt")
    places = [f"{opt}/python{tail}" for tail in (f"/lib/{version}/site-packages", "")]
    return [task_root, *(place for place in places if os.path.isdir(place)), *sys.path[1:]]


def main() -> None:
    """Get ready, then serve."""
    voice = take_voice()
    log = EventLog(voice)
    logging.getLogger().addHandler(log)
    set_level()
    builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D")  # what `site` would have added
    builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D")
    sys.path[:] = search_path(os.environ["LAMBDA_TASK_ROOT"])
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:  # whatever the function's module raises is the reason
        report = report_of(error, "")
        log.tell(report)
        api.fail_init(report)
        sys.exit(1)
    voice.end_line()
    serve(api, handler, voice, log)


if __name__ == "__main__":
    main()
