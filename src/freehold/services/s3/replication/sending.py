"""Sending: a version is promised to where rules want it, and told what became of that.

One idea: the promise stands in the transaction that made the version, one lane for each key and destination, so
versions arrive in their order. It may not know how a version is carried.
"""

from typing import Any

from freehold.kernel.deliveries import promise
from freehold.kernel.identity import Principal, service
from freehold.kernel.store import Record, Tx
from freehold.services.s3 import versions
from freehold.services.s3.buckets import ENABLED, Bucket
from freehold.services.s3.replication import rules
from freehold.services.s3.replication.rules import COMPLETED, FAILED, PENDING, REPLICA, SETTING
from freehold.services.s3.versions import Version

S3 = "s3.amazonaws.com"
CARRY, SETTLE = "carry_version", "settle_replication"


class Errand(Record, table="s3_errands", key="bucket key id target", scope="global"):
    """A version that is on its way to another bucket."""

    bucket: str
    key: str
    id: str
    target: str


def send(tx: Tx, bucket: Bucket, version: Version) -> None:
    """Promise a new version, a delete marker, or what has changed of a version, to where the bucket's rules want it."""
    setting = bucket.settings.get(SETTING)
    if not setting or bucket.versioning != ENABLED or version.replication == REPLICA:
        return
    found = rules.wanted(setting["Rules"], version)
    if not found:
        return
    if not version.marker:
        version.replication = PENDING
        tx.put(version)
    home = tx.within(bucket.account, bucket.region).acting(_itself(bucket))
    for target, rule in found.items():
        named = {"bucket": bucket.name, "key": version.key, "id": version.id, "target": target}
        tx.put(Errand(**named))
        request = named | {"role": setting["Role"], "rule": rule}
        lane = f"s3-replication:{bucket.name}:{target}:{version.key}"
        promise(home, "s3", CARRY, request, then=("s3", SETTLE), about=named, lane=lane, width=1)


def _itself(bucket: Bucket) -> Principal:
    return service(S3, bucket.account)


def settle(tx: Tx, named: dict[str, str], outcome: dict[str, Any]) -> None:
    """Write down what became of an errand: the first that fails decides, else the last that is done."""
    tx.delete(Errand, named["bucket"], named["key"], named["id"], named["target"])
    version = versions.find(tx, named["bucket"], named["key"], named["id"])
    if version is None or version.marker or version.replication not in (PENDING, FAILED):
        return
    if "error" in outcome:
        version.replication = FAILED
    elif version.replication == PENDING and not tx.range(Errand, version.bucket, version.key, version.id, limit=1):
        version.replication = COMPLETED
    tx.put(version)
