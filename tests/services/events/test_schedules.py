"""Rules with schedules: due when they say, once, also over a time when the cloud was away."""

from datetime import UTC, datetime

import pytest
from tests.conftest import Aws, RunningCloud


def scheduled(town, expression, **more):
    url, arn = town.queue("due")
    rule = town.events.put_rule(Name="due", ScheduleExpression=expression, **more)["RuleArn"]
    town.events.put_targets(Rule="due", Targets=[{"Id": "q", "Arn": arn}])
    return url, rule


def times(town, url, count, wait=20):
    return sorted(told["time"] for told in town.told(url, count, wait))


def test_a_rate_is_due_each_time_once(own_town):
    town = own_town
    url, rule = scheduled(town, "rate(2 minutes)")
    town.aws.advance(119)
    assert town.heard(url, wait=0) == []
    town.aws.advance(1)
    (first,) = town.told(url)
    assert first["resources"] == [rule] and first["detail"] == {}
    assert (first["source"], first["detail-type"]) == ("aws.events", "Scheduled Event")
    town.aws.advance(600)
    five = times(town, url, 5)
    assert len(set(five)) == 5


def test_a_cron_is_due_by_the_clock(own_town):
    town = own_town
    url, _ = scheduled(town, "cron(0 12 * * ? *)")
    town.aws.advance(86_400)
    (told,) = town.told(url)
    assert told["time"].endswith("T12:00:00Z")


def test_rules_that_are_off_or_changed_or_gone(own_town):
    town = own_town
    url, _ = scheduled(town, "rate(1 minute)", State="DISABLED")
    town.aws.advance(300)
    town.events.enable_rule(Name="due")
    town.aws.advance(30)
    town.events.put_rule(Name="due", ScheduleExpression="rate(1 minute)", Description="goes on")
    town.aws.advance(30)
    assert len(town.told(url)) == 1
    town.events.put_rule(Name="due", ScheduleExpression="rate(1 hour)")
    town.aws.advance(600)
    town.events.remove_targets(Rule="due", Ids=["q"])
    town.events.delete_rule(Name="due")
    town.aws.advance(7_200)
    assert town.heard(url, wait=0) == []


def test_events_do_not_trigger_schedules(town):
    url, _ = scheduled(town, "rate(1 day)")
    town.put(source="shop")
    assert town.heard(url, wait=0) == []


def test_a_cloud_that_was_away_makes_up_for_a_day(tmp_path):
    from tests.services.events.conftest import Town

    running = RunningCloud(tmp_path / "cloud", frozen=True)
    town = Town(Aws(running, "123123123123"))
    url, _ = scheduled(town, "rate(6 hours)")
    began = running.cloud.clock.now()
    running.stop()
    again = RunningCloud(tmp_path / "cloud", frozen=True)
    try:
        town = Town(Aws(again, "123123123123"))
        town.aws.advance(began + 3 * 86_400 - again.cloud.clock.now())
        found = times(town, url, 4)
        hours = [(datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp() - began) / 3_600 for time in found]
        assert len(set(found)) == len(found) and all(hour > 47 for hour in hours[1:])
    finally:
        again.stop()


@pytest.mark.parametrize("text", ["rate(1 minutes)", "cron(0 1 * * * *)", "every day"])
def test_what_is_no_schedule(town, text, refused):
    with refused("ValidationException", "Parameter ScheduleExpression is not valid."):
        town.events.put_rule(Name="r", ScheduleExpression=text)
    town.events.create_event_bus(Name="own")
    with refused("ValidationException", "ScheduleExpression is supported only on the default event bus."):
        town.events.put_rule(Name="r", ScheduleExpression=text, EventBusName="own")
