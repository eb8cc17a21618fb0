"""What a bus does after each change of its rules and targets, between events."""

import json

SOLD = {"detail-type": ["sold"]}


def counted(town, url):
    """How many messages have come, once all have."""
    town.aws.settle()
    return len(town.heard(url, 2, wait=0))


def test_each_change_holds_for_the_next_event(town):
    one = town.hearer("one", SOLD)
    other = town.hearer("other", {"detail-type": ["lost"]})
    town.put()
    assert (counted(town, one), counted(town, other)) == (1, 0)
    town.rule("other", SOLD)
    town.put()
    assert (counted(town, one), counted(town, other)) == (1, 1)
    town.events.disable_rule(Name="one")
    town.put()
    assert (counted(town, other), counted(town, one)) == (1, 0)
    town.events.enable_rule(Name="one")
    town.events.remove_targets(Rule="other", Ids=["q"])
    town.events.delete_rule(Name="other")
    town.put()
    assert (counted(town, one), counted(town, other)) == (1, 0)


def test_more_changes_than_are_kept(town, monkeypatch):
    monkeypatch.setattr("freehold.services.events.buses.CHANGES_MAX", 3)
    one = town.hearer("one", SOLD)
    town.put()
    assert counted(town, one) == 1
    for number in range(5):
        town.rule(f"more{number}", SOLD)
    town.rule("one", {"detail-type": ["lost"]})
    town.put()
    town.put(kind="lost")
    [message] = town.heard(one, 1, wait=5)
    assert json.loads(message["Body"])["detail-type"] == "lost"


def test_a_bus_made_again_has_no_rules(town):
    for _ in range(2):
        town.events.create_event_bus(Name="again")
        url = town.hearer("one", SOLD, bus="again")
        town.put(bus="again")
        assert counted(town, url) == 1
        town.events.remove_targets(Rule="one", EventBusName="again", Ids=["q"])
        town.events.delete_rule(Name="one", EventBusName="again")
        town.events.delete_event_bus(Name="again")
        town.sqs.delete_queue(QueueUrl=url)
