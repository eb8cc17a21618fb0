"""The room's catalogue, and how an operation on a bucket begins.

One idea: an operation says what it needs, and is given its bucket, opened for the caller; so no operation can forget
whom the bucket belongs to or what its policy says. It may not know any operation.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from freehold.engines import iam
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.identity import ANONYMOUS
from freehold.kernel.service import OPEN, Request, Response, Service
from freehold.kernel.store import Tx
from freehold.services.s3 import at_hand, errors
from freehold.services.s3.access import grants, points, policies, weighing
from freehold.services.s3.buckets import PAYMENT, Bucket, bucket_arn, open_bucket
from freehold.services.s3.places import region as region_of

s3 = Service("s3")

Pairs = list[tuple[str, str]]
Wants = Callable[[Request], Pairs]
Look = Callable[[Tx, Bucket, Request], Any]
Find = Callable[[Call, Tx, str], Bucket | None]
Enter = Callable[[Callable[..., Any]], Callable[..., Any]]

KEY_MAX = 1_024  # bytes
POINT = "AccessPoint"  # under which a request keeps the name that it came by, once that is known to be a bucket's
DIRECTORY = "--x-s3"  # how names of directory buckets end

# Members that ask for what is not here. To take them and do nothing would be a lie.
ABSENT = frozenset((
    "BucketNamespace", "IfMatchInitiatedTime", "MFA", "ObjectLockEventHold", "ObjectLockEventHoldDurationDays",
    "ObjectLockEventHoldDurationYears", "WriteOffsetBytes",
))  # fmt: skip
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


def read(call: Call, tx: Tx, name: str) -> Bucket | None:
    """The bucket of a name as the transaction has it."""
    return tx.get(Bucket, name)


def operation(wants: Wants, look: Look | None = None, find: Find = read) -> Enter:
    """Answer an operation on the bucket that the request names: `(call, tx, bucket, request)`, or `async` without tx.

    `wants` is needed on that bucket; an operation that opens another one weighs that itself. What `look(tx, bucket,
    request)` finds while the bucket is opened is given to an operation that waits as `(call, bucket, found, request)`.
    `find` may be `at_hand.look` for what writes no bucket. Who may not list a bucket is not told what is missing in it.
    """
    return _entering(wants, look, s3.operation(needs=OPEN), find)


def internal(wants: Wants) -> Enter:
    """The same, for work that no operation of the API is called by."""
    return _entering(wants, None, s3.internal_with(OPEN))


def _entering(wants: Wants, look: Look | None, register: Enter, find: Find = read) -> Enter:
    def seen(tx: Tx, call: Call, request: Request) -> tuple[Bucket, Any]:
        bucket = admit(tx, call, wants, request, find)
        try:
            return bucket, look(tx, bucket, request) if look else None
        except errors.NoSuchKey:
            may_know(tx, call, bucket, request)
            raise

    def enter(run: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(run):

            @wraps(run)
            async def answer(call: Call, request: Request) -> Response:
                if look:
                    return await run(call, *await call.transact(seen, call, request), request)
                bucket = _admitted_at_once(call, request) if find is at_hand.look else None
                if bucket is None:
                    bucket = await call.transact(admit, call, wants, request, find)
                try:
                    return await run(call, bucket, request)
                except errors.NoSuchKey:
                    await call.transact(may_know, call, bucket, request)
                    raise
        else:

            @wraps(run)
            def answer(call: Call, tx: Tx, request: Request) -> Response:
                bucket = admit(tx, call, wants, request, find)
                try:
                    return run(call, tx, bucket, request)
                except errors.NoSuchKey:
                    may_know(tx, call, bucket, request)
                    raise

        return register(answer)

    return enter


def admit(tx: Tx, call: Call, wants: Wants, request: Request, find: Find = read) -> Bucket:
    """The request's bucket, opened for the caller. Raises NoSuchBucket, AccessDenied; NotImplementedHere for what is
    asked beside and not here."""
    way, bucket = None, find(call, tx, request["Bucket"])
    if bucket is None:
        refuse_directory(request["Bucket"])
        way = points.find(tx, request["Bucket"])
        if way:
            request |= {"Bucket": way.point.bucket, POINT: request["Bucket"]}
        bucket = open_bucket(tx, request["Bucket"])
    _check(call, bucket, request)
    if way:
        points.admit(call, way, wants(request))
    if not weighing.beyond_doubt(call, bucket):
        weighing.weigh(tx, call, bucket, wants(request), request, way)
    if PAYMENT in bucket.settings and call.principal.account != bucket.account:
        check_payer(bucket, request.get("RequestPayer"))
    return bucket


def _admitted_at_once(call: Call, request: Request) -> Bucket | None:
    """The request's bucket, if it is at hand and there is nothing to weigh; as `admit`."""
    bucket = at_hand.seen(call, request["Bucket"])
    if bucket is None or not weighing.beyond_doubt(call, bucket):
        return None
    _check(call, bucket, request)
    return bucket


def _check(call: Call, bucket: Bucket, request: Request) -> None:
    """Refuse a request that is not as it must be for any caller."""
    if call.region != bucket.region:
        check_region(call, bucket)
    if not ABSENT.isdisjoint(request):
        refuse_absent(request)
    if "ExpectedBucketOwner" in request:
        check_owner(bucket, request["ExpectedBucketOwner"])
    size = len(request.get("Key", "").encode())
    if size > KEY_MAX:
        raise errors.KeyTooLongError(MaxSizeAllowed=KEY_MAX, Size=size)


def weigh_one(tx: Tx, call: Call, bucket: Bucket, needs: Pairs, request: Request, about: Request) -> None:
    """Weigh what is needed for one of several things that a request is about, by the way that the request came."""
    way = points.find(tx, request[POINT]) if POINT in request else None
    if way:
        points.admit(call, way, needs)
    weighing.weigh(tx, call, bucket, needs, about, way)


def refuse_directory(name: str) -> None:
    """Say that there are no directory buckets, rather than that this one does not exist."""
    if name.endswith(DIRECTORY):
        raise NotImplementedHere(service="s3", operation="directory buckets")


def check_payer(bucket: Bucket, payer: str | None) -> None:
    """Where requesters pay, strangers must say that they do."""
    if bucket.settings[PAYMENT]["Payer"] == "Requester" and payer != "requester":
        raise errors.AccessDenied()


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


def check_region(call: Call, bucket: Bucket) -> None:
    """Send a client away that asks at another region's address, or signs for another region.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
    """
    if call.depth or not call.source_ip:
        return  # asked from within: what one room wants of another names no endpoint
    there = {"x-amz-bucket-region": bucket.region}
    at = region_of(urlsplit(call.base_url).hostname or "")
    if at and at != bucket.region:
        endpoint = f"{bucket.name}.s3.{bucket.region}.amazonaws.com"
        raise errors.PermanentRedirect(Endpoint=endpoint, Bucket=bucket.name, **there)
    if call.principal.kind != ANONYMOUS:
        raise errors.OtherRegion(asked=call.region, Region=bucket.region, **there)


def check_owner(bucket: Bucket, expected: str | None) -> None:
    if expected is None:
        return
    if not (expected.isdigit() and len(expected) == 12):
        raise errors.InvalidBucketOwnerAWSAccountID(owner=expected)
    if expected != bucket.account:
        raise errors.AccessDenied()


def refuse_absent(request: Request) -> None:
    """Refuse what asks for features that are not here."""
    if asked := next(filter(request.get, ABSENT.intersection(request)), ""):
        raise NotImplementedHere(service="s3", operation=f"requests with {asked}")
