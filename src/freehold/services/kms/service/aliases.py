"""Aliases: other names of keys.

https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
"""

import re

from freehold.kernel.call import Call
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.kms import creation, errors, keys, permissions
from freehold.services.kms.catalogue import kms
from freehold.services.kms.errors import ValidationException
from freehold.services.kms.keys import Alias
from freehold.services.kms.opening import opened
from freehold.services.kms.pages import after, page, whole

NAME = re.compile(r"alias/[a-zA-Z0-9/_-]+")
LISTED = 50


def _check_name(name: str) -> None:
    if not name.startswith(creation.PREFIX):
        raise ValidationException(reason=errors.ALIAS_PREFIX)
    if name.startswith(creation.OF_AWS):
        raise errors.AliasOfAws()
    if not NAME.fullmatch(name):
        raise errors.InvalidAliasNameException()


@kms.operation(needs=OPEN)
def create_alias(call: Call, tx: Tx, request: Request) -> None:
    name = request["AliasName"]
    _check_name(name)
    permissions.admit_at_large(call, tx, "kms:CreateAlias", keys.alias_arn(tx, name))
    _, key = opened(call, tx, request["TargetKeyId"], "CreateAlias")
    keys.check_state(tx, key, keys.DISABLED, keys.PENDING_IMPORT)
    if not tx.add(Alias(name=name, key=key.id, created_at=tx.now, updated_at=tx.now)):
        raise errors.AlreadyExistsException(arn=keys.alias_arn(tx, name))


def _open_alias(call: Call, tx: Tx, name: str, action: str) -> Alias:
    _check_name(name)
    permissions.admit_at_large(call, tx, action, keys.alias_arn(tx, name))
    alias = tx.get(Alias, name)
    if alias is None:
        raise errors.AliasNotThere(arn=keys.alias_arn(tx, name))
    return alias


@kms.operation(needs=OPEN)
def update_alias(call: Call, tx: Tx, request: Request) -> None:
    """Keys that follow each other under one alias are of one kind."""
    alias = _open_alias(call, tx, request["AliasName"], "kms:UpdateAlias")
    _, new = opened(call, tx, request["TargetKeyId"], "UpdateAlias")
    old = keys.get(tx, alias.key)
    keys.check_state(tx, new, keys.DISABLED, keys.PENDING_IMPORT)
    if old and (old.usage != new.usage or old.symmetric != new.symmetric):
        raise ValidationException(reason=errors.ALIAS_KINDS_DIFFER)
    alias.key, alias.updated_at = new.id, tx.now
    tx.put(alias)


@kms.operation(needs=OPEN)
def delete_alias(call: Call, tx: Tx, request: Request) -> None:
    alias = _open_alias(call, tx, request["AliasName"], "kms:DeleteAlias")
    key = keys.get(tx, alias.key)
    if key:
        permissions.admit(call, tx, key, "kms:DeleteAlias")
    tx.delete(Alias, alias.name)


@kms.operation(needs=OPEN)
def list_aliases(call: Call, tx: Tx, request: Request) -> Response:
    permissions.admit_at_large(call, tx, "kms:ListAliases")

    def tell(alias: Alias) -> Response:
        return {
            "AliasName": alias.name, "AliasArn": keys.alias_arn(tx, alias.name), "TargetKeyId": alias.key,
            "CreationDate": alias.created_at, "LastUpdatedDate": alias.updated_at,
        }  # fmt: skip

    if request.get("KeyId"):
        seat, id = keys.place(tx, request["KeyId"])
        key = keys.open_key(seat, id)
        found = tx.range(Alias, key.id, index="key")
        return whole(request, "Aliases", found, tell, lambda alias: alias.name, LISTED)
    some = tx.range(Alias, after=after(request), limit=request.get("Limit", LISTED) + 1)
    return page(request, "Aliases", some, tell, lambda alias: alias.name, LISTED)
