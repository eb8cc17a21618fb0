"""When schedules are due: once each time, in zones, windows and bounds, also over a time when the cloud was away."""

from datetime import UTC, datetime, timedelta

from tests.conftest import Aws, RunningCloud

TIMED = {"Input": "<aws.scheduler.scheduled-time>"}


def times(town, url, count, wait=20):
    return sorted(message["Body"] for message in town.heard(url, count, wait))


def test_a_rate_begins_at_once_and_goes_on(own_town):
    town = own_town
    url, queue = town.queue("due")
    town.schedule("s", "rate(2 minutes)", queue, target=TIMED)
    assert len(times(town, url, 1)) == 1
    town.aws.advance(119)
    assert town.heard(url, wait=0) == []
    town.aws.advance(1)
    assert len(times(town, url, 1)) == 1
    town.aws.advance(600)
    assert len(set(times(town, url, 5))) == 5 and town.heard(url, wait=0) == []


def test_start_and_end_bound_what_recurs(own_town):
    town = own_town
    url, queue = town.queue("due")
    start = int(town.now) + 1_000
    town.schedule("s", "rate(1 minute)", queue, target=TIMED, StartDate=start, EndDate=start + 150)
    town.aws.advance(999)
    assert town.heard(url, wait=0) == []
    town.aws.advance(3_600)
    found = [datetime.fromisoformat(text).timestamp() - start for text in times(town, url, 3)]
    assert found == [0, 60, 120] and town.heard(url, wait=0) == []
    assert town.scheduler.get_schedule(Name="s")["ActionAfterCompletion"] == "NONE"


def test_one_time_schedules_are_deleted_after_their_time_if_they_want(own_town, until):
    town = own_town
    url, queue = town.queue("due")
    expression, told = town.at(90)
    town.schedule("gone", expression, queue, target=TIMED, ActionAfterCompletion="DELETE")
    town.schedule("kept", expression, queue, target=TIMED)
    town.aws.advance(89)
    assert town.heard(url, wait=0) == []
    town.aws.advance(2)
    assert times(town, url, 2) == [told, told]
    assert until(lambda: [one["Name"] for one in town.scheduler.list_schedules()["Schedules"]] == ["kept"])


def test_a_time_that_is_past_is_due_within_its_minute_and_not_later(own_town):
    town = own_town
    url, queue = town.queue("due")
    (late, told), (past, _) = town.at(-30), town.at(-3_600)
    town.schedule("past", past, queue, target=TIMED)
    town.schedule("late", late, queue, target=TIMED)
    assert times(town, url, 1) == [told]
    town.aws.advance(7_200)
    assert town.heard(url, wait=0) == []


def test_a_calendar_runs_by_its_zone(own_town):
    town = own_town
    url, queue = town.queue("due")
    zone = {"ScheduleExpressionTimezone": "Asia/Kolkata"}
    town.schedule("s", "cron(0 12 * * ? *)", queue, target=TIMED, **zone)
    town.aws.advance(86_400)
    (told,) = times(town, url, 1)
    assert told.endswith("T06:30:00Z")


def test_a_window_delays_but_keeps_the_time(own_town):
    town = own_town
    url, queue = town.queue("due")
    expression, told = town.at(60)
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 10}
    town.schedule("s", expression, queue, window, target=TIMED)
    due_at = town.now + 60
    town.aws.advance(60 + 600)
    (message,) = town.heard(url)
    assert message["Body"] == told
    delay = int(message["Attributes"]["SentTimestamp"]) / 1_000 - due_at
    assert -1 <= delay <= 601


def test_schedules_that_are_off_or_changed_or_gone(own_town):
    town = own_town
    url, queue = town.queue("due")
    begins = {"StartDate": int(town.now) + 60}
    town.schedule("s", "rate(1 minute)", queue, target=TIMED, State="DISABLED", **begins)
    town.aws.advance(300)
    assert town.heard(url, wait=0) == []

    def put(expression, **members):
        town.scheduler.update_schedule(
            Name="s", ScheduleExpression=expression, FlexibleTimeWindow={"Mode": "OFF"},
            Target=town.target(queue, **TIMED), **members,
        )  # fmt: skip

    put("rate(1 minute)", **begins)
    town.aws.advance(61)
    assert len(times(town, url, 1)) >= 1
    town.heard(url, 5, wait=0)
    put("rate(1 hour)", StartDate=int(town.now) + 3_600)
    town.aws.advance(600)
    assert town.heard(url, wait=0) == []
    put("rate(1 hour)", StartDate=int(town.now) + 3_600, State="DISABLED")
    town.aws.advance(7_200)
    town.scheduler.delete_schedule(Name="s")
    town.aws.advance(7_200)
    assert town.heard(url, wait=0) == []


def test_an_update_of_the_target_alone_does_not_begin_anew(own_town):
    town = own_town
    url, queue = town.queue("due")
    town.schedule("s", "rate(1 hour)", queue, target=TIMED)
    (first,) = times(town, url, 1)
    town.aws.advance(1_800)
    told = town.target(queue, Input="again <aws.scheduler.scheduled-time>")
    town.scheduler.update_schedule(
        Name="s", ScheduleExpression="rate(1 hour)", FlexibleTimeWindow={"Mode": "OFF"}, Target=told
    )  # fmt: skip
    town.aws.advance(1_801)
    later = datetime.fromisoformat(first) + timedelta(hours=1)
    assert times(town, url, 1) == [later.astimezone(UTC).strftime("again %Y-%m-%dT%H:%M:%SZ")]


def test_a_cloud_that_was_away_makes_up_for_it(tmp_path):
    from tests.services.scheduler.conftest import Town

    running = RunningCloud(tmp_path / "cloud", frozen=True)
    town = Town(Aws(running, "123123123123"))
    url, queue = town.queue("due")
    expression, told = town.at(3_600)
    town.schedule("once", expression, queue, target=TIMED, ActionAfterCompletion="DELETE")
    began = town.now
    town.schedule("rate", "rate(6 hours)", queue, target={"Input": "rate"}, StartDate=int(began) + 7_200)
    running.stop()
    again = RunningCloud(tmp_path / "cloud", frozen=True)
    try:
        town = Town.__new__(Town)
        town.aws = Aws(again, "123123123123")
        town.scheduler, town.sqs = town.aws("scheduler"), town.aws("sqs")
        town.aws.advance(began + 3 * 86_400 - again.cloud.clock.now())
        found = times(town, url, 6)
        assert found.count(told) == 1 and 4 <= found.count("rate") <= 6
        assert town.heard(url, wait=0) == []
    finally:
        again.stop()
