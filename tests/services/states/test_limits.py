"""AWS's rates and quotas, where they are held."""

import botocore.session
import pytest
from botocore.exceptions import ClientError
from tests.conftest import Aws, RunningCloud

from freehold.services.states import rates

from .conftest import Workflows
from .definitions import machine

WAIT = machine(("W", {"Type": "Wait", "Seconds": 600}))


@pytest.fixture
def flows(tmp_path):
    """Workflows in a cloud that holds AWS's limits, and whose clock stands still."""
    running = RunningCloud(tmp_path / "cloud", frozen=True, limits=True)
    yield Workflows(Aws(running, "123456789012"))
    running.stop()


def refused(ask):
    with pytest.raises(ClientError) as refusal:
        ask()
    return refusal.value.response["Error"]


def test_rates_are_of_operations_that_there_are():
    known = botocore.session.get_session().get_service_model("stepfunctions").operation_names
    assert set(rates.RATES) <= set(known)


def test_too_many_requests_are_refused(flows):
    list_activities = flows.client.list_activities
    for _ in range(int(rates.RATES["ListActivities"].size)):
        list_activities()
    error = refused(lambda: [list_activities() for _ in range(20)])
    assert (error["Code"], error["Message"]) == ("ThrottlingException", "Rate exceeded")


def test_too_many_open_executions_are_refused(flows, monkeypatch):
    monkeypatch.setattr(rates, "OPEN_MAX", 2)
    arn = flows.create(WAIT)
    first, _ = flows.start(arn), flows.start(arn)
    assert refused(lambda: flows.start(arn))["Code"] == "ExecutionLimitExceeded"
    flows.client.stop_execution(executionArn=first)
    flows.start(arn)
