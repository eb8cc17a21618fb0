"""Records of findings, as AWS's documents show them."""

from freehold.engines.pii import Finding
from freehold.engines.protection import record

TOPIC, CALLER = "arn:aws:sns:us-east-1:123412341234:clinic", "arn:aws:iam::123412341234:role/Publisher"


def test_of_a_message():
    told = record(TOPIC, 0, [Finding("Ssn-US", 5, 16)], "34d9b400", CALLER)
    assert list(told) == ["messageId", "auditTimestamp", "callerPrincipal", "resourceArn", "dataIdentifiers"]
    assert (told["auditTimestamp"], told["messageId"]) == ("1970-01-01T00:00:00Z", "34d9b400")
    assert told["dataIdentifiers"] == [{"name": "Ssn-US", "count": 1, "detections": [{"start": 5, "end": 15}]}]


def test_of_an_event_of_a_log():
    found = [Finding("EmailAddress", 13, 27), Finding("Name", 20, 24), Finding("EmailAddress", 30, 44)]
    told = record("arn:g:*", 1, found)
    assert list(told) == ["auditTimestamp", "resourceArn", "dataIdentifiers"]
    emails, names = told["dataIdentifiers"]
    assert emails["detections"] == [{"start": 13, "end": 26}, {"start": 30, "end": 43}]
    assert (emails["count"], names["count"]) == (2, 1)


def test_of_nothing():
    assert record("arn:g:*", 1, [])["dataIdentifiers"] == []


def test_of_many_findings():
    [digits] = record("arn:g:*", 1, [Finding("Digit", place, place + 1) for place in range(9_999)])["dataIdentifiers"]
    assert (digits["count"], len(digits["detections"])) == (9_999, 1_000)
