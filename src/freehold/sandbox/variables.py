"""The environment variables a function finds.

One idea: three layers, each over the one before: what the runtime offers, what the function's owner set, what Lambda
reserves. Nothing of the parent process is inherited. It may not know processes.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
"""

from freehold.sandbox.fittings import Places
from freehold.sandbox.runtimes import Start
from freehold.sandbox.spec import Credentials, FunctionSpec

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
OF_RUNTIMES = frozenset(
    (
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_XRAY_CONTEXT_MISSING",
        "AWS_XRAY_DAEMON_ADDRESS",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    )
)
"""What extensions do not find, beside everything that begins with an underscore."""


def variables(
    spec: FunctionSpec,
    start: Start,
    places: Places,
    *,
    api: str,
    log_stream: str,
    frames_fd: int,
    keys: Credentials | None,
) -> dict[str, str]:
    """All variables of one environment. `api` is host:port of its Runtime API."""
    return {
        **_offered(spec, start, places),
        **spec.environment,
        **{
            name: spec.environment[name] + ":" + value
            for name, value in start.paths.items()
            if name in spec.environment
        },
        **_reserved(spec, places, api, log_stream, frames_fd),
        **(_credentials(keys) if keys else {}),
    }


def of_extensions(variables: dict[str, str]) -> dict[str, str]:
    """What extensions find of a runtime's variables."""
    return {name: value for name, value in variables.items() if name not in OF_RUNTIMES and not name.startswith("_")}


def _offered(spec: FunctionSpec, start: Start, places: Places) -> dict[str, str]:
    """What an owner may override."""
    libraries = [places.code, f"{places.code}/lib", f"{places.opt}/lib"]
    programs = [*start.programs, SYSTEM_PATH, f"{places.opt}/bin"]
    offered = {
        "PATH": ":".join(programs),
        "LD_LIBRARY_PATH": ":".join(libraries),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "HOME": places.tmp,
        "TMPDIR": places.tmp,
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        **start.paths,
        **start.env,
    }
    if spec.endpoint_url:
        offered["AWS_ENDPOINT_URL"] = spec.endpoint_url
    return offered


def _reserved(spec: FunctionSpec, places: Places, api: str, log_stream: str, frames_fd: int) -> dict[str, str]:
    """What belongs to Lambda. Our bootstraps are told where the layers are if that is not /opt."""
    return {
        **({"_FREEHOLD_OPT": places.opt} if places.opt != Places().opt else {}),
        "_HANDLER": spec.handler,
        "_LAMBDA_TELEMETRY_LOG_FD": str(frames_fd),
        "AWS_DEFAULT_REGION": spec.region,
        "AWS_REGION": spec.region,
        **({"AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}"} if _managed(spec) else {}),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": spec.name,
        "AWS_LAMBDA_FUNCTION_VERSION": spec.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": spec.initialization,
        "AWS_LAMBDA_LOG_GROUP_NAME": spec.log_group_name,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        **_logging(spec),
        "AWS_LAMBDA_RUNTIME_API": api,
        "LAMBDA_TASK_ROOT": places.code,
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
    }


def _managed(spec: FunctionSpec) -> bool:
    """Whether Lambda brings the runtime; a custom one and a container image are not told of any."""
    return spec.image is None and not spec.runtime.startswith("provided")


def _logging(spec: FunctionSpec) -> dict[str, str]:
    """How runtimes are to write their logs, where that is not as text."""
    if spec.log_format != "JSON":
        return {}
    return {"AWS_LAMBDA_LOG_FORMAT": spec.log_format, "AWS_LAMBDA_LOG_LEVEL": spec.application_level}


def _credentials(keys: Credentials) -> dict[str, str]:
    named = {
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
        "AWS_SESSION_TOKEN": keys.session_token,
    }
    return {name: value for name, value in named.items() if value}
