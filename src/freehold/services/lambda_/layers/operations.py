"""Layers: published, found, listed, shared and deleted. It may not know how they are laid over code."""

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import code, downloads, errors, functions
from freehold.services.lambda_.access import policies
from freehold.services.lambda_.catalogue import lambda_, layer_arn
from freehold.services.lambda_.layers import fits, published
from freehold.services.lambda_.layers.published import Layer, LayerVersion
from freehold.services.lambda_.pages import page

PAGE_MAX = 50


def _summary(tx: Tx, version: LayerVersion) -> Response:
    optional = {
        "CompatibleRuntimes": version.runtimes,
        "CompatibleArchitectures": version.architectures,
        "LicenseInfo": version.license,
    }
    return {
        "LayerVersionArn": published.arn(tx, version.name, version.number),
        "Version": version.number,
        "Description": version.description,
        "CreatedDate": functions.moment(version.created_at),
    } | {name: value for name, value in optional.items() if value}


def _shape(call: Call, tx: Tx, version: LayerVersion) -> Response:
    content = {
        "Location": downloads.address(call, tx, version.code),
        "CodeSha256": functions.base64_of(version.code),
        "CodeSize": version.size,
    }
    return _summary(tx, version) | {"LayerArn": published.arn(tx, version.name), "Content": content}


def _find(tx: Tx, request: Request, action: str) -> tuple[Tx, LayerVersion]:
    """The version a request names; another account's must be shared with the caller's."""
    name = request["LayerName"]
    if name.startswith("arn:"):
        seat, found = published.at(tx, f"{name}:{request['VersionNumber']}")
        policies.admit(seat, action, f"{name}:{request['VersionNumber']}")
        if found is None:
            raise errors.NotThere()
        return seat, found
    return tx, published.find(tx, name, request["VersionNumber"])


@lambda_.operation(needs={"lambda:PublishLayerVersion": layer_arn})
async def publish_layer_version(call: Call, request: Request) -> Response:
    content = request["Content"]
    fits.check(request)
    name = await call.transact(published.own, request["LayerName"], "PublishLayerVersion")
    if content.get("S3ObjectStorageMode") == "REFERENCE":
        raise NotImplementedHere(service="lambda", operation="referenced code")
    upload = await code.receive(call, content)

    def publish(tx: Tx) -> Response:
        code.keep(tx, upload)
        made = LayerVersion(
            name=name, number=0, code=upload.digest, size=upload.size,
            created_at=tx.now, description=request.get("Description", ""),
            runtimes=request.get("CompatibleRuntimes", []), architectures=request.get("CompatibleArchitectures", []),
            license=request.get("LicenseInfo", ""),
        )  # fmt: skip
        return _shape(call, tx, published.publish(tx, made))

    return await call.transact(publish)


@lambda_.operation(needs={published.GET: layer_arn})
def get_layer_version(call: Call, tx: Tx, request: Request) -> Response:
    return _shape(call, *_find(tx, request, published.GET))


@lambda_.operation(needs={published.GET: lambda call, request: request["Arn"]})
def get_layer_version_by_arn(call: Call, tx: Tx, request: Request) -> Response:
    name, _, number = request["Arn"].rpartition(":")
    if not number.isdigit():
        raise errors.NotThere()
    return _shape(call, *_find(tx, {"LayerName": name, "VersionNumber": int(number)}, published.GET))


@lambda_.operation(needs={"lambda:DeleteLayerVersion": layer_arn})
def delete_layer_version(call: Call, tx: Tx, request: Request) -> None:
    """Delete a version; one that is gone already is no fault. Functions that use it keep it."""
    number = request["VersionNumber"]
    name = published.own(tx, request["LayerName"], "DeleteLayerVersion", number)
    published.check_number(number)
    tx.delete(LayerVersion, name, number)
    policies.forget(tx, published.arn(tx, name, number))


@lambda_.operation(needs={"lambda:ListLayers": "*"})
def list_layers(call: Call, tx: Tx, request: Request) -> Response:
    """The layers that have a fitting version, each with its newest such."""
    fits.check(request)
    found = []
    for layer in tx.range(Layer):
        fitting = published.matching(tx.range(LayerVersion, layer.name), request)
        found += fitting[:1]
    shown, marker = page(found, lambda version: version.name, request, PAGE_MAX)
    return {
        "Layers": [
            {
                "LayerName": version.name,
                "LayerArn": published.arn(tx, version.name),
                "LatestMatchingVersion": _summary(tx, version),
            }
            for version in shown
        ]
    } | marker


@lambda_.operation(needs={"lambda:ListLayerVersions": layer_arn})
def list_layer_versions(call: Call, tx: Tx, request: Request) -> Response:
    fits.check(request)
    name = published.own(tx, request["LayerName"], "ListLayerVersions")
    found = published.matching(tx.range(LayerVersion, name), request)
    shown, marker = page(found, lambda version: version.number, request, PAGE_MAX)
    return {"LayerVersions": [_summary(tx, version) for version in shown]} | marker
