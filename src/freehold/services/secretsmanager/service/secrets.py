"""Secrets: made, told, changed, deleted and restored.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.kernel.timers import at
from freehold.services.secretsmanager import errors, permissions, sealing, secrets
from freehold.services.secretsmanager.catalogue import secretsmanager
from freehold.services.secretsmanager.errors import InvalidParameterException
from freehold.services.secretsmanager.secrets import CURRENT, DAY_S, Secret, Version
from freehold.services.secretsmanager.service.tags import read_tags
from freehold.services.secretsmanager.service.values import put, value_of

WINDOW_DAYS, WINDOW_MIN_DAYS = 30, 7


def token_of(request: Request) -> str:
    """Raises InvalidRequestException: SDKs make one, whoever speaks for himself has to."""
    token = request.get("ClientRequestToken")
    if not token:
        raise errors.TokenMissing()
    return token


@secretsmanager.operation(needs=OPEN)
def create_secret(call: Call, tx: Tx, request: Request) -> Response:
    """The same request twice, by its token, makes one secret."""
    name, token = request["Name"], token_of(request)
    if not secrets.NAME.fullmatch(name):
        raise errors.NameInvalid()
    if request.get("AddReplicaRegions"):
        raise NotImplementedHere(service="secretsmanager", operation="replication")
    known = secrets.find(secrets.Named(tx, name))
    made = known or Secret(
        name=name, suffix=tx.ids.text(secrets.SUFFIX_LENGTH, secrets.SUFFIX_LETTERS), created_at=tx.now,
        changed_at=tx.now, description=request.get("Description", ""), key=request.get("KmsKeyId", ""),
        kind=request.get("Type", ""), tags=read_tags(request["Tags"]) if request.get("Tags") else None,
    )  # fmt: skip
    _admit_creation(call, tx, made, request)
    value = value_of(request)
    if known:
        if known.deletes_at is not None:
            raise errors.NameScheduled()
        if not secrets.version(tx, known, token):
            raise errors.ResourceExistsException(name=name)
    tx.put(made)
    told: Response = {"ARN": secrets.arn(tx, made), "Name": name}
    if value is None:
        return told
    put(call, tx, tx, made, token, value, [CURRENT])
    return told | {"VersionId": token}


def _admit_creation(call: Call, tx: Tx, secret: Secret, request: Request) -> None:
    arn = secrets.arn(tx, secret)
    facts: dict[str, Any] = {"secretsmanager:Name": secret.name, "secretsmanager:Description": secret.description}
    facts |= {"secretsmanager:KmsKeyId": secret.key} if secret.key else {}
    tags = read_tags(request.get("Tags", ()))
    facts |= {f"aws:RequestTag/{name}": value for name, value in tags.items()}
    facts |= {"aws:TagKeys": list(tags)} if tags else {}
    for action in ("CreateSecret", *(["TagResource"] if tags else [])):
        permissions.admit(call, tx, None, f"secretsmanager:{action}", arn, facts)


@secretsmanager.operation(needs=OPEN)
def describe_secret(call: Call, tx: Tx, request: Request) -> Response:
    seat, secret = permissions.opened(call, tx, request["SecretId"], "DescribeSecret")
    told = secrets.facts(secret) | {"ARN": secrets.arn(seat, secret)}
    stages = secrets.versions_to_stages(secret)
    return told | ({"VersionIdsToStages": stages} if stages else {})


@secretsmanager.operation(needs=OPEN)
def update_secret(call: Call, tx: Tx, request: Request) -> Response:
    """A new key is used for the versions that have labels at once."""
    token = token_of(request)
    facts = {"secretsmanager:KmsKeyId": request["KmsKeyId"]} if request.get("KmsKeyId") else {}
    seat, secret = permissions.opened(call, tx, request["SecretId"], "UpdateSecret", facts)
    secrets.check_kept(secret)
    value = value_of(request)
    secret.description = request.get("Description", secret.description)
    secret.kind = request.get("Type", secret.kind)
    key = request.get("KmsKeyId", secret.key)
    if key != secret.key:
        _reseal(call, tx, seat, secret, key)
    secret.changed_at = seat.now
    seat.put(secret)
    told: Response = {"ARN": secrets.arn(seat, secret), "Name": secret.name}
    if value is None:
        return told
    put(call, tx, seat, secret, token, value, [CURRENT])
    return told | {"VersionId": token}


def _reseal(call: Call, tx: Tx, seat: Tx, secret: Secret, key: str) -> None:
    rows = [row for id in secrets.versions_to_stages(secret) if (row := secrets.version(seat, secret, id))]
    plain = [(row, sealing.unseal(call, tx, seat, secret, row)) for row in rows]
    secret.key = key
    for row, value in plain:
        new: Version = sealing.seal(call, tx, seat, secret, row.id, value)
        new.created_at, new.accessed_on = row.created_at, row.accessed_on
        seat.put(new)


@secretsmanager.operation(needs=OPEN)
def delete_secret(call: Call, tx: Tx, request: Request) -> Response:
    """Forced, it is gone at once, and a secret that is not there counts as deleted."""
    days, force = request.get("RecoveryWindowInDays"), request.get("ForceDeleteWithoutRecovery", False)
    if force and days is not None:
        raise InvalidParameterException(reason=errors.FORCE_WITH_WINDOW)
    days = WINDOW_DAYS if days is None else days
    if not force and not WINDOW_MIN_DAYS <= days <= WINDOW_DAYS:
        raise InvalidParameterException(reason=errors.WINDOW_OUTSIDE)
    facts = {"secretsmanager:ForceDeleteWithoutRecovery": str(force).lower()}
    facts |= {} if force else {"secretsmanager:RecoveryWindowInDays": str(days)}
    try:
        seat, secret = permissions.opened(call, tx, request["SecretId"], "DeleteSecret", facts)
    except errors.ResourceNotFoundException:
        if not force:
            raise
        return _as_if(tx, request["SecretId"])
    if not force:
        secrets.check_kept(secret)
    deletes_at = seat.now if force else seat.now + days * DAY_S
    told = {"ARN": secrets.arn(seat, secret), "Name": secret.name, "DeletionDate": deletes_at}
    if force:
        secrets.forget(seat, secret)
        return told
    secret.deletes_at = deletes_at
    seat.put(secret)
    at(seat, deletes_at, "secretsmanager", "remove_secret", name=secret.name, suffix=secret.suffix)
    return told


def _as_if(tx: Tx, text: str) -> Response:
    name = secrets.named(tx, text).name
    suffix = tx.ids.text(secrets.SUFFIX_LENGTH, secrets.SUFFIX_LETTERS)
    arn = arns.arn("secretsmanager", tx.region, tx.account, f"secret:{name}-{suffix}")
    return {"ARN": arn, "Name": name, "DeletionDate": tx.now}


@secretsmanager.internal
def remove_secret(call: Call, tx: Tx, request: Request) -> None:
    """Forget a secret whose window is over; one that was restored, or made anew, is left alone."""
    secret = tx.get(Secret, request["name"])
    if secret and secret.suffix == request["suffix"] and secret.deletes_at is not None and secret.deletes_at <= tx.now:
        secrets.forget(tx, secret)


@secretsmanager.operation(needs=OPEN)
def restore_secret(call: Call, tx: Tx, request: Request) -> Response:
    seat, secret = permissions.opened(call, tx, request["SecretId"], "RestoreSecret")
    secret.deletes_at = None
    seat.put(secret)
    return {"ARN": secrets.arn(seat, secret), "Name": secret.name}
