"""Websites: what browsers get at a bucket's website address."""

import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest


@pytest.fixture
def visit(aws):
    """Ask a website as a browser would: status, headers (small letters), body."""

    def ask(bucket, path="/", method="GET", **headers):
        connection = HTTPConnection(urlsplit(aws.url).netloc, timeout=30)
        host = f"{bucket}.s3-website-us-east-1.amazonaws.com"
        connection.request(method, path, headers={"Host": host} | headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()

    return ask


@pytest.fixture
def site(s3, bucket):
    """Make the bucket a public website with these objects."""

    def make(objects, listed=True, **configuration):
        s3.delete_public_access_block(Bucket=bucket)
        arn = f"arn:aws:s3:::{bucket}"
        statements = [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{arn}/*"}]
        if listed:
            statements.append({"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": arn})
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
        if not configuration.get("RedirectAllRequestsTo"):
            configuration = {"IndexDocument": {"Suffix": "index.html"}} | configuration
        s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration=configuration)
        for key, body in objects.items():
            s3.put_object(Bucket=bucket, Key=key, Body=body.encode(), ContentType="text/html")
        return bucket

    return make


def test_index_documents_and_folders(site, visit):
    bucket = site({"index.html": "home", "docs/index.html": "docs"})
    status, headers, body = visit(bucket)
    assert (status, body, headers["content-type"]) == (200, "home", "text/html")
    assert visit(bucket, "/docs/")[2] == "docs"
    status, headers, body = visit(bucket, "/docs")
    assert (status, headers["location"], body) == (302, "/docs/", "")


def test_an_error_is_a_page(site, visit):
    bucket = site({})
    status, headers, body = visit(bucket, "/none")
    assert status == 404 and headers["content-type"].startswith("text/html")
    assert body.startswith("<html>\n<head><title>404 Not Found</title></head>\n<body>\n<h1>404 Not Found</h1>\n<ul>\n")
    assert "<li>Code: NoSuchKey</li>\n<li>Message: The specified key does not exist.</li>\n<li>Key: none</li>" in body
    assert "<li>Code: NoSuchBucket</li>" in visit("no-such-bucket-here")[2]


def test_the_error_document(site, visit, s3):
    bucket = site({"e.html": "sorry"}, ErrorDocument={"Key": "e.html"})
    assert visit(bucket, "/none")[::2] == (404, "sorry")
    s3.delete_object(Bucket=bucket, Key="e.html")
    assert "An Error Occurred While Attempting to Retrieve a Custom Error Document" in visit(bucket, "/none")[2]


def test_only_reading(site, visit):
    bucket = site({"index.html": "home"})
    for method in ("POST", "DELETE", "PUT"):
        status, _, body = visit(bucket, method=method)
        assert status == 405 and f"<li>Method: {method}</li>\n<li>ResourceType: OBJECT</li>" in body
    status, headers, body = visit(bucket, method="HEAD")
    assert (status, headers["content-length"], body) == (200, "4", "")


def test_what_nobody_may_read(site, visit, s3):
    bucket = site({"index.html": "home"})
    s3.delete_bucket_policy(Bucket=bucket)
    status, _, body = visit(bucket)
    assert status == 403 and "<li>Code: AccessDenied</li>" in body


def test_conditions_and_ranges(site, visit):
    bucket = site({"index.html": "0123456789"})
    etag = visit(bucket)[1]["etag"]
    assert visit(bucket, **{"If-None-Match": etag})[0] == 304
    assert visit(bucket, Range="bytes=2-4")[::2] == (206, "234")


RULES = [
    {"Condition": {"KeyPrefixEquals": "old/"}, "Redirect": {"ReplaceKeyPrefixWith": "new/"}},
    {"Condition": {"KeyPrefixEquals": "far/"}, "Redirect": {"HostName": "example.com", "HttpRedirectCode": "307"}},
    {"Condition": {"KeyPrefixEquals": "safe/"}, "Redirect": {"Protocol": "https", "ReplaceKeyWith": "a b"}},
    {
        "Condition": {"KeyPrefixEquals": "lost/", "HttpErrorCodeReturnedEquals": "404"},
        "Redirect": {"ReplaceKeyWith": "found.html"},
    },
]


@pytest.mark.parametrize(
    "path, status, location",
    [
        ("/old/a", 301, "http://{host}/new/a"),
        ("/far/a", 307, "http://example.com/far/a"),
        ("/safe/a", 301, "https://{host}/a%20b"),
        ("/lost/a", 301, "http://{host}/found.html"),
    ],
)
def test_routing_rules(site, visit, path, status, location):
    bucket = site({"lost/here": "no"}, RoutingRules=RULES)
    answer = visit(bucket, path)
    host = f"{bucket}.s3-website-us-east-1.amazonaws.com"
    assert (answer[0], answer[1]["location"]) == (status, location.format(host=host))
    assert visit(bucket, "/lost/here")[0] == 200
    assert visit(bucket, "/other")[0] == 404


def test_redirects_of_everything_and_of_objects(site, visit, s3):
    bucket = site({}, RedirectAllRequestsTo={"HostName": "example.com", "Protocol": "https"})
    assert visit(bucket, "/a/b")[1]["location"] == "https://example.com/a/b"
    site({})
    s3.put_object(Bucket=bucket, Key="moved", WebsiteRedirectLocation="/there")
    status, headers, _ = visit(bucket, "/moved")
    assert (status, headers["location"]) == (301, "/there")


def test_by_path_for_those_without_names(site, aws, s3):
    bucket = site({"index.html": "home", "docs/index.html": "docs"})
    connection = HTTPConnection(urlsplit(aws.url).netloc, timeout=30)
    connection.request("GET", f"/_aws/s3-website/{bucket}/docs")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["location"]) == (302, f"/_aws/s3-website/{bucket}/docs/")


@pytest.mark.parametrize(
    "configuration, code",
    [
        ({"IndexDocument": {"Suffix": "a/b"}}, "InvalidArgument"),
        ({"ErrorDocument": {"Key": "e"}}, "InvalidArgument"),
        ({"RedirectAllRequestsTo": {"HostName": "a"}, "ErrorDocument": {"Key": "e"}}, "InvalidArgument"),
        ({"IndexDocument": {"Suffix": "a"}, "RoutingRules": []}, "MalformedXML"),
        (
            {"IndexDocument": {"Suffix": "a"}, "RoutingRules": [{"Redirect": {"HttpRedirectCode": "200"}}]},
            "InvalidRequest",
        ),
    ],
)
def test_configurations_that_may_not_be_set(s3, bucket, refusal, configuration, code):
    assert refusal(s3.put_bucket_website, Bucket=bucket, WebsiteConfiguration=configuration)[0] == code


@pytest.mark.parametrize("location", ["javascript:alert(1)", "there", "ftp://pages.example"])
def test_objects_redirect_to_pages_alone(s3, bucket, refusal, location):
    code, _ = refusal(s3.put_object, Bucket=bucket, Key="moved", WebsiteRedirectLocation=location)
    assert code == "InvalidRedirectLocation"
