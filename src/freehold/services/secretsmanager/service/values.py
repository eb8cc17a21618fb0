"""Values: put, read, and labelled.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
"""

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.secretsmanager import errors, passwords, permissions, sealing, secrets
from freehold.services.secretsmanager.catalogue import secretsmanager
from freehold.services.secretsmanager.errors import InvalidParameterException
from freehold.services.secretsmanager.secrets import CURRENT, Secret
from freehold.services.secretsmanager.service.lists import listed

BATCH = 20


def value_of(request: Request) -> str | bytes | None:
    """Raises InvalidParameterException if there are two."""
    text, binary = request.get("SecretString"), request.get("SecretBinary")
    if text is not None and binary is not None:
        raise InvalidParameterException(reason=errors.BOTH_VALUES)
    return text if text is not None else binary


def put(
    call: Call, tx: Tx, seat: Tx, secret: Secret, token: str, value: str | bytes, labels: list[str]
) -> list[str]:  # fmt: skip
    """A new version, unless the token has made it already; the labels it has then. Raises ResourceExistsException."""
    known = secrets.version(seat, secret, token)
    if known is None:
        secrets.add_version(seat, secret, sealing.seal(call, tx, seat, secret, token, value), labels)
    elif sealing.unseal(call, tx, seat, secret, known) != value:
        raise errors.VersionTaken(version=token, arn=secrets.arn(seat, secret))
    return secret.stages_of(token)


@secretsmanager.operation(needs=OPEN)
def put_secret_value(call: Call, tx: Tx, request: Request) -> Response:
    token = request.get("ClientRequestToken")
    if not token:
        raise errors.TokenMissing()
    seat, secret = permissions.opened(call, tx, request["SecretId"], "PutSecretValue")
    secrets.check_kept(secret)
    value = value_of(request)
    if value is None:
        raise errors.InvalidRequestException(reason=errors.NO_VALUE)
    stages = put(call, tx, seat, secret, token, value, request.get("VersionStages") or [CURRENT])
    return {"ARN": secrets.arn(seat, secret), "Name": secret.name, "VersionId": token, "VersionStages": stages}


@secretsmanager.operation(needs=OPEN)
def get_secret_value(call: Call, tx: Tx, request: Request) -> Response:
    id, stage = request.get("VersionId"), request.get("VersionStage")
    facts = {"secretsmanager:VersionStage": stage or CURRENT} | ({"secretsmanager:VersionId": id} if id else {})
    seat, secret = permissions.opened(call, tx, request["SecretId"], "GetSecretValue", facts)
    return _told(call, tx, seat, secret, id, stage)


def _told(call: Call, tx: Tx, seat: Tx, secret: Secret, id: str | None, stage: str | None) -> Response:
    secrets.check_kept(secret)
    found = secrets.select(seat, secret, id, stage)
    value = sealing.unseal(call, tx, seat, secret, found)
    secrets.note_access(seat, secret, found)
    stages = secret.stages_of(found.id)
    return {
        "ARN": secrets.arn(seat, secret), "Name": secret.name, "VersionId": found.id, "CreatedDate": found.created_at,
        "SecretBinary" if found.binary else "SecretString": value,
    } | ({"VersionStages": stages} if stages else {})  # fmt: skip


@secretsmanager.operation(needs=OPEN)
def batch_get_secret_value(call: Call, tx: Tx, request: Request) -> Response:
    """Those that can not be read are told apart; each is read as its own operation would."""
    ids, filters = request.get("SecretIdList"), request.get("Filters")
    if bool(ids) == bool(filters):
        raise errors.InvalidRequestException(reason=errors.LISTS_UNCLEAR)
    permissions.admit_at_large(call, tx, "BatchGetSecretValue")
    more: Response = {}
    if not ids:
        found, more = listed(tx, request, BATCH)
        ids = [secrets.arn(tx, secret) for secret in found]
    values, refused = [], []
    for id in ids or ():
        try:
            seat, secret = permissions.opened(call, tx, id, "GetSecretValue")
            values.append(_told(call, tx, seat, secret, None, None))
        except AwsError as refusal:
            refused.append({"SecretId": id, "ErrorCode": refusal.shape(), "Message": refusal.message})
    return {"SecretValues": values, "Errors": refused} | more


@secretsmanager.operation(needs=OPEN)
def update_secret_version_stage(call: Call, tx: Tx, request: Request) -> Response:
    facts = {"secretsmanager:VersionStage": request["VersionStage"]}
    seat, secret = permissions.opened(call, tx, request["SecretId"], "UpdateSecretVersionStage", facts)
    secrets.check_kept(secret)
    from_, to = request.get("RemoveFromVersionId"), request.get("MoveToVersionId")
    secrets.move(seat, secret, request["VersionStage"], from_, to)
    return {"ARN": secrets.arn(seat, secret), "Name": secret.name}


@secretsmanager.operation(needs=OPEN)
def get_random_password(call: Call, tx: Tx, request: Request) -> Response:
    permissions.admit_at_large(call, tx, "GetRandomPassword")
    return {"RandomPassword": passwords.make(tx.ids, request)}
