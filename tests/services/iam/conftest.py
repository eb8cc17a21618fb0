"""A user with a key, and policies in few words."""

import json

import pytest


@pytest.fixture
def user(aws):
    """Clients of a new user `ada`, who holds no policies."""
    iam = aws("iam")
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    return lambda service: aws(service, key=key["AccessKeyId"], secret=key["SecretAccessKey"])


@pytest.fixture
def document():
    """`document({...}, ...)` is a policy as text; `.allow` and `.deny` make one of a single statement."""

    def of(*statements):
        return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})

    of.allow = lambda action, resource="*", **more: of(
        {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    )
    of.deny = lambda action, resource="*", **more: of(
        {"Effect": "Deny", "Action": action, "Resource": resource, **more}
    )
    of.trust = of({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"})
    return of
