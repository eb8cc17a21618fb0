"""Functions: created, described, changed and deleted.

It may not know how functions run.
"""

from copy import copy
from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.roles import permitted
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import (
    aliases,
    code,
    configuration,
    describe,
    downloads,
    errors,
    functions,
    names,
    networks,
    tagging,
)
from freehold.services.lambda_.access import policies
from freehold.services.lambda_.access.reach import named
from freehold.services.lambda_.catalogue import function_arn, lambda_, whole_function_arn
from freehold.services.lambda_.concurrency import provisioned
from freehold.services.lambda_.events import configs, destinations
from freehold.services.lambda_.functions import Function, Version
from freehold.services.lambda_.invocation import roles, running
from freehold.services.lambda_.layers import published
from freehold.services.lambda_.pages import page
from freehold.services.lambda_.signing import checks
from freehold.services.lambda_.urls import configs as urls

CODE_MEMBERS = ("ZipFile", "S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri", "SourceKMSKeyArn", "S3ObjectStorageMode")


def _role_passed(call: Call, request: Request) -> list[tuple[str, str]]:
    needed = [("lambda:CreateFunction", whole_function_arn(call, request))]
    return [*needed, ("iam:PassRole", request["Role"])]


@lambda_.operation(needs=_role_passed)
async def create_function(call: Call, request: Request) -> Response:
    """Create a function from a zip or an image. It is Pending for a moment, then Active."""
    request = await _placed(call, request | {"FunctionName": names.read(request["FunctionName"]).name})
    settings = configuration.created(request, functions.day(call.now)) | {"Role": request["Role"]}
    tagging.check(request.get("Tags", {}))
    await _check_role(call, request["FunctionName"], settings)
    upload = await code.receive(call, request["Code"], settings["Architectures"][0])
    signing = request.get("CodeSigningConfigArn", "")
    await call.transact(checks.admit, signing, request["FunctionName"], call.measure)
    return await call.transact(_create, request, settings, upload)


def _create(tx: Tx, request: Request, settings: dict[str, Any], upload: code.Upload) -> Response:
    name = request["FunctionName"]
    used = published.resolve(tx, settings.pop("Layers", []), settings.get("Runtime", ""))
    code.keep(tx, upload)
    first = functions.draft(tx, name, upload.digest, upload.size, settings, used)
    first.image, first.packed = upload.image, upload.packed
    function = Function(name=name, tags=request.get("Tags", {}), signing=request.get("CodeSigningConfigArn", ""))
    made = functions.create(tx, function, first)
    if request.get("Publish"):
        made = functions.publish(tx, name, settling=True)
    return describe.answered(tx, made)


@lambda_.internal
def settle(call: Call, tx: Tx, request: Request) -> None:
    """What a version needs is there: its code was unpacked when it came."""
    functions.settle(tx, request["function"], request["number"], request["build"])


async def _placed(call: Call, request: Request) -> Request:
    """The request, its network checked and told whole."""
    if "VpcConfig" not in request:
        return request
    return request | {"VpcConfig": await networks.placed(call, request["VpcConfig"])}


async def _check_role(call: Call, name: str, settings: dict[str, Any]) -> None:
    """Raise unless Lambda may assume the role, and the role may do what the settings need."""
    try:
        session = await roles.assume(call, settings["Role"], name)
    except errors.RoleLost as lost:
        raise errors.RoleNotAssumable() from lost
    letter = settings.get("DeadLetterConfig", {}).get("TargetArn", "")
    if letter:
        service, operation, sent = destinations.message(letter, "{}", {})
        if not await permitted(session.call, service, operation, sent):
            raise errors.RoleMayNot(operation=operation, service=service.upper())


@lambda_.operation(needs={"lambda:GetFunction": function_arn})
def get_function(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "GetFunction")
    version, function = aliases.pointed(seat, ref.name, ref.qualifier), functions.find(seat, ref.name)
    answer: Response = {
        "Configuration": describe.whole(seat, version, ref.qualifier),
        "Code": _location(call, seat, version),
    }
    if function.tags:
        answer["Tags"] = function.tags
    if function.reserved is not None:
        answer["Concurrency"] = {"ReservedConcurrentExecutions": function.reserved}
    return answer


def _location(call: Call, tx: Tx, version: Version) -> Response:
    if version.image:
        resolved = f"{version.image.partition('@')[0].rpartition(':')[0]}@sha256:{version.code}"
        return {"RepositoryType": "ECR", "ImageUri": version.image, "ResolvedImageUri": resolved}
    return {"RepositoryType": "S3", "Location": downloads.address(call, tx, version.code)}


@lambda_.operation(needs={"lambda:GetFunctionConfiguration": function_arn})
def get_function_configuration(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "GetFunctionConfiguration")
    return describe.whole(seat, aliases.pointed(seat, ref.name, ref.qualifier), ref.qualifier)


def _home(call: Call, request: Request) -> Call:
    """The call as seen from the function's account."""
    ref = names.read(request["FunctionName"])
    return call.within(ref.account) if ref.account and ref.account != call.account else call


def _settled(tx: Tx, request: Request, operation: str) -> Version:
    """$LATEST of the function that is to be changed. Raises ResourceConflictException while it is being changed."""
    seat, ref = named(tx, request, operation)
    version = functions.latest(seat, ref.name)
    functions.check_settled(seat, version)
    return version


@lambda_.operation(needs={"lambda:UpdateFunctionCode": whole_function_arn})
async def update_function_code(call: Call, request: Request) -> Response:
    """New code for $LATEST; with DryRun only what would become of it."""
    configuration.check({"PublishTo": request.get("PublishTo")})
    version = await call.transact(_settled, request, "UpdateFunctionCode")
    home = _home(call, request)
    [architecture] = request.get("Architectures") or version.settings["Architectures"]
    upload = await code.receive(home, {name: request[name] for name in CODE_MEMBERS if name in request}, architecture)
    code.check_kind(upload, version.settings["PackageType"])
    signing = (await home.transact(functions.find, version.function)).signing
    await home.transact(checks.admit, signing, version.function, call.measure)
    answer, old = await home.transact(_update_code, version.function, request, upload)
    if not request.get("DryRun"):
        await running.retire(home, [old])
    return answer


def _update_code(tx: Tx, name: str, request: Request, upload: code.Upload) -> tuple[Response, Version]:
    version = functions.latest(tx, name)
    functions.check_settled(tx, version)
    old = copy(version)
    functions.check_revision(request.get("RevisionId"), version.revision)
    version.code, version.size = upload.digest, upload.size
    version.image, version.packed = upload.image, upload.packed
    if "Architectures" in request:
        version.settings = version.settings | {"Architectures": request["Architectures"]}
    if request.get("DryRun"):
        return describe.whole(tx, version), old
    code.keep(tx, upload)
    functions.touch(tx, version)
    if request.get("Publish"):
        version = functions.publish(tx, name, settling=True)
    return describe.answered(tx, version, version.label if version.number else ""), old


def _role_changed(call: Call, request: Request) -> list[tuple[str, str]]:
    passed = [("iam:PassRole", request["Role"])] if "Role" in request else []
    return [("lambda:UpdateFunctionConfiguration", whole_function_arn(call, request)), *passed]


@lambda_.operation(needs=_role_changed)
async def update_function_configuration(call: Call, request: Request) -> Response:
    """New settings for $LATEST; those not given stay."""
    version = await call.transact(_settled, request, "UpdateFunctionConfiguration")
    request = await _placed(call, request)
    settings = configuration.changed(version.settings, request, functions.day(call.now))
    if "Role" in request or "DeadLetterConfig" in request:
        await _check_role(call, version.function, settings)
    if request.get("Layers"):
        signing = (await call.transact(functions.find, version.function)).signing
        await call.transact(checks.admit, signing, version.function, call.measure)
    answer = await call.transact(_update_settings, version.function, request)
    await running.retire(call, [version])
    return answer


def _update_settings(tx: Tx, name: str, request: Request) -> Response:
    version = functions.latest(tx, name)
    functions.check_settled(tx, version)
    functions.check_revision(request.get("RevisionId"), version.revision)
    version.settings = configuration.changed(version.settings, request, functions.day(tx.now))
    version.settings.pop("Layers", None)
    if "Layers" in request:
        version.layers = published.resolve(tx, request["Layers"], version.settings.get("Runtime", ""))
    return describe.answered(tx, functions.touch(tx, version))


@lambda_.operation(needs={"lambda:DeleteFunction": function_arn})
async def delete_function(call: Call, request: Request) -> Response:
    """Delete a function with everything that is its own, or one published version."""
    await running.retire(_home(call, request), await call.transact(_delete, request))
    return {"StatusCode": 204}


def _delete(tx: Tx, request: Request) -> list[Version]:
    seat, ref = named(tx, request, "DeleteFunction")
    if ref.qualifier:
        return [_delete_version(seat, ref)]
    gone = functions.remove(seat, ref.name)
    for wing in (aliases, configs, urls, provisioned):
        wing.remove(seat, ref.name)
    policies.forget(seat, functions.arn(seat, ref.name))
    return gone


def _delete_version(tx: Tx, ref: names.Ref) -> Version:
    if ref.qualifier == names.LATEST:
        raise errors.LatestUndeletable()
    functions.find(tx, ref.name)
    if not ref.qualifier.isdigit():
        raise errors.AliasUndeletable()
    version = functions.version(tx, ref.name, ref.qualifier)
    pointing = aliases.of(tx, ref.name, ref.qualifier)
    if pointing:
        raise errors.VersionHasAliases(aliases=", ".join(functions.arn(tx, ref.name, one.name) for one in pointing))
    tx.delete(Version, ref.name, version.number)
    return version


@lambda_.operation(needs={"lambda:ListFunctions": "*"})
def list_functions(call: Call, tx: Tx, request: Request) -> Response:
    """The $LATEST versions, or with FunctionVersion=ALL every version. There are no replicas of edge functions."""
    every = request.get("FunctionVersion") == "ALL"
    found = tx.range(Version) if every else [functions.latest(tx, function.name) for function in tx.range(Function)]
    shown, marker = page(found, lambda one: f"{one.function}:{one.number}", request)
    listed = [describe.configuration(tx, one, one.label if every else "") for one in shown]
    return {"Functions": listed} | marker


@lambda_.operation(needs={"lambda:PublishVersion": whole_function_arn})
def publish_version(call: Call, tx: Tx, request: Request) -> Response:
    configuration.check({"PublishTo": request.get("PublishTo")})
    seat, ref = named(tx, request, "PublishVersion")
    functions.check_settled(seat, functions.latest(seat, ref.name))
    description, code_sha256 = request.get("Description"), request.get("CodeSha256")
    version = functions.publish(seat, ref.name, description, code_sha256, request.get("RevisionId"))
    return describe.whole(seat, version, version.label)


@lambda_.operation(needs={"lambda:ListVersionsByFunction": whole_function_arn})
def list_versions_by_function(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "ListVersionsByFunction")
    functions.find(seat, ref.name)
    shown, marker = page(functions.versions(seat, ref.name), lambda one: one.number, request)
    return {"Versions": [describe.configuration(seat, one, one.label) for one in shown]} | marker
