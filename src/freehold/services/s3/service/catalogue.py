"""The room's catalogue, and how an operation on a bucket begins.

One idea: an operation says what it needs, and is given its bucket, opened for the caller; so no operation can forget
whom the bucket belongs to or what its policy says. It may not know any operation.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from freehold.engines import iam
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import OPEN, Request, Response, Service
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.access import grants, policies, weighing
from freehold.services.s3.buckets import Bucket, bucket_arn, open_bucket

s3 = Service("s3")

Pairs = list[tuple[str, str]]
Wants = Callable[[Request], Pairs]

KEY_MAX = 1_024  # bytes

# Members that ask for what is not here. To take them and do nothing would be a lie.
ABSENT = (
    "BucketNamespace", "CopySourceSSECustomerAlgorithm", "CopySourceSSECustomerKey",
    "CopySourceSSECustomerKeyMD5", "IfMatchInitiatedTime", "MFA", "ObjectLockEventHold",
    "ObjectLockEventHoldDurationDays", "ObjectLockEventHoldDurationYears", "SSECustomerAlgorithm", "SSECustomerKey",
    "SSECustomerKeyMD5", "WriteOffsetBytes", "ChecksumXXHASH64", "ChecksumXXHASH3", "ChecksumXXHASH128",
)  # fmt: skip
WRITTEN_WITH = {
    "Tagging": "s3:PutObjectTagging",
    "ObjectLockMode": "s3:PutObjectRetention",
    "ObjectLockLegalHoldStatus": "s3:PutObjectLegalHold",
    **dict.fromkeys(grants.ASKING, "s3:PutObjectAcl"),
}


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


def on_written(request: Request) -> Pairs:
    """It writes its object, perhaps with tags and grants."""
    return on_object("s3:PutObject", also=WRITTEN_WITH)(request)


def operation(wants: Wants) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer an operation on the bucket that the request names: `(call, tx, bucket, request)`, or `async` without tx.

    `wants` is needed on that bucket; an operation that opens another one weighs that itself. Who may not list a bucket
    is not told what is missing in it.
    """

    def enter(run: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(run):

            @wraps(run)
            async def answer(call: Call, request: Request) -> Response:
                bucket = await call.transact(admit, call, wants, request)
                try:
                    return await run(call, bucket, request)
                except errors.NoSuchKey:
                    await call.transact(may_know, call, bucket, request)
                    raise
        else:

            @wraps(run)
            def answer(call: Call, tx: Tx, request: Request) -> Response:
                bucket = admit(tx, call, wants, request)
                try:
                    return run(call, tx, bucket, request)
                except errors.NoSuchKey:
                    may_know(tx, call, bucket, request)
                    raise

        return s3.operation(needs=OPEN)(answer)

    return enter


def admit(tx: Tx, call: Call, wants: Wants, request: Request) -> Bucket:
    """The request's bucket, opened for the caller. Raises NoSuchBucket, AccessDenied; NotImplementedHere for what is
    asked beside and not here."""
    bucket = open_bucket(tx, request["Bucket"])
    refuse_absent(request)
    check_owner(bucket, request.get("ExpectedBucketOwner"))
    if len(request.get("Key", "").encode()) > KEY_MAX:
        raise errors.KeyTooLongError(MaxSizeAllowed=KEY_MAX, Size=len(request["Key"].encode()))
    weighing.weigh(tx, call, bucket, wants(request), request)
    return bucket


def may_know(tx: Tx, call: Call, bucket: Bucket, request: Request) -> None:
    """Raise AccessDenied if the caller may not know which keys a bucket has; a copy's source asks for itself."""
    if not request.get("CopySource"):
        weighing.weigh(tx, call, bucket, [("s3:ListBucket", bucket.arn)], {})


@s3.guard
def policy_on(tx: Tx, arn: str) -> iam.Policy | None:
    """The policy that stands on a bucket of this account, and on what lies in it."""
    bucket = tx.get(Bucket, arn.removeprefix(bucket_arn("")).partition("/")[0])
    ours = bucket and bucket.policy and bucket.account == tx.account
    return policies.as_read_by(bucket.policy, tx.account) if bucket and ours else None


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
