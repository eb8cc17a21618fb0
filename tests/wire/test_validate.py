"""What models say of inputs, and AWS's words for what breaks it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.kernel.errors import AwsError
from freehold.kernel.service import Service
from freehold.wire import patterns
from freehold.wire.models import model
from freehold.wire.validate import LEFT_TO_ROOMS, OPTIONAL, STYLES, validate, validator

CODE = {"ZipFile": b""}


def refused(service: str, operation: str, request: dict) -> AwsError:
    with pytest.raises(AwsError) as fault:
        validate(Service(service), operation, request)
    return fault.value


ONE = "1 validation error detected: "
BREAKS = " failed to satisfy constraint: "
NULL = f"{BREAKS}Member must not be null"


@pytest.mark.parametrize(
    ("service", "operation", "request_", "code", "words"),
    [
        (
            "athena", "GetQueryExecution", {}, "InvalidRequestException",
            f"{ONE}Value null at 'queryExecutionId'{NULL}",
        ),
        (
            "dynamodb", "ListTables", {"Limit": 101}, "ValidationException",
            "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: "
            "Member must have value less than or equal to 100",
        ),
        (
            "stepfunctions", "CreateStateMachine", {"definition": "{}", "roleArn": "r", "name": "n" * 81},
            "ValidationException",
            f"1 validation error detected: Value '{'n' * 81}' at 'name' failed to satisfy constraint: "
            "Member must have length less than or equal to 80",
        ),
        (
            "iam", "CreateRole", {"RoleName": "a b", "AssumeRolePolicyDocument": "{}"}, "ValidationError",
            "1 validation error detected: Value 'a b' at 'roleName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [\\w+=,.@-]+",
        ),
        (
            "dynamodb", "PutItem", {"TableName": "tab", "Item": {}, "ReturnValues": "x"}, "ValidationException",
            "1 validation error detected: Value 'x' at 'returnValues' failed to satisfy constraint: "
            "Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]",
        ),
        (
            "dynamodb", "TagResource", {"ResourceArn": "r", "Tags": [{"Key": "k"}]}, "ValidationException",
            f"{ONE}Value null at 'tags.1.member.value'{NULL}",
        ),
        (
            "dynamodb", "GetItem", {"TableName": "a;", "Key": {}}, "ValidationException",
            "2 validation errors detected: Value 'a;' at 'tableName' failed to satisfy constraint: "
            "Member must have length greater than or equal to 3; Value 'a;' at 'tableName' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        ),
        (
            "cognito-idp", "SignUp", {"ClientId": "c", "Username": "u", "Password": "p" * 300},
            "InvalidParameterException",
            f"{ONE}Value at 'password'{BREAKS}"
            "Member must have length less than or equal to 256",
        ),
        ("sqs", "CreateQueue", {}, "MissingParameter", "The request must contain the parameter QueueName."),
        (
            "sns", "GetTopicAttributes", {}, "InvalidParameter",
            "Invalid parameter: TopicArn Reason: no value for required parameter",
        ),
    ],
)  # fmt: skip
def test_faults_are_told_in_aws_words(service: str, operation: str, request_: dict, code: str, words: str) -> None:
    fault = refused(service, operation, request_)
    assert (fault.shape(), fault.message) == (code, words)


def test_several_faults_are_told_together() -> None:
    fault = refused("lambda", "CreateFunction", {"FunctionName": "f", "MemorySize": 1})
    assert fault.message == (
        "3 validation errors detected: "
        "Value null at 'role' failed to satisfy constraint: Member must not be null; "
        "Value null at 'code' failed to satisfy constraint: Member must not be null; "
        "Value '1' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128"
    )


def test_items_and_keys_are_told_with_all_that_they_must_be() -> None:
    given = {"FunctionName": "f", "Layers": ["x y"], "Environment": {"Variables": {"1": "v"}}}
    words = refused("lambda", "UpdateFunctionConfiguration", given).message
    assert f"Value '[x y]' at 'layers'{BREAKS}Member must satisfy constraint: [Member must have length " in words
    assert words.count(", Member must not be null]") == 2
    assert (
        "at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must "
        in words
    )


@pytest.mark.parametrize(
    ("path", "tags"), [("tags.1.member", [None]), ("tags.2.member", [{"Key": "k", "Value": "v"}, None])]
)
def test_items_may_not_be_null(path: str, tags: list) -> None:
    assert f"Value null at '{path}'" in refused("dynamodb", "TagResource", {"ResourceArn": "r", "Tags": tags}).message


@pytest.mark.parametrize(
    ("service", "operation", "request_"),
    [
        ("sqs", "SendMessage", {"QueueUrl": "u", "MessageBody": "b"}),
        ("dynamodb", "PutItem", {"TableName": "abc", "Item": {"a": {"L": [{"M": {"b": {"S": "c"}}}]}}}),
        ("s3", "PutObject", {"Bucket": "b", "Key": "k"}),
        (
            "lambda",
            "CreateFunction",
            {"FunctionName": "f", "Role": "arn:aws:iam::1:role/r", "Code": CODE, "Runtime": "any"},
        ),
    ],
)
def test_what_the_model_admits_passes(service: str, operation: str, request_: dict) -> None:
    if service == "lambda":
        request_["Role"] = "arn:aws:iam::123456789012:role/r"
    validate(Service(service), operation, request_)


def test_what_nothing_is_said_of_costs_nothing() -> None:
    assert validator(model("sts"), "GetCallerIdentity") is None
    validate(Service("house", model=None), "Anything", {})


def test_s3_has_its_own_fault() -> None:
    assert refused("s3", "PutBucketTagging", {"Bucket": "b"}).shape() == "MalformedXML"
    unknown = {"Bucket": "b", "VersioningConfiguration": {"Status": "enabled"}}
    assert refused("s3", "PutBucketVersioning", unknown).shape() == "MalformedXML"
    validate(Service("s3"), "GetObject", {"Bucket": "b", "Key": "k", "ChecksumMode": "of a header"})


@given(st.text())
def test_the_usual_tag_pattern_admits_all_letters(text: str) -> None:
    matches = patterns.matcher(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$")
    assert matches
    allowed = all(letter.isalnum() or letter in " _.:/=+-@" for letter in text)
    assert bool(matches(text)) or not allowed


@pytest.mark.parametrize(
    ("pattern", "taken", "refused_"),
    [
        (r"[a-zA-Z0-9_.-]+", "a.b", "a b"),
        (r"\S", " x ", "  "),
        (r"[\w-_]*", "a-b_", "a b"),
        (r"\P{C}*", "aé", "a\x00"),
        (r"[\P{C}\s]+", "a\nb", "a\x01"),
        (r"^[a-z]+\z", "abc", "abc\n"),
        (r"(?<name>[a-z])+", "abc", "1"),
        (r".*", "a\nb", None),
    ],
)
def test_patterns_of_other_languages(pattern: str, taken: str, refused_: Any) -> None:
    matches = patterns.matcher(pattern)
    assert matches and matches(taken)
    assert refused_ is None or not matches(refused_)


def test_what_cannot_be_said_in_python_admits_everything() -> None:
    assert patterns.matcher(r"[\p{Print}&&[^|]]+") is None


def test_the_tables_name_what_there_is() -> None:
    for service in STYLES:
        assert model(service).operations
    for service, members in OPTIONAL.items():
        shapes = model(service).shapes
        assert all(name.partition(".")[2] in shapes[name.partition(".")[0]].required for name in members)
    for service, names in LEFT_TO_ROOMS.items():
        shapes = model(service).shapes
        for shape, _, member in (name.partition(".") for name in names):
            assert shape in shapes and (not member or member in shapes[shape].members)
