"""Rotation: asked for, begun by the clock, and called off. It may not know what functions do.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
"""

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError, NotImplementedHere
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.secretsmanager import errors, permissions, rotating, secrets
from freehold.services.secretsmanager.catalogue import secretsmanager
from freehold.services.secretsmanager.secrets import CURRENT, PENDING, Rotation, Secret


@secretsmanager.operation(needs=OPEN)
async def rotate_secret(call: Call, request: Request) -> Response:
    """The function has to be one that Secrets Manager may call, or nothing changes."""
    if not request.get("ClientRequestToken"):
        raise errors.TokenMissingForRotation()
    if request.get("ExternalSecretRotationMetadata") or request.get("ExternalSecretRotationRoleArn"):
        raise NotImplementedHere(service="secretsmanager", operation="rotation of managed external secrets")
    function, asker, region = await call.transact(_function, call, request)
    trial = {"FunctionName": function, "InvocationType": "DryRun"}
    try:
        await call.acting(asker, asker.account, region).ask("lambda", "Invoke", trial)
    except AwsError as refusal:
        if (refusal.status or 400) >= 500:
            raise
        raise errors.FunctionRefused() from refusal
    return await call.transact(_rotate, call, request)


def _opened(call: Call, tx: Tx, request: Request) -> tuple[Tx, Secret]:
    wanted = request.get("RotationLambdaARN")
    facts = {"secretsmanager:RotationLambdaARN": wanted} if wanted else {}
    seat, secret = permissions.opened(call, tx, request["SecretId"], "RotateSecret", facts)
    secrets.check_kept(secret)
    return seat, secret


def _function(tx: Tx, call: Call, request: Request) -> tuple:
    """The function to call, and who calls it from where. Raises InvalidRequestException."""
    seat, secret = _opened(call, tx, request)
    turn = secret.rotation or Rotation()
    function = request.get("RotationLambdaARN") or turn.function
    if not function:
        raise errors.FunctionMissing()
    rotating.check_rules(request.get("RotationRules") or turn.rules)
    if turn.token or secret.stages.get(PENDING, secret.stages.get(CURRENT)) != secret.stages.get(CURRENT):
        raise errors.RotationUnderWay()
    return function, rotating.asker(seat, secret), seat.region


def _rotate(tx: Tx, call: Call, request: Request) -> Response:
    function, _, _ = _function(tx, call, request)
    seat, secret = _opened(call, tx, request)
    turn, token = secret.rotation or Rotation(), request["ClientRequestToken"]
    secret.rotation = turn._replace(function=function, rules=request.get("RotationRules") or turn.rules)
    rotating.schedule(seat, secret)
    now = request.get("RotateImmediately", True)
    rotating.begin(seat, secret, token, only_test=not now)
    told: Response = {"ARN": secrets.arn(seat, secret), "Name": secret.name}
    return told | ({"VersionId": token} if now else {})


@secretsmanager.internal
def rotate_by_clock(call: Call, tx: Tx, request: Request) -> None:
    """Begin the rotation that is due, unless the rules have changed or one is still under way."""
    secret = secrets.find(secrets.Named(tx, request["name"], request["suffix"]))
    if secret is None or secret.rotation is None or secret.rotation.due_at != request["due_at"]:
        return
    rotating.schedule(tx, secret)
    if secret.deletes_at is None and not secret.rotation.token:
        rotating.begin(tx, secret, tx.ids.uuid())


@secretsmanager.internal
def rotate_again(call: Call, tx: Tx, request: Request) -> None:
    secret = secrets.find(secrets.Named(tx, request["name"], request["suffix"]))
    if secret:
        rotating.again(tx, secret, request["token"])


@secretsmanager.internal
def rotation_went(call: Call, tx: Tx, request: Request) -> None:
    secret = secrets.find(secrets.Named(tx, request["name"], request["suffix"]))
    if secret:
        rotating.went(tx, secret, request["step"], request["token"], request["outcome"], request["only_test"])


@secretsmanager.operation(needs=OPEN)
def cancel_rotate_secret(call: Call, tx: Tx, request: Request) -> Response:
    """Turn rotation off; a version that was being made keeps its label."""
    seat, secret = permissions.opened(call, tx, request["SecretId"], "CancelRotateSecret")
    secrets.check_kept(secret)
    turn = secret.rotation or Rotation()
    secret.rotation = turn._replace(rules={}, token="", due_at=None)
    seat.put(secret)
    told: Response = {"ARN": secrets.arn(seat, secret), "Name": secret.name}
    return told | ({"VersionId": turn.token} if turn.token else {})
