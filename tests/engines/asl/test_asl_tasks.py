"""Tasks: retries, catchers, timeouts, heartbeats, and answers that come late or twice."""

from typing import Any

import pytest

from freehold.engines import asl

LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function:f"
QUEUE = "arn:aws:states:::sqs:sendMessage"
ACTIVITY = "arn:aws:states:eu-west-1:123456789012:activity:a"


def task(resource: str = LAMBDA, **fields: Any) -> dict[str, Any]:
    states = {
        "T": {"Type": "Task", "Resource": resource, "End": True, **fields},
        "H": {"Type": "Pass", "End": True},
    }
    return {"StartAt": "T", "States": states if "Catch" in fields else {"T": states["T"]}}


def failing(*errors: str) -> Any:
    left = list(errors)

    def answer(run: asl.RunTask) -> asl.Event:
        return asl.TaskFailed(run.id, left.pop(0), "c") if left else asl.TaskSucceeded(run.id, '"done"')

    return answer


def silent(_: asl.RunTask) -> None:
    return None


def catch(*names: str, **fields: Any) -> list[dict[str, Any]]:
    return [{"ErrorEquals": list(names), "Next": "H", **fields}]


def test_retries_back_off(play: Any) -> None:
    retry = [{"ErrorEquals": ["E"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxAttempts": 4, "MaxDelaySeconds": 15}]
    world = play(task(Retry=retry), answer=failing("E", "E", "E"))
    assert world.output == "done"
    assert world.now == 2 + 6 + 15
    assert world.types().count("LambdaFunctionScheduled") == 4
    assert world.types().count("TaskStateEntered") == 1


def test_full_jitter_takes_a_part_of_the_delay(play: Any) -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "JitterStrategy": "FULL"}]
    assert play(task(Retry=retry), answer=failing("E")).now == 5


def test_each_retrier_counts_on_its_own(play: Any) -> None:
    retry = [{"ErrorEquals": [name], "MaxAttempts": 1, "IntervalSeconds": 1} for name in ("A", "B")]
    assert play(task(Retry=retry), answer=failing("A", "B")).output == "done"
    assert play(task(Retry=retry), answer=failing("A", "B", "A")).failure == ("A", "c")


@pytest.mark.parametrize(
    ("error", "names", "caught"),
    [
        ("E", ["E"], True),
        ("E", ["F"], False),
        ("E", ["States.TaskFailed"], True),
        ("States.Timeout", ["States.TaskFailed"], False),
        ("States.Timeout", ["States.ALL"], True),
        ("States.HeartbeatTimeout", ["States.Timeout"], True),
        ("States.Runtime", ["States.ALL"], False),
    ],
)
def test_what_catches_what(play: Any, error: str, names: list[str], caught: bool) -> None:
    world = play(task(Catch=catch(*names)), answer=failing(error))
    assert isinstance(world.end, asl.Succeed) is caught


def test_a_catcher_hands_on_the_error(play: Any) -> None:
    world = play(task(Catch=catch("E", ResultPath="$.e", Assign={"why.$": "$.Cause"})), {"a": 1}, failing("E"))
    assert world.output == {"a": 1, "e": {"Error": "E", "Cause": "c"}}
    exited = next(event for event in world.history if event["type"] == "TaskStateExited")
    assert exited["stateExitedEventDetails"]["assignedVariables"] == {"why": '"c"'}


def test_retry_goes_before_catch_and_counts_in_the_context(play: Any) -> None:
    seen: list[str] = []

    def answer(run: asl.RunTask) -> asl.Event:
        seen.append(run.parameters)
        return asl.TaskFailed(run.id, "E")

    fields = {
        "Parameters": {"n.$": "$$.State.RetryCount"},
        "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 2}],
        "Catch": catch("E"),
    }
    assert play(task(**fields), answer=answer).output == {"Error": "E", "Cause": ""}
    assert seen == ['{"n":0}', '{"n":1}', '{"n":2}']


@pytest.mark.parametrize(
    ("resource", "family", "details"),
    [
        (LAMBDA, "LambdaFunction", {"error": "States.Timeout"}),
        (QUEUE, "Task", {"resourceType": "sqs", "resource": "sendMessage", "error": "States.Timeout"}),
        (ACTIVITY, "Activity", {"error": "States.Timeout"}),
    ],
)
def test_a_task_times_out(play: Any, resource: str, family: str, details: Any) -> None:
    world = play(task(resource, TimeoutSecondsPath="$.t"), {"t": 5}, silent)
    assert world.now == 5
    timed_out = world.history[-2]
    assert timed_out["type"] == f"{family}TimedOut"
    assert timed_out[f"{family[0].lower()}{family[1:]}TimedOutEventDetails"] == details
    assert world.failure == ("States.Timeout", None)


def test_a_lost_heartbeat_has_its_own_name_and_is_a_timeout(play: Any) -> None:
    for name in ("States.HeartbeatTimeout", "States.Timeout", "States.ALL"):
        world = play(task(ACTIVITY, HeartbeatSeconds=5, Catch=catch(name)), answer=silent)
        assert world.output == {"Error": "States.Timeout", "Cause": ""}


def test_heartbeats_keep_a_task_alive(start: Any) -> None:
    world = start(task(ACTIVITY, HeartbeatSeconds=5))
    (run,) = world.tasks
    for world.now in (4.0, 8.0):
        world.send(asl.HeartbeatSeen(run.id))
    assert list(world.alarms.values()) == [13.0]
    world.send(asl.TaskSucceeded(run.id, "1"))
    assert world.output == 1 and world.alarms == {}


def test_an_activity_writes_who_took_it(start: Any) -> None:
    world = start(task(ACTIVITY))
    for _ in range(2):
        world.send(asl.TaskStarted(world.tasks[0].id, "worker"))
    world.send(asl.TaskSucceeded(world.tasks[0].id, "1"))
    assert world.types()[2:5] == ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]
    assert world.history[3]["activityStartedEventDetails"] == {"workerName": "worker"}


def test_a_task_token_waits_beyond_the_submission(start: Any) -> None:
    world = start(task(QUEUE + ".waitForTaskToken", Parameters={"MessageBody.$": "$$.Task.Token"}))
    (run,) = world.tasks
    assert run.parameters == f'{{"MessageBody":"{run.token}"}}'
    world.send(asl.TaskSubmitted(run.id, '{"MessageId":"1"}'))
    world.send(asl.TaskSucceeded(run.id, '"answer"'))
    assert world.output == "answer"
    assert world.types()[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]
    assert world.history[2]["taskScheduledEventDetails"]["resource"] == "sendMessage.waitForTaskToken"
    assert world.history[2]["taskScheduledEventDetails"]["region"] == "eu-west-1"


def test_a_refused_submission_is_a_submit_failure(start: Any) -> None:
    world = start(task(QUEUE + ".waitForTaskToken"))
    world.send(asl.TaskFailed(world.tasks[0].id, "SQS.QueueDoesNotExist", "no", submitting=True))
    assert world.types()[-2:] == ["TaskSubmitFailed", "ExecutionFailed"]


@pytest.mark.parametrize("catcher", ["States.DataLimitExceeded", "States.ALL"])
def test_too_large_a_result_fails_the_task(play: Any, catcher: str) -> None:
    def answer(run: asl.RunTask) -> asl.Event:
        return asl.TaskSucceeded(run.id, '"' + "x" * 262_144 + '"')

    world = play(task(Catch=catch(catcher)), answer=answer)
    assert world.types()[4] == "LambdaFunctionFailed"
    assert world.output == {
        "Error": "States.DataLimitExceeded",
        "Cause": f"The state/task '{LAMBDA}' returned a result with a size exceeding "
        "the maximum number of bytes service limit.",
    }


def test_credentials_travel_with_the_task(start: Any) -> None:
    world = start(task(Credentials={"RoleArn.$": "$.role"}), {"role": "arn:aws:iam::1:role/r"})
    assert world.tasks[0].role == "arn:aws:iam::1:role/r"


def test_late_and_repeated_events_change_nothing(start: Any) -> None:
    world = start(task(ACTIVITY, TimeoutSeconds=5, Retry=[{"ErrorEquals": ["E"], "MaxAttempts": 1}]))
    (first,) = world.tasks
    world.send(asl.TaskFailed(first.id, "E"))
    late = (
        asl.Started(),
        asl.TaskStarted(first.id),
        asl.TaskSubmitted(first.id, "1"),
        asl.TaskSucceeded(first.id, "1"),
        asl.TaskFailed(first.id, "E"),
        asl.HeartbeatSeen(first.id),
        asl.AlarmRang(first.id + ":timeout"),
        asl.TaskSucceeded("nobody#1", "1"),
        asl.AlarmRang("nonsense"),
    )

    def ignored() -> None:
        for event in late:
            decision = world.send(event)
            assert decision.events == [] and decision.commands == []

    ignored()  # while the retry waits
    world.ring()
    second = world.tasks[-1]
    assert second.id != first.id
    ignored()  # while the second attempt runs
    world.send(asl.TaskSucceeded(second.id, "2"))
    ignored()  # after the end
    assert world.output == 2


def test_stop_aborts(start: Any) -> None:
    world = start(task())
    world.send(asl.Stop("E", "because"))
    assert world.end == asl.Fail("ABORTED", "E", "because")
    assert world.tasks == [] and world.state.threads == {}
    assert (world.types()[-1], world.previous()[-1]) == ("ExecutionAborted", 0)


def test_the_machine_itself_times_out(play: Any) -> None:
    world = play(task() | {"TimeoutSeconds": 3}, answer=silent)
    assert world.end == asl.Fail("TIMED_OUT")
    assert world.now == 3 and world.types()[-1] == "ExecutionTimedOut"
