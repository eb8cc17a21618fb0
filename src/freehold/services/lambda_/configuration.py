"""What can be set of a function: each setting with its default, and what the model does not say of it.

One idea: settings keep AWS's names and shapes from the request to the answer, so this is one table and a few checks.
It may not know where functions are kept.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

import re
from typing import Any

import msgspec

from freehold.kernel.errors import NotImplementedHere
from freehold.services.lambda_ import errors

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
OPTIONAL = ("DeadLetterConfig", "Environment", "KMSKeyArn", "Layers", "VpcConfig")
CHANGEABLE = ("Role", "Handler", "Runtime", "LoggingConfig", *DEFAULTS, *OPTIONAL)

# Said plainly, never stored as if done.
UNKNOWN = {
    "FileSystemConfigs": "file systems",
    "ImageConfig": "container images",
    "CodeSigningConfigArn": "code signing",
    "TenancyConfig": "tenant isolation",
    "CapacityProviderConfig": "capacity providers",
    "DurableConfig": "durable functions",
    "PublishTo": "PublishTo",
}
LIMITS = {"Timeout": 900, "MemorySize": 10_240, "EphemeralStorage.Size": 10_240}

RETIRED = frozenset(
    {"nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x"}
    | {"python2.7", "python3.6", "python3.7", "java8", "go1.x", "provided", "ruby2.5", "ruby2.7"}
    | {"dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1"}
)
RESERVED = frozenset(
    {"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_ACCESS_KEY"}
    | {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API"}
    | {"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"}
    | {"AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_INITIALIZATION_TYPE"}
    | {"LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"}
)
VARIABLE = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")
VARIABLES_BYTES_MAX = 4_096
NAME_MAX = 64
DEFAULT_LOG_LEVEL = "INFO"


def created(request: Settings) -> Settings:
    """The settings of a new function. Raises what is wrong with them."""
    name = request["FunctionName"]
    if len(name) > NAME_MAX:
        raise errors.NameTooLong(name=name, most=NAME_MAX)
    if request.get("PackageType", "Zip") != "Zip":
        raise NotImplementedHere(service="lambda", operation="functions from container images")
    if not request.get("Runtime") or not request.get("Handler"):
        raise errors.RuntimeMissing()
    settings = {"PackageType": "Zip", "Architectures": request.get("Architectures", ["x86_64"])}
    settings |= DEFAULTS | {"LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}}
    return changed(settings, request)


def changed(settings: Settings, request: Settings) -> Settings:
    """The settings after a change. Raises what is wrong with it."""
    check(request)
    settings = settings | {name: request[name] for name in CHANGEABLE if name in request and name != "LoggingConfig"}
    if "LoggingConfig" in request:
        settings["LoggingConfig"] = _logging(settings["LoggingConfig"] | request["LoggingConfig"])
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
    if request.get("Runtime") in RETIRED:
        raise errors.RuntimeRetired(runtime=request["Runtime"])
    _check_variables(request.get("Environment", {}).get("Variables", {}))


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
