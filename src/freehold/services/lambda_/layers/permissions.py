"""Who else may use a layer version: statements added, shown and taken away. It may not know what they allow."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_.access import policies
from freehold.services.lambda_.catalogue import lambda_, layer_arn
from freehold.services.lambda_.layers import published
from freehold.services.lambda_.layers.errors import LayerVersionMissing
from freehold.services.lambda_.layers.published import LayerVersion


def _layer(tx: Tx, request: Request, operation: str) -> tuple[Tx, str]:
    number = request["VersionNumber"]
    name = published.own(tx, request["LayerName"], operation, number)
    if tx.get(LayerVersion, name, number) is None:
        raise LayerVersionMissing(arn=published.arn(tx, name, number))
    return tx, published.arn(tx, name, number)


@lambda_.operation(needs={"lambda:AddLayerVersionPermission": layer_arn})
def add_layer_version_permission(call: Call, tx: Tx, request: Request) -> Response:
    seat, arn = _layer(tx, request, "AddLayerVersionPermission")
    statement = policies.add(seat, arn, request)
    return {"Statement": policies.text(statement), "RevisionId": policies.find(seat, arn).revision}


@lambda_.operation(needs={"lambda:RemoveLayerVersionPermission": layer_arn})
def remove_layer_version_permission(call: Call, tx: Tx, request: Request) -> None:
    policies.remove(*_layer(tx, request, "RemoveLayerVersionPermission"), request)


@lambda_.operation(needs={"lambda:GetLayerVersionPolicy": layer_arn})
def get_layer_version_policy(call: Call, tx: Tx, request: Request) -> Response:
    return policies.shape(policies.find(*_layer(tx, request, "GetLayerVersionPolicy")))
