"""What Lambda tells of functions and their parts: AWS's shapes, made of records. It may not know requests."""

import hashlib
import re
from typing import Any

from freehold.kernel.store import Tx
from freehold.services.lambda_ import functions
from freehold.services.lambda_.functions import Version

RUNTIME = re.compile(r"([a-z]*)(.*)", re.S)
Shape = dict[str, Any]

REASON = "The function is being created."
PENDING = {"StateReason": REASON, "StateReasonCode": "Creating", "State": "Pending"}
UPDATING = {
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": REASON,
    "LastUpdateStatusReasonCode": "Creating",
}
SETTLED = {"State": "Active", "LastUpdateStatus": "Successful"}


def configuration(tx: Tx, version: Version, qualifier: str = "") -> Shape:
    """A FunctionConfiguration. The ARN has the qualifier that was asked for."""
    settings = version.settings
    shape = settings | {
        "FunctionName": version.function,
        "FunctionArn": functions.arn(tx, version.function, qualifier),
        "CodeSize": version.size,
        "CodeSha256": version.code_sha256,
        "Version": version.label,
        "LastModified": functions.moment(version.modified_at),
        "RevisionId": version.revision,
        "SnapStart": {"OptimizationStatus": "Off"} | settings["SnapStart"],
    }
    if version.image:
        shape |= _of_image(settings)
    else:
        shape["RuntimeVersionConfig"] = {"RuntimeVersionArn": runtime_arn(tx.region, settings["Runtime"])}
    if version.number and settings["SnapStart"]["ApplyOn"] == "PublishedVersions":
        shape["SnapStart"]["OptimizationStatus"] = "On"
    if version.layers:
        shape["Layers"] = [{"Arn": layer.arn, "CodeSize": layer.size} for layer in version.layers]
    return shape


def _of_image(settings: Shape) -> Shape:
    given = settings.get("ImageConfig")
    return {"ImageConfig": None, "ImageConfigResponse": {"ImageConfig": given} if given else None}


def runtime_version(runtime: str) -> str:
    """What the log calls a runtime: python:3.12.v1 of python3.12, nodejs:20.v1 of nodejs20.x."""
    family, number = RUNTIME.fullmatch(runtime).groups()  # type: ignore[union-attr]  # the pattern takes every text
    return f"{family}:{number.removesuffix('.x').lstrip('.')}.v1"


def runtime_arn(region: str, runtime: str) -> str:
    """The runtime's own ARN: as there is one version of each, its name's digest tells which."""
    return f"arn:aws:lambda:{region}::runtime:{hashlib.sha256(runtime.encode()).hexdigest()}"


def state(version: Version) -> Shape:
    """Whether a version is ready, as those who look are told."""
    if not version.settling:
        return SETTLED
    return PENDING | UPDATING if version.settling == functions.CREATING else SETTLED | UPDATING


def whole(tx: Tx, version: Version, qualifier: str = "") -> Shape:
    """A FunctionConfiguration with its state."""
    return configuration(tx, version, qualifier) | state(version)


def answered(tx: Tx, version: Version, qualifier: str = "") -> Shape:
    """A function as the request that makes or changes it is answered; its revision is another one once it is ready."""
    told = PENDING if version.settling == functions.CREATING else SETTLED | UPDATING
    return configuration(tx, version, qualifier) | told | {"RevisionId": tx.ids.uuid()}
