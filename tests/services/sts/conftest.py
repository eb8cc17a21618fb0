"""A user with a key."""

import pytest


@pytest.fixture
def user(aws):
    """Clients of a new user `ada`, who holds no policies."""
    iam = aws("iam")
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    return lambda service: aws(service, key=key["AccessKeyId"], secret=key["SecretAccessKey"])
