"""What Lambda tells of functions and their parts: AWS's shapes, made of records. It may not know requests."""

import hashlib
from typing import Any

from freehold.kernel.store import Tx
from freehold.services.lambda_ import functions
from freehold.services.lambda_.functions import Version

Shape = dict[str, Any]

CREATING = {"StateReason": "The function is being created.", "StateReasonCode": "Creating", "State": "Pending"}
UPDATING = {
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": "The function is being created.",
    "LastUpdateStatusReasonCode": "Creating",
}


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
    shape["RuntimeVersionConfig"] = {"RuntimeVersionArn": runtime_arn(tx.region, settings["Runtime"])}
    if version.layers:
        shape["Layers"] = [{"Arn": layer.arn, "CodeSize": layer.size} for layer in version.layers]
    if "VpcConfig" in shape:
        shape["VpcConfig"] = {"VpcId": ""} | shape["VpcConfig"]
    return shape


def runtime_arn(region: str, runtime: str) -> str:
    """The runtime's own ARN: as there is one version of each, its name's digest tells which."""
    return f"arn:aws:lambda:{region}::runtime:{hashlib.sha256(runtime.encode()).hexdigest()}"


def settled(shape: Shape) -> Shape:
    """A function that is ready, as every reader finds it."""
    return shape | {"State": "Active", "LastUpdateStatus": "Successful"}


def passing(tx: Tx, shape: Shape, state: Shape) -> Shape:
    """A function as the request that changes it is answered; its revision is another one once the state has passed."""
    return shape | state | {"RevisionId": tx.ids.uuid()}
