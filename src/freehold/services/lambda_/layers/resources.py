"""AWS::Lambda::LayerVersion and LayerVersionPermission, which are never changed, only made anew.

It may not know the store.
"""

from freehold.kernel.resources import Ask, Ending, Made, Steps, Want
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.templates import chosen

LAYER = ("LayerName", "Content", "Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo")
LAYER_PERMISSION = ("LayerVersionArn", "Action", "Principal", "OrganizationId")

layer = lambda_.resource("AWS::Lambda::LayerVersion", replaces=LAYER, attributes=("LayerVersionArn",))
layer_permission = lambda_.resource(
    "AWS::Lambda::LayerVersionPermission", replaces=LAYER_PERMISSION, attributes=("Id",)
)


@layer.create
def create_layer(want: Want) -> Steps:
    given = chosen(want.properties, LAYER)
    given["LayerName"] = want.name(given.get("LayerName"), 140)
    made = yield Ask("lambda", "PublishLayerVersion", given)
    return Made(made["LayerVersionArn"], {"LayerVersionArn": made["LayerVersionArn"]})


@layer.delete
def delete_layer(want: Want) -> Ending:
    yield Ask("lambda", "DeleteLayerVersion", _version(want.id))


def _version(arn: str) -> dict[str, str | int]:
    name, _, number = arn.rpartition(":")
    return {"LayerName": name, "VersionNumber": int(number)}


@layer_permission.create
def create_layer_permission(want: Want) -> Steps:
    given = chosen(want.properties, LAYER_PERMISSION)
    arn, statement = given.pop("LayerVersionArn"), want.name(longest=100)
    yield Ask("lambda", "AddLayerVersionPermission", given | _version(arn) | {"StatementId": statement})
    return Made(f"{arn}#{statement}", {"Id": f"{arn}#{statement}"})


@layer_permission.delete
def delete_layer_permission(want: Want) -> Ending:
    arn, _, statement = want.id.partition("#")
    yield Ask("lambda", "RemoveLayerVersionPermission", _version(arn) | {"StatementId": statement})
