"""Signature Version 4: AWS's published examples, and botocore's signers as clients of any request."""

import hashlib
from datetime import UTC, datetime
from unittest.mock import patch
from urllib.parse import quote, unquote, urlsplit

import botocore.auth
import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.kernel.errors import AwsError
from freehold.wire import complaints, signature, sigv4

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
EMPTY = hashlib.sha256().hexdigest()
MAY = datetime(2013, 5, 24, tzinfo=UTC).timestamp()
HOST = ("host", "examplebucket.s3.amazonaws.com")


def authorization(date, service, names, signature, key=KEY):
    scope = f"{key}/{date}/us-east-1/{service}/aws4_request"
    return ("authorization", f"AWS4-HMAC-SHA256 Credential={scope},SignedHeaders={names},Signature={signature}")


def admit(method, path, query, headers, body=EMPTY, now=MAY, secret=SECRET):
    sigv4.verify(sigv4.find(method, path, query, headers), secret, method, path, query, headers, body, now)


def s3_example(names, signature, *headers, body=EMPTY):
    date = ("x-amz-date", "20130524T000000Z")
    return [HOST, date, ("x-amz-content-sha256", body), *headers, authorization("20130524", "s3", names, signature)]


PUT_BODY = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
S3_EXAMPLES = {
    "get": ("GET", "/test.txt", "", s3_example(
        "host;range;x-amz-content-sha256;x-amz-date",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41", ("range", "bytes=0-9")), EMPTY),
    "put": ("PUT", "/test%24file.text", "", s3_example(
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd", ("date", "Fri, 24 May 2013 00:00:00 GMT"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"), body=PUT_BODY), PUT_BODY),
    "lifecycle": ("GET", "/", "lifecycle", s3_example(
        "host;x-amz-content-sha256;x-amz-date",
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"), EMPTY),
    "list": ("GET", "/", "max-keys=2&prefix=J", s3_example(
        "host;x-amz-content-sha256;x-amz-date",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"), EMPTY),
}  # fmt: skip
PRESIGNED = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
    "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
)
IAM = (
    "GET", "/", "Action=ListUsers&Version=2010-05-08",
    [("content-type", "application/x-www-form-urlencoded; charset=utf-8"), ("host", "iam.amazonaws.com"),
     ("x-amz-date", "20150830T123600Z"),
     authorization("20150830", "iam", "content-type;host;x-amz-date",
                   "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7", "AKIDEXAMPLE")],
)  # fmt: skip
IAM_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
AUGUST = datetime(2015, 8, 30, 12, 36, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("example", S3_EXAMPLES.values(), ids=S3_EXAMPLES)
def test_the_examples_of_the_s3_guide(example):
    admit(*example)


def test_the_presigned_example_lives_for_its_day():
    request = ("GET", "/test.txt", PRESIGNED, [HOST], None)
    admit(*request, now=MAY + 86_400)
    with pytest.raises(AwsError, match="Request has expired") as refused:
        admit(*request, now=MAY + 86_401)
    assert refused.value.shape() == "AccessDenied"
    assert refused.value.values["Expires"] == "2013-05-25T00:00:00Z"
    assert refused.value.values["ServerTime"] == "2013-05-25T00:00:01Z"
    with pytest.raises(AwsError, match="Request is not valid yet"):
        admit(*request, now=MAY - 901)


def test_the_example_of_the_iam_guide():
    admit(*IAM, now=AUGUST, secret=IAM_SECRET)


def test_find_reads_without_verifying():
    found = sigv4.find("GET", "/test.txt", PRESIGNED, [HOST])
    assert (found.access_key, found.date, found.region, found.service) == (KEY, "20130524", "us-east-1", "s3")
    assert found.presigned and found.expires == "86400" and found.signed_headers == ("host",)
    assert sigv4.find("GET", "/", "Action=ListUsers", [HOST]) is None
    assert sigv4.find("GET", "/", "", [("authorization", "Bearer X-Amz-Algorithm")]) is None


@given(st.text(), st.text(), st.text(st.sampled_from("0123456789 ,:+-aMayFriGMT"), max_size=30))
def test_find_never_fails(authorization, query, date):
    for text in (authorization, f"AWS4-{authorization}", f"AWS {authorization}"):
        sigv4.find("GET", "/", f"X-Amz-Signature={query}", [("authorization", text), ("date", date)])
    sigv4.find("GET", "/", f"X-Amz-Signature={query}", [])


def refusal(*request, **more):
    with pytest.raises(AwsError) as refused:
        admit(*request, **more)
    return refused.value


def test_expired_and_early_signatures_elsewhere():
    late = refusal(*IAM, now=AUGUST + 301, secret=IAM_SECRET)
    assert late.message == (
        "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"
    )
    early = refusal(*IAM, now=AUGUST - 301, secret=IAM_SECRET)
    assert early.message == (
        "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)"
    )
    assert late.shape() == early.shape() == "SignatureDoesNotMatch"


def test_s3_calls_it_skew():
    skewed = refusal(*S3_EXAMPLES["get"], now=MAY + 901)
    assert skewed.shape() == "RequestTimeTooSkewed" and skewed.values["MaxAllowedSkewMilliseconds"] == 900_000
    admit(*S3_EXAMPLES["get"], now=MAY + 900)


def test_a_wrong_secret_shows_what_s3_signed():
    wrong = refusal(*S3_EXAMPLES["get"], secret="other")
    assert wrong.shape() == "SignatureDoesNotMatch"
    assert wrong.message.endswith("Check your key and signing method.")
    assert wrong.values["CanonicalRequest"].startswith("GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\n")
    assert wrong.values["StringToSign"].startswith("AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/")


def test_another_body():
    assert refusal(*S3_EXAMPLES["put"][:4], EMPTY).shape() == "XAmzContentSHA256Mismatch"
    assert refusal(*IAM, body=PUT_BODY, now=AUGUST, secret=IAM_SECRET).shape() == "SignatureDoesNotMatch"
    assert refusal(*IAM, body=None, now=AUGUST, secret=IAM_SECRET).shape() == "SignatureDoesNotMatch"


def test_s3_refuses_headers_that_are_not_signed():
    method, path, query, headers, body = S3_EXAMPLES["get"]
    unsigned = refusal(method, path, query, [*headers, ("x-amz-acl", "public-read")], body)
    assert unsigned.shape() == "AccessDenied" and unsigned.values["HeadersNotSigned"] == "x-amz-acl"


def altered(request, old, new):
    method, path, query, headers, *body = request
    headers = [(name, value.replace(old, new)) for name, value in headers]
    return (method, path, query.replace(old, new), headers, *body)


INCOMPLETE = "IncompleteSignature"
MALFORMED = [
    (IAM, "Signature=", "Sig=", INCOMPLETE, "Authorization header requires 'Signature' parameter."),
    (IAM, "/20150830/", "/", INCOMPLETE,
     "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
     "got 'AKIDEXAMPLE/us-east-1/iam/aws4_request'"),
    (IAM, "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512", INCOMPLETE, "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'"),
    (IAM, "20150830T123600Z", "2015-08-30", INCOMPLETE,
     "Date must be in ISO-8601 'basic format'. Got '2015-08-30'. See http://en.wikipedia.org/wiki/ISO_8601"),
    (IAM, "20150830T123600Z", "", INCOMPLETE,
     "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."),
    (IAM, ";host;", ";", "SignatureDoesNotMatch",
     "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
    (IAM, "/20150830/", "/20150829/", "SignatureDoesNotMatch",
     "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
     "'20150829' != '20150830', from '20150830T123600Z'."),
    (IAM, "/aws4_request", "/aws5_request", "SignatureDoesNotMatch",
     "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'."),
    (S3_EXAMPLES["get"], "Signature=", "Sig=", "AuthorizationHeaderMalformed",
     "The authorization header is malformed; missing Signature."),
    (S3_EXAMPLES["get"], EMPTY, "nonsense", "InvalidArgument", complaints.chunked.S3_CLAIM),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "old", "new", "code", "words"), MALFORMED)
def test_malformed_headers(request_, old, new, code, words):
    error = refusal(*altered(request_, old, new), now=AUGUST if request_ is IAM else MAY, secret=IAM_SECRET)
    assert (error.shape(), error.message) == (code, words)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("X-Amz-Expires=86400", "X-Amz-Expires=604801", "X-Amz-Expires must be less than a week (in seconds); that is, "
         "the given X-Amz-Expires must be less than 604800 seconds"),
        ("X-Amz-Expires=86400", "X-Amz-Expires=-1", "X-Amz-Expires must be non-negative"),
        ("X-Amz-Expires=86400", "X-Amz-Expires=soon", "X-Amz-Expires should be a number"),
        ("X-Amz-Expires=86400&", "", complaints.S3_REQUIRED),
        ("20130524T000000Z", "20130525T000000Z", 'Invalid credential date "20130524". This date is not the same as '
         'X-Amz-Date: "20130525T000000Z".'),
        ("20130524T000000Z", "20131324T000000Z", complaints.S3_DATE),
    ],
)  # fmt: skip
def test_malformed_presigned_urls(old, new, words):
    error = refusal("GET", "/test.txt", PRESIGNED.replace(old, new), [HOST], None)
    assert (error.shape(), error.message) == ("AuthorizationQueryParametersError", words)


def test_unsigned_and_version_2_requests():
    assert refusal("GET", "/", "", [HOST]).shape() == "MissingAuthenticationToken"
    for query, headers in (
        ("AWSAccessKeyId=AKIA&Expires=1&Signature=x", [HOST]),
        ("", [HOST, ("authorization", "AWS AKIA:x")]),
    ):
        old = sigv4.find("GET", "/", query, headers)
        assert (old.algorithm, old.service, old.access_key, old.signature) == ("AWS", "s3", "AKIA", "x")


# botocore as the client

NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
printable = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
visible = st.text(st.sampled_from("aZ09 !\"#$%&'()*+,;=:?@[]{}|~^`é語 à"), min_size=1, max_size=12)
segments = st.lists(printable | st.sampled_from(["", ".", "..", "a b", "%41", "+"]), max_size=4)
paths = segments.map(lambda parts: "/" + "/".join(quote(part, safe="~") for part in parts))
pairs = st.lists(st.tuples(printable.filter(bool), printable), max_size=4)
metadata = st.dictionaries(st.sampled_from(["x-amz-meta-a", "x-amz-meta-b", "content-type"]), visible)
SIGNERS = {
    "header": lambda keys: SigV4Auth(keys, "lambda", "us-east-1"),
    "query": lambda keys: SigV4QueryAuth(keys, "sts", "us-east-1", expires=60),
    "s3-header": lambda keys: S3SigV4Auth(keys, "s3", "us-east-1"),
    "s3-query": lambda keys: S3SigV4QueryAuth(keys, "s3", "us-east-1", expires=60),
}


def sent(signer, token, method, path, params, headers, body):
    """The request as it arrives after botocore has signed it: method, path, query, headers."""
    query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in params)
    url = f"https://host.example{path}" + (f"?{query}" if query else "")
    request = AWSRequest(method, url, headers, body)
    with patch.object(botocore.auth, "get_current_datetime", lambda: NOW.replace(tzinfo=None)):
        SIGNERS[signer](Credentials(KEY, SECRET, token)).add_auth(request)
    parts = urlsplit(request.url)
    wire = [(name.lower(), value.encode().decode("latin-1")) for name, value in request.headers.items()]
    return method, parts.path, parts.query, [("host", "host.example"), *wire]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["GET", "PUT"]), paths, pairs, metadata, st.binary(max_size=9), st.sampled_from([None, "to/ken="])
)
@pytest.mark.parametrize("signer", ["header", "s3-header"])
def test_botocore_headers_verify(signer, method, path, params, headers, body, token):
    request = sent(signer, token, method, path, params, headers, body)
    admit(*request, hashlib.sha256(body).hexdigest(), NOW.timestamp() + 60)
    assert sigv4.find(*request).token == token


@settings(max_examples=60, deadline=None)
@given(paths, st.dictionaries(printable.filter(bool), printable, max_size=4), st.sampled_from([None, "to/ken="]))
@pytest.mark.parametrize("signer", ["query", "s3-query"])
def test_botocore_presigned_urls_verify(signer, path, params, token):
    request = sent(signer, token, "GET", path, params.items(), {}, b"")
    admit(*request, EMPTY, NOW.timestamp() + 60)
    assert sigv4.find(*request).token == token


def test_a_date_header_stands_in_for_x_amz_date():
    request = sent("header", None, "GET", "/", (), {"Date": "now"}, b"")
    admit(*request, EMPTY, NOW.timestamp())


def test_paths_are_taken_as_each_service_takes_them():
    for signer, path in (("header", "/a//b/../c%2Fd/"), ("s3-header", "/a//b/../c%2Fd/")):
        admit(*sent(signer, None, "GET", path, (), {}, b""), EMPTY, NOW.timestamp())


def flips(text):
    """The text with each of its bits turned over in turn; the case of percent-encoding says nothing and is left."""
    for place, letter in enumerate(text):
        for bit in range(7):
            turned = text[:place] + chr(ord(letter) ^ 1 << bit) + text[place + 1 :]
            if unquote(turned) != unquote(text):
                yield turned


@pytest.mark.parametrize("signer", SIGNERS)
def test_no_flipped_bit_passes(signer):
    body = b"" if "query" in signer else b"body"
    method, path, query, headers = sent(signer, "token", "PUT", "/a/b", [("c", "d")], {"x-amz-meta-a": "b"}, body)
    changed = [(turned, path, query, headers) for turned in flips(method)]
    changed += [(method, turned, query, headers) for turned in flips(path)]
    changed += [(method, path, turned, headers) for turned in flips(query)]
    for index, (name, value) in enumerate(headers):
        around = headers[:index], headers[index + 1 :]
        changed += [(method, path, query, [*around[0], (name, turned), *around[1]]) for turned in flips(value)]
    digest = hashlib.sha256(body).hexdigest()
    admit(method, path, query, headers, digest, NOW.timestamp())
    for request in changed:
        found = sigv4.find(*request)
        secret = SECRET if found and found.access_key == KEY else "of another key"
        with pytest.raises(AwsError):
            admit(*request, digest, NOW.timestamp(), secret)


@pytest.mark.parametrize("place", range(3))
def test_keys_of_scopes_without_end_are_not_kept(place):
    """Anybody may name a scope, and the key must be derived to see that he did not sign."""
    sigv4._signing_key.cache_clear()
    scope = ["20130524", "us-east-1", "s3"]
    usual = sigv4.signing_key("secret", *scope)
    for number in range(10):
        scope[place] = f"{number}" + "x" * 1_000_000
        sigv4.signing_key("secret", *scope)
    assert sigv4._signing_key.cache_info().currsize == 1
    assert sigv4.signing_key("secret", "20130524", "us-east-1", "s3") == usual


def test_what_is_no_moment_is_not_kept():
    signature._moment.cache_clear()
    assert signature.moment_of("2" * 1_000_000) is None and signature.moment_of("20130524T000000Z\n") is None
    assert signature.moment_of("20130524T000000Z") == 1369353600 and signature.moment_of("20139924T000000Z") is None
    assert signature._moment.cache_info().currsize == 2
