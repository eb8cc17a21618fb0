"""Fixtures of the real clients: one started Freehold for the tests of a worker, and names that no other test uses."""

import itertools

import boto3
import pytest
from tests.running import Freehold

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def freehold(tmp_path_factory):
    made = Freehold(tmp_path_factory.mktemp("clients") / "data")
    made.up()
    yield made
    made.down()


@pytest.fixture
def session(freehold, monkeypatch):
    """A session of boto3 that finds this Freehold as users' programs do: by the environment alone."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", freehold.url)
    return boto3.Session("test", "test", region_name="us-east-1")


@pytest.fixture
def name():
    """For a bucket or a table."""
    return f"client-{next(_numbers)}"
