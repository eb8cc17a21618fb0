"""A cloud that dies in the middle of a deployment, and is started again over the same data."""

import asyncio

import pytest

CHAIN = 8


def chain(stacks, delay: int) -> str:
    """A stack that takes many transactions, one after the other."""
    queues = {
        f"Q{number}": stacks.queue(DelaySeconds=delay) | ({"DependsOn": f"Q{number - 1}"} if number else {})
        for number in range(CHAIN)
    }
    return stacks.template(queues)


def dies_after(running, commits: int) -> None:
    """Let the courier of a running cloud do so many more transactions, and nothing any more afterwards."""
    courier, store = running.cloud.courier, running.cloud.door.store
    left, transact = [commits], store.transact

    async def counted(seat, work, *args):
        if getattr(work, "__self__", None) is courier:
            left[0] -= 1
            if left[0] < 0:
                await asyncio.Event().wait()
        return await transact(seat, work, *args)

    store.transact = counted


def create(stacks) -> None:
    stacks.client.create_stack(StackName="long", TemplateBody=chain(stacks, 1))


def update(stacks) -> None:
    stacks.client.update_stack(StackName="long", TemplateBody=chain(stacks, 2))


def delete(stacks) -> None:
    stacks.client.delete_stack(StackName="long")


@pytest.mark.parametrize("commits", [0, 1, 6])
@pytest.mark.parametrize(
    ("before", "operation", "status", "queues"),
    [
        ([], create, "CREATE_COMPLETE", CHAIN),
        ([create], update, "UPDATE_COMPLETE", CHAIN),
        ([create], delete, "DELETE_COMPLETE", 0),
    ],
)
def test_an_operation_goes_on_after_a_crash(
    tmp_path, commits, before, operation, status, queues, stacks_of, cloud_over
):
    first = cloud_over(tmp_path / "data")
    stacks = stacks_of(first)
    for earlier in before:
        earlier(stacks)
        stacks.settled("long")
    dies_after(first.running, commits)
    operation(stacks)
    stack_id = stacks.client.describe_stacks(StackName="long")["Stacks"][0]["StackId"]
    first.running.stop()

    second = cloud_over(tmp_path / "data")
    stacks = stacks_of(second)
    assert stacks.settled(stack_id)["StackStatus"] == status
    assert len(stacks.queue_names()) == queues
    done = [event for event in stacks.story(stack_id) if event[1] == status and event[0] != "long"]
    assert sorted(done) == sorted((f"Q{number}", status) for number in range(CHAIN))  # each once
    second.running.stop()


def test_a_function_made_by_an_attempt_whose_answer_was_lost_is_recognized(tmp_path, stacks_of, cloud_over):
    first = cloud_over(tmp_path / "data")
    if "lambda" not in first.running.cloud.door.rooms:
        first.running.stop()
        pytest.skip("needs Lambda")
    stacks = stacks_of(first)
    role = first.role("runs", "lambda.amazonaws.com")
    code = {"ZipFile": "def handler(event, context): return event"}
    properties = {"Code": code, "Handler": "index.handler", "Role": role, "Runtime": "python3.11"}
    body = stacks.template({"F": {"Type": "AWS::Lambda::Function", "Properties": properties}})
    dies_after(first.running, 0)
    stacks.client.create_stack(StackName="lost", TemplateBody=body)
    functions = first("lambda").get_paginator("list_functions")
    for _ in range(1_000):
        if functions.paginate().build_full_result()["Functions"]:
            break
    first.running.stop()

    second = cloud_over(tmp_path / "data")
    stacks = stacks_of(second)
    assert stacks.settled("lost")["StackStatus"] == "CREATE_COMPLETE"
    assert len(second("lambda").list_functions()["Functions"]) == 1
    second.running.stop()
