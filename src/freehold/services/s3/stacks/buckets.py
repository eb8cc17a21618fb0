"""AWS::S3::Bucket and AWS::S3::BucketPolicy.

One idea: a bucket is made bare, and each property is one operation that puts it and one that takes it away; a table
says which. It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_S3.html
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from freehold.engines.coerce import boolean, json_text
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.resources import Ask, Ending, Made, Properties, Refused, Steps, Want
from freehold.services.s3 import errors
from freehold.services.s3.buckets import HOME, bucket_arn
from freehold.services.s3.service.catalogue import s3
from freehold.services.s3.stacks import lists, templates
from freehold.services.s3.stacks.lists import LISTS

NAME_MAX = 63
PRIVATE = "Private"
GONE = ("NoSuchBucket", "404")


class Part(NamedTuple):
    """A property: the operation that puts it, under which member, and the one that takes it away.

    Where there is none, `rest` is what is put instead.
    """

    property: str
    puts: str
    member: str
    read: Callable[[Properties], Properties]
    deletes: str = ""
    rest: Properties = {}


PARTS = (
    Part("VersioningConfiguration", "PutBucketVersioning", "VersioningConfiguration", templates.same,
         rest={"Status": "Suspended"}),
    Part("BucketEncryption", "PutBucketEncryption", "ServerSideEncryptionConfiguration", templates.encryption,
         "DeleteBucketEncryption"),
    Part("PublicAccessBlockConfiguration", "PutPublicAccessBlock", "PublicAccessBlockConfiguration", templates.same,
         "DeletePublicAccessBlock"),
    Part("OwnershipControls", "PutBucketOwnershipControls", "OwnershipControls", templates.same,
         "DeleteBucketOwnershipControls"),
    Part("LifecycleConfiguration", "PutBucketLifecycleConfiguration", "LifecycleConfiguration", templates.lifecycle,
         "DeleteBucketLifecycle"),
    Part("CorsConfiguration", "PutBucketCors", "CORSConfiguration", templates.cors, "DeleteBucketCors"),
    Part("WebsiteConfiguration", "PutBucketWebsite", "WebsiteConfiguration", templates.website,
         "DeleteBucketWebsite"),
    Part("ObjectLockConfiguration", "PutObjectLockConfiguration", "ObjectLockConfiguration", templates.same,
         rest={"ObjectLockEnabled": "Enabled"}),
    Part("AccelerateConfiguration", "PutBucketAccelerateConfiguration", "AccelerateConfiguration",
         templates.acceleration, rest={"Status": "Suspended"}),
    Part("ReplicationConfiguration", "PutBucketReplication", "ReplicationConfiguration", lists.replication,
         "DeleteBucketReplication"),
    Part("NotificationConfiguration", "PutBucketNotificationConfiguration", "NotificationConfiguration",
         templates.notification),
)  # fmt: skip

# Properties that ask for what is not here.
ABSENT = (
    "AbacStatus", "BucketNamePrefix", "BucketNamespace", "MetadataConfiguration", "MetadataTableConfiguration",
)  # fmt: skip
LOCKED = "ObjectLockEnabled"
LOGGING = "LoggingConfiguration"

bucket = s3.resource(
    "AWS::S3::Bucket", replaces=("BucketName", LOCKED),
    attributes=("Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"),
)  # fmt: skip


@bucket.create
def create_bucket(want: Want) -> Steps:
    given = want.properties
    _refuse_absent(given)
    name = want.name(given.get("BucketName"), NAME_MAX, lower=True)
    if given.get("BucketName"):
        yield from _refuse_taken(name)
    request: dict[str, Any] = {"Bucket": name}
    if want.region != HOME:
        request["CreateBucketConfiguration"] = {"LocationConstraint": want.region}
    if boolean(given.get(LOCKED, False), LOCKED):
        request["ObjectLockEnabledForBucket"] = True
    yield Ask("s3", "CreateBucket", request)
    tags = want.tagged(given)
    if tags:
        yield _tag(name, tags)
    for part in PARTS:
        if given.get(part.property):
            yield _put(name, part, given[part.property])
    yield from _lists(name, given, {})
    if given.get(LOGGING) is not None:
        yield _log(name, given[LOGGING])
    if given.get("AccessControl", PRIVATE) != PRIVATE:
        yield _grant(name, given["AccessControl"])
    return _made(want, name)


def _refuse_absent(given: Properties) -> None:
    asked = next((name for name in ABSENT if given.get(name) not in (None, False, "false")), "")
    if asked:
        raise NotImplementedHere(service="s3", operation=f"{asked} of buckets")


def _refuse_taken(name: str) -> Ending:
    """us-east-1 makes a bucket again without a word; a stack may not take over one that it did not make."""
    try:
        yield Ask("s3", "HeadBucket", {"Bucket": name})
    except Refused:
        return  # there is none, or CreateBucket will say what is the matter
    raise errors.BucketAlreadyOwnedByYou(BucketName=name)


def _grant(name: str, text: str) -> Ask:
    """Grants come last: who may be granted anything depends on the controls of ownership and on the blocks."""
    return Ask("s3", "PutBucketAcl", {"Bucket": name, "ACL": _canned(text)})


def _canned(text: str) -> str:
    """BucketOwnerFullControl → bucket-owner-full-control, as the API writes it."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in text).removeprefix("-")


@bucket.update
def update_bucket(want: Want) -> Steps:
    given, old = want.properties, want.old
    _refuse_absent(given)
    if any(want.retagged()):
        tags = want.tagged(given)
        yield _tag(want.id, tags) if tags else Ask("s3", "DeleteBucketTagging", {"Bucket": want.id})
    for part in PARTS:
        if not want.changed(part.property):
            continue
        if given.get(part.property):
            yield _put(want.id, part, given[part.property])
        elif part.deletes:
            yield Ask("s3", part.deletes, {"Bucket": want.id})
        else:
            yield Ask("s3", part.puts, {"Bucket": want.id, part.member: part.rest})
    yield from _lists(want.id, given, old)
    if want.changed(LOGGING):
        yield _log(want.id, given.get(LOGGING))
    if given.get("AccessControl", PRIVATE) != old.get("AccessControl", PRIVATE):
        yield _grant(want.id, given.get("AccessControl", PRIVATE))
    return _made(want, want.id)


@bucket.delete
def delete_bucket(want: Want) -> Ending:
    try:
        yield Ask("s3", "DeleteBucket", {"Bucket": want.id})
    except Refused as refusal:
        if refusal.code not in GONE:
            raise


def _lists(name: str, given: Properties, old: Properties) -> Ending:
    """Put the configurations by id that are new or have changed, and take away those that are gone."""
    for kind in LISTS:
        wanted = {each["Id"]: kind.read(each) for each in given.get(kind.property) or ()}
        before = {each["Id"]: kind.read(each) for each in old.get(kind.property) or ()}
        for id in before.keys() - wanted.keys():
            yield Ask("s3", f"Delete{kind.name}", {"Bucket": name, "Id": id})
        for id, value in wanted.items():
            if before.get(id) != value:
                yield Ask("s3", f"Put{kind.name}", {"Bucket": name, "Id": id, kind.member: value})


def _log(name: str, value: Properties | None) -> Ask:
    status = {} if value is None else templates.logging(value, name)
    return Ask("s3", "PutBucketLogging", {"Bucket": name, "BucketLoggingStatus": status})


def _put(name: str, part: Part, value: Properties) -> Ask:
    return Ask("s3", part.puts, {"Bucket": name, part.member: part.read(value)})


def _tag(name: str, tags: dict[str, str]) -> Ask:
    tag_set = [{"Key": key, "Value": value} for key, value in tags.items()]
    return Ask("s3", "PutBucketTagging", {"Bucket": name, "Tagging": {"TagSet": tag_set}})


def _made(want: Want, name: str) -> Made:
    return Made(
        name,
        {
            "Arn": bucket_arn(name),
            "DomainName": f"{name}.s3.amazonaws.com",
            "DualStackDomainName": f"{name}.s3.dualstack.{want.region}.amazonaws.com",
            "RegionalDomainName": f"{name}.s3.{want.region}.amazonaws.com",
            "WebsiteURL": f"http://{name}.s3-website-{want.region}.amazonaws.com",
        },
    )


policy = s3.resource("AWS::S3::BucketPolicy", replaces=("Bucket",))


@policy.create
def create_policy(want: Want) -> Steps:
    return (yield from _put_policy(want, want.properties["Bucket"]))


@policy.update
def update_policy(want: Want) -> Steps:
    return (yield from _put_policy(want, want.id))


def _put_policy(want: Want, name: str) -> Steps:
    yield Ask("s3", "PutBucketPolicy", {"Bucket": name, "Policy": json_text(want.properties["PolicyDocument"])})
    return Made(name)


@policy.delete
def delete_policy(want: Want) -> Ending:
    try:
        yield Ask("s3", "DeleteBucketPolicy", {"Bucket": want.id})
    except Refused as refusal:
        if refusal.code not in GONE:
            raise
