"""What functions log, in CloudWatch Logs."""

from freehold.services.lambda_.invocation.logs import BYTES_MAX, EVENTS_MAX, batches

LOOKS_MAX = 2_000


def logged(workshop, word):
    """Look until an event with the word is there; its stream."""
    client = workshop.aws("logs")
    for _ in range(LOOKS_MAX):
        groups = client.describe_log_groups(logGroupNamePrefix="/aws/lambda/it")["logGroups"]
        found = client.filter_log_events(logGroupName="/aws/lambda/it")["events"] if groups else []
        streams = [one["logStreamName"] for one in found if word in one["message"]]
        if streams:
            return streams[0]
    raise AssertionError(f"{word} was never logged")


def test_what_a_function_prints_is_logged(workshop):
    workshop.make()
    workshop.invoke({"word": "first"})
    assert "[$LATEST]" in logged(workshop, "first")
    workshop.aws("logs").delete_log_group(logGroupName="/aws/lambda/it")
    workshop.invoke({"word": "second"})
    logged(workshop, "second")


def test_without_permission_nothing_is_logged(workshop):
    workshop.make(role=workshop.role(name="silent"))
    workshop.make(name="it2")
    workshop.invoke({"word": "unheard"})
    workshop.client.invoke(FunctionName="it2", Payload=b"{}")
    groups = workshop.aws("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
    assert "/aws/lambda/it" not in [group["logGroupName"] for group in groups]


def test_puts_are_of_the_permitted_size():
    many = [{"timestamp": 0, "message": "x"}] * (EVENTS_MAX + 1)
    assert [len(batch) for batch in batches(many)] == [EVENTS_MAX, 1]
    large = [{"timestamp": 0, "message": "x" * (BYTES_MAX // 2)}] * 3
    assert [len(batch) for batch in batches(large)] == [1, 1, 1]
    assert list(batches([])) == []
