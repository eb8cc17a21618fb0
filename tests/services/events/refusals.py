"""How each error that EventBridge declares is brought about."""

import json

from tests.services.refusal import Refusal

PATTERN = json.dumps({"source": ["a"]})
RULE = ("put_rule", {"Name": "r", "EventPattern": PATTERN})
BUS = ("create_event_bus", {"Name": "b"})
LONG = json.dumps({
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": f"s{n}", "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": "*"}
        for n in range(200)
    ],
})  # fmt: skip
CONNECTION = {
    "Name": "c", "AuthorizationType": "API_KEY",
    "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}},
}  # fmt: skip
PARTNER = "aws.partner/shop/a"
SOURCE = ("create_partner_event_source", lambda at: {"Name": PARTNER, "Account": at.account})


def queue(at, number):
    return {"Id": str(number), "Arn": at.arn("sqs", f"q{number}")}


def archive(at):
    return {"ArchiveName": "a", "EventSourceArn": at.arn("events", "event-bus/default")}


def replay(at):
    return {
        "ReplayName": "p", "EventSourceArn": at.arn("events", "archive/a"), "EventStartTime": 1, "EventEndTime": 2,
        "Destination": {"Arn": at.arn("events", "event-bus/default")},
    }  # fmt: skip


REFUSALS = (
    Refusal("create_connection", "AccessDeniedException", CONNECTION, nobody=True),
    Refusal("cancel_replay", "IllegalStatusException", {"ReplayName": "p"}, (
        ("create_archive", archive), ("start_replay", replay), ("cancel_replay", {"ReplayName": "p"}),
    )),
    Refusal("put_rule", "InvalidEventPatternException", {"Name": "r", "EventPattern": "{"}),
    Refusal("test_event_pattern", "InvalidEventPatternException", {"EventPattern": "[]", "Event": "{}"}),
    Refusal("create_archive", "InvalidEventPatternException", lambda at: archive(at) | {"EventPattern": "{"}),
    Refusal("activate_event_source", "InvalidStateException", {"Name": PARTNER}, (
        SOURCE, ("create_event_bus", {"Name": PARTNER, "EventSourceName": PARTNER}),
        ("delete_partner_event_source", lambda at: {"Name": PARTNER, "Account": at.account}),
    )),
    Refusal("put_targets", "LimitExceededException", lambda at: {
        "Rule": "r", "Targets": [queue(at, n) for n in range(6)],
    }, (RULE,)),
    Refusal("put_permission", "PolicyLengthExceededException", {"Policy": LONG}),
    Refusal("create_event_bus", "ResourceAlreadyExistsException", {"Name": "b"}, (BUS,)),
    Refusal("create_archive", "ResourceAlreadyExistsException", archive, (("create_archive", archive),)),
    Refusal("create_connection", "ResourceAlreadyExistsException", CONNECTION, (("create_connection", CONNECTION),)),
    *(
        Refusal(operation, "ResourceNotFoundException", request)
        for operation, request in {
            "describe_rule": {"Name": "r"}, "enable_rule": {"Name": "r"}, "disable_rule": {"Name": "r"},
            "list_targets_by_rule": {"Rule": "r"}, "put_targets": lambda at: {"Rule": "r", "Targets": [queue(at, 1)]},
            "remove_targets": {"Rule": "r", "Ids": ["a"]}, "describe_event_bus": {"Name": "b"},
            "put_rule": {"Name": "r", "EventBusName": "b", "EventPattern": PATTERN},
            "list_rules": {"EventBusName": "b"}, "describe_archive": {"ArchiveName": "a"},
            "delete_archive": {"ArchiveName": "a"}, "describe_replay": {"ReplayName": "p"},
            "describe_connection": {"Name": "c"}, "describe_api_destination": {"Name": "d"},
            "describe_event_source": {"Name": PARTNER}, "activate_event_source": {"Name": PARTNER},
            "remove_permission": {"StatementId": "s"},
        }.items()
    ),
)  # fmt: skip
