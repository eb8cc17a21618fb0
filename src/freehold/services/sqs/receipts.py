"""Receipt handles: what a receiver holds of a message.

One idea: a handle says where the message lies and which receipt it is of; to callers it is opaque. It may not know what
a handle is good for.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

from freehold.services.sqs.errors import ReceiptHandleIsInvalid
from freehold.services.sqs.pile import Message
from freehold.services.sqs.queues import Queue


class Receipt(NamedTuple):
    queue: str
    pile: str
    sent_at: float
    id: str
    mark: str


def handle(queue: Queue, message: Message) -> str:
    """The handle of the message's newest receipt."""
    text = f"{queue.name}/{queue.pile}/{message.sent_at!r}/{message.id}/{message.receipt}"
    return urlsafe_b64encode(text.encode()).decode()


def read(queue: Queue, handle: str) -> Receipt:
    """What a handle says; ReceiptHandleIsInvalid if it is none, or none of this queue."""
    try:
        name, pile, sent_at, id, mark = urlsafe_b64decode(handle).decode().split("/")
        receipt = Receipt(name, pile, float(sent_at), id, mark)
    except (ValueError, binascii.Error):
        raise ReceiptHandleIsInvalid(handle=handle) from None
    if receipt.queue != queue.name:
        raise ReceiptHandleIsInvalid(handle=handle)
    return receipt
