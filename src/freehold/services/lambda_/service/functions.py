"""Functions and versions: created, described, changed, published and deleted.

It may not know how functions run.
"""

from copy import copy
from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
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
    policies,
)
from freehold.services.lambda_.catalogue import function_arn, lambda_, named, whole_function_arn
from freehold.services.lambda_.events import configs, destinations
from freehold.services.lambda_.functions import Function, Version
from freehold.services.lambda_.invocation import roles, running
from freehold.services.lambda_.layers import published
from freehold.services.lambda_.names import LATEST, Ref
from freehold.services.lambda_.pages import page
from freehold.services.lambda_.urls import configs as urls

CODE_MEMBERS = ("ZipFile", "S3Bucket", "S3Key", "S3ObjectVersion")


def _role_passed(call: Call, request: Request) -> list[tuple[str, str]]:
    needed = [("lambda:CreateFunction", whole_function_arn(call, request))]
    return [*needed, ("iam:PassRole", request["Role"])]


@lambda_.operation(needs=_role_passed)
async def create_function(call: Call, request: Request) -> Response:
    """Create a function from a zip. Its State is told as Pending here and is Active for whoever looks next."""
    request = request | {"FunctionName": names.read(request["FunctionName"]).name}
    settings = configuration.created(request) | {"Role": request["Role"]}
    source = request["Code"]
    if source.get("ImageUri") or source.get("SourceKMSKeyArn") or source.get("S3ObjectStorageMode") == "REFERENCE":
        raise NotImplementedHere(service="lambda", operation="images, encrypted or referenced code")
    await _check_role(call, request["FunctionName"], settings)
    upload = await code.receive(call, source)
    return await call.transact(_create, request, settings, upload)


def _create(tx: Tx, request: Request, settings: dict[str, Any], upload: code.Upload) -> Response:
    name = request["FunctionName"]
    used = published.resolve(tx, settings.pop("Layers", []))
    code.keep(tx, upload)
    made = functions.create(tx, name, upload.digest, upload.size, settings, used, request.get("Tags", {}))
    if request.get("Publish"):
        made = functions.publish(tx, name, None, None, None)
    return describe.passing(tx, describe.configuration(tx, made), describe.CREATING)


async def _check_role(call: Call, name: str, settings: dict[str, Any]) -> None:
    """Raise unless Lambda may assume the role, and the role may do what the settings need."""
    try:
        session = await roles.assume(call, settings["Role"], name)
    except errors.RoleLost as lost:
        raise errors.RoleNotAssumable() from lost
    letter = settings.get("DeadLetterConfig", {}).get("TargetArn", "")
    if letter:
        service, operation, sent = destinations.message(letter, "{}", {})
        if not await roles.permitted(session.call, service, operation, sent):
            raise errors.RoleMayNot(operation=operation, service=service.upper())


@lambda_.operation(needs={"lambda:GetFunction": function_arn})
def get_function(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request)
    function, version = functions.find(seat, ref.name), aliases.route(seat, ref.name, ref.qualifier)
    location = downloads.address(call, seat, version.code)
    answer: Response = {
        "Configuration": describe.settled(describe.configuration(seat, version, ref.qualifier)),
        "Code": {"RepositoryType": "S3", "Location": location},
    }
    if function.tags:
        answer["Tags"] = function.tags
    if function.reserved is not None:
        answer["Concurrency"] = {"ReservedConcurrentExecutions": function.reserved}
    return answer


@lambda_.operation(needs={"lambda:GetFunctionConfiguration": function_arn})
def get_function_configuration(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request)
    version = aliases.route(seat, ref.name, ref.qualifier)
    return describe.settled(describe.configuration(seat, version, ref.qualifier))


@lambda_.operation(needs={"lambda:UpdateFunctionCode": whole_function_arn})
async def update_function_code(call: Call, request: Request) -> Response:
    """New code for $LATEST; with DryRun only what would become of it."""
    if request.get("ImageUri") or request.get("SourceKMSKeyArn") or request.get("S3ObjectStorageMode") == "REFERENCE":
        raise NotImplementedHere(service="lambda", operation="images, encrypted or referenced code")
    configuration.check({"PublishTo": request.get("PublishTo")})
    await call.transact(lambda tx: functions.latest(*_whole(tx, request)))
    upload = await code.receive(call, {name: request[name] for name in CODE_MEMBERS if name in request})
    answer, old = await call.transact(_update_code, request, upload)
    if not request.get("DryRun"):
        await running.retire(call, [old])
    return answer


def _whole(tx: Tx, request: Request) -> tuple[Tx, str]:
    seat, ref = named(tx, request)
    return seat, ref.name


def _update_code(tx: Tx, request: Request, upload: code.Upload) -> tuple[Response, Version]:
    seat, name = _whole(tx, request)
    version = functions.latest(seat, name)
    old = copy(version)
    functions.check_revision(request.get("RevisionId"), version.revision)
    version.code, version.size = upload.digest, upload.size
    if "Architectures" in request:
        version.settings = version.settings | {"Architectures": request["Architectures"]}
    if request.get("DryRun"):
        return describe.settled(describe.configuration(seat, version)), old
    code.keep(seat, upload)
    functions.touch(seat, version)
    if request.get("Publish"):
        version = functions.publish(seat, name, None, None, None)
    return _updated(seat, version), old


def _updated(tx: Tx, version: Version) -> Response:
    shape = describe.configuration(tx, version, version.label if version.number else "")
    return describe.passing(tx, describe.settled(shape), describe.UPDATING)


def _role_changed(call: Call, request: Request) -> list[tuple[str, str]]:
    passed = [("iam:PassRole", request["Role"])] if "Role" in request else []
    return [("lambda:UpdateFunctionConfiguration", whole_function_arn(call, request)), *passed]


@lambda_.operation(needs=_role_changed)
async def update_function_configuration(call: Call, request: Request) -> Response:
    """New settings for $LATEST; those not given stay."""
    version = await call.transact(lambda tx: functions.latest(*_whole(tx, request)))
    settings = configuration.changed(version.settings, request)
    if "Role" in request or "DeadLetterConfig" in request:
        await _check_role(call, version.function, settings)
    answer = await call.transact(_update_settings, request)
    await running.retire(call, [version])
    return answer


def _update_settings(tx: Tx, request: Request) -> Response:
    seat, name = _whole(tx, request)
    version = functions.latest(seat, name)
    functions.check_revision(request.get("RevisionId"), version.revision)
    version.settings = configuration.changed(version.settings, request)
    version.settings.pop("Layers", None)
    if "Layers" in request:
        version.layers = published.resolve(seat, request["Layers"])
    return _updated(seat, functions.touch(seat, version))


@lambda_.operation(needs={"lambda:DeleteFunction": function_arn})
async def delete_function(call: Call, request: Request) -> Response:
    """Delete a function with everything that is its own, or one published version."""
    await running.retire(call, await call.transact(_delete, request))
    return {"StatusCode": 204}


def _delete(tx: Tx, request: Request) -> list[Version]:
    seat, ref = named(tx, request)
    if ref.qualifier:
        return [_delete_version(seat, ref)]
    gone = functions.remove(seat, ref.name)
    aliases.remove(seat, ref.name)
    configs.remove(seat, ref.name)
    urls.remove(seat, ref.name)
    policies.forget(seat, functions.arn(seat, ref.name))
    return gone


def _delete_version(tx: Tx, ref: Ref) -> Version:
    functions.find(tx, ref.name)
    if ref.qualifier == LATEST:
        raise errors.LatestUndeletable()
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
    if request.get("FunctionVersion") == "ALL":
        found = tx.range(Version)
    else:
        found = [functions.latest(tx, function.name) for function in tx.range(Function)]
    shown, marker = page(found, lambda one: f"{one.function}:{one.number}", request)
    every = request.get("FunctionVersion") == "ALL"
    listed = [describe.configuration(tx, one, one.label if every else "") for one in shown]
    return {"Functions": listed} | marker


@lambda_.operation(needs={"lambda:PublishVersion": whole_function_arn})
def publish_version(call: Call, tx: Tx, request: Request) -> Response:
    configuration.check({"PublishTo": request.get("PublishTo")})
    seat, name = _whole(tx, request)
    given = (request.get(member) for member in ("Description", "CodeSha256", "RevisionId"))
    version = functions.publish(seat, name, *given)
    return describe.settled(describe.configuration(seat, version, version.label))


@lambda_.operation(needs={"lambda:ListVersionsByFunction": whole_function_arn})
def list_versions_by_function(call: Call, tx: Tx, request: Request) -> Response:
    seat, name = _whole(tx, request)
    functions.find(seat, name)
    shown, marker = page(functions.versions(seat, name), lambda one: one.number, request)
    return {"Versions": [describe.configuration(seat, one, one.label) for one in shown]} | marker
