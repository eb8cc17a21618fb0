"""Access points: other names of a bucket, each with a policy of its own that decides together with the bucket's.

One idea: whoever comes by an access point must be let in twice, by its policy and by the bucket's, which knows by which
point he came. It may not know requests.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
"""

import re
from typing import NamedTuple

from freehold.engines import iam
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.identity import ANONYMOUS, SERVICE
from freehold.kernel.store import Record, Tx
from freehold.services.s3 import errors
from freehold.services.s3.access import policies
from freehold.services.s3.access.facts import Facts
from freehold.services.s3.buckets import bucket_arn

ALIAS = "-s3alias"
NAMED = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]{1,48}[a-z0-9])-(?P<account>\d{12})")  # in hosts
INTERNET, VPC = "Internet", "VPC"


class AccessPoint(Record, table="s3_access_points", key="name", index=("bucket name",)):
    """An access point of an account in a region. `vpc`: the network that it is for, "" for the internet."""

    name: str
    bucket: str
    bucket_account: str
    alias: str
    created_at: float
    vpc: str = ""
    blocks: dict[str, bool] = {}
    policy: str = ""
    tags: dict[str, str] = {}


class Alias(Record, table="s3_access_point_aliases", key="alias", scope="global"):
    """What an alias is the other name of."""

    alias: str
    account: str
    region: str
    name: str


class Way(NamedTuple):
    """The way by which a caller came: an access point, of this account and region."""

    point: AccessPoint
    account: str
    region: str

    @property
    def arn(self) -> str:
        return arn_of(self.account, self.region, self.point.name)

    @property
    def facts(self) -> Facts:
        return {
            "s3:DataAccessPointArn": self.arn,
            "s3:DataAccessPointAccount": self.account,
            "s3:AccessPointNetworkOrigin": VPC if self.point.vpc else INTERNET,
        }

    def resource(self, bucket_resource: str) -> str:
        """A bucket's or an object's ARN as policies that speak of the access point have it."""
        _, slash, key = bucket_resource.removeprefix(bucket_arn("")).partition("/")
        return f"{self.arn}/object/{key}" if slash else self.arn


def arn_of(account: str, region: str, name: str) -> str:
    return f"arn:aws:s3:{region}:{account}:accesspoint/{name}"


def find(tx: Tx, name: str) -> Way | None:
    """The access point that stands where a bucket's name would: by its ARN, its alias, or its name in a host."""
    place = _place(tx, name)
    if place is None:
        return None
    account, region, called = place
    point = tx.within(account, region).get(AccessPoint, called)
    return Way(point, account, region) if point else None


def _place(tx: Tx, name: str) -> tuple[str, str, str] | None:
    if name.endswith(ALIAS):
        alias = tx.get(Alias, name)
        return (alias.account, alias.region, alias.name) if alias else None
    arn = arns.parse(name)
    if arn and arn.resource.startswith("accesspoint"):
        return arn.account, arn.region, arn.resource[len("accesspoint") + 1 :]
    host = NAMED.fullmatch(name)
    return (host["account"], tx.region, host["name"]) if host else None


def admit(call: Call, way: Way, actions: list[tuple[str, str]]) -> None:
    """Raise AccessDenied unless the access point's policy lets the caller do this to its bucket."""
    who = call.principal
    if way.point.vpc:
        raise errors.AccessDenied()  # there is no network here but the internet
    own = who.account == way.account and who.kind not in (ANONYMOUS, SERVICE)
    policy = policies.parsed(way.point.policy) if way.point.policy else None
    if policy and not own and way.point.blocks.get("RestrictPublicBuckets") and policies.public(way.point.policy):
        policy = None
    for action, resource in actions:
        request = iam.Request(action, way.resource(resource), {**call.facts(), **way.facts}, iam.asker(who))
        if policy and policy.forbids(request):
            verdict = iam.Verdict(False, "with an explicit deny in a resource-based policy", explicit=True)
            raise errors.Denied(denial=iam.denial(request, verdict))
        if not own and not (policy and policy.namings(request)):
            raise errors.AccessDenied()
