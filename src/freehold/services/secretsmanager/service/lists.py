"""Lists of secrets and of versions. They may not know values.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html
"""

import base64
import binascii

from freehold.kernel.call import Call
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.secretsmanager import errors, filters, permissions, secrets
from freehold.services.secretsmanager.catalogue import secretsmanager
from freehold.services.secretsmanager.secrets import Secret, Version

LISTED = 100
OWN_KEY = "DefaultEncryptionKey"


def _after(request: Request) -> str:
    """The last thing that was shown. Raises InvalidNextTokenException."""
    try:
        return base64.b64decode(request.get("NextToken", ""), b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as fault:
        raise errors.InvalidNextTokenException() from fault


def _page(keys: list[str], request: Request, usual: int) -> tuple[int, int, Response]:
    """From where to where of a list of keys a page goes, and its NextToken."""
    last = _after(request)
    if last and last not in keys:
        raise errors.InvalidNextTokenException()
    start = keys.index(last) + 1 if last else 0
    end = start + request.get("MaxResults", usual)
    more = {"NextToken": base64.urlsafe_b64encode(keys[end - 1].encode()).decode()} if end < len(keys) else {}
    return start, end, more


def listed(tx: Tx, request: Request, usual: int = LISTED) -> tuple[list[Secret], Response]:
    """A page of the secrets that a request's filters let through, in its order."""
    planned = request.get("IncludePlannedDeletion", False)
    there = [one for one in tx.range(Secret) if one.deletes_at is None or (planned and one.deletes_at > tx.now)]
    found = [one for one in there if filters.chosen(one, request.get("Filters", []))]
    found = filters.ordered(found, request)
    start, end, more = _page([one.name for one in found], request, usual)
    return found[start:end], more


@secretsmanager.operation(needs=OPEN)
def list_secrets(call: Call, tx: Tx, request: Request) -> Response:
    permissions.admit_at_large(call, tx, "ListSecrets")
    found, more = listed(tx, request)
    told = []
    for secret in found:
        stages = secrets.versions_to_stages(secret)
        shown = {"ARN": secrets.arn(tx, secret)} | ({"SecretVersionsToStages": stages} if stages else {})
        told.append(secrets.facts(secret) | shown)
    return {"SecretList": told} | more


@secretsmanager.operation(needs=OPEN)
def list_secret_version_ids(call: Call, tx: Tx, request: Request) -> Response:
    """In the order in which they were made."""
    seat, secret = permissions.opened(call, tx, request["SecretId"], "ListSecretVersionIds")
    rows = sorted(seat.range(Version, secret.id), key=lambda row: (row.created_at, row.id))
    if not request.get("IncludeDeprecated"):
        rows = [row for row in rows if secret.stages_of(row.id)]
    start, end, more = _page([row.id for row in rows], request, LISTED)
    told = [_told(secret, row) for row in rows[start:end]]
    return {"ARN": secrets.arn(seat, secret), "Name": secret.name, "Versions": told} | more


def _told(secret: Secret, row: Version) -> Response:
    stages = secret.stages_of(row.id)
    told: Response = {"VersionId": row.id, "CreatedDate": row.created_at, "KmsKeyIds": [row.key or OWN_KEY]}
    told |= {"LastAccessedDate": row.accessed_on} if row.accessed_on else {}
    return told | ({"VersionStages": stages} if stages else {})
