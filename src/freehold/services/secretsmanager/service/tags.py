"""Tags of secrets. They may not know what else a secret is."""

from collections.abc import Sequence
from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import OPEN, Request
from freehold.kernel.store import Tx
from freehold.services.secretsmanager import errors, permissions, secrets
from freehold.services.secretsmanager.catalogue import secretsmanager

TAGS_MAX = 50


def read_tags(given: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Raises InvalidParameterException."""
    if not all(tag.get("Key") for tag in given):
        raise errors.InvalidParameterException(reason=errors.TAG_WITHOUT_KEY)
    found = {tag["Key"]: tag.get("Value", "") for tag in given}
    if any(name.lower().startswith("aws:") and not name.startswith("aws:cloudformation:") for name in found):
        raise errors.InvalidParameterException(reason=errors.TAGS_OF_AWS)
    return found


@secretsmanager.operation(needs=OPEN)
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    given = read_tags(request["Tags"])
    facts: dict[str, Any] = {f"aws:RequestTag/{name}": value for name, value in given.items()}
    facts["aws:TagKeys"] = list(given)
    seat, secret = permissions.opened(call, tx, request["SecretId"], "TagResource", facts)
    secrets.check_kept(secret)
    secret.tags = (secret.tags or {}) | given
    if len(secret.tags) > TAGS_MAX:
        raise errors.InvalidParameterException(reason=f"A secret may have at most {TAGS_MAX} tags.")
    seat.put(secret)


@secretsmanager.operation(needs=OPEN)
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    facts = {"aws:TagKeys": request["TagKeys"]}
    seat, secret = permissions.opened(call, tx, request["SecretId"], "UntagResource", facts)
    secrets.check_kept(secret)
    if secret.tags is not None:
        secret.tags = {name: value for name, value in secret.tags.items() if name not in request["TagKeys"]}
    seat.put(secret)
