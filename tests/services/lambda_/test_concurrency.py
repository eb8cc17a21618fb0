"""Provisioned concurrency: environments that are there before they are asked for."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.running import wait_for

TELLING = """
import os, time
def handler(event, context):
    time.sleep(event.get("wait", 0))
    return os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"]
"""


def keep(workshop, count, qualifier="1"):
    """Wish for environments and wait until they are there; the last answer."""
    place = {"FunctionName": "it", "Qualifier": qualifier}
    made = workshop.client.put_provisioned_concurrency_config(**place, ProvisionedConcurrentExecutions=count)
    assert (made["Status"], made["AvailableProvisionedConcurrentExecutions"]) == ("IN_PROGRESS", 0)

    def ready():
        told = workshop.client.get_provisioned_concurrency_config(**place)
        return told if told["Status"] != "IN_PROGRESS" else None

    return wait_for(ready)


def published(workshop, source=TELLING, **settings):
    workshop.make(source, **settings)
    return workshop.client.publish_version(FunctionName="it")["Version"]


def test_requests_go_where_environments_are_ready_and_spill_over(workshop):
    published(workshop)
    told = keep(workshop, 1)
    assert (told["Status"], told["AllocatedProvisionedConcurrentExecutions"]) == ("READY", 1)
    assert workshop.invoke(Qualifier="1")[1] == "provisioned-concurrency"
    assert workshop.invoke()[1] == "on-demand"
    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(lambda _: workshop.invoke({"wait": 0.5}, Qualifier="1")[1], range(2)))
    assert found == ["on-demand", "provisioned-concurrency"]


def test_an_alias_keeps_what_it_points_to_and_takes_it_along(workshop):
    published(workshop)
    client = workshop.client
    client.create_alias(FunctionName="it", Name="live", FunctionVersion="1")
    assert keep(workshop, 2, "live")["Status"] == "READY"
    assert workshop.invoke(Qualifier="live")[1] == "provisioned-concurrency"
    with pytest.raises(client.exceptions.ResourceConflictException, match="pointed by a Provisioned"):
        client.put_provisioned_concurrency_config(FunctionName="it", Qualifier="1", ProvisionedConcurrentExecutions=1)
    client.update_function_configuration(FunctionName="it", MemorySize=192)
    client.get_waiter("function_updated_v2").wait(FunctionName="it")
    client.publish_version(FunctionName="it")
    client.update_alias(FunctionName="it", Name="live", FunctionVersion="2")
    place = {"FunctionName": "it", "Qualifier": "live"}
    assert client.get_provisioned_concurrency_config(**place)["Status"] == "IN_PROGRESS"
    wait_for(lambda: client.get_provisioned_concurrency_config(**place)["Status"] == "READY")
    assert (workshop.invoke(Qualifier="2")[1], workshop.invoke(Qualifier="1")[1]) == (
        "provisioned-concurrency",
        "on-demand",
    )
    client.delete_alias(FunctionName="it", Name="live")
    assert client.list_provisioned_concurrency_configs(FunctionName="it")["ProvisionedConcurrencyConfigs"] == []


def test_a_function_that_does_not_start_is_told_of(workshop):
    published(workshop, "raise RuntimeError('no')")
    told = keep(workshop, 1)
    assert (told["Status"], told["StatusReason"]) == ("FAILED", "FUNCTION_ERROR_INIT_FAILURE: RuntimeError")
    logs = workshop.aws("logs")
    group = "/aws/lambda/it"
    wait_for(lambda: logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"])
    wait_for(lambda: logs.filter_log_events(logGroupName=group, filterPattern="RuntimeError")["events"])


def test_what_cannot_be_kept_is_refused(workshop):
    published(workshop)
    client, invalid = workshop.client, workshop.client.exceptions.InvalidParameterValueException
    wanted = {"FunctionName": "it", "ProvisionedConcurrentExecutions": 3}
    with pytest.raises(invalid, match="unpublished function versions"):
        client.put_provisioned_concurrency_config(**wanted, Qualifier="$LATEST")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.put_provisioned_concurrency_config(**wanted, Qualifier="7")
    client.put_function_concurrency(FunctionName="it", ReservedConcurrentExecutions=2)
    with pytest.raises(invalid, match="should not be greater than the reservedConcurrentExecution"):
        client.put_provisioned_concurrency_config(**wanted, Qualifier="1")
    with pytest.raises(client.exceptions.ProvisionedConcurrencyConfigNotFoundException):
        client.get_provisioned_concurrency_config(FunctionName="it", Qualifier="1")


def test_reserved_concurrency_leaves_room_for_what_is_kept(workshop):
    published(workshop)
    keep(workshop, 2)
    client = workshop.client
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="total provisioned concurrency"):
        client.put_function_concurrency(FunctionName="it", ReservedConcurrentExecutions=1)
    client.delete_provisioned_concurrency_config(FunctionName="it", Qualifier="1")
    client.put_function_concurrency(FunctionName="it", ReservedConcurrentExecutions=1)
