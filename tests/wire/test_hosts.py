"""AWS's host names, and where a request goes that says no more than one of them."""

import pytest

from freehold.app import rooms
from freehold.engines.hosts import is_aws
from freehold.wire import hosts
from freehold.wire.http import Headers, HttpRequest
from freehold.wire.route import Router

ROUTER = Router(rooms())

ENDPOINTS = [
    ("sqs.eu-west-1.amazonaws.com", "sqs", "eu-west-1", ""),
    ("sts.amazonaws.com", "sts", "us-east-1", ""),
    ("iam.amazonaws.com", "iam", "us-east-1", ""),
    ("queue.amazonaws.com", "sqs", "us-east-1", ""),
    ("eu-west-1.queue.amazonaws.com", "sqs", "eu-west-1", ""),
    ("sqs-fips.us-gov-west-1.amazonaws.com", "sqs", "us-gov-west-1", ""),
    ("sns.cn-north-1.amazonaws.com.cn", "sns", "cn-north-1", ""),
    ("lambda.eu-west-1.api.aws", "lambda", "eu-west-1", ""),
    ("000011112222.ddb.eu-west-1.amazonaws.com", "dynamodb", "eu-west-1", "000011112222"),
    ("sync-states.eu-west-1.amazonaws.com", "states", "eu-west-1", ""),
    ("s3.amazonaws.com", "s3", "us-east-1", ""),
    ("s3-eu-west-1.amazonaws.com", "s3", "eu-west-1", ""),
    ("photos.s3.amazonaws.com", "s3", "us-east-1", "photos"),
    ("my.photos.s3.eu-west-1.amazonaws.com", "s3", "eu-west-1", "my.photos"),
    ("photos.s3-eu-west-1.amazonaws.com", "s3", "eu-west-1", "photos"),
    ("photos.s3.dualstack.eu-west-1.amazonaws.com", "s3", "eu-west-1", "photos"),
    ("photos.s3-fips.eu-west-1.amazonaws.com", "s3", "eu-west-1", "photos"),
    ("photos.s3-accelerate.amazonaws.com", "s3", "us-east-1", "photos"),
    ("photos.s3-accelerate.dualstack.amazonaws.com", "s3", "us-east-1", "photos"),
    ("abc.execute-api.eu-west-1.amazonaws.com", "execute-api", "eu-west-1", "abc"),
    ("abc.lambda-url.eu-west-1.on.aws", "lambda-url", "eu-west-1", "abc"),
    ("d111.cloudfront.net", "cloudfront", "us-east-1", "d111"),
    ("shop.auth.eu-west-1.amazoncognito.com", "cognito-idp", "eu-west-1", "shop.auth"),
    ("eu-west-1.amazonaws.com", "unknown", "eu-west-1", ""),
]


@pytest.mark.parametrize(("host", "service", "region", "prefix"), ENDPOINTS)
def test_a_name_says_service_and_region(host, service, region, prefix):
    assert hosts.find(host) == (service, region, prefix)
    assert is_aws(host)


@pytest.mark.parametrize("host", ["amazonaws.com.evil.example", "evilamazonaws.com", "localhost", "127.0.0.1", ""])
def test_other_names_are_not_awss(host):
    assert hosts.find(host) is None
    assert not is_aws(host)


def routed(host, path="/", headers=(), method="GET"):
    return ROUTER.find(HttpRequest(method, path, headers=Headers([("host", host), *headers])), None)


@pytest.mark.parametrize(
    ("host", "path", "room", "region", "bucket"),
    [
        ("sqs.eu-west-1.amazonaws.com", "/000011112222/jobs", "sqs", "eu-west-1", ""),
        ("monitoring.eu-west-1.amazonaws.com", "/", "cloudwatch", "eu-west-1", ""),
        ("photos.s3.eu-west-1.amazonaws.com:443", "/key", "s3", "eu-west-1", "photos"),
        ("s3.amazonaws.com", "/photos/key", "s3", "us-east-1", ""),
        ("teleport.eu-west-1.amazonaws.com", "/", "teleport", "eu-west-1", ""),
    ],
)
def test_what_is_unsigned_goes_where_its_host_says(host, path, room, region, bucket):
    assert routed(host, path)[:2] == (room, region)
    assert routed(host, path).bucket == bucket


@pytest.mark.parametrize(
    ("host", "room"),
    [
        ("abc.execute-api.eu-west-1.amazonaws.com", "apigateway"),
        ("abc.lambda-url.eu-west-1.on.aws", "lambda"),
    ],
)
def test_deployed_things_have_names_of_their_own(host, room):
    assert routed(host, "/any").room == room
    assert routed(host, "/any").front


PEM = f"/SimpleNotificationService-{'0' * 32}.pem"


def test_paths_of_this_cloud_hold_under_its_own_names():
    assert routed("127.0.0.1:4566", "/_freehold/status").room == "house"
    for host in ("photos.s3.amazonaws.com", "sqs.eu-west-1.amazonaws.com", "teleport.eu-west-1.amazonaws.com"):
        assert routed(host, "/_freehold/status").front is None
        assert routed(host, PEM).front is None
    assert routed("sns.eu-west-1.amazonaws.com", PEM).front
