"""Archives keep what their patterns let in; replays tell it once more, to the rules that are meant."""

import json
from datetime import UTC, datetime

from freehold.services.events.archives import replays

SOLD = {"source": ["shop"]}


def moment(told):
    return datetime.fromtimestamp(told, UTC)


def bus_arn(town, name="default"):
    return f"arn:aws:events:us-east-1:{town.aws.account}:event-bus/{name}"


def archive(town, name="a", **more):
    return town.events.create_archive(ArchiveName=name, EventSourceArn=bus_arn(town), **more)["ArchiveArn"]


def replay(town, arn, first, last, name="r", **more):
    return town.events.start_replay(
        ReplayName=name, EventSourceArn=arn, EventStartTime=moment(first), EventEndTime=moment(last),
        Destination={"Arn": bus_arn(town), **more},
    )  # fmt: skip


def test_an_archive_is_made_shown_changed_and_removed(town, refused):
    arn = archive(town, Description="d", EventPattern=json.dumps(SOLD), RetentionDays=3)
    told = town.events.describe_archive(ArchiveName="a")
    assert (told["ArchiveArn"], told["State"], told["EventCount"], told["RetentionDays"]) == (arn, "ENABLED", 0, 3)
    town.events.update_archive(ArchiveName="a", RetentionDays=5)
    told = town.events.describe_archive(ArchiveName="a")
    assert (told["RetentionDays"], told["Description"]) == (5, "d")
    archive(town, "ab")
    archive(town, "b")
    listed = town.events.list_archives(NamePrefix="a")["Archives"]
    assert [one["ArchiveName"] for one in listed] == ["a", "ab"]
    first = town.events.list_archives(Limit=2)
    rest = town.events.list_archives(Limit=2, NextToken=first["NextToken"])
    assert [one["ArchiveName"] for one in rest["Archives"]] == ["b"] and "NextToken" not in rest
    with refused("ResourceAlreadyExistsException", "Archive a already exists."):
        archive(town)
    with refused("ValidationException", "At least one of EventPattern, RetentionDays or Description must be provided."):
        town.events.update_archive(ArchiveName="a")
    with refused("InvalidEventPatternException"):
        archive(town, "c", EventPattern="{")
    with refused("ResourceNotFoundException", "Event bus none does not exist."):
        town.events.create_archive(ArchiveName="c", EventSourceArn=bus_arn(town, "none"))
    town.events.delete_archive(ArchiveName="a")
    for call in (town.events.describe_archive, town.events.delete_archive):
        with refused("ResourceNotFoundException", "Archive a does not exist."):
            call(ArchiveName="a")


def test_what_was_archived_is_told_again(own_town):
    town = own_town
    arn = archive(town, EventPattern=json.dumps(SOLD))
    count = replays.PAGE + 5
    for n in range(count):
        town.put({"n": n}, Time=1_700_000_000 + n)
    town.put(source="bank", Time=1_700_000_001)
    told = town.events.describe_archive(ArchiveName="a")
    size = sum(len("shop" + "sold" + "2023-11-14T22:13:20Z" + json.dumps({"n": n})) for n in range(count))
    assert (told["EventCount"], told["SizeBytes"]) == (count, size)
    url = town.hearer("again", SOLD)
    town.hearer("also", SOLD)
    rule = f"arn:aws:events:us-east-1:{town.aws.account}:rule/again"
    answer = replay(town, arn, 1_700_000_001, 1_700_000_000 + count, FilterArns=[rule])
    assert answer["State"] == "STARTING"
    for _ in range(3):
        town.aws.advance(10)
    messages = town.told(url, count - 1)
    assert sorted(told["detail"]["n"] for told in messages) == list(range(1, count))
    assert {told["replay-name"] for told in messages} == {"r"}
    described = town.events.describe_replay(ReplayName="r")
    assert described["State"] == "COMPLETED"
    assert described["EventLastReplayedTime"].timestamp() == 1_700_000_000 + count - 1
    assert town.events.describe_archive(ArchiveName="a")["EventCount"] == count


def test_a_replay_is_called_off(own_town, refused):
    town = own_town
    arn = archive(town)
    town.put({"n": 1}, Time=1_700_000_000)
    url = town.hearer("again", SOLD)
    replay(town, arn, 1_600_000_000, 1_800_000_000)
    assert town.events.cancel_replay(ReplayName="r")["State"] == "CANCELLING"
    town.aws.advance(60)
    assert town.events.list_replays(State="CANCELLED")["Replays"][0]["ReplayName"] == "r"
    assert town.heard(url, wait=0) == []
    with refused("IllegalStatusException"):
        town.events.cancel_replay(ReplayName="r")


def test_replays_that_may_not_begin(town, refused):
    arn = archive(town)
    with refused("ValidationException", "EventStartTime must be before EventEndTime."):
        replay(town, arn, 2, 2)
    with refused("ValidationException", "Archive none does not exist."):
        replay(town, arn[:-1] + "none", 1, 2)
    town.events.create_event_bus(Name="other")
    with refused("ValidationException", "Cross event bus replay is not permitted."):
        town.events.start_replay(
            ReplayName="r", EventSourceArn=arn, EventStartTime=moment(1), EventEndTime=moment(2),
            Destination={"Arn": bus_arn(town, "other")},
        )  # fmt: skip
    for n in range(10):
        replay(town, arn, 1, 2, name=f"r{n}")
    with refused("LimitExceededException"):
        replay(town, arn, 1, 2)
    with refused("ResourceAlreadyExistsException", "Replay r1 already exists."):
        replay(town, arn, 1, 2, name="r1")
    with refused("ResourceNotFoundException", "Replay none does not exist."):
        town.events.describe_replay(ReplayName="none")


def test_what_is_old_is_forgotten(own_town):
    town = own_town
    archive(town, RetentionDays=1)
    town.put({"n": 1})
    town.aws.advance(86_400 / 2)
    town.put({"n": 2})
    assert town.events.describe_archive(ArchiveName="a")["EventCount"] == 2
    town.aws.advance(86_400 / 2 + 3_700)
    assert town.events.describe_archive(ArchiveName="a")["EventCount"] == 1
