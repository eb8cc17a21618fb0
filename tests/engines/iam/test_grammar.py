"""Which documents are policies, and which of IAM's sentences refuses the others. Knows only parse."""

import json

import pytest

from freehold.engines.iam import KINDS, MalformedPolicyDocument, parse

ALLOW = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::example_bucket"}
NO_RESOURCE = {"Effect": "Allow", "Action": "s3:ListBucket"}
ACTION_ONLY = {"Resource": "arn:aws:s3:::example_bucket", "Effect": "Allow"}
SYNTAX = "Syntax errors in policy."
VERSION = "Policy document must be version 2012-10-17 or greater."
LEGACY = "The policy failed legacy parsing"
NO_ACTIONS = "Policy statement must contain actions."
NO_RESOURCES = "Policy statement must contain resources."
VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
COLONS = "Actions/Condition can contain only one colon."
UNIQUE = "Statement IDs (SID) in a single policy must be unique."


def allow(**elements):
    return ALLOW | elements


def dated(value):
    return allow(Condition={"DateLessThanEquals": {"aws:CurrentTime": value}})


REFUSED_STATEMENTS = [
    ([], SYNTAX),
    (["afd"], SYNTAX),
    (allow(Extra="value"), SYNTAX),
    (allow(Effect="invalid"), SYNTAX),
    ({"Action": "s3:ListBucket", "Resource": "*"}, SYNTAX),
    (allow(Sid={}), SYNTAX),
    (allow(Resource={"a": "b"}), SYNTAX),
    (allow(Resource=["adfdf", {}]), SYNTAX),
    (allow(Action=[[]]), SYNTAX),
    (allow(NotAction="s3:GetObject"), SYNTAX),
    (allow(NotResource=[]), SYNTAX),
    (allow(Condition=[]), SYNTAX),
    (allow(Condition={"a": "b"}), SYNTAX),
    (allow(Condition={"x": {"a": "1"}}), SYNTAX),
    (allow(Condition={"DateGreaterThan": {"a": {}}}), SYNTAX),
    (allow(Condition={"ForAnyValue::StringEqualsIfExists": {"a": "asf"}}), SYNTAX),
    (allow(Effect="denY"), LEGACY),
    (allow(Resource="arn:aws:s3::example_bucket"), LEGACY),
    (ACTION_ONLY | {"Resource": "arn:aws:s3::example_bucket"}, LEGACY),
    (allow(Resource="arn:aws::::example_bucket"), LEGACY),
    (dated("sdfdsf"), LEGACY),
    (dated("234-13"), LEGACY),
    (dated("2016-12-13t2:00:00.593194+1"), LEGACY),
    (dated("9223372036854775808"), LEGACY),
    ([allow(Sid="a"), {"Sid": "a", "Effect": "Allow"}], UNIQUE),
    ({"Effect": "Allow"}, NO_ACTIONS),
    (ACTION_ONLY, NO_ACTIONS),
    (allow(Action=[]), NO_ACTIONS),
    ([{"Effect": "Deny"}, ALLOW], NO_ACTIONS),
    (NO_RESOURCE, NO_RESOURCES),
    (allow(Resource=[]), NO_RESOURCES),
    (NO_RESOURCE | {"Action": "invalid"}, VENDOR),
    (allow(Action="invalid"), VENDOR),
    ({"Effect": "Allow", "NotAction": "", "Resource": "*"}, VENDOR),
    (allow(Action="a a:ListBucket"), "Vendor a a is not valid"),
    (allow(Action="s3:List:Bucket"), COLONS),
    ([allow(Action="s3s:ListBucket"), allow(Action="s:3s:ListBucket")], COLONS),
    (allow(Resource="invalid resource"), 'Resource invalid resource must be in ARN format or "*".'),
    (allow(Resource=""), 'Resource  must be in ARN format or "*".'),
    (allow(Action="s:3:ListBucket", Resource="sdfsadf"), 'Resource sdfsadf must be in ARN format or "*".'),
    (allow(Resource="a:b:c:d:e:f:g:h"), 'Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".'),
    (
        allow(Resource="aws:s3:::example_bucket"),
        'Partition "s3" is not valid for resource "arn:s3:::example_bucket:*".',
    ),
    (allow(Resource="arn:aws"), "Resource vendor must be fully qualified and cannot contain regexes."),
    (
        allow(Resource="arn:aws:iam:us-east-1::example_bucket"),
        "IAM resource arn:aws:iam:us-east-1::example_bucket cannot contain region information.",
    ),
    (
        allow(Resource="arn:aws:s3:us-east-1::example_bucket"),
        "Resource arn:aws:s3:us-east-1::example_bucket can not contain region information.",
    ),
    (allow(Principal="*"), "Policy document should not specify a principal."),
]


@pytest.mark.parametrize("statement, reason", REFUSED_STATEMENTS)
def test_a_managed_policy_is_refused_in_iams_words(statement, reason):
    with pytest.raises(MalformedPolicyDocument) as refusal:
        parse({"Version": "2012-10-17", "Statement": statement}, "managed")
    assert refusal.value.message == reason


@pytest.mark.parametrize(
    "document, reason",
    [
        ("This is not a json document", SYNTAX),
        ("null", SYNTAX),
        ({"Version": "2012-10-17"}, SYNTAX),
        ({"Version": "2013-10-17", "Statement": ALLOW}, SYNTAX),
        ({"Version": "2012-10-17", "Statement": ALLOW, "Extra field": "value"}, SYNTAX),
        ({"Version": "2012-10-17", "Id": {}, "Statement": ALLOW}, SYNTAX),
        ({"Statement": ALLOW}, VERSION),
        ({"Version": "2008-10-17", "Statement": ALLOW}, VERSION),
        ({"Statement": allow(Effect="denY")}, VERSION),
    ],
)
def test_a_document_is_refused_before_its_statements(document, reason):
    with pytest.raises(MalformedPolicyDocument) as refusal:
        parse(document, "managed")
    assert refusal.value.message == reason


@pytest.mark.parametrize(
    "elements",
    [
        {"Action": "*"},
        {"Action": "iam: asdf safdsf af "},
        {"Resource": ["arn:aws:s3:::example_bucket", "*"]},
        {"Resource": "arn:aws:iam:::user/example_bucket"},
        {"Resource": "arn:aws:fdsasf"},
        {"Resource": "arn:aws:logs:*:*"},
        {"Resource": "arn:aws:ec2:us-east-1::example_bucket"},
        {"Condition": {}},
        {"Condition": {"a": {}}},
        {"Condition": {"DateGreaterThan": {"a": []}}},
        {"Condition": {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"s3:max-keys": 10}}},
        {"Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": "Department"}}},
        {"Condition": {"DateGreaterThan": {"aws:CurrentTime": "2017-07-01T00:00:00Z"}}},
    ],
)
def test_odd_documents_that_iam_accepts(elements):
    assert parse(json.dumps({"Version": "2012-10-17", "Statement": allow(**elements)}), "managed")


def test_an_inline_policy_may_be_silent_about_its_version():
    assert parse({"Statement": [ALLOW]}).statements


TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


@pytest.mark.parametrize(
    "statement, reason",
    [
        (TRUST | {"Resource": "*"}, "Has prohibited field Resource"),
        (TRUST | {"Action": "s3:GetObject"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        (TRUST | {"Action": "sts:*"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        (TRUST | {"Principal": {}}, "Missing required field Principal cannot be empty!"),
        ({"Effect": "Allow", "Action": "sts:AssumeRole"}, "Missing required field Principal"),
        (TRUST | {"Principal": {"Robot": "x"}}, SYNTAX),
    ],
)
def test_a_trust_policy_is_refused_in_iams_words(statement, reason):
    with pytest.raises(MalformedPolicyDocument) as refusal:
        parse({"Version": "2012-10-17", "Statement": [statement]}, "trust")
    assert refusal.value.message == reason


def test_a_trust_policy_may_be_of_the_older_version():
    assert parse({"Version": "2008-10-17", "Statement": [TRUST]}, "trust").kind == "trust"


def test_a_resource_policy_may_use_shorthand_for_its_own_resources():
    statement = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    assert parse({"Version": "2012-10-17", "Statement": statement}, "resource").kind == "resource"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("document", ["", "[]", "{}", '{"Statement": 1}', '{"Statement": [null]}', b"\xff"])
def test_no_kind_takes_what_is_no_document(kind, document):
    with pytest.raises(MalformedPolicyDocument):
        parse(document, kind)
