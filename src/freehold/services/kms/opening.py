"""Opening a key: found by whatever names it, allowed, and fit for what is wanted.

One idea: every operation begins here, so that none can forget a check or make them in another order than AWS. It may
not know what is done with the key.
"""

from collections.abc import Mapping
from typing import Any

from freehold.engines.keys import specs
from freehold.kernel.call import Call
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.kms import creation, errors, grants, keys, materials, permissions
from freehold.services.kms.keys import Key


def opened(
    call: Call, tx: Tx, text: str, operation: str, facts: Mapping[str, Any] = {}, *, aliased: bool = False,
    foreign: bool = False,
) -> tuple[Tx, Key]:  # fmt: skip
    """A key and from where it is seen, if the caller may do the operation with it.

    Raises NotFoundException, InvalidArnException, AccessDeniedException. Aliases and keys of other accounts are taken
    where AWS takes them.
    """
    seat, id = keys.place(tx, text)
    action = f"kms:{operation}"
    if seat.account != tx.account and not foreign:
        raise errors.StrangerRefused(principal=call.principal.arn, action=action)
    try:
        key = _named(call, seat, id, aliased)
    except errors.NotFoundException:
        if seat.account == tx.account:
            raise
        raise errors.StrangerRefused(principal=call.principal.arn, action=action) from None
    if id != key.id:
        facts = {**facts, "kms:RequestAlias": id}
    permissions.admit(call, seat, key, action, facts)
    return seat, key


def _named(call: Call, tx: Tx, id: str, aliased: bool) -> Key:
    if not id.startswith(creation.PREFIX):
        return keys.open_key(tx, id)
    if not aliased:
        raise errors.KeyIdInvalid(id=id)
    return creation.aliased(call, tx, id)


def used(
    call: Call, tx: Tx, text: str, operation: str, algorithm: str = "", facts: Mapping[str, Any] = {}
) -> tuple[Tx, Key]:  # fmt: skip
    """A key that the operation can be done with. Raises what `opened` does, DisabledException, KMSInvalidStateException
    and InvalidKeyUsageException."""
    seat, key = opened(call, tx, text, operation, facts, aliased=True, foreign=True)
    keys.check_state(seat, key)
    check_usage(seat, key, operation, algorithm)
    return seat, key


def check_usage(tx: Tx, key: Key, operation: str, algorithm: str) -> None:
    if key.usage != specs.USED_FOR[operation]:
        raise errors.InvalidKeyUsageException(arn=keys.arn(tx, key.id), usage=key.usage, operation=operation)
    if algorithm and algorithm not in key.kind.algorithms[key.usage]:
        raise errors.AlgorithmIncompatible(algorithm=algorithm, spec=key.spec)


def material(call: Call, tx: Tx, key: Key, number: int = 0) -> bytes:
    """The bytes of a key's current material, or of the one of a number. Raises KMSInvalidStateException."""
    row = materials.find(tx, key.id, number or key.material)
    if row is None:
        raise errors.InvalidCiphertextException()
    if not row.usable(tx.now):
        raise errors.PendingImport(arn=keys.arn(tx, key.id))
    return materials.bytes_of(tx, call.vault, row)


def rehearse(request: Request) -> None:
    """Raise DryRunOperationException if that is all that is wanted; called when nothing can be refused any more."""
    if request.get("DryRun"):
        raise errors.DryRunOperationException()


def check_tokens(tx: Tx, request: Request) -> None:
    """Grants hold at once, so tokens change nothing; one that is none is refused."""
    for token in request.get("GrantTokens", ()):
        if len(token) != grants.TOKEN_LENGTH:
            raise errors.InvalidGrantTokenException()
