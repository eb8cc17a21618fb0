"""What the function's owner has set. It may not know what the settings do.

One idea: one table, a setting → the variables that may hold it, the newest name first, and what holds where none does.

https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
"""

from __future__ import annotations

TABLE = {
    "host": (("AWS_LWA_HOST", "HOST"), "127.0.0.1"),
    "port": (("AWS_LWA_PORT", "PORT"), "8080"),
    "check_port": (("AWS_LWA_READINESS_CHECK_PORT", "READINESS_CHECK_PORT"), ""),
    "check_path": (("AWS_LWA_READINESS_CHECK_PATH", "READINESS_CHECK_PATH"), "/"),
    "check_protocol": (("AWS_LWA_READINESS_CHECK_PROTOCOL", "READINESS_CHECK_PROTOCOL"), "http"),
    "healthy": (("AWS_LWA_READINESS_CHECK_HEALTHY_STATUS",), ""),
    "unhealthy_from": (
        ("AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS", "READINESS_CHECK_MIN_UNHEALTHY_STATUS"),
        "500",
    ),
    "async_init": (("AWS_LWA_ASYNC_INIT", "ASYNC_INIT"), "false"),
    "base_path": (("AWS_LWA_REMOVE_BASE_PATH", "REMOVE_BASE_PATH"), ""),
    "compression": (("AWS_LWA_ENABLE_COMPRESSION",), "false"),
    "invoke_mode": (("AWS_LWA_INVOKE_MODE",), "buffered"),
    "pass_through_path": (("AWS_LWA_PASS_THROUGH_PATH",), "/events"),
    "authorization_source": (("AWS_LWA_AUTHORIZATION_SOURCE",), ""),
    "error_codes": (("AWS_LWA_ERROR_STATUS_CODES",), ""),
    "runtime_api": (("AWS_LWA_LAMBDA_RUNTIME_API_PROXY", "AWS_LAMBDA_RUNTIME_API"), "127.0.0.1:9001"),
}


class Settings:
    """What holds in one environment. Ports are numbers; `healthy` and `error_codes` are sets of status codes."""

    host: str
    port: int
    check_port: int
    check_path: str
    check_protocol: str
    healthy: frozenset[int]
    async_init: bool
    base_path: str
    compression: bool
    streaming: bool
    pass_through_path: str
    authorization_source: str
    error_codes: frozenset[int]
    runtime_api: str

    def __init__(self, **given: object) -> None:
        self.__dict__.update(given)


def read(variables: dict[str, str]) -> Settings:
    """The settings that these variables mean. Raises ValueError for a port that is no number."""
    given = {name: _first(variables, names, default) for name, (names, default) in TABLE.items()}
    below = int(given.pop("unhealthy_from"))
    streaming = given.pop("invoke_mode").lower() == "response_stream"
    told: dict[str, object] = {
        "port": int(given["port"]),
        "check_port": int(given["check_port"] or given["port"]),
        "check_protocol": given["check_protocol"].lower(),
        "healthy": status_codes(given["healthy"]) if given["healthy"] else frozenset(range(100, below)),
        "async_init": given["async_init"] == "true",
        "base_path": given["base_path"].rstrip("/"),
        "compression": given["compression"] == "true" and not streaming,
        "error_codes": status_codes(given["error_codes"]),
        "streaming": streaming,
    }
    return Settings(**{**given, **told})


def _first(variables: dict[str, str], names: tuple[str, ...], default: str) -> str:
    return next((variables[name] for name in names if name in variables), default)


def status_codes(text: str) -> frozenset[int]:
    """Codes and ranges, "500,502-504". What can not be read is passed over, as the public adapter does."""
    codes: set[int] = set()
    for part in text.split(","):
        ends = [end.strip() for end in part.split("-")]
        if len(ends) <= 2 and all(end.isdigit() for end in ends):
            codes.update(range(int(ends[0]), int(ends[-1]) + 1))
    return frozenset(codes)
