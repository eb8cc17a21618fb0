"""Resource policies of secrets. They may not know how policies are weighed.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.secretsmanager import errors, permissions, secrets
from freehold.services.secretsmanager.catalogue import secretsmanager
from freehold.services.secretsmanager.secrets import Secret


def _told(tx: Tx, secret: Secret) -> Response:
    return {"ARN": secrets.arn(tx, secret), "Name": secret.name}


@secretsmanager.operation(needs=OPEN)
def put_resource_policy(call: Call, tx: Tx, request: Request) -> Response:
    policy, block = request["ResourcePolicy"], request.get("BlockPublicPolicy", False)
    facts = {"secretsmanager:BlockPublicPolicy": str(block).lower()}
    seat, secret = permissions.opened(call, tx, request["SecretId"], "PutResourcePolicy", facts)
    secrets.check_kept(secret)
    permissions.check(policy)
    if block and permissions.public(policy):
        raise errors.PublicPolicyException()
    secret.policy = policy
    seat.put(secret)
    return _told(seat, secret)


@secretsmanager.operation(needs=OPEN)
def get_resource_policy(call: Call, tx: Tx, request: Request) -> Response:
    seat, secret = permissions.opened(call, tx, request["SecretId"], "GetResourcePolicy")
    secrets.check_kept(secret)
    return _told(seat, secret) | ({"ResourcePolicy": secret.policy} if secret.policy else {})


@secretsmanager.operation(needs=OPEN)
def delete_resource_policy(call: Call, tx: Tx, request: Request) -> Response:
    seat, secret = permissions.opened(call, tx, request["SecretId"], "DeleteResourcePolicy")
    secrets.check_kept(secret)
    secret.policy = ""
    seat.put(secret)
    return _told(seat, secret)


@secretsmanager.operation(needs=OPEN)
def validate_resource_policy(call: Call, tx: Tx, request: Request) -> Response:
    if request.get("SecretId"):
        permissions.opened(call, tx, request["SecretId"], "ValidateResourcePolicy")
    else:
        permissions.admit_at_large(call, tx, "ValidateResourcePolicy")
    policy = request["ResourcePolicy"]
    permissions.check(policy)
    if not permissions.public(policy):
        return {"PolicyValidationPassed": True, "ValidationErrors": []}
    found = {"CheckName": "PUBLIC_ACCESS", "ErrorMessage": errors.PublicPolicyException.words}
    return {"PolicyValidationPassed": False, "ValidationErrors": [found]}
