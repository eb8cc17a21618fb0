"""Message data protection: what passes a topic, to whom and in which form, and what is told of it."""

import gzip
import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

SSN = "arn:aws:dataprotection::aws:data-identifier/Ssn-US"
ROLE = "arn:aws:iam::111111111111:role/feedback"
GROUP = "/aws/vendedlogs/clinicaudit"
LOGGED = {"CloudWatchLogs": {"LogGroup": GROUP}}
MASK = {"Deidentify": {"MaskConfig": {"MaskWithCharacter": "#"}}}
REDACT = {"Deidentify": {"RedactConfig": {}}}
DENY = {"Deny": {}}


def audit(**places):
    return {"Audit": {"SampleRate": "99", **{f"{name}Destination": place for name, place in places.items()}}}


def statement(operation, *identifiers, outbound=False, **who):
    identifiers = list(identifiers or ("EmployeeId",))
    direction = "Outbound" if outbound else "Inbound"
    return {"DataDirection": direction, "DataIdentifier": identifiers, "Operation": operation, **(who or EVERYBODY)}


EVERYBODY = {"Principal": ["*"]}


def policy(*statements):
    custom = [{"Name": "EmployeeId", "Regex": r"EID-\d{9}-US"}, {"Name": "Site", "Regex": r"SITE-\d"}]
    document = {"Name": "p", "Version": "2021-06-01", "Configuration": {"CustomDataIdentifier": custom}}
    return json.dumps(document | {"Statement": list(statements)})


@pytest.fixture
def guarded(talk):
    """A topic whose policy has these statements."""

    def make(*statements, **attributes):
        topic = talk(**attributes)
        topic.sns.put_data_protection_policy(ResourceArn=topic.arn, DataProtectionPolicy=policy(*statements))
        return topic

    return make


@contextmanager
def chance(cloud, number):
    """Every number drawn by chance is this one."""
    ids = cloud.cloud.ids
    drawn, ids.random = ids.random, lambda: number
    try:
        yield
    finally:
        ids.random = drawn


@pytest.fixture
def sampled(cloud):
    with chance(cloud, 0.0):
        yield


def found(aws, group=GROUP, count=1):
    """The records in a log group, once there are so many."""
    logs = aws("logs")
    while True:
        if logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            events = logs.filter_log_events(logGroupName=group)["events"]
            if len(events) >= count:
                return [json.loads(event["message"]) for event in events]


def raw(topic, url):
    return topic.bodies(url)


# Inbound


def test_a_denied_message_is_refused_and_goes_nowhere(guarded, refused, aws):
    topic = guarded(statement(DENY))
    url = topic.hearer("jobs", RawMessageDelivery="true")
    with refused("AuthorizationError", f"prohibits this message from being published to {topic.arn}") as refusal:
        topic.publish("I am EID-123456789-US")
    assert topic.publish("I am nobody")
    assert topic.bodies(url) == ["I am nobody"]
    assert refusal.code == "AuthorizationError"


def test_a_batch_is_judged_entry_by_entry(guarded, sampled, aws):
    topic = guarded(statement(audit(Findings=LOGGED)), statement(DENY))
    url = topic.hearer("jobs", RawMessageDelivery="true")
    entries = [{"Id": "a", "Message": "EID-123456789-US is bad"}, {"Id": "b", "Message": "fine"}]
    told = topic.sns.publish_batch(TopicArn=topic.arn, PublishBatchRequestEntries=entries)
    assert [(one["Id"], one["Code"]) for one in told["Failed"]] == [("a", "AuthorizationError")]
    assert [one["Id"] for one in told["Successful"]] == ["b"]
    assert topic.bodies(url) == ["fine"]
    assert len(found(aws)) == 1


@pytest.mark.parametrize(
    ("operations", "left"),
    [
        ([MASK], "I am ################, she is not"),
        ([REDACT], "I am , she is not"),
        ([MASK, REDACT], "I am , she is not"),
    ],
)
def test_what_is_hidden_is_hidden_from_everybody(guarded, operations, left):
    topic = guarded(*(statement(operation) for operation in operations))
    url, enveloped = topic.hearer("jobs", RawMessageDelivery="true"), topic.hearer("more")
    topic.publish("I am EID-123456789-US, she is not")
    assert topic.bodies(url) == [left]
    assert json.loads(topic.bodies(enveloped)[0])["Message"] == left


@pytest.mark.parametrize("operation", [MASK, REDACT])
def test_a_message_that_is_sensitive_as_a_whole_is_refused(guarded, refused, operation):
    topic = guarded(statement(operation))
    with refused("InvalidParameter", "Invalid parameter: Message Reason: "):
        topic.publish("EID-123456789-US EID-123456780-US")


def test_a_denial_is_stronger_than_a_mask(guarded, refused):
    topic = guarded(statement(MASK), statement(DENY))
    with refused("AuthorizationError"):
        topic.publish("I am EID-123456789-US")


def test_each_protocols_text_is_treated(guarded, letters, refused):
    topic = guarded(statement(MASK), statement(DENY, "Site"))
    url = topic.hearer("jobs", RawMessageDelivery="true")
    topic.subscribe("sms", "+15551234567")
    texts = {"default": "plain", "sqs": "queue EID-123456789-US", "sms": "phone EID-123456789-US"}
    topic.publish(json.dumps(texts), MessageStructure="json")
    assert topic.bodies(url) == ["queue ################"]
    assert letters(1)[0]["body"] == "phone ################"
    with refused("AuthorizationError"):
        topic.publish(json.dumps({"default": "plain", "email": "SITE-1"}), MessageStructure="json")


def test_filters_see_what_is_left(guarded):
    topic = guarded(statement(MASK))
    scope = {"FilterPolicyScope": "MessageBody", "RawMessageDelivery": "true"}
    masked = topic.hearer("masked", FilterPolicy=json.dumps({"who": ["################"]}), **scope)
    bare = topic.hearer("bare", FilterPolicy=json.dumps({"who": ["EID-123456789-US"]}), **scope)
    topic.publish(json.dumps({"who": "EID-123456789-US"}))
    assert topic.bodies(masked) == ['{"who": "################"}']
    assert topic.bodies(bare, wait=0) == []


def test_an_encrypted_topic_is_protected_too(guarded, aws, refused):
    key = aws("kms").create_key()["KeyMetadata"]["KeyId"]
    topic = guarded(statement(MASK), KmsMasterKeyId=key)
    url = topic.hearer("jobs", RawMessageDelivery="true")
    topic.publish("I am EID-123456789-US")
    assert topic.bodies(url) == ["I am ################"]


def test_attributes_are_not_looked_at(guarded):
    topic = guarded(statement(DENY))
    attribute = {"DataType": "String", "StringValue": "EID-123456789-US"}
    assert topic.publish("fine", Subject="EID-123456789-US", MessageAttributes={"a": attribute})


def may(action):
    return {"Effect": "Allow", "Action": action, "Resource": "*"}


def test_statements_concern_those_they_name(guarded, aws, refused):
    clerk, nurse = aws.as_role("sns", "clerk", may("sns:Publish")), aws.as_role("sns", "nurse", may("sns:Publish"))
    named = f"arn:aws:iam::{aws.account}:role/clerk"
    topic = guarded(statement(DENY, Principal=[named]), statement(DENY, "Site", NoPrincipal=[named]))
    for client, text in ((clerk, "EID-123456789-US"), (nurse, "SITE-1"), (aws("sns"), "SITE-1")):
        with refused("AuthorizationError"):
            client.publish(TopicArn=topic.arn, Message=text)
    assert clerk.publish(TopicArn=topic.arn, Message="SITE-1")
    assert nurse.publish(TopicArn=topic.arn, Message="EID-123456789-US")


@pytest.mark.parametrize("name", ["{0}", "arn:aws:iam::{0}:root", "*"])
def test_an_account_is_everybody_in_it(guarded, aws, refused, name):
    topic = guarded(statement(DENY, Principal=[name.format(aws.account)]))
    for client in (aws("sns"), aws.as_role("sns", "clerk", may("sns:Publish"))):
        with refused("AuthorizationError"):
            client.publish(TopicArn=topic.arn, Message="EID-123456789-US")


def test_a_user_is_named_by_its_arn(guarded, aws, refused):
    iam = aws("iam")
    user = iam.create_user(UserName="ada")["User"]["Arn"]
    iam.put_user_policy(
        UserName="ada", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [may("*")]})
    )
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    ada = aws("sns", key=key["AccessKeyId"], secret=key["SecretAccessKey"])
    topic = guarded(statement(DENY, Principal=[user]))
    with refused("AuthorizationError"):
        ada.publish(TopicArn=topic.arn, Message="EID-123456789-US")
    assert topic.publish("EID-123456789-US")


# Audits


def test_a_finding_is_told_where_it_stands(guarded, sampled, aws, refused):
    topic = guarded(statement(audit(Findings=LOGGED), SSN, "EmployeeId", "Site"), statement(DENY, SSN))
    with refused("AuthorizationError"):
        topic.publish("SSN: 123-12-1234")
    [record] = found(aws)
    assert record.pop("messageId") and record.pop("auditTimestamp").endswith("Z")
    assert record == {
        "callerPrincipal": f"arn:aws:iam::{aws.account}:root",
        "resourceArn": topic.arn,
        "dataIdentifiers": [{"name": "Ssn-US", "count": 1, "detections": [{"start": 5, "end": 15}]}],
    }


def test_a_session_is_told_as_its_role(guarded, sampled, aws):
    topic = guarded(statement(audit(Findings=LOGGED), "EmployeeId", "Site"))
    clerk = aws.as_role("sns", "clerk", may("sns:Publish"))
    id = clerk.publish(TopicArn=topic.arn, Message="SITE-1 EID-123456789-US SITE-2")["MessageId"]
    [record] = found(aws)
    assert (record["messageId"], record["callerPrincipal"]) == (id, f"arn:aws:iam::{aws.account}:role/clerk")
    assert [(one["name"], one["count"]) for one in record["dataIdentifiers"]] == [("Site", 2), ("EmployeeId", 1)]


def test_messages_without_findings_are_told_elsewhere(guarded, sampled, aws):
    nothing = {"CloudWatchLogs": {"LogGroup": f"{GROUP}/nothing"}}
    topic = guarded(statement(audit(Findings=LOGGED, NoFindings=nothing)))
    topic.publish("fine")
    topic.publish("I am EID-123456789-US")
    assert [record["dataIdentifiers"] for record in found(aws, f"{GROUP}/nothing")] == [[]]
    assert [record["dataIdentifiers"][0]["count"] for record in found(aws)] == [1]


def test_what_was_audited_is_masked_afterwards(guarded, sampled, aws):
    topic = guarded(statement(audit(Findings=LOGGED)), statement(REDACT))
    url = topic.hearer("jobs", RawMessageDelivery="true")
    topic.publish("I am EID-123456789-US")
    assert topic.bodies(url) == ["I am "]
    assert found(aws)[0]["dataIdentifiers"][0]["detections"] == [{"start": 5, "end": 20}]


@pytest.mark.parametrize(("rate", "drawn", "audited"), [(99, 0.9899, 1), (99, 0.99, 0), (1, 0.0, 1), (0, 0.0, 0)])
def test_a_sample_is_audited(guarded, cloud, aws, rate, drawn, audited):
    operation = audit(Findings=LOGGED)
    operation["Audit"]["SampleRate"] = rate
    topic = guarded(statement(operation))
    with chance(cloud, drawn):
        topic.publish("I am EID-123456789-US")
    with chance(cloud, 0.0):  # by whose record it is known that there is no other
        topic.sns.put_data_protection_policy(
            ResourceArn=topic.arn, DataProtectionPolicy=policy(statement(audit(Findings=LOGGED)))
        )
        last = topic.publish("I am EID-123456789-US too")["MessageId"]
    records = found(aws, count=audited + 1)
    assert [record["messageId"] for record in records].index(last) == audited


def test_records_for_a_bucket_become_files(own_cloud):
    from tests.services.sns.conftest import Talk

    aws, topic = own_cloud, Talk(own_cloud, "news")
    s3 = aws("s3")
    s3.create_bucket(Bucket="findings")
    statements = policy(statement(audit(Findings={"S3": {"Bucket": "findings"}})))
    topic.sns.put_data_protection_policy(ResourceArn=topic.arn, DataProtectionPolicy=statements)
    with chance(aws.running, 0.0):
        ids = [topic.publish(f"{number} EID-123456789-US")["MessageId"] for number in range(3)]
    aws.advance(61)
    while not (files := s3.list_objects_v2(Bucket="findings").get("Contents")):
        pass
    [file] = files
    assert file["Key"].startswith(f"AWSLogs/{aws.account}/sns/us-east-1/news/")
    assert file["Key"].endswith(".log.gz")
    body = gzip.decompress(s3.get_object(Bucket="findings", Key=file["Key"])["Body"].read())
    assert [json.loads(line)["messageId"] for line in body.splitlines()] == ids


def test_findings_are_counted(own_cloud):
    from tests.services.sns.conftest import Talk

    aws, topic = own_cloud, Talk(own_cloud, "news")
    operation = audit(Findings=LOGGED, NoFindings=LOGGED)
    topic.sns.put_data_protection_policy(ResourceArn=topic.arn, DataProtectionPolicy=policy(statement(operation)))
    with chance(aws.running, 0.0):
        topic.publish("EID-123456789-US EID-123456789-US")
        topic.publish("fine")
    aws.advance(60)
    metrics = aws("cloudwatch")
    while len(listed := metrics.list_metrics(Namespace="AWS/SNS")["Metrics"]) < 3:
        pass
    told = {(one["MetricName"], *(pair["Value"] for pair in one["Dimensions"])) for one in listed}
    assert told == {
        ("MessagesWithFindings", "news"),
        ("MessagesWithFindings", "EmployeeId", "news"),
        ("MessagesWithNoFindings", "news"),
    }


# Outbound


def test_one_who_may_not_hear_does_not(guarded, aws):
    topic = guarded(
        statement(DENY, outbound=True, Principal=[f"arn:aws:iam::{aws.account}:role/billing"]),
        statement(MASK, outbound=True, Principal=[f"arn:aws:iam::{aws.account}:role/schedule"]),
    )
    urls = {}
    for name in ("billing", "schedule", "ward"):
        urls[name], arn = topic.queue(name)
        client = aws.as_role("sns", name, may("sns:*"))
        made = client.subscribe(
            TopicArn=topic.arn, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"}
        )
        known = topic.sns.get_subscription_attributes(SubscriptionArn=made["SubscriptionArn"])["Attributes"]
        assert known["SubscriptionPrincipal"] == f"arn:aws:iam::{aws.account}:role/{name}"
    topic.publish("I am EID-123456789-US")
    topic.publish("plain")
    assert sorted(topic.bodies(urls["ward"], 2)) == ["I am EID-123456789-US", "plain"]
    assert sorted(topic.bodies(urls["schedule"], 2)) == ["I am ################", "plain"]
    assert topic.bodies(urls["billing"]) == ["plain"]


def test_what_is_hidden_from_everybody_need_not_be_denied(guarded):
    topic = guarded(statement(MASK), statement(DENY, outbound=True))
    url = topic.hearer("jobs", RawMessageDelivery="true")
    topic.publish("I am EID-123456789-US")
    assert topic.bodies(url) == ["I am ################"]


def test_nothing_but_what_is_hidden_is_not_delivered(guarded):
    topic = guarded(statement(REDACT, outbound=True))
    url = topic.hearer("jobs", RawMessageDelivery="true")
    topic.publish("EID-123456789-US")
    topic.publish("plain")
    assert topic.bodies(url) == ["plain"]


@pytest.mark.parametrize("operation", [MASK, DENY], ids=["mask", "deny"])
def test_a_filter_guesses_nothing_that_is_hidden(guarded, operation):
    topic = guarded(statement(operation, outbound=True))
    scope = {"FilterPolicyScope": "MessageBody", "RawMessageDelivery": "true"}
    guess = topic.hearer("guess", FilterPolicy=json.dumps({"who": [{"prefix": "EID-1"}]}), **scope)
    other = topic.hearer("other", FilterPolicy=json.dumps({"what": ["visit"]}), **scope)
    for told in ({}, {"MessageStructure": "json"}):
        body = json.dumps({"who": "EID-123456789-US", "what": "visit"})
        topic.publish(json.dumps({"default": body, "sqs": "plain"}) if told else body, **told)
    topic.publish(json.dumps({"who": "EID-1", "what": "visit"}))
    assert topic.bodies(guess) == ['{"who": "EID-1", "what": "visit"}']
    assert '{"who": "EID-1", "what": "visit"}' in topic.bodies(other, 3 if operation == MASK else 1)


def test_only_the_text_that_is_told_counts(guarded, letters):
    topic = guarded(statement(DENY, outbound=True))
    url = topic.hearer("jobs", RawMessageDelivery="true")
    topic.subscribe("sms", "+15551234567")
    topic.publish(json.dumps({"default": "plain", "sms": "EID-123456789-US"}), MessageStructure="json")
    topic.publish(json.dumps({"default": "EID-123456789-US", "sms": "short"}), MessageStructure="json")
    assert topic.bodies(url) == ["plain"]
    assert [letter["body"] for letter in letters(1)] == ["short"]


def test_a_device_is_told_what_is_left_for_its_platform(guarded, letters, aws):
    topic = guarded(statement(MASK, outbound=True))
    application = topic.sns.create_platform_application(
        Name="a", Platform="ADM", Attributes={"PlatformPrincipal": "p", "PlatformCredential": "c"}
    )["PlatformApplicationArn"]
    device = topic.sns.create_platform_endpoint(PlatformApplicationArn=application, Token="t")["EndpointArn"]
    topic.subscribe("application", device)
    topic.publish(json.dumps({"default": "plain", "ADM": "for EID-123456789-US"}), MessageStructure="json")
    assert letters(1)[0]["body"] == "for ################"


def test_a_prohibited_delivery_is_logged_as_a_failure_and_buried_nowhere(guarded, aws):
    topic = guarded(statement(DENY, outbound=True), SQSFailureFeedbackRoleArn=ROLE)
    dead, dead_arn = topic.queue("dead")
    _, arn = topic.queue("jobs")
    subscription = topic.subscribe("sqs", arn, RedrivePolicy=json.dumps({"deadLetterTargetArn": dead_arn}))
    id = topic.publish("I am EID-123456789-US")["MessageId"]
    [line] = found(aws, f"sns/us-east-1/{aws.account}/news/Failure")
    assert (line["status"], line["notification"]["messageId"]) == ("FAILURE", id)
    delivery = line["delivery"]
    assert delivery.pop("deliveryId") and delivery.pop("dwellTimeMs") >= 0
    assert delivery == {
        "destination": arn,
        "providerResponse": "The topic's data protection policy prohibits this message from being delivered to "
        + subscription,
        "attempts": 1,
        "statusCode": 403,
    }
    assert topic.bodies(dead, wait=0) == []


# Long texts, which are searched elsewhere


def measured(aws, metric):
    """What a metric of the topic comes to, once it is there."""
    now = datetime.now(UTC)
    wanted = {
        "Namespace": "AWS/SNS", "MetricName": metric, "Period": 86_400, "Statistics": ["Sum"],
        "StartTime": now - timedelta(days=2), "EndTime": now + timedelta(days=2),
        "Dimensions": [{"Name": "TopicName", "Value": "news"}],
    }  # fmt: skip
    while not (points := aws("cloudwatch").get_metric_statistics(**wanted)["Datapoints"]):
        pass
    return sum(point["Sum"] for point in points)


def test_a_long_message_is_treated_as_a_short_one(guarded, sampled, aws, refused):
    rules = audit(Findings=LOGGED), MASK
    topic = guarded(*map(statement, rules), statement(REDACT, "Site", outbound=True), statement(DENY, SSN))
    url = topic.hearer("jobs", RawMessageDelivery="true")
    long = "word " * 20_000
    topic.publish(f"{long}EID-123456789-US SITE-1.")
    assert topic.bodies(url) == [f"{long}################ ."]
    [record] = found(aws)
    assert [(one["name"], one["count"]) for one in record["dataIdentifiers"]] == [("EmployeeId", 1)]
    assert measured(aws, "MessagesWithFindings") == 1
    with refused("AuthorizationError"):
        topic.publish(f"{long} SSN 536-22-1234")


def test_long_entries_are_told_of_once(guarded, sampled, aws):
    topic = guarded(statement(audit(Findings=LOGGED)), statement(MASK), statement(REDACT, "Site", outbound=True))
    url = topic.hearer("jobs", RawMessageDelivery="true")
    long = "word " * 4_000
    entries = [{"Id": f"e{number}", "Message": f"{long}EID-12345678{number}-US"} for number in range(3)]
    entries.append({"Id": "none", "Message": "short", "Subject": "\n"})
    told = topic.sns.publish_batch(TopicArn=topic.arn, PublishBatchRequestEntries=entries)
    assert [one["Id"] for one in told["Successful"]] == ["e0", "e1", "e2"]
    assert [one["Code"] for one in told["Failed"]] == ["InvalidParameter"]
    assert topic.bodies(url) == [f"{long}################"] * 3
    assert len(found(aws, count=3)) == 3
    assert measured(aws, "MessagesWithFindings") == 3
