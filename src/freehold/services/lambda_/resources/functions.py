"""AWS::Lambda::Function.

One idea: a template's properties are CreateFunction's, but for inline code, which becomes a zip with the response
module that custom resources use. It may not know the store.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

from freehold.kernel import arns
from freehold.kernel.resources import Ask, Ending, Made, Pause, Properties, Steps, Want
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.templates import chosen, typed, update_tags

INLINE = Path(__file__).parents[1] / "inline"
# By runtime: the file that inline code becomes, and the module that lies beside it.
INLINE_FILES = {"python": ("index.py", "cfnresponse.py"), "nodejs": ("index.js", "cfn-response.js")}
ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)

# Properties that UpdateFunctionConfiguration has, with what stands for their absence.
CONFIGURED: dict[str, Any] = {
    "DeadLetterConfig": {"TargetArn": ""},
    "Description": "",
    "Environment": {"Variables": {}},
    "FileSystemConfigs": [],
    "EphemeralStorage": {"Size": 512},
    "Handler": None,
    "ImageConfig": {},
    "KmsKeyArn": "",
    "Layers": [],
    "LoggingConfig": None,
    "MemorySize": 128,
    "Role": None,
    "Runtime": None,
    "SnapStart": {"ApplyOn": "None"},
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
}
CREATED = ("Architectures", "CodeSigningConfigArn", "PackageType")
# Properties set by operations of their own, with what stands for their absence.
BESIDE: tuple[tuple[str, str, Any], ...] = (
    ("RecursiveLoop", "PutFunctionRecursionConfig", "Terminate"),
    ("RuntimeManagementConfig", "PutRuntimeManagementConfig", {"UpdateRuntimeOn": "Auto"}),
)
LOOK_AGAIN_S = 0.2
CODE = ("S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri")

function = lambda_.resource(
    "AWS::Lambda::Function",
    replaces=("FunctionName", "PackageType"),
    attributes=("Arn", "SnapStartResponse.ApplyOn", "SnapStartResponse.OptimizationStatus", "SnapStartResponse"),
)


def _made_function(want: Want, name: str, given: Properties) -> Made:
    applied = given.get("SnapStart", {}).get("ApplyOn", "None")
    snap = {"ApplyOn": applied, "OptimizationStatus": "Off"}
    arn = arns.arn("lambda", want.region, want.account, f"function:{name}")
    flat = {f"SnapStartResponse.{key}": value for key, value in snap.items()}
    return Made(name, {"Arn": arn, "SnapStartResponse": snap} | flat)


def code_of(given: Properties) -> dict[str, Any]:
    """The Code property as CreateFunction wants it; inline text becomes a zip, always the same for the same text."""
    code = given.get("Code", {})
    if "ZipFile" not in code:
        return chosen(code, CODE)
    runtime = str(given.get("Runtime", ""))
    names = next((files for prefix, files in INLINE_FILES.items() if runtime.startswith(prefix)), ("index", None))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(names[0], ZIP_MOMENT), str(code["ZipFile"]))
        if names[1]:
            archive.writestr(zipfile.ZipInfo(names[1], ZIP_MOMENT), (INLINE / names[1]).read_text())
    return {"ZipFile": buffer.getvalue()}


def _configured(given: Properties) -> dict[str, Any]:
    found = chosen(given, CONFIGURED)
    if "KmsKeyArn" in found:
        found["KMSKeyArn"] = found.pop("KmsKeyArn")
    if "Variables" in found.get("Environment", {}):
        variables = found["Environment"]["Variables"]
        found["Environment"] = {"Variables": {name: _text(value) for name, value in variables.items()}}
    return found


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


@function.create
def create_function(want: Want) -> Steps:
    given = typed(want.properties)
    name = want.name(given.get("FunctionName"))
    request = _configured(given) | chosen(given, CREATED) | {"FunctionName": name, "Code": code_of(given)}
    if tags := want.tagged(given):
        request["Tags"] = tags
    yield Ask("lambda", "CreateFunction", request)
    yield from ready(name)
    if "ReservedConcurrentExecutions" in given:
        yield _reserve(name, given)
    yield from _beside(name, given, {})
    return _made_function(want, name, given)


def ready(name: str) -> Ending:
    """Wait until a function is Active and its last update has ended."""
    while True:
        told = (yield Ask("lambda", "GetFunction", {"FunctionName": name}))["Configuration"]
        if told["State"] != "Pending" and told.get("LastUpdateStatus") != "InProgress":
            return
        yield Pause(LOOK_AGAIN_S)


def _beside(name: str, given: Properties, old: Properties) -> Ending:
    """What is set by operations of its own."""
    named = {"FunctionName": name}
    for member, operation, absent in BESIDE:
        wanted, before = given.get(member, absent), old.get(member, absent)
        if wanted != before:
            value = wanted if isinstance(wanted, dict) else {member: wanted}
            yield Ask("lambda", operation, named | value)
    signing, before = given.get("CodeSigningConfigArn"), old.get("CodeSigningConfigArn")
    if old and signing != before and signing:
        yield Ask("lambda", "PutFunctionCodeSigningConfig", named | {"CodeSigningConfigArn": signing})
    elif old and signing != before:
        yield Ask("lambda", "DeleteFunctionCodeSigningConfig", named)


def _reserve(name: str, given: Properties) -> Ask:
    reserved = given["ReservedConcurrentExecutions"]
    return Ask("lambda", "PutFunctionConcurrency", {"FunctionName": name, "ReservedConcurrentExecutions": reserved})


@function.update
def update_function(want: Want) -> Steps:
    """Code and settings are changed apart, each only if it differs."""
    given, old, named = typed(want.properties), typed(want.old), {"FunctionName": want.id}
    if code_of(given) != code_of(old) or want.changed("Architectures"):
        yield Ask("lambda", "UpdateFunctionCode", code_of(given) | named | chosen(given, ("Architectures",)))
        yield from ready(want.id)
    absent = {name: CONFIGURED[name] for name in CONFIGURED if name in old and name not in given}
    changed = {name: given[name] for name in CONFIGURED if name in given and given[name] != old.get(name)}
    if absent or changed:
        yield Ask("lambda", "UpdateFunctionConfiguration", _configured(absent | changed) | named)
        yield from ready(want.id)
    if "ReservedConcurrentExecutions" in given:
        yield _reserve(want.id, given)
    elif "ReservedConcurrentExecutions" in old:
        yield Ask("lambda", "DeleteFunctionConcurrency", named)
    yield from _beside(want.id, given, old)
    made = _made_function(want, want.id, given)
    yield from update_tags(want, made.attributes["Arn"])
    return made


@function.delete
def delete_function(want: Want) -> Ending:
    yield Ask("lambda", "DeleteFunction", {"FunctionName": want.id})
