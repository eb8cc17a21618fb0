"""What functions log, in CloudWatch Logs."""

from concurrent.futures import ThreadPoolExecutor

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


def test_invocations_at_once_are_all_logged_each_stream_in_order(workshop):
    workshop.make()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: workshop.invoke({"word": f"call-{number}."}), range(12)))
    for number in range(12):
        logged(workshop, f"call-{number}.")
    events = workshop.aws("logs").filter_log_events(logGroupName="/aws/lambda/it")["events"]
    for stream in {event["logStreamName"] for event in events}:
        words = [event["message"].split()[0] for event in events if event["logStreamName"] == stream]
        assert words[1:] == ["START", "heard", "END", "REPORT"] * (len(words) // 4)


def test_puts_are_of_the_permitted_size():
    many = [{"timestamp": 0, "message": "x"}] * (EVENTS_MAX + 1)
    assert [len(batch) for batch in batches(many)] == [EVENTS_MAX, 1]
    large = [{"timestamp": 0, "message": "x" * (BYTES_MAX // 2)}] * 3
    assert [len(batch) for batch in batches(large)] == [1, 1, 1]
    assert list(batches([])) == []
