"""The outbox: mails and SMS as records, instead of a network.

It may not know why they were sent.
"""

from typing import Any

import msgspec

from freehold.kernel.store import Record, Tx


class Letter(Record, table="house_letters", key="sent_at id", scope="global"):
    """One mail or SMS; `sent_at` in epoch seconds."""

    id: str
    sent_at: float
    account: str
    region: str
    medium: str
    to: str
    sender: str = ""
    subject: str = ""
    body: str = ""


def put(tx: Tx, medium: str, to: str, sender: str = "", subject: str = "", body: str = "") -> None:
    letter = Letter(
        id=tx.ids.uuid(), sent_at=tx.now, account=tx.account, region=tx.region,
        medium=medium, to=to, sender=sender, subject=subject, body=body,
    )  # fmt: skip
    tx.put(letter)


def everything(tx: Tx) -> list[dict[str, Any]]:
    letters: list[Any] = tx.range(Letter)
    return [msgspec.structs.asdict(letter) for letter in letters]
