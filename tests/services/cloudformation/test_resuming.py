"""A cloud that dies in the middle of a deployment, and is started again over the same data."""

import asyncio

import pytest

CHAIN = 12


def chain(stacks) -> str:
    """A stack that takes many transactions, one after the other."""
    queues = {
        f"Q{number}": stacks.queue(Tags=[{"Key": "n", "Value": str(number)}])
        | ({"DependsOn": f"Q{number - 1}"} if number else {})
        for number in range(CHAIN)
    }
    return stacks.template(queues)


def dies_after(running, commits: int) -> None:
    """Let the courier of a running cloud do so many more transactions, and nothing any more afterwards."""
    courier = running.cloud.courier
    left, transact = [commits], courier._transact

    async def counted(*args):
        left[0] -= 1
        return await transact(*args) if left[0] >= 0 else await asyncio.Event().wait()

    courier._transact = counted


@pytest.mark.parametrize("commits", [0, 1, 5, 9])
def test_a_deployment_goes_on_after_a_crash(tmp_path, commits, stacks_of, cloud_over):
    first = cloud_over(tmp_path / "data")
    stacks = stacks_of(first)
    dies_after(first.running, commits)
    stacks.client.create_stack(StackName="long", TemplateBody=chain(stacks))
    first.running.stop()

    second = cloud_over(tmp_path / "data")
    stacks = stacks_of(second)
    assert stacks.settled("long")["StackStatus"] == "CREATE_COMPLETE"
    assert len(stacks.queue_names()) == CHAIN
    told = stacks.story("long")
    assert len(told) == len(set(told)) + CHAIN  # each resource is IN_PROGRESS twice: begun, and initiated
    second.running.stop()
