"""Every row of the tables of refusals, through the door."""

from importlib import import_module

import pytest
from botocore.exceptions import ClientError
from tests.conftest import Aws, RunningCloud
from tests.services.refusal import SERVICES, Made, Refusal

from freehold.wire import models

ROWS = [(service, row) for service in SERVICES for row in import_module(f"tests.services.{service}.refusals").REFUSALS]
NAMES = [f"{service}.{row.operation}-{row.error}" for service, row in ROWS]


def asked(request, made):
    return request(made) if callable(request) else request


def codes(service: str, error: str) -> set[str]:
    """What an error may be called on the wire: by its shape, or by the code that the model gives it."""
    shape = models.model(service).shapes[error]
    return {error} | ({shape.error.code} if shape.error and shape.error.code else set())


@pytest.fixture
def limited_cloud(tmp_path):
    """A private cloud that holds AWS's rates, and whose clock stands still."""
    running = RunningCloud(tmp_path / "cloud", frozen=True, limits=True)
    yield Aws(running, "111122223333")
    running.stop()


@pytest.mark.parametrize(("service", "row"), ROWS, ids=NAMES)
def test_refusals(request, monkeypatch, service: str, row: Refusal):
    if row.small[0]:
        monkeypatch.setattr(f"freehold.services.{service}.{row.small[0]}", row.small[1])
    fixture = "limited_cloud" if row.limits else "own_cloud" if row.later_s else "aws"
    aws = request.getfixturevalue(fixture)
    made = Made(aws.account)
    for operation, given in row.given:
        owner, _, name = operation.rpartition(".")
        made.answers.append(getattr(aws(owner or service), name)(**asked(given, made)))
    if row.later_s:
        aws.advance(row.later_s)
    client = aws.as_role(service, "nobody") if row.nobody else aws(service)
    with pytest.raises(ClientError) as refusal:
        getattr(client, row.operation)(**asked(row.request, made))
    told = refusal.value.response
    assert told["Error"]["Code"] in codes(service, row.error), told
    assert 400 <= told["ResponseMetadata"]["HTTPStatusCode"] < 500
