"""Service-linked roles: roles that belong to an AWS service, which alone may change them.

It may not know what the services do with them.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
"""

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.iam import attachments, views
from freehold.services.iam.entities import LINKED_PATH, Role, arn, enter, find, unique_id
from freehold.services.iam.errors import NoSuchTask, NotLinked
from freehold.services.iam.service.catalogue import Object, anything, operation, the

# What the role of a service is called, where that is not the first part of its host name.
NAMES = {
    "apigateway": "APIGateway",
    "autoscaling": "AutoScaling",
    "dynamodb.application-autoscaling": "ApplicationAutoScaling_DynamoDBTable",
    "elasticloadbalancing": "ElasticLoadBalancing",
    "lambda": "Lambda",
    "lambda.application-autoscaling": "ApplicationAutoScaling_LambdaConcurrency",
    "ops.apigateway": "APIGateway",
    "organizations": "Organizations",
    "replication.dynamodb": "DynamoDBReplication",
    "states": "StepFunctions",
}


def name_of(service: str, suffix: str = "") -> str:
    first = service.removesuffix(".amazonaws.com")
    plain = "".join(part.capitalize() for part in first.replace("-", ".").split("."))
    return f"AWSServiceRoleFor{NAMES.get(first, plain)}{f'_{suffix}' if suffix else ''}"


def a_linked(call: Call, tx: Tx, request: Request) -> Object:
    service = request["AWSServiceName"]
    name = name_of(service, request.get("CustomSuffix", ""))
    return Object(arn(tx.account, Role, f"{LINKED_PATH}{service}/", name))


@operation("CreateServiceLinkedRole", upon=a_linked)
def create_service_linked_role(call: Call, tx: Tx, request: Request) -> Response:
    service = request["AWSServiceName"]
    name = name_of(service, request.get("CustomSuffix", ""))
    statement = {"Effect": "Allow", "Principal": {"Service": [service]}, "Action": ["sts:AssumeRole"]}
    trust = msgspec.json.encode({"Version": "2012-10-17", "Statement": [statement]}).decode()
    role = Role(
        fold=name.lower(), name=name, path=f"{LINKED_PATH}{service}/", id=unique_id(tx, Role), created_at=tx.now,
        trust=trust, description=request.get("Description"),
    )  # fmt: skip
    enter(tx, role)
    return {"Role": views.in_full(tx, role)}


@operation("DeleteServiceLinkedRole", upon=the(Role))
def delete_service_linked_role(call: Call, tx: Tx, request: Request) -> Response:
    """The role goes at once, so its task is over when it is told."""
    role = find(tx, Role, request["RoleName"])
    if not role.linked:
        raise NotLinked(name=role.name)
    for policy in attachments.policies(tx, role):
        attachments.detach(tx, role, policy)
    tx.delete(Role, role.fold)
    return {"DeletionTaskId": f"task{role.path}{role.name}/{tx.ids.uuid()}"}


@operation("GetServiceLinkedRoleDeletionStatus", upon=anything)
def get_service_linked_role_deletion_status(call: Call, tx: Tx, request: Request) -> Response:
    id = request["DeletionTaskId"]
    if not id.startswith(f"task{LINKED_PATH}"):
        raise NoSuchTask(id=id)
    return {"Status": "SUCCEEDED"}
