"""What AWS's endpoint names say: service, region, and what stands before them.

One idea: a name is read from its end: domain, region, service; all else is a prefix that a service gives a meaning.
It may not know which services there are.

https://docs.aws.amazon.com/general/latest/gr/rande.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
"""

import re
from functools import lru_cache
from typing import NamedTuple

from freehold.engines.hosts import SUFFIXES

REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
OLD_S3 = re.compile(rf"s3-({REGION.pattern})")
EXPRESS = re.compile(r"s3express-[a-z0-9-]+")  # a zone, or the control of directory buckets
HOME = {"amazonaws.com.cn": "cn-north-1"}  # the region of names that give none, elsewhere us-east-1
OF_ONE_SERVICE = {"cloudfront.net": "cloudfront", "amazoncognito.com": "cognito-idp"}

# What services are called in host names, where that is not the name they sign with.
ALIASES = {
    "ddb": "dynamodb", "email": "ses", "queue": "sqs", "s3-accelerate": "s3", "s3-accesspoint": "s3",
    "s3-control": "s3control", "s3-external-1": "s3",
    "streaming-logs": "logs", "sync-states": "states",
}  # fmt: skip


class Endpoint(NamedTuple):
    """Whom a host name means. `service` is the name in credential scopes; `prefix` what stands before, as a bucket."""

    service: str
    region: str
    prefix: str = ""


@lru_cache(1_024)
def find(host: str) -> Endpoint | None:
    """The endpoint that a host name (lower case, no port) means; None if it is no name of AWS's."""
    for suffix in SUFFIXES:
        if host.endswith(f".{suffix}"):
            return _read(host[: -len(suffix) - 1].split("."), suffix)
    return None


def _read(labels: list[str], suffix: str) -> Endpoint:
    """`photos.s3.dualstack.eu-west-1`, `sts-fips`, `eu-west-1.queue`: the labels before AWS's domain."""
    region = HOME.get(suffix, "us-east-1")
    if len(labels) == 2 and labels[1] == "queue" and REGION.fullmatch(labels[0]):
        return Endpoint("sqs", labels[0])
    if REGION.fullmatch(labels[-1]):
        region = labels.pop()
    if suffix in OF_ONE_SERVICE:
        return Endpoint(OF_ONE_SERVICE[suffix], region, ".".join(labels))
    if len(labels) > 1 and labels[-1] == "dualstack":
        labels.pop()
    service = labels.pop().removesuffix("-fips") if labels else "unknown"
    old = OLD_S3.fullmatch(service)
    if old:
        service, region = "s3", old[1]
    if EXPRESS.fullmatch(service):
        service = "s3"
    return Endpoint(ALIASES.get(service, service), region, ".".join(labels))
