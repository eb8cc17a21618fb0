"""Who may put events where: bus policies, roles of targets, other accounts, other regions, partners."""

import json

import pytest
from tests.conftest import Aws, _accounts
from tests.services.events.conftest import Town

SOLD = {"source": ["shop"]}


@pytest.fixture
def other(cloud):
    """EventBridge of another account."""
    return Town(Aws(cloud, f"{next(_accounts):012d}"))


def bus_arn(town, name="default", region="us-east-1"):
    return f"arn:aws:events:{region}:{town.aws.account}:event-bus/{name}"


def test_statements_of_a_bus_policy(town, refused):
    town.events.put_permission(StatementId="a", Action="events:PutEvents", Principal="123456789012")
    organization = {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-1"}
    town.events.put_permission(StatementId="b", Action="events:PutEvents", Principal="*", Condition=organization)
    first, second = json.loads(town.events.describe_event_bus()["Policy"])["Statement"]
    assert first == {
        "Sid": "a",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": "events:PutEvents",
        "Resource": bus_arn(town),
    }
    assert second["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-1"}} and second["Principal"] == "*"
    town.events.remove_permission(StatementId="a")
    with refused("ResourceNotFoundException", "Statement with the provided id does not exist."):
        town.events.remove_permission(StatementId="a")
    town.events.remove_permission(RemoveAllPermissions=True)
    assert "Policy" not in town.events.describe_event_bus()
    with refused("ResourceNotFoundException", "EventBus does not have a policy."):
        town.events.remove_permission(StatementId="a")
    with refused("ValidationException"):
        town.events.put_permission(Policy="{}")
    with refused("ResourceNotFoundException", "Event bus none does not exist."):
        town.events.put_permission(EventBusName="none", StatementId="a", Action="events:PutEvents", Principal="*")


def test_another_account_puts_events_if_it_may(town, other):
    url = town.hearer("sold", SOLD)
    entry = {"Source": "shop", "DetailType": "d", "Detail": "{}", "EventBusName": bus_arn(town)}
    (told,) = other.events.put_events(Entries=[entry])["Entries"]
    assert told["ErrorCode"] == "AccessDeniedException"
    town.events.put_permission(StatementId="a", Action="events:PutEvents", Principal=other.aws.account)
    assert other.events.put_events(Entries=[entry])["FailedEntryCount"] == 0
    assert [told["account"] for told in town.told(url)] == [other.aws.account]


def test_roles_may_do_what_their_policies_say(town, refused):
    town.events.create_event_bus(Name="own")
    statement = {
        "Effect": "Allow",
        "Action": "events:PutEvents",
        "Resource": bus_arn(town, "own"),
        "Condition": {"StringEquals": {"events:source": "shop"}},
    }
    events = town.aws.as_role("events", "teller", statement)
    entry = {"Source": "shop", "DetailType": "d", "Detail": "{}", "EventBusName": "own"}
    assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0
    for strange in (entry | {"Source": "bank"}, entry | {"EventBusName": "default"}):
        with refused("AccessDeniedException", "events:PutEvents"):
            events.put_events(Entries=[entry, strange])
    with refused("AccessDeniedException", "events:PutRule"):
        events.put_rule(Name="r", EventPattern=json.dumps(SOLD))


def test_a_rule_passes_events_to_another_bus(town, other):
    """Of the account, of another account, of another region; each with a role that may, or one that may not."""
    dead, dead_arn = town.queue("dead")
    far = Town(Aws(town.aws.running, town.aws.account, "eu-west-1"))
    places = {"near": (town, "near"), "away": (other, "away"), "far": (far, "far")}
    allow = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": "*"}
    roles = {
        "may": town.aws.role("may", "events.amazonaws.com", allow),
        "none": town.aws.role("none", "events.amazonaws.com"),
    }
    heard = {}
    for name, (place, bus) in places.items():
        arn = place.events.create_event_bus(Name=bus)["EventBusArn"]
        heard[name] = place.hearer(bus, SOLD, bus=bus)
        for kind, role in roles.items():
            target = {"Id": "b", "Arn": arn, "RoleArn": role, "DeadLetterConfig": {"Arn": dead_arn}}
            town.rule(f"{name}-{kind}", {"source": ["shop"], "detail": {"by": [kind]}}, target)
    other.events.put_permission(
        EventBusName="away", StatementId="a", Action="events:PutEvents", Principal=town.aws.account
    )
    id = town.put({"by": "may"})
    town.put({"by": "none"})
    assert len(town.heard(dead, 3)) == 3
    told = {name: place.told(heard[name])[0] for name, (place, _) in places.items()}
    assert {one["account"] for one in told.values()} == {town.aws.account}
    assert {one["region"] for one in told.values()} == {"us-east-1"}
    assert (told["near"]["id"] == id, told["away"]["id"] == id, told["far"]["id"] == id) == (True, True, False)


def test_events_go_no_further_than_one_bus(town):
    town.events.create_event_bus(Name="own")
    role = town.aws.role("may", "events.amazonaws.com", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    url = town.hearer("heard", SOLD)
    town.rule("there", SOLD, {"Id": "b", "Arn": bus_arn(town, "own"), "RoleArn": role})
    town.rule("back", SOLD, {"Id": "b", "Arn": bus_arn(town), "RoleArn": role}, bus="own")
    last = town.hearer("last", SOLD, bus="own")
    town.put()
    assert len(town.told(last)) == 1 and len(town.told(url, 2, wait=1)) == 1


def test_functions_are_told_as_their_policies_say(town, aws):
    dead, dead_arn = town.queue("dead")
    arn = f"arn:aws:lambda:us-east-1:{aws.account}:function:none"
    town.rule("r", SOLD, {"Id": "f", "Arn": arn, "DeadLetterConfig": {"Arn": dead_arn}})
    town.put()
    assert town.heard(dead)[0]["MessageAttributes"]["ERROR_CODE"]["StringValue"] in ("NO_RESOURCE", "NO_PERMISSIONS")


def _destination(town):
    """The ARN of an API destination whose connection has a secret."""
    key = {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "secret"}}
    made = town.events.create_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=key)["ConnectionArn"]
    return town.events.create_api_destination(
        Name="d", ConnectionArn=made, InvocationEndpoint="http://127.0.0.1:9", HttpMethod="POST"
    )["ApiDestinationArn"]


def test_a_role_reaches_nothing_of_another_account_by_its_own_policies(town, other):
    """A machine, a stream, a log group, an API destination: none has let the role in."""
    dead, dead_arn = town.queue("dead")
    every = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    role = town.aws.role("may-all", "events.amazonaws.com", every)
    machine = other.aws("stepfunctions").create_state_machine(
        name="m", roleArn=other.aws.role("runs", "states.amazonaws.com"),
        definition=json.dumps({"StartAt": "s", "States": {"s": {"Type": "Pass", "End": True}}}),
    )["stateMachineArn"]  # fmt: skip
    other.aws("kinesis").create_stream(StreamName="s", ShardCount=1)
    other.aws("logs").create_log_group(logGroupName="g")
    place = f"us-east-1:{other.aws.account}"
    arns = [machine, f"arn:aws:kinesis:{place}:stream/s", f"arn:aws:logs:{place}:log-group:g", _destination(other)]
    for at, arn in enumerate(arns):
        town.rule(f"r{at}", SOLD, {"Id": "t", "Arn": arn, "RoleArn": role, "DeadLetterConfig": {"Arn": dead_arn}})
    town.put()
    letters = town.heard(dead, len(arns))
    told = {one["MessageAttributes"]["TARGET_ARN"]["StringValue"]: one["MessageAttributes"] for one in letters}
    assert {arn: one["ERROR_CODE"]["StringValue"] for arn, one in told.items()} == dict.fromkeys(arns, "NO_PERMISSIONS")
    assert other.aws("stepfunctions").list_executions(stateMachineArn=machine)["executions"] == []
    assert other.aws("logs").describe_log_streams(logGroupName="g")["logStreams"] == []


NAME = "aws.partner/shop.example/orders"


def test_a_partners_events_come_on_a_bus_of_their_own(town, other, refused):
    partner, mine = other.events, town.events
    entry = {"Source": NAME, "DetailType": "sold", "Detail": '{"n": 1}'}
    partner.create_partner_event_source(Name=NAME, Account=town.aws.account)
    with refused("ResourceAlreadyExistsException"):
        partner.create_partner_event_source(Name=NAME, Account=town.aws.account)
    told = mine.describe_event_source(Name=NAME)
    assert (told["State"], told["CreatedBy"]) == ("PENDING", "shop.example")
    assert [one["Name"] for one in mine.list_event_sources(NamePrefix="aws.partner/shop")["EventSources"]] == [NAME]
    assert partner.put_partner_events(Entries=[entry])["FailedEntryCount"] == 0  # nobody takes it yet
    arn = mine.create_event_bus(Name=NAME, EventSourceName=NAME)["EventBusArn"]
    assert mine.describe_event_source(Name=NAME)["State"] == "ACTIVE"
    url = town.hearer("orders", {"account": [town.aws.account]}, bus=NAME)
    answer = partner.put_partner_events(Entries=[entry, entry | {"Source": NAME + "x"}, entry | {"Detail": "["}])
    codes = [one.get("ErrorCode") for one in answer["Entries"]]
    assert codes == [None, "ResourceNotFoundException", "MalformedDetail"]
    (event,) = town.told(url)
    assert (event["source"], event["id"], event["detail"]) == (NAME, answer["Entries"][0]["EventId"], {"n": 1})
    mine.deactivate_event_source(Name=NAME)
    partner.put_partner_events(Entries=[entry])
    mine.activate_event_source(Name=NAME)
    partner.put_partner_events(Entries=[entry | {"Detail": '{"n": 3}'}])
    assert [told["detail"]["n"] for told in town.told(url)] == [3]
    accounts = partner.list_partner_event_source_accounts(EventSourceName=NAME)["PartnerEventSourceAccounts"]
    assert [(one["Account"], one["State"]) for one in accounts] == [(town.aws.account, "ACTIVE")]
    partner.delete_partner_event_source(Name=NAME, Account=town.aws.account)
    assert mine.describe_event_source(Name=NAME)["State"] == "DELETED"
    assert arn.endswith(f"event-bus/{NAME}")
    with refused("ResourceNotFoundException"):
        mine.create_event_bus(Name=NAME + "x", EventSourceName=NAME + "x")
