"""What can be set of a function: each setting with its default, and what the model does not say of it.

One idea: settings keep AWS's names and shapes from the request to the answer, so this is one table and a few checks.
It may not know where functions are kept.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

import re
from typing import Any

import msgspec

from freehold.kernel.errors import NotImplementedHere
from freehold.sandbox.runtimes import lifecycle
from freehold.services.lambda_ import code, errors

Settings = dict[str, Any]

DEFAULTS: Settings = {
    "Description": "",
    "Timeout": 3,
    "MemorySize": 128,
    "TracingConfig": {"Mode": "PassThrough"},
    "EphemeralStorage": {"Size": 512},
    "SnapStart": {"ApplyOn": "None"},
}
# Settings that may be absent. An empty value takes them away.
OPTIONAL = (
    "DeadLetterConfig", "Environment", "KMSKeyArn", "Layers", "ImageConfig",
)  # fmt: skip
CHANGEABLE = ("Role", "Handler", "Runtime", "LoggingConfig", "VpcConfig", *DEFAULTS, *OPTIONAL)

# Said plainly, never stored as if done.
UNKNOWN = {
    "TenancyConfig": "tenant isolation",
    "CapacityProviderConfig": "capacity providers",
    "DurableConfig": "durable functions",
    "PublishTo": "PublishTo",
    "FileSystemConfigs": "file systems",
}
# What an image says by itself, and what only an image has.
OF_ZIPS, OF_IMAGES = ("Runtime", "Handler", "Layers"), ("ImageConfig",)
LIMITS = {"Timeout": 900, "MemorySize": 10_240, "EphemeralStorage.Size": 10_240}

# Those with which AWS makes functions, as its refusal lists them.
KNOWN = (
    "nodejs20.x", "python3.14", "provided.al2023", "python3.12", "python3.13", "nodejs24.x", "nodejs22.x", "java25",
    "python3.10", "python3.11", "java21", "ruby3.3", "ruby3.4", "ruby3.2", "python3.8", "python3.9", "java17",
    "nodejs16.x", "dotnet10", "dotnet8", "java11", "dotnet6", "nodejs18.x", "provided.al2", "java8.al2",
)  # fmt: skip
# Those that AWS has retired and that published applications still name: a newer one runs them here.
SERVED = frozenset({"nodejs12.x", "nodejs14.x", "python3.6", "python3.7", "ruby2.7", "java8", "provided"})
# Runtimes of which AWS takes snapshots: by family, from which version on.
SNAPPED = {"java": 11.0, "python3.": 12.0, "dotnet": 8.0}
RESERVED = frozenset(
    {"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_ACCESS_KEY"}
    | {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API"}
    | {"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"}
    | {"AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_INITIALIZATION_TYPE"}
    | {"LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"}
)
VERSION = re.compile(r"\d+(?:\.\d+)?")
VARIABLE = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")
VARIABLES_BYTES_MAX = 4_096
NAME_MAX = 64
DEFAULT_LOG_LEVEL = "INFO"


def created(request: Settings, day: str) -> Settings:
    """The settings of a new function. Raises what is wrong with them on an ISO day."""
    name = request["FunctionName"]
    if len(name) > NAME_MAX:
        raise errors.NameTooLong(name=name, most=NAME_MAX)
    package = request.get("PackageType", code.ZIP)
    _check_package(package, request)
    settings = {"PackageType": package, "Architectures": request.get("Architectures", ["x86_64"])}
    settings |= DEFAULTS | {"LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}}
    return changed(settings, request, day, update=False)


def changed(settings: Settings, request: Settings, day: str, update: bool = True) -> Settings:
    """The settings after a change. Raises what is wrong with it on an ISO day."""
    check(request)
    if request.get("Runtime"):
        _check_runtime(request["Runtime"], day, update)
    given = {name: request[name] for name in CHANGEABLE if name in request and name != "LoggingConfig"}
    if not given.get("DeadLetterConfig", True):  # only an empty TargetArn takes it away
        del given["DeadLetterConfig"]
    settings = settings | given
    if "LoggingConfig" in request:
        settings["LoggingConfig"] = _logging(settings["LoggingConfig"] | request["LoggingConfig"])
    _check_snapshot(settings)
    return {name: value for name, value in settings.items() if name not in OPTIONAL or not _empty(value)}


def check(request: Settings) -> None:
    """What AWS's model does not say of settings."""
    for member, what in UNKNOWN.items():
        if request.get(member):
            raise NotImplementedHere(service="lambda", operation=what)
    for path, most in LIMITS.items():
        outer, _, inner = path.partition(".")
        value = request.get(outer, {}).get(inner, 0) if inner else request.get(outer, 0)
        if value > most:
            shown = ".".join(part[:1].lower() + part[1:] for part in path.split("."))
            raise errors.ValueTooLarge(value=value, member=shown, most=most)
    _check_variables(request.get("Environment", {}).get("Variables", {}))


def _check_package(package: str, request: Settings) -> None:
    """An image brings its runtime and its handler; a zip has neither."""
    if package == code.ZIP and not (request.get("Runtime") and request.get("Handler")):
        raise errors.RuntimeMissing()
    if package == code.ZIP and request["Code"].get("ImageUri"):
        raise errors.ImageSettings(given="ImageUri", kind=package)
    for member in OF_ZIPS if package == code.IMAGE else OF_IMAGES:
        if request.get(member):
            raise errors.ImageSettings(given=member, kind=package)


def _check_runtime(runtime: str, day: str, update: bool) -> None:
    if lifecycle.dates_of(runtime) is None:
        raise errors.RuntimeUnknown(runtime=runtime, known=", ".join(KNOWN))
    if lifecycle.blocked(runtime, day, update=update) and runtime not in SERVED:
        raise errors.RuntimeRetired(runtime=runtime)


def _check_snapshot(settings: Settings) -> None:
    if settings["SnapStart"]["ApplyOn"] == "None":
        return
    runtime = str(settings.get("Runtime", settings["PackageType"]))
    family = next((name for name in SNAPPED if runtime.startswith(name)), "")
    number = VERSION.match(runtime.removeprefix(family)) if family else None
    if not number or float(number[0]) < SNAPPED[family]:
        raise errors.SnapStartUnsupported(runtime=runtime)


def _check_variables(variables: dict[str, str]) -> None:
    taken = [name for name in variables if name in RESERVED]
    if taken:
        raise errors.ReservedVariables(names=", ".join(taken))
    if not all(VARIABLE.fullmatch(name) for name in variables):
        raise errors.BadVariableName()
    measured = msgspec.json.encode(variables)
    if len(measured) > VARIABLES_BYTES_MAX:
        raise errors.VariablesTooLarge(measured=measured.decode())


def _logging(config: Settings) -> Settings:
    """JSON logs have levels, plain ones have none."""
    if config["LogFormat"] == "JSON":
        return {"ApplicationLogLevel": DEFAULT_LOG_LEVEL, "SystemLogLevel": DEFAULT_LOG_LEVEL} | config
    return {name: value for name, value in config.items() if not name.endswith("LogLevel")}


def _empty(value: Any) -> bool:
    """Whether an optional setting was taken away: "", [], {}, {"TargetArn": ""}, {"SubnetIds": []}."""
    if isinstance(value, dict) and "Variables" not in value:
        return not any(value.values())
    return not value
