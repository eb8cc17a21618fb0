"""Dynamic references are found as data and filled through a function."""

import pytest

from freehold.engines import cfn

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("ssm:/shop/name", cfn.Stored("/shop/name")),
        ("ssm:name:3", cfn.Stored("name", 3)),
        ("ssm-secure:key:1", cfn.Stored("key", 1, secure=True)),
        ("secretsmanager:db", cfn.Secret("db")),
        ("secretsmanager:db:SecretString:password", cfn.Secret("db", "password")),
        ("secretsmanager:db:SecretString:password:AWSPREVIOUS", cfn.Secret("db", "password", "AWSPREVIOUS")),
        (f"secretsmanager:{ARN}:SecretString:user::v1", cfn.Secret(ARN, "user", None, "v1")),
    ],
)
def test_references(written, found):
    value = {"A": [f"a-{{{{resolve:{written}}}}}-b"]}
    assert list(cfn.dynamic_references(value)) == [found]
    assert cfn.filled(value, lambda one: "secret" if one == found else "wrong") == {"A": ["a-secret-b"]}


@pytest.mark.parametrize(
    "written", ["ssm:", "ssm:a b", "ssm:a:b", "secretsmanager::SecretString:x", "secretsmanager:db:Bin"]
)
def test_wrong_forms(written):
    with pytest.raises(cfn.InvalidTemplate, match="Incorrect format is used"):
        list(cfn.dynamic_references(f"{{{{resolve:{written}}}}}"))


def test_other_braces_are_left_alone():
    assert list(cfn.dynamic_references(["{{x}}", "{{resolve:other:x}}", 5, None])) == []
