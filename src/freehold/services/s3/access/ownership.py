"""Ownership: whose an object is that somebody else put into a bucket, and whether lists of grants count at all.

One idea: where the bucket's owner owns everything there are no lists; every question of ownership is answered here. It
may not know what is allowed.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
"""

from freehold.kernel.call import Call
from freehold.kernel.identity import ANONYMOUS, SERVICE
from freehold.kernel.store import Tx
from freehold.services.s3.access import blocks, errors, grants
from freehold.services.s3.access.grants import Grant, Request
from freehold.services.s3.buckets import NOBODY, Bucket
from freehold.services.s3.errors import InvalidArgument, MalformedXML
from freehold.services.s3.uploads.parts import Upload
from freehold.services.s3.versions import Version

SETTING = "OwnershipControls"
ENFORCED, PREFERRED, WRITER = "BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"
MODES = {ENFORCED, PREFERRED, WRITER}
CLOSED = {"Rules": [{"ObjectOwnership": ENFORCED}]}
WHOLE = "bucket-owner-full-control"

Held = Version | Upload


def checked(controls: dict) -> dict:
    """Raises MalformedXML."""
    rules = controls.get("Rules") or []
    if len(rules) != 1 or rules[0].get("ObjectOwnership") not in MODES:
        raise MalformedXML()
    return controls


def at_creation(mode: str | None) -> dict:
    """The controls of a new bucket that asks for a mode by header. Raises InvalidArgument."""
    if mode is not None and mode not in MODES:
        raise InvalidArgument(
            reason=f"Invalid x-amz-object-ownership header: {mode}", ArgumentName="x-amz-object-ownership"
        )
    return {"Rules": [{"ObjectOwnership": mode or ENFORCED}]}


def granted_at_creation(request: Request, account: str, controls: dict) -> list[Grant] | None:
    """The list of a new bucket, which is closed to the public. Raises InvalidBucketAclWith…, and what `asked` does."""
    wanted = grants.asked(request, account, account)
    if wanted is None or wanted == grants.own(account):
        return None
    if controls["Rules"][0]["ObjectOwnership"] == ENFORCED:
        raise errors.InvalidBucketAclWithObjectOwnership(BucketName=request["Bucket"])
    if grants.is_public(wanted):
        raise errors.InvalidBucketAclWithBlockPublicAccessError(BucketName=request["Bucket"])
    return wanted


def mode(bucket: Bucket) -> str:
    """Without controls, as buckets were before there were any, objects are their writers'."""
    rules = bucket.settings.get(SETTING, {}).get("Rules")
    return rules[0]["ObjectOwnership"] if rules else WRITER


def lists_count(bucket: Bucket) -> bool:
    return bucket.settings.get(SETTING) != CLOSED


def owner_of(bucket: Bucket, held: Held) -> str:
    """The account an object or upload belongs to."""
    return held.owner if held.owner and lists_count(bucket) else bucket.account


def grants_on(bucket: Bucket, held: Held | None = None) -> list[Grant]:
    """The list of an object, or of the bucket itself."""
    account = bucket.account if held is None else owner_of(bucket, held)
    found = bucket.acl if held is None else held.acl
    return grants.own(account) if found is None or not lists_count(bucket) else found


def claim(tx: Tx, call: Call, bucket: Bucket, request: Request) -> tuple[str, list[Grant] | None]:
    """Owner ("" is the bucket's) and list (None is the usual one) of an object about to be written.

    Raises what `grants.asked` does, AccessControlListNotSupported, and AccessDenied for a public list that is blocked.
    """
    if grants.SAYING.isdisjoint(request) and not lists_count(bucket):
        return "", None
    who = call.principal
    writer = NOBODY if who.kind == ANONYMOUS else bucket.account if who.kind == SERVICE else who.account
    wanted = grants.asked(request, writer, bucket.account)
    if not lists_count(bucket):
        if wanted is not None and request.get("ACL") != WHOLE and wanted != grants.own(bucket.account):
            raise errors.AccessControlListNotSupported()
        return "", None
    given_over = request.get("ACL") == WHOLE and mode(bucket) == PREFERRED
    if writer == bucket.account or given_over:
        writer, wanted = "", None if given_over else wanted
    if wanted is not None:
        blocks.refuse_public(tx, call, bucket, wanted, f"{bucket.arn}/{request['Key']}", "s3:PutObjectAcl")
    return writer, wanted
