"""Log events: put, read, searched, expired."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DAY_S = 86_400


@pytest.fixture
def now():
    return int(time.time() * 1_000)


class Journal:
    """A group of streams with the words that tests use of it."""

    group = "g"

    def __init__(self, logs, *streams):
        self.logs = logs
        logs.create_log_group(logGroupName=self.group)
        for stream in streams:
            logs.create_log_stream(logGroupName=self.group, logStreamName=stream)

    def put(self, stream, *lines):
        events = [{"timestamp": at, "message": message} for at, message in lines]
        return self.logs.put_log_events(logGroupName=self.group, logStreamName=stream, logEvents=events)

    def get(self, stream, **more):
        return self.logs.get_log_events(logGroupName=self.group, logStreamName=stream, **more)

    def messages(self, stream, **more):
        return [event["message"] for event in self.get(stream, **more)["events"]]

    def filter(self, size=None, **more):
        pages = self.logs.get_paginator("filter_log_events").paginate(
            logGroupName=self.group, PaginationConfig={"PageSize": size} if size else {}, **more
        )
        return [event["message"] for page in pages for event in page["events"]]


@pytest.fixture
def journal(aws):
    return Journal(aws("logs"), "s", "t")


def test_events_come_back_in_order_of_time(journal, now):
    answer = journal.put("s", (now - 90_000, "first"), (now, "third"))
    assert answer["nextSequenceToken"] and "rejectedLogEventsInfo" not in answer
    journal.put("s", (now - 60_000, "second"), (now, "fourth"))
    answer = journal.get("s")
    assert [event["message"] for event in answer["events"]] == ["first", "second", "third", "fourth"]
    assert answer["events"][0]["timestamp"] == now - 90_000
    assert answer["events"][0]["ingestionTime"] >= now - 1_000
    assert journal.messages("s", startTime=now - 60_000, endTime=now) == ["second"]
    told = journal.logs.describe_log_streams(logGroupName="g", orderBy="LastEventTime", descending=True)["logStreams"]
    assert [stream["logStreamName"] for stream in told] == ["s", "t"]
    assert (told[0]["firstEventTimestamp"], told[0]["lastEventTimestamp"]) == (now - 90_000, now)
    assert journal.logs.describe_log_groups()["logGroups"][0]["storedBytes"] == 22 + 4 * 26


def test_reading_a_stream_from_its_end_and_from_its_head(journal, now):
    journal.put("s", *((now + at, str(at)) for at in range(5)))
    assert journal.messages("s", limit=2) == ["3", "4"]
    head = journal.get("s", limit=2, startFromHead=True)
    assert [event["message"] for event in head["events"]] == ["0", "1"]
    assert head["nextForwardToken"].startswith("f/") and head["nextBackwardToken"].startswith("b/")
    rest = journal.get("s", nextToken=head["nextForwardToken"])
    assert [event["message"] for event in rest["events"]] == ["2", "3", "4"]
    end = journal.get("s", nextToken=rest["nextForwardToken"])
    assert (end["events"], end["nextForwardToken"]) == ([], rest["nextForwardToken"])
    journal.put("s", (now + 5, "5"))
    assert journal.messages("s", nextToken=end["nextForwardToken"]) == ["5"]
    assert journal.messages("s", nextToken=rest["nextBackwardToken"], limit=1) == ["1"]
    with pytest.raises(journal.logs.exceptions.InvalidParameterException, match="nextToken is invalid"):
        journal.get("s", nextToken="f/123")


def test_batches_have_rules(journal, now):
    refused = pytest.raises(journal.logs.exceptions.InvalidParameterException, match="chronological order")
    with refused:
        journal.put("s", (now, "later"), (now - 1, "earlier"))
    with pytest.raises(journal.logs.exceptions.InvalidParameterException, match="cannot span more than 24 hours"):
        journal.put("s", (now - 90_000_000, "a"), (now, "b"))
    with pytest.raises(journal.logs.exceptions.InvalidParameterException, match="Upload too large: 1048577 bytes"):
        journal.put("s", (now, "x" * (1_048_576 - 25)))
    with pytest.raises(journal.logs.exceptions.ResourceNotFoundException, match="log stream does not exist"):
        journal.put("nowhere", (now, "x"))


def test_events_too_old_or_too_new_are_rejected(journal, now):
    old, new = now - 15 * DAY_S * 1_000, now + 3 * 3_600_000
    assert journal.put("s", (old, "old"))["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}
    info = journal.put("s", (now, "now"), (new, "new"))["rejectedLogEventsInfo"]
    assert info == {"tooNewLogEventStartIndex": 1}
    journal.logs.put_retention_policy(logGroupName="g", retentionInDays=1)
    aged = now - 25 * 3_600_000
    info = journal.put("s", (aged, "aged"), (now - 7_200_000, "young"))["rejectedLogEventsInfo"]
    assert info == {"expiredLogEventEndIndex": 1}
    assert journal.messages("s") == ["young", "now"]


def test_searching_a_group(journal, now):
    journal.put("s", (now - 2, "ERROR one"), (now, "INFO three"))
    journal.put("t", (now - 1, "ERROR two"), (now + 1, '{"level": "ERROR"}'))
    assert journal.filter() == ["ERROR one", "ERROR two", "INFO three", '{"level": "ERROR"}']
    assert journal.filter(size=1, filterPattern="ERROR -level") == ["ERROR one", "ERROR two"]
    assert journal.filter(filterPattern='{ $.level = "ERR*" }') == ['{"level": "ERROR"}']
    assert journal.filter(logStreamNames=["t"]) == ["ERROR two", '{"level": "ERROR"}']
    assert journal.filter(logStreamNames=["t", "s"], size=1, startTime=now - 1, endTime=now) == [
        "ERROR two",
        "INFO three",
    ]
    assert journal.filter(logStreamNamePrefix="s") == ["ERROR one", "INFO three"]
    assert journal.filter(size=2, startFromHead=False)[::-1] == journal.filter()
    page = journal.logs.filter_log_events(logGroupName="g", interleaved=True)
    assert page["searchedLogStreams"] == [] and len({event["eventId"] for event in page["events"]}) == 4
    with pytest.raises(journal.logs.exceptions.InvalidParameterException, match="Invalid filter pattern"):
        journal.filter(filterPattern="{ $.a = }")
    with pytest.raises(journal.logs.exceptions.ResourceNotFoundException):
        journal.filter(logStreamNames=["u"])


def test_a_group_is_known_by_its_arn(journal, now):
    journal.put("s", (now, "here"))
    arn = journal.logs.describe_log_groups()["logGroups"][0]["logGroupArn"]
    answer = journal.logs.filter_log_events(logGroupIdentifier=arn)
    assert [event["message"] for event in answer["events"]] == ["here"]
    assert journal.logs.get_log_events(logGroupIdentifier=arn, logStreamName="s")["events"]
    with pytest.raises(journal.logs.exceptions.InvalidParameterException):
        journal.logs.filter_log_events(logGroupIdentifier=arn, logGroupName="g")


def test_what_is_deleted_is_not_found_again(journal, now):
    journal.put("s", (now, "gone"))
    journal.put("t", (now, "kept"))
    journal.logs.delete_log_stream(logGroupName="g", logStreamName="s")
    journal.logs.create_log_stream(logGroupName="g", logStreamName="s")
    assert journal.filter() == ["kept"]
    journal.logs.delete_log_group(logGroupName="g")
    again = Journal(journal.logs, "t")
    assert again.filter() == [] and again.messages("t") == []


def test_a_large_group_is_searched_in_pages(journal, now):
    for batch in range(3):
        journal.put("s", *((now + batch, f"{batch}/{number}") for number in range(10_000)))
    assert journal.filter(filterPattern='"2/9999"') == ["2/9999"]
    first = journal.logs.filter_log_events(logGroupName="g", filterPattern='"2/9999"')
    assert first["events"] == [] and first["nextToken"]
    assert len(journal.filter()) == 30_000


def test_following_a_group_shows_each_event_once(journal, now):
    """As `aws logs tail --follow` does: ask again from the last event's time on, and pass over what was shown."""
    shown = {}
    for message, stream in (("one", "s"), ("two", "t"), ("three", "s")):
        journal.put(stream, (now, message))
        answer = journal.logs.filter_log_events(logGroupName="g", startTime=now, interleaved=True)
        new = [event for event in answer["events"] if event["eventId"] not in shown]
        assert [event["message"] for event in new] == [message]
        shown |= {event["eventId"]: event for event in new}


def test_the_clouds_own_services_write_without_asking(cloud, aws):
    request = {"group": "/aws/states/m", "stream": "s", "events": [(int(time.time() * 1_000), "started")]}
    call = cloud.cloud.door.call(aws.account, aws.region)
    cloud.run(call.ask("logs", "append_lines", request))
    cloud.run(call.ask("logs", "append_lines", request))
    events = aws("logs").filter_log_events(logGroupName="/aws/states/m")["events"]
    assert [event["message"] for event in events] == ["started", "started"]


def test_events_expire(own_cloud):
    journal = Journal(own_cloud("logs"), "s")
    now = int(own_cloud.running.get("/_freehold/clock")["now"] * 1_000)
    journal.logs.put_retention_policy(logGroupName="g", retentionInDays=1)
    journal.put("s", (now, "today"))
    own_cloud.advance(DAY_S - 1)
    assert journal.messages("s") == ["today"]
    own_cloud.advance(2)
    assert journal.messages("s") == [] and journal.filter() == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_reading_finds_every_event_once(aws, cloud, data):
    """Forward, backward and searching agree with a sorted list, whatever the batches and pages."""
    logs = aws("logs")
    if logs.describe_log_groups()["logGroups"]:
        logs.delete_log_group(logGroupName="g")
    journal, base, model = Journal(logs, "s"), int(time.time() * 1_000) - 200_000, []
    for _ in range(data.draw(st.integers(1, 4))):
        times = sorted(data.draw(st.lists(st.integers(0, 150_000).map(lambda at: at // 30_000 * 30_000), min_size=1)))
        batch = [(base + at, str(len(model) + number)) for number, at in enumerate(times)]
        journal.put("s", *batch)
        model += batch
    expected = [message for _, message in sorted(model, key=lambda line: line[0])]
    size = data.draw(st.integers(1, 9))
    assert journal.filter(size=size) == expected
    assert walk(journal, "nextForwardToken", size, startFromHead=True) == expected
    assert walk(journal, "nextBackwardToken", size, startFromHead=False)[::-1] == expected


def walk(journal, way, size, **start):
    """The messages of a stream, page by page until one is empty; each page's order as it is walked."""
    found, more = [], start
    while True:
        answer = journal.get("s", limit=size, **more)
        page = [event["message"] for event in answer["events"]]
        if not page:
            return found
        found += page if way == "nextForwardToken" else page[::-1]
        more = {"nextToken": answer[way]}
