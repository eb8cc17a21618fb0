"""What is measured under AWS/Events."""

from datetime import UTC, datetime, timedelta

from tests.running import wait_for


def total(aws, name, **dimensions):
    """The sum of a metric, once there is one."""
    client, hour, now = aws("cloudwatch"), timedelta(hours=1), datetime.now(UTC)
    place = [{"Name": key, "Value": value} for key, value in dimensions.items()]

    def found():
        points = client.get_metric_statistics(
            Namespace="AWS/Events", MetricName=name, StartTime=now - hour, EndTime=now + hour, Period=86_400,
            Statistics=["Sum"], Dimensions=place,
        )["Datapoints"]  # fmt: skip
        return sum(point["Sum"] for point in points)

    return wait_for(found)


def test_rules_are_measured_by_their_names(aws, town):
    town.events.create_event_bus(Name="own")
    for bus in ("default", "own"):
        url = town.hearer("sold" if bus == "default" else "own-sold", {"detail-type": ["sold"]}, bus=bus)
        town.put(bus=bus)
        town.put(kind="lost", bus=bus)
        town.heard(url, 1)
    for place in ({"RuleName": "sold"}, {"EventBusName": "own", "RuleName": "own-sold"}):
        for name in ("MatchedEvents", "TriggeredRules", "Invocations", "SuccessfulInvocationAttempts"):
            assert total(aws, name, **place) == 1
    assert total(aws, "PutEventsEntriesCount") == 4
    assert total(aws, "PutEventsRequestSize") == 4 * len("shopsold{}")


def test_what_could_not_be_told_is_measured(aws, town):
    dead, dead_arn = town.queue("dead")
    _, deaf = town.queue("deaf", policy=False)
    _, closed = town.queue("closed", policy=False)
    town.rule("loud", {"detail-type": ["sold"]}, {"Id": "q", "Arn": deaf, "DeadLetterConfig": {"Arn": dead_arn}})
    town.rule("lost", {"detail-type": ["sold"]}, {"Id": "q", "Arn": deaf, "DeadLetterConfig": {"Arn": closed}})
    town.rule("silent", {"detail-type": ["sold"]}, {"Id": "q", "Arn": deaf})
    town.put()
    assert len(town.heard(dead, 1)) == 1
    for rule in ("loud", "lost", "silent"):
        assert total(aws, "FailedInvocations", RuleName=rule) == 1
    assert total(aws, "InvocationsSentToDlq", RuleName="loud") == 1
    assert total(aws, "InvocationsFailedToBeSentToDlq", RuleName="lost") == 1
