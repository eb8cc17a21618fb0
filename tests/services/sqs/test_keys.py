"""Queues with keys of KMS: who may send and receive, and how messages lie."""

import json

import pytest

ALL = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}


@pytest.fixture
def key(aws):
    return aws("kms").create_key()["KeyMetadata"]["KeyId"]


def queue_with_key(line, key, name="vault", **more):
    return line(name, KmsMasterKeyId=key, **more)


def test_bodies_lie_sealed_and_come_open(line, cloud, key):
    queue = queue_with_key(line, key)
    answer = queue.send("secret-of-the-day", MessageAttributes={"a": {"DataType": "String", "StringValue": "b"}})
    entries = [{"Id": str(number), "MessageBody": f"also-secret-{number}"} for number in range(2)]
    assert len(queue.sqs.send_message_batch(QueueUrl=queue.url, Entries=entries)["Successful"]) == 2
    lies = b"".join(file.read_bytes() for file in cloud.config.data.rglob("*") if file.is_file() and "db" in file.name)
    assert queue.name.encode() in lies and b"secret-of-the-day" not in lies and b"also-secret" not in lies
    found = queue.receive(10, MessageAttributeNames=["All"])
    assert sorted(message["Body"] for message in found) == ["also-secret-0", "also-secret-1", "secret-of-the-day"]
    assert answer["MD5OfMessageBody"] in {message["MD5OfBody"] for message in found}


def test_content_is_deduplicated_as_it_was_written(line, key):
    queue = queue_with_key(line, key, "vault.fifo", ContentBasedDeduplication="true")
    sent = [queue.send(body, MessageGroupId="a")["MessageId"] for body in ("one", "one", "two")]
    assert sent[0] == sent[1] != sent[2]
    assert queue.bodies() == ["one", "two"]


def test_the_key_is_needed_to_send_and_to_receive(aws, line, key, refused):
    queue = queue_with_key(line, key)
    queue.send("hello")
    stranger = aws.as_role("sqs", "stranger", ALL)
    with refused("KmsAccessDenied", "kms:GenerateDataKey"):
        stranger.send_message(QueueUrl=queue.url, MessageBody="x")
    with refused("KmsAccessDenied", "kms:Decrypt"):
        stranger.receive_message(QueueUrl=queue.url)
    use = {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*"}
    friend = aws.as_role("sqs", "friend", ALL, use)
    friend.send_message(QueueUrl=queue.url, MessageBody="x")
    assert len(friend.receive_message(QueueUrl=queue.url, MaxNumberOfMessages=10)["Messages"]) == 2


def test_what_is_told_of_a_key_that_cannot_be_used(aws, line, key, refused):
    kms = aws("kms")
    queue = queue_with_key(line, key)
    queue.send("hello")
    kms.disable_key(KeyId=key)
    with refused("KmsDisabled"):
        queue.send("x")
    with refused("KmsDisabled"):
        queue.receive()
    kms.enable_key(KeyId=key)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    with refused("KmsInvalidState"):
        queue.send("x")
    with refused("KmsNotFound"):
        queue_with_key(line, "alias/none", "lost").send("x")
    pair = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    with refused("KmsInvalidKeyUsage"):
        queue_with_key(line, pair, "signed").send("x")


def test_the_dead_keep_their_seal(line, key):
    dead = line("dead")
    queue = queue_with_key(line, key, RedrivePolicy=json.dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1}))
    queue.send("poison")
    queue.receive(VisibilityTimeout=0)
    assert queue.bodies() == []
    assert dead.bodies() == ["poison"]


def test_a_key_of_sqs_s_own_serves_its_account(line):
    queue = queue_with_key(line, "alias/aws/sqs")
    queue.send("hello")
    assert queue.bodies() == ["hello"]


def test_a_service_sends_where_the_key_s_policy_lets_it(aws, line, key):
    queue = queue_with_key(line, key)
    statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*", "Resource": "*"}
    queue.set(Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    dead = line("dead")
    dead.set(Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    sns, kms = aws("sns"), aws("kms")
    topic = sns.create_topic(Name="news")["TopicArn"]
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=queue.arn,
        Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": dead.arn}), "RawMessageDelivery": "true"},
    )  # fmt: skip
    sns.publish(TopicArn=topic, Message="too early")
    assert dead.bodies(WaitTimeSeconds=20) == ["too early"]
    policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    policy["Statement"].append(
        {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
            "Resource": "*",
        }
    )
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
    sns.publish(TopicArn=topic, Message="hello")
    assert queue.bodies(WaitTimeSeconds=20) == ["hello"]
