"""Weighing: may this caller do that here?

One idea: four things let a request in (its caller's own policies, the bucket's, a list of grants, and owning the thing)
and each is asked once, in the order in which AWS asks. It may not know what an operation does, only the actions it
needs.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from freehold.engines import iam
from freehold.kernel.call import Call
from freehold.kernel.identity import ANONYMOUS, ROOT, SERVICE
from freehold.kernel.service import Operation, Request
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.access import blocks, facts, grants, ownership, policies
from freehold.services.s3.access.facts import Facts
from freehold.services.s3.access.grants import FULL, READ, READ_ACP, WRITE, WRITE_ACP
from freehold.services.s3.access.points import Way
from freehold.services.s3.buckets import NOBODY, Bucket
from freehold.services.s3.versions import Version, find, newest

ROOM = "s3"
Pairs = Iterable[tuple[str, str]]

# What the owner's root may do whatever the policy says, so that nobody locks themselves out.
ALWAYS = {"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"}

# The permission of a list that stands for an action: on the bucket's list, and on the object's.
ON_BUCKETS = {
    "s3:DeleteObject": WRITE, "s3:GetBucketAcl": READ_ACP, "s3:ListBucket": READ, "s3:ListBucketMultipartUploads": READ,
    "s3:ListBucketVersions": READ, "s3:PutBucketAcl": WRITE_ACP, "s3:PutObject": WRITE,
}  # fmt: skip
ON_OBJECTS = {
    "s3:GetObject": READ, "s3:GetObjectAcl": READ_ACP, "s3:GetObjectAttributes": READ, "s3:GetObjectVersion": READ,
    "s3:GetObjectVersionAcl": READ_ACP, "s3:GetObjectVersionAttributes": READ, "s3:PutObjectAcl": WRITE_ACP,
    "s3:PutObjectVersionAcl": WRITE_ACP,
}  # fmt: skip


class Asking:
    """One request, and what is known of it, found when it is first wanted. `own`: whether the caller is of the bucket's
    account; `uploads`: whether it writes an object, to which it may set a list."""

    def __init__(self, tx: Tx, call: Call, bucket: Bucket, request: Request, way: Way | None, uploads: bool):
        who = call.principal
        self.tx, self.call, self.bucket, self.request, self.way, self.uploads = tx, call, bucket, request, way, uploads
        self.own = who.account == bucket.account and who.kind not in (ANONYMOUS, SERVICE)

    @cached_property
    def policy(self) -> iam.Policy | None:
        """The bucket's policy, if it has a say."""
        tx, bucket = self.tx, self.bucket
        policy = policies.as_read_by(bucket.policy, self.call.principal.account) if bucket.policy else None
        if not self.own and policy and policies.public(bucket.policy):
            return None if blocks.blocked(tx, bucket, "RestrictPublicBuckets") else policy
        return policy

    @cached_property
    def version(self) -> Version | None:
        """The version that the request is about, if there is one."""
        key, id = self.request.get("Key"), self.request.get("VersionId")
        if not key:
            return None
        return find(self.tx, self.bucket.name, key, id) if id else newest(self.tx, self.bucket.name, key)

    @cached_property
    def facts(self) -> Facts:
        """The condition keys of the request, its bucket and version, and the way that it came."""
        known = facts.of_request(self.request, self.tx.now) | facts.of_bucket(self.bucket)
        known |= facts.of_version(self.version) if self.version else {}
        return known | (self.way.facts if self.way else {})


def beyond_doubt(call: Call, bucket: Bucket) -> bool:
    """Whether the caller may do anything here: the owner's root, where no policy and no list has a say."""
    who = call.principal
    own = who.kind == ROOT and who.account == bucket.account
    return own and not bucket.policy and not ownership.lists_count(bucket)


def weigh(tx: Tx, call: Call, bucket: Bucket, needs: Pairs, request: Request, way: Way | None = None) -> None:
    """Raise AccessDenied unless the caller may do all this; who came by an access point's `way`, to what that names."""
    if beyond_doubt(call, bucket):
        return
    pairs = list(needs)
    uploads = any(action == "s3:PutObject" for action, _ in pairs)
    asking = Asking(tx, call, bucket, request, way, uploads)
    for action, resource in pairs:
        _weigh(tx, asking, action, resource)


def _weigh(tx: Tx, asking: Asking, action: str, resource: str) -> None:
    call, bucket, policy = asking.call, asking.bucket, asking.policy
    who = call.principal
    if who.kind not in (ROOT, ANONYMOUS, SERVICE):
        named = asking.way.resource(resource) if asking.way else resource
        weigh_own(tx, call, [(action, named)], lambda _: asking.facts)
    holder, on_object = bucket.account, action in ON_OBJECTS and not asking.uploads
    if on_object and ownership.lists_count(bucket) and asking.version:
        holder = ownership.owner_of(bucket, asking.version)
    if asking.own and ((policy is None and holder == who.account) or (who.kind == ROOT and action in ALWAYS)):
        return
    request = iam.Request(action, resource, {**call.facts(), **asking.facts}, iam.asker(who))
    if policy and policy.forbids(request):
        _refuse(request, iam.Verdict(False, "with an explicit deny in a resource-based policy", explicit=True))
    if who.account == holder and who.kind not in (ANONYMOUS, SERVICE):
        return
    if holder == bucket.account and policy and policy.namings(request):
        return
    if not _granted(tx, asking, action):
        _refuse(request, iam.Verdict(False, f"no resource-based policy allows the {action} action"))


def weigh_own(tx: Tx, call: Call, needs: Pairs, known: Any) -> None:
    """Ask what the caller's own policies say, together with the bucket's if that is of the same account."""
    asked = [(action, resource, known) for action, resource in needs]
    operation = Operation(call.door.room(ROOM), "weigh", weigh_own, False, lambda call, request: asked, modelled=False)
    call.door.authorize(tx.within(call.principal.account, tx.region), call, operation, {})


def _granted(tx: Tx, asking: Asking, action: str) -> bool:
    """Whether a list grants it: the bucket's, or the object's."""
    if not ownership.lists_count(asking.bucket):
        return False
    who = asking.call.principal
    on_object = action in ON_OBJECTS and not asking.uploads
    permission = ON_OBJECTS[action] if on_object else WRITE if asking.uploads else ON_BUCKETS.get(action, FULL)
    if on_object and asking.version is None:
        on_object, permission = False, READ  # who may list may know that it is missing
    found = ownership.grants_on(asking.bucket, asking.version if on_object else None)
    account = "" if who.kind in (ANONYMOUS, SERVICE) else who.account
    there = asking.version if permission == WRITE else None
    if there and not there.marker and ownership.owner_of(asking.bucket, there) != (account or NOBODY):
        return False  # who may write may make objects, and change his own
    public = not blocks.blocked(tx, asking.bucket, "IgnorePublicAcls")
    return grants.allows(found, permission, account, public=public)


def _refuse(request: iam.Request, verdict: iam.Verdict) -> None:
    """Strangers are told no more than no."""
    if request.principal.kind == "anonymous":
        raise errors.AccessDenied()
    raise errors.Denied(denial=iam.denial(request, verdict))
