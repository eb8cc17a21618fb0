"""Background work: notes become log files in the buckets that are to have them.

One idea: a file is put as S3's log delivery would, so the target's policy decides; the notes go when it is there. It
may not know why it was woken.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""

from datetime import UTC, datetime
from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import SERVICE, Principal
from freehold.kernel.store import Tx
from freehold.services.s3.accesslogs.notes import SETTING, Note
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.service.catalogue import s3

EVERY_S = 300
PAGE = 10_000  # lines of one file
DELIVERER = "logging.s3.amazonaws.com"
UNIQUE = "0123456789ABCDEF"


@s3.keeper(every=EVERY_S)
async def deliver_access_logs(call: Call) -> None:
    """Write what was noted of each bucket's requests."""
    last: str | None = ""
    while last is not None:
        last = await call.transact(_next_noted, last)
        while last and await _deliver(call, last):
            pass


def _next_noted(tx: Tx, after: str) -> str | None:
    """The next bucket of which there are notes."""
    found = tx.range(Note, low=after + "\0" if after else None, limit=1)
    return found[0].bucket if found else None


async def _deliver(call: Call, name: str) -> bool:
    """Write one file of a bucket's notes; whether there may be more."""
    bucket, notes = await call.transact(_noted, name)
    if bucket and SETTING in bucket.settings and notes:
        logging = bucket.settings[SETTING]
        day = _day(notes[0].at)
        if _by_event(logging):
            notes = [note for note in notes if _day(note.at) == day]
        key = key_of(bucket, logging, notes[0].at, call.now, call.ids.text(16, UNIQUE))
        body = "".join(f"{note.line}\n" for note in notes).encode()
        try:
            who = Principal(SERVICE, bucket.account, DELIVERER, DELIVERER, bucket.arn)
            put = {"Bucket": logging["TargetBucket"], "Key": key, "Body": body, "ContentType": "text/plain"}
            await call.acting(who, bucket.account, bucket.region).ask("s3", "PutObject", put)
        except AwsError as refusal:
            if refusal.status and refusal.status >= 500:
                return False  # tried again at the next round
    await call.transact(_forget, notes)
    return bool(notes)


def _noted(tx: Tx, name: str) -> tuple[Bucket | None, list[Note]]:
    return tx.get(Bucket, name), tx.range(Note, name, limit=PAGE)


def _forget(tx: Tx, notes: list[Note]) -> None:
    for note in notes:
        tx.delete(Note, note.bucket, note.at, note.id)


def _day(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y/%m/%d}"


def _partitioned(logging: dict[str, Any]) -> dict[str, Any] | None:
    return logging.get("TargetObjectKeyFormat", {}).get("PartitionedPrefix")


def _by_event(logging: dict[str, Any]) -> bool:
    """Whether files are filed by the day of what they tell, rather than that of their delivery."""
    return (_partitioned(logging) or {}).get("PartitionDateSource") == "EventTime"


def key_of(bucket: Bucket, logging: dict[str, Any], first_at: float, now: float, unique: str) -> str:
    """The key of a log file."""
    at = datetime.fromtimestamp(first_at if _by_event(logging) else now, UTC)
    name = f"{at:%Y-%m-%d}-00-00-00-{unique}" if _by_event(logging) else f"{at:%Y-%m-%d-%H-%M-%S}-{unique}"
    if _partitioned(logging) is None:
        return f"{logging['TargetPrefix']}{name}"
    return f"{logging['TargetPrefix']}{bucket.account}/{bucket.region}/{bucket.name}/{at:%Y/%m/%d}/{name}"
