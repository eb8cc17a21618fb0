"""The `aws` command line with queues, topics, events, schedules, keys and secrets: what people type."""

import base64
import json
import re
from datetime import UTC, datetime

import pytest
from tests.running import Freehold, wait_for


@pytest.fixture(scope="module")
def freehold(tmp_path_factory):
    made = Freehold(tmp_path_factory.mktemp("cli") / "data")
    made.up()
    yield made
    made.down()


@pytest.fixture
def aws(freehold):
    return freehold.aws


@pytest.fixture
def refused(freehold):
    """What a command says that is refused with this code."""

    def run(code, *words):
        endpoint = ("--endpoint-url", freehold.url) if words[0] == "sqs" else ()
        done = freehold.run("aws", *words, *endpoint)
        assert done.returncode != 0, done.stdout
        assert f"({code})" in done.stderr, done.stderr
        return done.stderr

    return run


def queue(aws, name: str, *services: str) -> tuple[str, str]:
    """The URL and ARN of a new queue that these services may send to."""
    arn = f"arn:aws:sqs:us-east-1:000000000000:{name}"
    principal = {"Service": [f"{service}.amazonaws.com" for service in services]}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    attributes = ("--attributes", json.dumps({"Policy": policy})) if services else ()
    return aws("sqs", "create-queue", "--queue-name", name, *attributes)["QueueUrl"], arn


def bodies(aws, url: str) -> list[str]:
    """What is in a queue, taken out of it, when something is."""
    found = wait_for(lambda: aws("sqs", "receive-message", "--queue-url", url, "--wait-time-seconds", "5"))["Messages"]
    for message in found:
        aws("sqs", "delete-message", "--queue-url", url, "--receipt-handle", message["ReceiptHandle"])
    return [message["Body"] for message in found]


def test_messages_with_attributes_in_batches_and_moved(aws, refused, tmp_path):
    dead, dead_arn = queue(aws, "dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 1})
    attributes = json.dumps({"VisibilityTimeout": "0", "RedrivePolicy": redrive})
    url = aws("sqs", "create-queue", "--queue-name", "work", "--attributes", attributes, "--tags", "a=1")["QueueUrl"]
    assert aws("sqs", "list-queue-tags", "--queue-url", url)["Tags"] == {"a": "1"}
    given = {"n": {"DataType": "Number", "StringValue": "7"}, "b": {"DataType": "Binary", "BinaryValue": "hat"}}
    (tmp_path / "attributes.json").write_text(json.dumps(given))
    file = f"file://{tmp_path}/attributes.json"
    aws("sqs", "send-message", "--queue-url", url, "--message-body", "ä 1", "--message-attributes", file)
    words = ("--message-attribute-names", "All", "--attribute-names", "All", "--wait-time-seconds", "5")
    [message] = aws("sqs", "receive-message", "--queue-url", url, *words)["Messages"]
    given["b"]["BinaryValue"] = "aGF0"  # the tool takes bytes as they are, and shows them in base64
    assert (message["Body"], message["MessageAttributes"]) == ("ä 1", given)
    assert aws("sqs", "receive-message", "--queue-url", url) is None
    assert aws("sqs", "list-dead-letter-source-queues", "--queue-url", dead)["queueUrls"] == [url]
    aws("sqs", "start-message-move-task", "--source-arn", dead_arn)
    assert bodies(aws, url) == ["ä 1"]
    entries = json.dumps([{"Id": "1", "MessageBody": "x"}, {"Id": "2", "MessageBody": "y", "DelaySeconds": 901}])
    sent = aws("sqs", "send-message-batch", "--queue-url", url, "--entries", entries)
    assert (len(sent["Successful"]), sent["Failed"][0]["Id"]) == (1, "2")
    told = aws("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "ApproximateNumberOfMessages")
    assert told["Attributes"] == {"ApproximateNumberOfMessages": "1"}
    aws("sqs", "purge-queue", "--queue-url", url)
    refused("AWS.SimpleQueueService.PurgeQueueInProgress", "sqs", "purge-queue", "--queue-url", url)


def test_queues_are_listed_page_by_page(aws):
    urls = [queue(aws, f"page-{number}")[0] for number in range(3)]
    words = ("sqs", "list-queues", "--queue-name-prefix", "page-")
    assert aws(*words, "--page-size", "1")["QueueUrls"] == urls
    few = aws(*words, "--max-items", "2")
    assert few["QueueUrls"] == urls[:2]
    assert aws(*words, "--starting-token", few["NextToken"])["QueueUrls"] == urls[2:]


def test_a_topic_is_subscribed_to_and_published_to(aws, refused, freehold):
    topic = aws("sns", "create-topic", "--name", "news", "--attributes", "DisplayName=News")["TopicArn"]
    url, arn = queue(aws, "reader", "sns")
    about = ("--topic-arn", topic)
    attributes = json.dumps({"RawMessageDelivery": "true", "FilterPolicy": '{"kind": ["hat"]}'})
    words = ("--protocol", "sqs", "--notification-endpoint", arn, "--attributes", attributes)
    made = aws("sns", "subscribe", *about, *words, "--return-subscription-arn")["SubscriptionArn"]
    hat = '{"kind": {"DataType": "String", "StringValue": "hat"}}'
    aws("sns", "publish", *about, "--message", "a coat")
    aws("sns", "publish", *about, "--subject", "Sold", "--message", "a hat", "--message-attributes", hat)
    assert bodies(aws, url) == ["a hat"]
    named = ("--attribute-name", "FilterPolicy", "--attribute-value", "{}")
    aws("sns", "set-subscription-attributes", "--subscription-arn", made, *named)
    entries = ("--publish-batch-request-entries", "Id=1,Message=one", "Id=2,Message=two")
    assert len(aws("sns", "publish-batch", *about, *entries)["Successful"]) == 2
    assert aws("sns", "list-subscriptions-by-topic", *about)["Subscriptions"][0]["SubscriptionArn"] == made
    told = aws("sns", "subscribe", *about, "--protocol", "email", "--notification-endpoint", "me@example.com")
    assert told["SubscriptionArn"] == "pending confirmation"
    [letter] = wait_for(lambda: [one for one in freehold.letters() if one["to"] == "me@example.com"])
    token = re.search(r"Token=(\w+)", letter["body"])[1]
    assert aws("sns", "confirm-subscription", *about, "--token", token)["SubscriptionArn"].startswith(topic)
    aws("sns", "publish", "--phone-number", "+12065550100", "--message", "by SMS")
    assert wait_for(lambda: [one for one in freehold.letters() if one["medium"] == "sms"])[0]["body"] == "by SMS"
    aws("sns", "unsubscribe", "--subscription-arn", made)
    refused("NotFound", "sns", "publish", "--topic-arn", f"{topic}s", "--message", "x")
    refused("InvalidParameter", "sns", "publish", "--topic-arn", topic, "--message", "")


def test_events_are_put_matched_transformed_and_replayed(aws, refused, tmp_path):
    url, arn = queue(aws, "heard", "events")
    bus = ("--event-bus-name", "town")
    town = aws("events", "create-event-bus", "--name", "town")["EventBusArn"]
    aws("events", "create-archive", "--archive-name", "past", "--event-source-arn", town)
    aws("events", "put-rule", "--name", "hats", *bus, "--event-pattern", '{"source": ["shop"]}')
    shape = {"InputPathsMap": {"hat": "$.detail.hat"}, "InputTemplate": '"sold: <hat>"'}
    target = json.dumps([{"Id": "q", "Arn": arn, "InputTransformer": shape}])
    assert aws("events", "put-targets", "--rule", "hats", *bus, "--targets", target)["FailedEntryCount"] == 0
    entry = {"Source": "shop", "DetailType": "sold", "Detail": '{"hat": "straw"}', "EventBusName": "town"}
    (tmp_path / "events.json").write_text(json.dumps([entry]))
    aws("events", "put-events", "--entries", f"file://{tmp_path}/events.json")
    assert bodies(aws, url) == ['"sold: straw"']
    now = datetime.now(UTC).timestamp()
    spans = ("--event-start-time", str(int(now - 600)), "--event-end-time", str(int(now + 600)))
    source = "arn:aws:events:us-east-1:000000000000:archive/past"
    words = ("--replay-name", "again", "--event-source-arn", source, "--destination", f"Arn={town}")
    aws("events", "start-replay", *words, *spans)
    assert bodies(aws, url) == ['"sold: straw"']
    assert [one["Name"] for one in aws("events", "list-rules", *bus)["Rules"]] == ["hats"]
    assert aws("events", "list-targets-by-rule", "--rule", "hats", *bus)["Targets"][0]["InputTransformer"] == shape
    assert aws("events", "list-rule-names-by-target", "--target-arn", arn, *bus)["RuleNames"] == ["hats"]
    aws(
        "events",
        "put-permission",
        *bus,
        "--action",
        "events:PutEvents",
        "--principal",
        "111122223333",
        "--statement-id",
        "s",
    )
    assert '"s"' in aws("events", "describe-event-bus", "--name", "town")["Policy"]
    refused("ValidationException", "events", "delete-rule", "--name", "hats", *bus)
    aws("events", "remove-targets", "--rule", "hats", *bus, "--ids", "q")
    aws("events", "delete-rule", "--name", "hats", *bus)
    aws("events", "delete-event-bus", "--name", "town")
    refused(
        "InvalidEventPatternException", "events", "put-rule", "--name", "r", "--event-pattern", '{"source": "shop"}'
    )


def test_rules_by_schedule_and_patterns_are_tried(aws):
    aws("events", "put-rule", "--name", "daily", "--schedule-expression", "cron(0 9 * * ? *)", "--state", "DISABLED")
    assert aws("events", "describe-rule", "--name", "daily")["State"] == "DISABLED"
    aws("events", "enable-rule", "--name", "daily")
    aws("events", "delete-rule", "--name", "daily")
    about = {"id": "1", "account": "1", "region": "r", "time": "2026-01-01T00:00:00Z", "resources": []}
    told = ("--event", json.dumps(about | {"source": "s", "detail-type": "t", "detail": {"n": 3}}))
    pattern = ("--event-pattern", '{"detail": {"n": [{"numeric": ["<", 5]}]}}')
    assert aws("events", "test-event-pattern", *pattern, *told) == {"Result": True}
    words = ("--name", "c", "--authorization-type", "BASIC")
    auth = json.dumps({"BasicAuthParameters": {"Username": "u", "Password": "p"}})
    made = aws("events", "create-connection", *words, "--auth-parameters", auth)["ConnectionArn"]
    to = {"ConnectionArn": made, "HttpMethod": "POST", "InvocationEndpoint": "https://example.com/*"}
    given = json.dumps({"Name": "d", "InvocationRateLimitPerSecond": 5, **to})  # an option's URL would be fetched
    aws("events", "create-api-destination", "--cli-input-json", given)
    listed = aws("events", "list-api-destinations", "--name-prefix", "d")["ApiDestinations"]
    assert listed[0]["InvocationRateLimitPerSecond"] == 5


def test_schedules_in_groups(aws, refused):
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "scheduler.amazonaws.com"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = aws("iam", "create-role", "--role-name", "clock", "--assume-role-policy-document", document)["Role"]["Arn"]
    aws("scheduler", "create-schedule-group", "--name", "night")
    target = json.dumps({"Arn": queue(aws, "due")[1], "RoleArn": role})
    words = ("--name", "s", "--group-name", "night", "--target", target, "--flexible-time-window", "Mode=OFF")
    zone = ("--schedule-expression-timezone", "Europe/Berlin")
    aws("scheduler", "create-schedule", *words, "--schedule-expression", "at(2030-01-01T09:00:00)", *zone)
    aws("scheduler", "update-schedule", *words, "--schedule-expression", "rate(1 day)", "--state", "DISABLED")
    told = aws("scheduler", "get-schedule", "--name", "s", "--group-name", "night")
    assert (told["State"], told["ScheduleExpression"], told["ScheduleExpressionTimezone"]) == (
        "DISABLED", "rate(1 day)", "UTC",
    )  # fmt: skip
    refused("ConflictException", "scheduler", "create-schedule", *words, "--schedule-expression", "rate(1 day)")
    refused("ValidationException", "scheduler", "create-schedule", *words, "--schedule-expression", "daily")
    groups = aws("scheduler", "list-schedule-groups", "--max-items", "1")
    assert groups["ScheduleGroups"][0]["Name"] == "default" and groups["NextToken"]
    aws("scheduler", "delete-schedule-group", "--name", "night")


def test_keys_encrypt_sign_and_end(aws, refused, freehold, tmp_path):
    made = aws("kms", "create-key", "--description", "mine", "--tags", "TagKey=a,TagValue=1")["KeyMetadata"]
    aws("kms", "create-alias", "--alias-name", "alias/mine", "--target-key-id", made["KeyId"])
    (tmp_path / "plain").write_bytes(b"\x00secret\xff")
    words = ("--key-id", "alias/mine", "--plaintext", f"fileb://{tmp_path}/plain")
    context = ("--encryption-context", "purpose=test")
    blob = aws("kms", "encrypt", *words, *context)["CiphertextBlob"]
    (tmp_path / "sealed").write_bytes(base64.b64decode(blob))
    sealed = ("--ciphertext-blob", f"fileb://{tmp_path}/sealed")
    done = freehold.run("aws", "kms", "decrypt", *sealed, *context, "--output", "text", "--query", "Plaintext")
    assert base64.b64decode(done.stdout) == b"\x00secret\xff"
    refused("InvalidCiphertextException", "kms", "decrypt", *sealed)
    data = aws("kms", "generate-data-key", "--key-id", "alias/mine", "--key-spec", "AES_256")
    assert len(base64.b64decode(data["Plaintext"])) == 32
    pen = aws("kms", "create-key", "--key-usage", "SIGN_VERIFY", "--key-spec", "RSA_2048")["KeyMetadata"]["KeyId"]
    message = ("--key-id", pen, "--message", f"fileb://{tmp_path}/plain", "--signing-algorithm", "RSASSA_PSS_SHA_512")
    (tmp_path / "signature").write_bytes(base64.b64decode(aws("kms", "sign", *message)["Signature"]))
    assert aws("kms", "verify", *message, "--signature", f"fileb://{tmp_path}/signature")["SignatureValid"]
    aws("kms", "enable-key-rotation", "--key-id", made["KeyId"])
    assert aws("kms", "get-key-rotation-status", "--key-id", made["KeyId"])["KeyRotationEnabled"]
    policy = aws("kms", "get-key-policy", "--key-id", pen, "--policy-name", "default")["Policy"]
    assert "Enable IAM User Permissions" in policy
    assert {made["KeyId"], pen} <= {one["KeyId"] for one in aws("kms", "list-keys", "--page-size", "1")["Keys"]}
    named = {
        one["AliasName"]: one.get("TargetKeyId") for one in aws("kms", "list-aliases", "--page-size", "2")["Aliases"]
    }
    assert named["alias/mine"] == made["KeyId"]
    aws("kms", "schedule-key-deletion", "--key-id", pen, "--pending-window-in-days", "7")
    refused("KMSInvalidStateException", "kms", "sign", *message)
    refused("NotFoundException", "kms", "describe-key", "--key-id", "alias/nothing")


def test_secrets_have_versions_and_come_back(aws, refused):
    about = ("--secret-id", "app/db")
    first = aws("secretsmanager", "create-secret", "--name", "app/db", "--secret-string", '{"password": "1"}')
    aws("secretsmanager", "put-secret-value", *about, "--secret-string", '{"password": "2"}')
    told = aws("secretsmanager", "get-secret-value", *about)
    assert (told["SecretString"], told["VersionStages"]) == ('{"password": "2"}', ["AWSCURRENT"])
    old = aws("secretsmanager", "get-secret-value", *about, "--version-stage", "AWSPREVIOUS")
    assert old["VersionId"] == first["VersionId"]
    words = ("--version-stage", "AWSCURRENT", "--move-to-version-id", first["VersionId"])
    moved = ("--remove-from-version-id", told["VersionId"])
    aws("secretsmanager", "update-secret-version-stage", *about, *words, *moved)
    assert aws("secretsmanager", "get-secret-value", *about)["SecretString"] == '{"password": "1"}'
    aws("secretsmanager", "tag-resource", *about, "--tags", "Key=team,Value=a")
    listed = aws("secretsmanager", "list-secrets", "--filters", "Key=tag-key,Values=team")["SecretList"]
    assert [one["Name"] for one in listed] == ["app/db"]
    several = aws("secretsmanager", "batch-get-secret-value", "--secret-id-list", "app/db", "none")
    assert [len(several["SecretValues"]), several["Errors"][0]["SecretId"]] == [1, "none"]
    words = ("--password-length", "12", "--exclude-punctuation")
    assert re.fullmatch(r"\w{12}", aws("secretsmanager", "get-random-password", *words)["RandomPassword"])
    aws("secretsmanager", "delete-secret", *about, "--recovery-window-in-days", "7")
    refused("InvalidRequestException", "secretsmanager", "get-secret-value", *about)
    aws("secretsmanager", "restore-secret", *about)
    aws("secretsmanager", "delete-secret", *about, "--force-delete-without-recovery")
    refused("ResourceNotFoundException", "secretsmanager", "describe-secret", *about)


def test_parameters_in_hierarchies(aws, refused):
    def put(name, value, *words):
        return aws("ssm", "put-parameter", "--name", name, "--value", value, *words)

    put("/app/a", "1", "--type", "String")
    put("/app/b/word", "secret", "--type", "SecureString")
    put("/app/b/list", "x,y", "--type", "StringList")
    assert put("/app/a", "2", "--overwrite")["Version"] == 2
    words = ("--path", "/app", "--recursive", "--with-decryption", "--page-size", "1")
    found = aws("ssm", "get-parameters-by-path", *words)["Parameters"]
    assert {one["Name"]: one["Value"] for one in found} == {
        "/app/a": "2",
        "/app/b/word": "secret",
        "/app/b/list": "x,y",
    }
    assert aws("ssm", "get-parameter", "--name", "/app/b/word")["Parameter"]["Value"] != "secret"
    history = aws("ssm", "get-parameter-history", "--name", "/app/a")["Parameters"]
    assert [one["Value"] for one in history] == ["1", "2"]
    aws("ssm", "label-parameter-version", "--name", "/app/a", "--parameter-version", "1", "--labels", "old")
    assert aws("ssm", "get-parameter", "--name", "/app/a:old")["Parameter"]["Value"] == "1"
    wanted = ("--parameter-filters", "Key=Path,Option=Recursive,Values=/app/b")
    assert len(aws("ssm", "describe-parameters", *wanted)["Parameters"]) == 2
    about = ("--resource-type", "Parameter", "--resource-id", "/app/a")
    aws("ssm", "add-tags-to-resource", *about, "--tags", "Key=team,Value=a")
    assert aws("ssm", "list-tags-for-resource", *about)["TagList"] == [{"Key": "team", "Value": "a"}]
    gone = aws("ssm", "delete-parameters", "--names", "/app/a", "/app/none")
    assert gone == {"DeletedParameters": ["/app/a"], "InvalidParameters": ["/app/none"]}
    refused("ParameterNotFound", "ssm", "get-parameter", "--name", "/app/a")
    words = ("--name", "/app/b/list", "--value", "z", "--type", "StringList")
    refused("ParameterAlreadyExists", "ssm", "put-parameter", *words)
