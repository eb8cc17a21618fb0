"""Who else may use functions and layers: statements added, shown and taken away.

It may not know what they allow.
"""

import re

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import aliases, errors, functions, layers, policies
from freehold.services.lambda_.catalogue import function_arn, lambda_, layer_arn
from freehold.services.lambda_.layers import LayerVersion
from freehold.services.lambda_.names import LATEST
from freehold.services.lambda_.policies import Policy
from freehold.services.lambda_.service.functions import named

ALIAS = re.compile(r"(?!\d+$)[\w-]+")
LATEST_REFUSED = "We currently do not support adding policies for $LATEST."


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _function(tx: Tx, request: Request) -> tuple[Tx, str]:
    """The ARN whose policy is meant; the function, version or alias must exist."""
    seat, ref = named(tx, request)
    functions.find(seat, ref.name)
    if ALIAS.fullmatch(ref.qualifier):
        aliases.find(seat, ref.name, ref.qualifier)
    elif ref.qualifier:
        functions.version(seat, ref.name, ref.qualifier)
    return seat, functions.arn(seat, ref.name, ref.qualifier)


@lambda_.operation(needs={"lambda:AddPermission": function_arn})
def add_permission(call: Call, tx: Tx, request: Request) -> Response:
    seat, arn = _function(tx, request)
    if arn.endswith(f":{LATEST}"):
        raise errors.InvalidParameterValueException(message=LATEST_REFUSED)
    return {"Statement": _text(policies.add(seat, arn, request))}


@lambda_.operation(needs={"lambda:RemovePermission": function_arn})
def remove_permission(call: Call, tx: Tx, request: Request) -> None:
    policies.remove(*_function(tx, request), request)


@lambda_.operation(needs={"lambda:GetPolicy": function_arn})
def get_policy(call: Call, tx: Tx, request: Request) -> Response:
    """A policy that is not there and a function that is not there are told alike."""
    seat, ref = named(tx, request)
    return _shape(policies.find(seat, functions.arn(seat, ref.name, ref.qualifier)))


def _shape(policy: Policy) -> Response:
    return {"Policy": _text(policy.document), "RevisionId": policy.revision}


def _layer(tx: Tx, request: Request) -> tuple[Tx, str]:
    name = layers.name_of(request["LayerName"])
    number = request["VersionNumber"]
    if tx.get(LayerVersion, name, number) is None:
        raise errors.LayerVersionMissing(arn=layers.arn(tx, name, number))
    return tx, layers.arn(tx, name, number)


@lambda_.operation(needs={"lambda:AddLayerVersionPermission": layer_arn})
def add_layer_version_permission(call: Call, tx: Tx, request: Request) -> Response:
    seat, arn = _layer(tx, request)
    statement = policies.add(seat, arn, request)
    return {"Statement": _text(statement), "RevisionId": policies.find(seat, arn).revision}


@lambda_.operation(needs={"lambda:RemoveLayerVersionPermission": layer_arn})
def remove_layer_version_permission(call: Call, tx: Tx, request: Request) -> None:
    policies.remove(*_layer(tx, request), request)


@lambda_.operation(needs={"lambda:GetLayerVersionPolicy": layer_arn})
def get_layer_version_policy(call: Call, tx: Tx, request: Request) -> Response:
    return _shape(policies.find(*_layer(tx, request)))
