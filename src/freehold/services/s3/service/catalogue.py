"""The room's catalogue, and how an operation on a bucket begins.

One idea: an operation says what it needs, and is given its bucket, opened for the caller; so no operation can forget
whom the bucket belongs to or what its policy says. It may not know any operation.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.identity import ANONYMOUS
from freehold.kernel.service import Request, Response, Service
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.access import policies
from freehold.services.s3.buckets import Bucket, bucket_arn, open_bucket

s3 = Service("s3")

Pairs = list[tuple[str, str]]
Wants = Callable[[Request], Pairs]

KEY_MAX = 1_024  # bytes

# Members that ask for what is not here. To take them and do nothing would be a lie.
ABSENT = (
    "BucketNamespace", "BypassGovernanceRetention", "ConfirmRemoveSelfBucketAccess", "CopySourceSSECustomerAlgorithm",
    "CopySourceSSECustomerKey", "CopySourceSSECustomerKeyMD5", "GrantFullControl", "GrantRead", "GrantReadACP",
    "GrantWrite", "GrantWriteACP", "IfMatchInitiatedTime", "MFA", "ObjectLockEnabledForBucket", "ObjectLockEventHold",
    "ObjectLockEventHoldDurationDays", "ObjectLockEventHoldDurationYears", "ObjectLockLegalHoldStatus",
    "ObjectLockMode", "ObjectLockRetainUntilDate", "SSECustomerAlgorithm", "SSECustomerKey", "SSECustomerKeyMD5",
    "WriteOffsetBytes", "ChecksumXXHASH64", "ChecksumXXHASH3", "ChecksumXXHASH128",
)  # fmt: skip
OWN_ACLS = ("private", "bucket-owner-full-control", "bucket-owner-read")


def on_bucket(action: str) -> Wants:
    """The operation needs this action on its bucket."""
    return lambda request: [(action, bucket_arn(request["Bucket"]))]


def on_object(action: str, versioned: str = "", also: dict[str, str] | None = None) -> Wants:
    """It needs this action on its object, or `versioned` if it names a version; `also` {member: action}, if given."""

    def wants(request: Request) -> Pairs:
        arn = f"{bucket_arn(request['Bucket'])}/{request['Key']}"
        named = versioned if versioned and request.get("VersionId") else action
        return [(named, arn), *((more, arn) for member, more in (also or {}).items() if request.get(member))]

    return wants


def nothing(request: Request) -> Pairs:
    return []


def operation(wants: Wants, elsewhere: Wants = nothing) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer an operation on the bucket that the request names: `(call, tx, bucket, request)`, or `async` without tx.

    `wants` is needed on that bucket; `elsewhere` on another, which the operation opens itself.
    """

    def enter(run: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(run):

            @wraps(run)
            async def answer(call: Call, request: Request) -> Response:
                return await run(call, await call.transact(admit, call, wants, request), request)
        else:

            @wraps(run)
            def answer(call: Call, tx: Tx, request: Request) -> Response:
                return run(call, tx, admit(tx, call, wants, request), request)

        return s3.operation(needs=own_policies)(answer)

    def own_policies(call: Call, request: Request) -> Pairs:
        """What the caller's own policies must allow; a stranger has none, so the bucket's policy is asked alone."""
        return [] if call.principal.kind == ANONYMOUS else wants(request) + elsewhere(request)

    return enter


def admit(tx: Tx, call: Call, wants: Wants, request: Request) -> Bucket:
    """The request's bucket, opened for the caller. Raises NoSuchBucket, AccessDenied; NotImplementedHere for what is
    asked beside and not here."""
    bucket = open_bucket(tx, request["Bucket"])
    refuse_absent(request)
    check_owner(bucket, request.get("ExpectedBucketOwner"))
    if len(request.get("Key", "").encode()) > KEY_MAX:
        raise errors.KeyTooLongError(MaxSizeAllowed=KEY_MAX, Size=len(request["Key"].encode()))
    policies.weigh(call, bucket, wants(request))
    return bucket


def check_owner(bucket: Bucket, expected: str | None) -> None:
    if expected is None:
        return
    if not (expected.isdigit() and len(expected) == 12):
        raise errors.InvalidBucketOwnerAWSAccountID(owner=expected)
    if expected != bucket.account:
        raise errors.AccessDenied()


def refuse_absent(request: Request) -> None:
    """Refuse what asks for features that are not here."""
    asked = next((member for member in ABSENT if request.get(member)), "")
    if asked:
        raise NotImplementedHere(service="s3", operation=f"requests with {asked}")
    if request.get("ACL", OWN_ACLS[0]) not in OWN_ACLS:
        raise errors.AccessControlListNotSupported()
