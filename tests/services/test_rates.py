"""Rates that rooms hold, in a cloud that holds them."""

import pytest
from botocore.exceptions import ClientError
from tests.conftest import Aws, RunningCloud

from freehold.app import rooms
from freehold.kernel.service import snake
from freehold.wire import models


def test_rates_are_of_operations_that_are_answered():
    for room in rooms().values():
        known = models.model(room.model).operations if room.rates else {}
        assert not [name for name in room.rates if name not in known or snake(name) not in room.operations], room.name


@pytest.mark.parametrize(
    ("service", "operation", "most"),
    [("kms", "create_key", 5), ("secretsmanager", "get_random_password", 50)],
)
def test_what_comes_too_often_is_refused_until_later(tmp_path, service, operation, most):
    running = RunningCloud(tmp_path / "cloud", frozen=True, limits=True)
    aws = Aws(running, "111122223333")
    ask = getattr(aws(service), operation)
    for _ in range(most):
        ask()
    with pytest.raises(ClientError, match="ThrottlingException"):
        ask()
    aws.advance(1)
    ask()
    running.stop()
