"""The SMS sandbox: numbers, and the codes that verify them.

One idea: a code is good for a day and for one number. It may not know how an SMS is sent.

https://docs.aws.amazon.com/sns/latest/api/API_CreateSMSSandboxPhoneNumber.html
"""

import re

from freehold.kernel.store import Record, Tx
from freehold.services.sns.errors import InvalidParameter, NumberNotFound, TooManyNumbers, WrongCode

PHONE = re.compile(r"\+[1-9][0-9]{4,14}")
NUMBERS_MAX, CODE_DIGITS, CODE_LASTS_S = 10, 6, 86_400
PENDING, VERIFIED = "Pending", "Verified"
FORMAT = "PhoneNumber Reason: input incorrectly formatted"


class Number(Record, table="sns_sandbox_numbers", key="number"):
    """A phone number; `status` is Pending or Verified, `code` was sent to it at `sent_at` (epoch seconds)."""

    number: str
    code: str
    sent_at: float
    status: str = PENDING


def check(number: str) -> None:
    if not PHONE.fullmatch(number):
        raise InvalidParameter(reason=FORMAT)


def enter(tx: Tx, number: str) -> Number:
    """The number with a new code."""
    check(number)
    if tx.get(Number, number) is None and tx.count(Number) >= NUMBERS_MAX:
        raise TooManyNumbers()
    code = f"{int(tx.ids.random() * 10**CODE_DIGITS):0{CODE_DIGITS}}"
    entered = Number(number=number, code=code, sent_at=tx.now)
    tx.put(entered)
    return entered


def find(tx: Tx, number: str) -> Number:
    check(number)
    found = tx.get(Number, number)
    if found is None:
        raise NumberNotFound()
    return found


def verify(tx: Tx, number: str, code: str) -> None:
    found = find(tx, number)
    if found.code != code or tx.now > found.sent_at + CODE_LASTS_S:
        raise WrongCode()
    found.status = VERIFIED
    tx.put(found)
