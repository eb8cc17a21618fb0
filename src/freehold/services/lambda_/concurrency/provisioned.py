"""Provisioned concurrency: environments that stand ready for a version before it is asked for.

One idea: the record is what is wanted, and the keeper says in it what there is. It may not know how environments start.

https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
"""

from typing import Any

from freehold.kernel.store import Record, Tx
from freehold.services.lambda_ import aliases, functions
from freehold.services.lambda_.concurrency import errors
from freehold.services.lambda_.functions import Function, Version
from freehold.services.lambda_.names import LATEST

IN_PROGRESS, READY, FAILED = "IN_PROGRESS", "READY", "FAILED"
BELL = "lambda-provisioned"


class Provisioned(Record, table="lambda_provisioned", key="function qualifier"):
    """How many environments a version, or the version of an alias, keeps ready; `allocated` are there."""

    function: str
    qualifier: str
    requested: int
    modified_at: float
    allocated: int = 0
    status: str = IN_PROGRESS
    reason: str = ""


def find(tx: Tx, function: str, qualifier: str) -> Provisioned:
    found = tx.get(Provisioned, function, qualifier)
    if found is None:
        raise errors.ProvisionedConcurrencyConfigNotFoundException()
    return found


def total(tx: Tx, function: str) -> int:
    """How many environments a function keeps ready in all."""
    return sum(one.requested for one in tx.range(Provisioned, function))


def put(tx: Tx, function: Function, qualifier: str, wanted: int, shared: int, least: int) -> Provisioned:
    """Keep a wish that can be granted; functions without a share of their own have `shared`, of which `least` stay."""
    _check_alone(tx, function.name, qualifier)
    before = tx.get(Provisioned, function.name, qualifier)
    others = total(tx, function.name) - (before.requested if before else 0)
    if function.reserved is not None and wanted + others > function.reserved:
        raise errors.MoreThanReserved()
    if function.reserved is None and wanted + others > shared:
        raise errors.MoreThanUnreserved(most=shared)
    if function.reserved is None and wanted + others > shared - least:
        raise errors.TooLittleLeft(least=least)
    made = Provisioned(function=function.name, qualifier=qualifier, requested=wanted, modified_at=tx.now)
    tx.put(made)
    tx.ring(BELL)
    return made


def _check_alone(tx: Tx, function: str, qualifier: str) -> None:
    """Environments are kept for a version or for an alias that points to it, not for both."""
    if qualifier == LATEST:
        raise errors.Unpublished()
    version = aliases.pointed(tx, function, qualifier)
    if not version.number:
        raise errors.Unpublished()
    for other in tx.range(Provisioned, function):
        if other.qualifier == qualifier or _label(tx, other) != version.label:
            continue
        raise errors.AliasProvisioned() if qualifier.isdigit() else errors.VersionProvisioned()


def _label(tx: Tx, one: Provisioned) -> str:
    if one.qualifier.isdigit():
        return one.qualifier
    alias = tx.get(aliases.Alias, one.function, one.qualifier)
    return alias.version if alias else ""


def shape(one: Provisioned) -> dict[str, Any]:
    """What GetProvisionedConcurrencyConfig answers."""
    told = {
        "RequestedProvisionedConcurrentExecutions": one.requested,
        "AvailableProvisionedConcurrentExecutions": one.allocated,
        "AllocatedProvisionedConcurrentExecutions": one.allocated,
        "Status": one.status,
        "LastModified": functions.moment(one.modified_at),
    }
    return told | ({"StatusReason": one.reason} if one.reason else {})


def move(tx: Tx, function: str, alias: str) -> None:
    """An alias points to another version: what it keeps ready is to be made ready there."""
    one = tx.get(Provisioned, function, alias)
    if one is not None:
        one.status, one.modified_at = IN_PROGRESS, tx.now
        tx.put(one)
        tx.ring(BELL)


def delete(tx: Tx, function: str, qualifier: str) -> None:
    tx.delete(Provisioned, function, qualifier)
    tx.ring(BELL)


def remove(tx: Tx, function: str) -> None:
    """Keep nothing ready for a function any more."""
    for one in tx.range(Provisioned, function):
        delete(tx, function, one.qualifier)


# What the keeper says


def attended(tx: Tx) -> list[tuple[str, str, str]]:
    """Every wish: account, region, and function and qualifier."""
    return [
        (account, region, f"{one.function} {one.qualifier}")
        for account, region in tx.scopes(Provisioned)
        for one in tx.within(account, region).range(Provisioned)
    ]


def look(tx: Tx, function: str, qualifier: str) -> tuple[Provisioned, Version] | None:
    """A wish and the version it is for; None if there is none any more."""
    one = tx.get(Provisioned, function, qualifier)
    label = _label(tx, one) if one else ""
    version = tx.get(Version, function, int(label)) if label.isdigit() else None
    return (one, version) if one and version else None


def tell(tx: Tx, version: Version, qualifier: str, there: int, reason: str) -> None:
    """Say how many environments of a version there are; a reason tells why no more can be had."""
    one = tx.get(Provisioned, version.function, qualifier)
    if one is None or _label(tx, one) != version.label:  # gone, or moved on meanwhile
        return
    status = FAILED if reason else READY if there >= one.requested else IN_PROGRESS
    if (one.allocated, one.status, one.reason) != (there, status, reason):
        one.allocated, one.status, one.reason = there, status, reason
        tx.put(one)
