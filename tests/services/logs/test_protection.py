"""Data protection of log groups: what is sensitive is hidden, told of, and seen by those who may."""

import gzip
import itertools
import json
import time

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.running import wait_for

from freehold import pii
from freehold.services.logs import guards

CARD = "4539 1488 0343 6467"
LINE = f"paid with card {CARD} today"
MASKED = f"paid with card {'*' * 19} today"
ARN = "arn:aws:dataprotection::aws:data-identifier/"


def policy(*names, to=None, custom=None, **changes):
    """A document that audits and masks these identifiers."""
    identifiers = [*(ARN + name for name in names), *(custom or {})]
    audit, mask = {"Audit": {"FindingsDestination": to or {}}}, {"Deidentify": {"MaskConfig": {}}}
    document = {
        "Name": "protect", "Version": "2021-06-01",
        "Statement": [{"DataIdentifier": identifiers, "Operation": operation} for operation in (audit, mask)],
    }  # fmt: skip
    if custom:
        patterns = [{"Name": name, "Regex": regex} for name, regex in custom.items()]
        document["Configuration"] = {"CustomDataIdentifier": patterns}
    return json.dumps(document | changes)


CARDS = policy("CreditCardNumber")
NUMBERS = itertools.count()


class Group:
    """A group with one stream, and the words that tests use of it."""

    def __init__(self, logs, name="g"):
        self.logs, self.name = logs, name
        logs.create_log_group(logGroupName=name)
        logs.create_log_stream(logGroupName=name, logStreamName="s")

    def protect(self, document=CARDS):
        return self.logs.put_data_protection_policy(logGroupIdentifier=self.name, policyDocument=document)

    def put(self, *messages, at=None):
        now = int((at or time.time()) * 1_000)
        events = [{"timestamp": now, "message": message} for message in messages]
        self.logs.put_log_events(logGroupName=self.name, logStreamName="s", logEvents=events)

    def get(self, **more):
        answer = self.logs.get_log_events(logGroupName=self.name, logStreamName="s", **more)
        return [event["message"] for event in answer["events"]]

    def filter(self, pattern="", **more):
        answer = self.logs.filter_log_events(logGroupName=self.name, filterPattern=pattern, **more)
        return [event["message"] for event in answer["events"]]

    @property
    def described(self):
        return self.logs.describe_log_groups(logGroupNamePrefix=self.name)["logGroups"][0]


@pytest.fixture
def logs(aws):
    return aws("logs")


@pytest.fixture
def group(logs):
    return Group(logs)


def test_a_large_batch_is_masked_as_a_small_one(group):
    group.protect()
    lines = [f"{'word ' * 1_000}card 4539 1488 0343 6467 {number}" for number in range(20)]
    group.put(*lines)
    assert group.get() == [line.replace("4539 1488 0343 6467", "*" * 19) for line in lines]


def refused(call, code="InvalidParameterException", words=None):
    with pytest.raises(ClientError, match=words) as refusal:
        call()
    assert refusal.value.response["Error"]["Code"] == code


def test_a_policy_is_put_got_and_deleted(group, logs):
    assert logs.get_data_protection_policy(logGroupIdentifier="g").get("policyDocument") is None
    assert "dataProtectionStatus" not in group.described
    put = group.protect()
    assert (put["logGroupIdentifier"], put["policyDocument"]) == ("g", CARDS)
    arn = group.described["logGroupArn"]
    got = logs.get_data_protection_policy(logGroupIdentifier=arn)
    assert (got["logGroupIdentifier"], got["policyDocument"]) == (arn, CARDS)
    assert abs(got["lastUpdatedTime"] / 1_000 - time.time()) < 600
    assert group.described["dataProtectionStatus"] == "ACTIVATED"
    logs.delete_data_protection_policy(logGroupIdentifier="g")
    assert logs.get_data_protection_policy(logGroupIdentifier="g").get("policyDocument") is None
    assert group.described["dataProtectionStatus"] == "DELETED"
    for operation in (logs.get_data_protection_policy, logs.delete_data_protection_policy):
        refused(lambda operation=operation: operation(logGroupIdentifier="h"), "ResourceNotFoundException")


def test_what_is_sensitive_is_hidden_from_readers(group):
    group.put("before: " + LINE)
    group.protect()
    group.put("nothing", LINE, f"ü card {CARD}, card {CARD}")
    seen = [f"before: {LINE}", "nothing", MASKED, f"ü card {'*' * 19}, card {'*' * 19}"]
    assert group.get() == group.filter() == seen
    assert group.filter('"1488"') == seen[:1], "a pattern sees what its reader sees"
    assert group.get(unmask=True)[2] == group.filter('"today" -before', unmask=True)[0] == LINE


def test_what_was_hidden_stays_hidden(group, logs):
    group.protect()
    group.put(LINE)
    logs.delete_data_protection_policy(logGroupIdentifier="g")
    group.put(LINE)
    assert group.get() == [MASKED, LINE]


def test_each_slice_of_a_batch_hides_its_own(group, logs):
    group.protect()
    now = int(time.time() * 1_000)
    events = [
        {"timestamp": now - 60_000 + 6_000 * number, "message": LINE if number % 3 else "x"} for number in range(9)
    ]
    logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=events)
    assert group.get() == group.filter() == ["x", MASKED, MASKED] * 3


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_reading_hides_the_same(logs, data):
    """Whatever the batches and slices, each event is shown as the scanner's mask of it, and unmasked as it came."""
    name = f"g{next(NUMBERS)}"
    group, now, lines = Group(logs, name), int(time.time() * 1_000) - 200_000, []
    group.protect()
    for _ in range(data.draw(st.integers(1, 3))):
        texts = data.draw(st.lists(st.sampled_from([LINE, f"ä {LINE} {LINE}", "nothing", CARD, "🙂"]), min_size=1))
        at = now + data.draw(st.integers(0, 60)) * 1_000
        batch = [(at + number * data.draw(st.sampled_from([1, 7_000])), text) for number, text in enumerate(texts)]
        batch.sort(key=lambda line: line[0])
        events = [{"timestamp": moment, "message": text} for moment, text in batch]
        logs.put_log_events(logGroupName=name, logStreamName="s", logEvents=events)
        lines += batch
    came = [text for _, text in sorted(lines, key=lambda line: line[0])]
    seen = [pii.mask(text, only=["CreditCardNumber"]) for text in came]
    assert group.get(startFromHead=True) == group.filter() == seen
    assert group.get(unmask=True) == group.filter(unmask=True) == came
    assert sorted(group.filter('"1488"', unmask=True)) == sorted(text for text in came if "1488" in text)
    assert group.filter('"1488"') == [text for text in seen if "1488" in text]


def test_a_group_made_anew_has_no_policy(group, logs):
    group.protect()
    logs.delete_log_group(logGroupName="g")
    again = Group(logs)
    again.put(LINE)
    assert again.get() == [LINE]
    assert logs.get_data_protection_policy(logGroupIdentifier="g").get("policyDocument") is None


def test_patterns_of_ones_own(group):
    group.protect(policy(custom={"Order": "AB-[0-9]{4}"}))
    group.put("order AB-1234 and AC-1234")
    assert group.get() == ["order ******* and AC-1234"]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "Invalid data protection policy: Policy must be valid JSON"),
        (policy("Nonsense"), "Nonsense is not supported"),
        (policy("Name", Description="x" * 30_720), "at most 30720 characters"),
        (policy("Name", to={"CloudWatchLogs": {"LogGroup": "nowhere"}}), "nowhere does not exist"),
        (policy("Name", to={"S3": {"Bucket": "no-such-bucket-here"}}), "no-such-bucket-here does not exist"),
    ],
)
def test_what_is_no_policy_is_refused(group, document, words):
    refused(lambda: group.protect(document), words=words)


def test_unmasking_takes_a_permission(aws, group):
    group.protect()
    group.put(LINE)
    read = {"Effect": "Allow", "Action": ["logs:GetLogEvents", "logs:FilterLogEvents"], "Resource": "*"}
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:g:*"
    unmask = {"Effect": "Allow", "Action": "logs:Unmask", "Resource": arn}
    group.logs = aws.as_role("logs", "reader", read)
    assert (group.get(), group.filter()) == ([MASKED], [MASKED])
    for call in (group.get, group.filter):
        refused(lambda call=call: call(unmask=True), "AccessDeniedException", "logs:Unmask")
    group.logs = aws.as_role("logs", "auditor", read, unmask)
    assert (group.get(unmask=True), group.filter(unmask=True)) == ([LINE], [LINE])


def test_putting_a_policy_takes_the_permissions_of_its_deliveries(aws, group):
    put = {"Effect": "Allow", "Action": "logs:PutDataProtectionPolicy", "Resource": "*"}
    group.logs = aws.as_role("logs", "only", put)
    group.protect()
    to_group = policy("Name", to={"CloudWatchLogs": {"LogGroup": "g"}})
    refused(lambda: group.protect(to_group), "AccessDeniedException", "logs:CreateLogDelivery")
    group.logs = aws.as_role("logs", "deliverer", put | {"Action": "logs:*"})
    group.protect(to_group)
    to_bucket = policy("Name", to={"S3": {"Bucket": "b" * 9}})
    refused(lambda: group.protect(to_bucket), "AccessDeniedException", "s3:GetBucketPolicy")


def test_findings_are_told_in_a_log_group(aws, group, logs):
    logs.create_log_group(logGroupName="audit")
    group.protect(policy("CreditCardNumber", to={"CloudWatchLogs": {"LogGroup": "audit"}}))
    group.put("nothing", LINE, f"card {CARD}, card {CARD}")
    first, second = [json.loads(event["message"]) for event in logs.filter_log_events(logGroupName="audit")["events"]]
    assert first.pop("auditTimestamp").endswith("Z")
    assert first == {
        "resourceArn": f"arn:aws:logs:us-east-1:{aws.account}:log-group:g:*",
        "dataIdentifiers": [{"name": "CreditCardNumber", "count": 1, "detections": [{"start": 15, "end": 33}]}],
    }
    assert second["dataIdentifiers"][0]["count"] == 2


def test_findings_told_in_the_group_itself_are_not_looked_through(group):
    """Else what a report says could be a finding, for ever."""
    group.protect(policy(custom={"Digits": "[0-9]+"}, to={"CloudWatchLogs": {"LogGroup": "g"}}))
    group.put("1 and 22")
    assert group.get() == ["* and **"]
    [report] = [json.loads(message) for message in group.filter('"auditTimestamp"')]
    assert report["dataIdentifiers"] == [
        {"name": "Digits", "count": 2, "detections": [{"start": 0, "end": 0}, {"start": 6, "end": 7}]}
    ]


def test_findings_are_filed_in_a_bucket(own_cloud):
    s3, group = own_cloud("s3"), Group(own_cloud("logs"), "/app/web")
    s3.create_bucket(Bucket="findings")
    group.protect(policy("CreditCardNumber", to={"S3": {"Bucket": "findings"}}))
    now = own_cloud.running.get("/_freehold/clock")["now"]
    group.put(LINE, at=now)
    group.put(LINE, "nothing", LINE, at=now)
    assert s3.list_objects_v2(Bucket="findings")["KeyCount"] == 0
    own_cloud.advance(61)
    [kept] = wait_for(lambda: s3.list_objects_v2(Bucket="findings").get("Contents"))
    assert kept["Key"].startswith(f"AWSLogs/{own_cloud.account}/logs/us-east-1/app/web/")
    text = gzip.decompress(s3.get_object(Bucket="findings", Key=kept["Key"])["Body"].read()).decode()
    assert [json.loads(line)["dataIdentifiers"][0]["name"] for line in text.splitlines()] == ["CreditCardNumber"] * 3


def test_findings_are_put_into_a_delivery_stream(own_cloud):
    s3, group = own_cloud("s3"), Group(own_cloud("logs"))
    s3.create_bucket(Bucket="lake")
    may = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::lake/*"}
    to = {"RoleARN": own_cloud.role("deliverer", "firehose.amazonaws.com", may), "BucketARN": "arn:aws:s3:::lake"}
    to_river = policy("CreditCardNumber", to={"Firehose": {"DeliveryStream": "river"}})
    refused(lambda: group.protect(to_river), words="river does not exist")
    own_cloud("firehose").create_delivery_stream(DeliveryStreamName="river", ExtendedS3DestinationConfiguration=to)
    group.protect(to_river)
    group.put(LINE, "nothing", LINE, at=own_cloud.running.get("/_freehold/clock")["now"])

    def filed():
        own_cloud.advance(301)
        return s3.list_objects_v2(Bucket="lake").get("Contents")

    [kept] = wait_for(filed)
    lines = s3.get_object(Bucket="lake", Key=kept["Key"])["Body"].read().decode().splitlines()
    assert [json.loads(line)["dataIdentifiers"][0]["count"] for line in lines] == [1, 1]


def test_events_with_findings_are_counted(own_cloud):
    group, cloudwatch = Group(own_cloud("logs")), own_cloud("cloudwatch")
    group.protect()
    now = own_cloud.running.get("/_freehold/clock")["now"]
    group.put(f"card {CARD}, card {CARD}", "nothing", LINE, at=now)
    own_cloud.advance(60)
    dimensions = {"DataProtectionOperation": "Audit", "PolicyName": "protect", "LogGroupName": "g"}

    def counted():
        points = cloudwatch.get_metric_statistics(
            Namespace="AWS/Logs", MetricName="LogEventsWithFindings", StartTime=now - 600, EndTime=now + 600, Period=60,
            Statistics=["Sum"], Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        )["Datapoints"]  # fmt: skip
        return sum(point["Sum"] for point in points)

    assert wait_for(counted) == 2


def test_an_account_protects_all_its_groups(group, logs):
    other = Group(logs, "other")
    put = logs.put_account_policy(policyName="all", policyDocument=CARDS, policyType="DATA_PROTECTION_POLICY")
    told = put["accountPolicy"]
    assert (told["policyName"], told["policyDocument"], told["scope"]) == ("all", CARDS, "ALL")
    later = Group(logs, "later")
    for one in (group, other, later):
        assert one.described["inheritedProperties"] == ["ACCOUNT_DATA_PROTECTION"]
        assert "dataProtectionStatus" not in one.described
        one.put(LINE)
        assert one.get() == [MASKED]
    [listed] = logs.describe_account_policies(policyType="DATA_PROTECTION_POLICY", policyName="all")["accountPolicies"]
    assert listed == told
    assert logs.describe_account_policies(policyType="TRANSFORMER_POLICY")["accountPolicies"] == []
    logs.delete_account_policy(policyName="all", policyType="DATA_PROTECTION_POLICY")
    assert "inheritedProperties" not in group.described
    group.put(LINE)
    assert group.get() == [MASKED, LINE]


def test_many_groups_are_reached_in_time(logs, monkeypatch):
    monkeypatch.setattr(guards, "MARKED_MAX", 3)
    for number in range(8):
        logs.create_log_group(logGroupName=f"g{number}")

    def inheriting():
        return sum("inheritedProperties" in group for group in logs.describe_log_groups()["logGroups"])

    logs.put_account_policy(policyName="all", policyDocument=CARDS, policyType="DATA_PROTECTION_POLICY")
    wait_for(lambda: inheriting() == 8)
    logs.delete_account_policy(policyName="all", policyType="DATA_PROTECTION_POLICY")
    wait_for(lambda: inheriting() == 0)


def test_a_group_has_its_own_policy_and_its_accounts(group, logs):
    logs.create_log_group(logGroupName="audit")
    group.protect(policy(custom={"Order": "AB-[0-9]{4}"}, to={"CloudWatchLogs": {"LogGroup": "audit"}}))
    logs.put_account_policy(policyName="all", policyDocument=CARDS, policyType="DATA_PROTECTION_POLICY")
    group.put(f"AB-1234 card {CARD}")
    assert group.get() == [f"{'*' * 7} card {'*' * 19}"]
    [report] = [json.loads(event["message"]) for event in logs.filter_log_events(logGroupName="audit")["events"]]
    assert [one["name"] for one in report["dataIdentifiers"]] == ["Order"]


def test_an_account_has_one_policy(logs):
    kind = {"policyType": "DATA_PROTECTION_POLICY"}
    logs.put_account_policy(policyName="all", policyDocument=CARDS, **kind)
    changed = policy("Ssn-US")
    told = logs.put_account_policy(policyName="all", policyDocument=changed, **kind)["accountPolicy"]
    assert told["policyDocument"] == changed
    more = {"policyDocument": CARDS, **kind}
    refused(lambda: logs.put_account_policy(policyName="two", **more), "LimitExceededException")
    refused(lambda: logs.put_account_policy(policyName="aws/x", **more), words="must not start with aws/")
    refused(lambda: logs.put_account_policy(policyName="all", selectionCriteria="x", **more), words="selectionCriteria")
    refused(lambda: logs.put_account_policy(policyName="all", dryRun=True, **more), words="dryRun")
    refused(lambda: logs.put_account_policy(policyName="all", policyDocument="{", **kind), words="valid JSON")
    refused(lambda: logs.delete_account_policy(policyName="two", **kind), "ResourceNotFoundException")
    other = {"policyName": "x", "policyType": "SUBSCRIPTION_FILTER_POLICY"}
    refused(lambda: logs.put_account_policy(policyDocument="{}", **other), "NotImplemented")


def test_what_services_log_is_protected_too(cloud, aws, group):
    group.protect()
    request = {"group": "g", "stream": "s", "events": [(int(time.time() * 1_000), LINE)]}
    cloud.run(cloud.cloud.door.call(aws.account, aws.region).ask("logs", "append_lines", request))
    assert group.get() == [MASKED]
