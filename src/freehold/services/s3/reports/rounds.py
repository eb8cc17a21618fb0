"""Rounds: inventories are written when they are due.

One idea: the day of the next report is a row beside the configuration, so a report is written once, whenever somebody
looks. Versions are read in pages and leave as they come. It may not know why it was woken.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html
"""

import hashlib
import zlib
from collections.abc import AsyncIterator
from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import SERVICE, Principal
from freehold.kernel.store import Record, Tx
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.reports import configurations, inventories
from freehold.services.s3.reports.configurations import INVENTORY, Configuration
from freehold.services.s3.reports.inventories import File
from freehold.services.s3.service.catalogue import s3
from freehold.services.s3.versions import Version

EVERY_S = 3_600
PAGE = 500
GZIP = 31  # zlib's window bits for gzip's form
S3 = "s3.amazonaws.com"


class Due(Record, table="s3_inventories_due", key="bucket id", index="due_at", scope="global"):
    """When the next report of an inventory is due."""

    bucket: str
    id: str
    due_at: float


def plan(tx: Tx, bucket: Bucket, configuration: Configuration) -> None:
    """Write down when the next report is due, if there are to be any."""
    id = configuration["Id"]
    if configuration["IsEnabled"]:
        tx.put(Due(bucket=bucket.name, id=id, due_at=inventories.due_at(configuration, tx.now)))
    else:
        tx.delete(Due, bucket.name, id)


@s3.keeper(every=EVERY_S)
async def take_inventories(call: Call) -> None:
    """Write every report that is due."""
    for due in await call.transact(lambda tx: tx.range(Due, index="due_at", high=tx.now)):
        bucket, configuration = await call.transact(_open, due)
        if bucket and configuration:
            try:
                await _report(call, bucket, configuration)
            except AwsError as refusal:
                if refusal.status and refusal.status >= 500:
                    continue  # tried again at the next round; what the destination refuses is not
        await call.transact(_again, due)


def _open(tx: Tx, due: Due) -> tuple[Bucket | None, Configuration | None]:
    bucket = tx.get(Bucket, due.bucket)
    return bucket, configurations.kept(bucket, INVENTORY).get(due.id) if bucket else None


def _again(tx: Tx, due: Due) -> None:
    bucket, configuration = _open(tx, due)
    if bucket and configuration:
        plan(tx, bucket, configuration)
    else:
        tx.delete(Due, due.bucket, due.id)


async def _report(call: Call, bucket: Bucket, configuration: Configuration) -> None:
    """Write the files of one report: first what it has, then what says so."""
    now, start = call.now, inventories.folder(bucket, configuration)
    key = f"{start}/data/{call.ids.uuid()}.csv.gz"
    running, size = hashlib.md5(usedforsecurity=False), 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal size
        async for chunk in _zipped(call, bucket, configuration):
            running.update(chunk)
            size += len(chunk)
            yield chunk

    await _put(call, bucket, configuration, key, counted())
    manifest = inventories.manifest(bucket, configuration, now, [File(key, size, running.hexdigest())])
    checksum = hashlib.md5(manifest, usedforsecurity=False).hexdigest().encode()
    folder = f"{start}/{inventories.stamp(now)}"
    await _put(call, bucket, configuration, f"{folder}/manifest.json", manifest)
    await _put(call, bucket, configuration, f"{folder}/manifest.checksum", checksum)


async def _zipped(call: Call, bucket: Bucket, configuration: Configuration) -> AsyncIterator[bytes]:
    packer, found = zlib.compressobj(wbits=GZIP), list(inventories.columns(configuration).values())
    after: tuple | None = None
    while page := await call.transact(_page, bucket, after):
        rows = [
            inventories.row(bucket, version, found) for version in page if inventories.wanted(configuration, version)
        ]
        yield packer.compress(b"".join(rows))
        after = (page[-1].key, page[-1].place)
        await call.sleep(0)
    yield packer.flush()


def _page(tx: Tx, bucket: Bucket, after: tuple | None) -> list[Version]:
    return tx.range(Version, bucket.name, after=after, limit=PAGE)


async def _put(call: Call, bucket: Bucket, configuration: Configuration, key: str, body: Any) -> None:
    """Put a file as S3 itself, for the bucket whose inventory it is: the destination's policy decides."""
    destination = configuration["Destination"]["S3BucketDestination"]
    who = Principal(SERVICE, bucket.account, S3, S3, bucket.arn)
    request = {"Bucket": destination["Bucket"].removeprefix("arn:aws:s3:::"), "Key": key, "Body": body}
    sealing = destination.get("Encryption", {})
    if "SSEKMS" in sealing:
        request |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": sealing["SSEKMS"]["KeyId"]}
    if "AccountId" in destination:
        request["ExpectedBucketOwner"] = destination["AccountId"]
    await call.acting(who, bucket.account, bucket.region).ask("s3", "PutObject", request)
