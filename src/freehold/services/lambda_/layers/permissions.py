"""Who else may use a layer version: statements added, shown and taken away. It may not know what they allow."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import errors, policies
from freehold.services.lambda_.catalogue import lambda_, layer_arn
from freehold.services.lambda_.layers import published
from freehold.services.lambda_.layers.published import LayerVersion


def _layer(tx: Tx, request: Request) -> tuple[Tx, str]:
    name = published.name_of(request["LayerName"])
    number = request["VersionNumber"]
    if tx.get(LayerVersion, name, number) is None:
        raise errors.LayerVersionMissing(arn=published.arn(tx, name, number))
    return tx, published.arn(tx, name, number)


@lambda_.operation(needs={"lambda:AddLayerVersionPermission": layer_arn})
def add_layer_version_permission(call: Call, tx: Tx, request: Request) -> Response:
    seat, arn = _layer(tx, request)
    statement = policies.add(seat, arn, request)
    return {"Statement": policies.text(statement), "RevisionId": policies.find(seat, arn).revision}


@lambda_.operation(needs={"lambda:RemoveLayerVersionPermission": layer_arn})
def remove_layer_version_permission(call: Call, tx: Tx, request: Request) -> None:
    policies.remove(*_layer(tx, request), request)


@lambda_.operation(needs={"lambda:GetLayerVersionPolicy": layer_arn})
def get_layer_version_policy(call: Call, tx: Tx, request: Request) -> Response:
    return policies.shape(policies.find(*_layer(tx, request)))
