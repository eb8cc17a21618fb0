"""What goes into the sandbox and what comes out: plain values, no behaviour.

One idea: a function is known here only by what is needed to run it. These values may not know accounts, stores, the
Lambda service or the processes that run them.
"""

from pathlib import Path
from typing import Literal

import msgspec

Status = Literal["ok", "error", "timeout", "crash", "memory", "init_error"]
"""How an invocation ended: answered; answered with an error; ran out of time; the runtime exited; grew past its memory;
never became ready. Everything but "ok" is what AWS reports to the caller as FunctionError=Unhandled."""

LogLine = tuple[int, str]
"""(epoch milliseconds, one log event; a traceback is one event)."""


class Credentials(msgspec.Struct, frozen=True):
    """Keys of the execution role, given to an environment when it starts."""

    access_key_id: str
    secret_access_key: str
    session_token: str = ""


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """An unpacked container image: the folder that is the root of its programs, to read alone, and what is run in it.

    `entrypoint` and `command` together are the command line; `variables` are what a function finds beside Lambda's.
    """

    root: Path
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    working_dir: str = "/"
    variables: dict[str, str] = {}


class FunctionSpec(msgspec.Struct, frozen=True, kw_only=True):
    """All that is needed to run one revision of one function.

    `key` is unique to account, function, version and revision: environments are never shared across keys. `code` and
    `layers` are unpacked, read-only directories; layers appear in the order given, a later one over an earlier one.
    `initialization` is on-demand, provisioned-concurrency or snap-start. The levels count where logs are in JSON. A
    `runtime_version` (python:3.12.v30) with its ARN is told in the log at each start. Where there is an `image` it is
    run instead of `code` by a runtime; `code` is its /var/task then. `reach` is whom it may connect to by the rules of
    the network it was placed in, if in any: networks in CIDR form, each with a lowest and a highest port.
    """

    key: str
    runtime: str
    handler: str
    code: Path
    name: str
    arn: str
    region: str
    version: str = "$LATEST"
    layers: tuple[Path, ...] = ()
    memory_mb: int = 128
    timeout_s: float = 3.0
    ephemeral_mb: int = 512
    environment: dict[str, str] = {}
    log_group: str = ""
    endpoint_url: str | None = None
    initialization: str = "on-demand"
    log_format: Literal["Text", "JSON"] = "Text"
    application_level: Literal["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] = "INFO"
    system_level: Literal["DEBUG", "INFO", "WARN"] = "INFO"
    tracing: Literal["PassThrough", "Active"] = "PassThrough"
    runtime_version: str = ""
    runtime_version_arn: str = ""
    image: Image | None = None
    reach: tuple[tuple[str, int, int], ...] | None = None

    @property
    def account(self) -> str:
        """The account the function belongs to, as its ARN says."""
        return "".join(self.arn.split(":")[4:5])

    @property
    def log_group_name(self) -> str:
        """The log group the function is told of; by default AWS's own naming."""
        return self.log_group or f"/aws/lambda/{self.name}"


class Invocation(msgspec.Struct, frozen=True, kw_only=True):
    """One request to a function. `deadline_ms` is in epoch milliseconds; None counts the timeout from the hand-over.

    `client_context` and `cognito_identity` are JSON texts, as the runtime clients of AWS read them.
    """

    request_id: str
    payload: bytes
    invoked_arn: str
    trace_id: str = ""
    deadline_ms: int | None = None
    client_context: str | None = None
    cognito_identity: str | None = None
    tenant_id: str | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How one invocation went. Spans in milliseconds; `init_ms` only where this request paid for a cold start.

    `content_type` is what the runtime said of its answer: application/vnd.awslambda.http-integration-response begins
    with a JSON object of status, headers and cookies, and eight zero bytes. What was streamed is not in `payload`.
    """

    status: Status
    payload: bytes
    error_type: str | None
    log: list[LogLine]
    log_stream: str
    cold: bool
    duration_ms: float
    billed_ms: int
    max_memory_mb: int
    init_ms: float | None = None
    content_type: str = "application/json"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One environment as seen from outside. `since` is epoch seconds: when it last changed between busy and idle."""

    id: str
    key: str
    pid: int | None
    busy: bool
    since: float
    started_at: float
    invocations: int
    log_stream: str
