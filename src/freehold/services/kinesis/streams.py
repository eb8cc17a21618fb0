"""Streams: what is remembered of each, and how requests name them.

One idea: what a stream holds lies under an id that nothing had before, so a stream that is deleted is gone at once,
whatever time its records take to be removed. It may not know shards.
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.kinesis import permissions
from freehold.services.kinesis.errors import DryRunOperationException, NamesDiffer, NoName, StreamNotFound

PROVISIONED, ON_DEMAND = "PROVISIONED", "ON_DEMAND"
NONE, KMS = "NONE", "KMS"
RETENTION_H = 24
ID_LENGTH = 12


class Stream(Record, table="kinesis_streams", key="name"):
    """A stream. `metrics` are the shard-level ones asked for; `policy` is a policy document's text."""

    name: str
    id: str
    created_at: float
    mode: str = PROVISIONED
    retention_h: int = RETENTION_H
    metrics: list[str] = []
    encryption: str = NONE
    key_id: str = ""
    record_max_kib: int = 1_024
    warm_mibps: int = 0
    distribution: str = ""
    tags: dict[str, str] = {}
    policy: str = ""

    @property
    def retention_s(self) -> int:
        return self.retention_h * 3_600


def arn(tx: Tx, name: str) -> str:
    return arns.arn("kinesis", tx.region, tx.account, f"stream/{name}")


def named(tx: Tx, request: dict[str, Any]) -> str:
    """The name of the request's stream. Raises InvalidArgumentException if it has none, or two."""
    name, text = request.get("StreamName", ""), request.get("StreamARN", "")
    if not name and not text:
        raise NoName()
    given = text.rpartition("/")[2]
    if name and text and name != given:
        raise NamesDiffer()
    return name or given


def addressed(tx: Tx, request: dict[str, Any], action: str) -> tuple[Tx, Stream]:
    """The request's stream, and the transaction seen from where it is. Another account's stream can be reached by its
    ARN, as far as its policy lets the caller do `action`. Raises ResourceNotFoundException."""
    name = named(tx, request)
    place = arns.parse(request.get("StreamARN", ""))
    return reached(tx, place, name, action)


def reached(tx: Tx, place: arns.Arn | None, name: str, action: str) -> tuple[Tx, Stream]:
    """As `addressed`, for a stream of this name where an ARN is, or here."""
    here = tx.within(place.account, place.region) if place else tx
    stream = here.get(Stream, name)
    if place and tx.principal.account != place.account:
        permissions.admit(here, action, arn(here, name), stream.policy if stream else "")
    if stream is None:
        raise StreamNotFound(stream=name, account=here.account)
    return here, stream


def rehearse(request: dict[str, Any]) -> None:
    """Stop a request that was only to find out whether it would be granted."""
    if request.get("DryRun"):
        raise DryRunOperationException()
