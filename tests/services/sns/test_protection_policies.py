"""Data protection policies of topics: put, shown, taken away, and who may."""

import json

import pytest
from tests.services.sns.test_resources import perform, want

from freehold.services.sns import resources

ADDRESS = "arn:aws:dataprotection::aws:data-identifier/IpAddress"
WORDS = "Invalid parameter: DataProtectionPolicy Reason: "


def document(operation=None, **changes):
    statement = {"DataDirection": "Inbound", "Principal": ["*"], "DataIdentifier": [ADDRESS]}
    statement |= {"Operation": operation or {"Deny": {}}} | changes
    return {"Name": "p", "Version": "2021-06-01", "Statement": [statement]}


def audit(**places):
    return document({"Audit": {"SampleRate": 9, "FindingsDestination": places}})


POLICY = json.dumps(document())


def test_a_policy_is_shown_as_it_was_put_and_taken_away(aws):
    sns = aws("sns")
    arn = sns.create_topic(Name="t")["TopicArn"]
    assert sns.get_data_protection_policy(ResourceArn=arn)["DataProtectionPolicy"] == ""
    for text in (POLICY, json.dumps(document(Sid="other"), indent=2), ""):
        sns.put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy=text)
        assert sns.get_data_protection_policy(ResourceArn=arn)["DataProtectionPolicy"] == text
    assert sns.publish(TopicArn=arn, Message="10.11.12.13")


def test_a_topic_may_be_made_with_a_policy(aws, refused):
    sns = aws("sns")
    arn = sns.create_topic(Name="t", DataProtectionPolicy=POLICY)["TopicArn"]
    assert sns.get_data_protection_policy(ResourceArn=arn)["DataProtectionPolicy"] == POLICY
    for same in ({}, {"DataProtectionPolicy": POLICY}):
        assert sns.create_topic(Name="t", **same)["TopicArn"] == arn
    with refused("InvalidParameter", WORDS + "Topic already exists"):
        sns.create_topic(Name="t", DataProtectionPolicy=json.dumps(document(Sid="other")))
    with refused("InvalidParameter", WORDS + "Policy must be valid JSON"):
        sns.create_topic(Name="u", DataProtectionPolicy="{")
    assert [topic["TopicArn"] for topic in sns.list_topics()["Topics"]] == [arn]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (json.dumps(document(DataDirection="Inbxound")), "Statement DataDirection must be either Inbound or Outbound"),
        (POLICY + " " * 30_720, "Policy must have at most 30720 characters"),
        (json.dumps({}), "Policy must have a Name"),
    ],
)
def test_what_is_no_policy_is_refused(aws, refused, text, words):
    sns = aws("sns")
    arn = sns.create_topic(Name="t")["TopicArn"]
    with refused("InvalidParameter", WORDS + words):
        sns.put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy=text)


def test_a_fifo_topic_has_none(aws, refused):
    sns = aws("sns")
    arn = sns.create_topic(Name="t.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    with refused("InvalidParameter", WORDS + "Only standard topics"):
        sns.put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy=POLICY)
    with refused("InvalidParameter", WORDS + "Only standard topics"):
        sns.create_topic(Name="u.fifo", Attributes={"FifoTopic": "true"}, DataProtectionPolicy=POLICY)


def test_there_must_be_a_topic(aws, refused):
    arn = f"arn:aws:sns:us-east-1:{aws.account}:none"
    with refused("NotFound", "Topic does not exist"):
        aws("sns").get_data_protection_policy(ResourceArn=arn)
    with refused("NotFound", "Topic does not exist"):
        aws("sns").put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy=POLICY)
    with refused("InvalidParameter", "ResourceArn Reason: An ARN must have at least 6 elements, not 1"):
        aws("sns").get_data_protection_policy(ResourceArn="t")


DELIVER = [f"logs:{verb}LogDelivery" for verb in ("Create", "Get", "Update", "Delete")] + ["logs:ListLogDeliveries"]
GROUP = {"CloudWatchLogs": {"LogGroup": "/aws/vendedlogs/a"}}


@pytest.mark.parametrize(
    ("written", "needed"),
    [
        (document(), []),
        (
            audit(**GROUP),
            [*DELIVER, "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"],
        ),
        (
            audit(Firehose={"DeliveryStream": "s"}),
            [*DELIVER, "iam:CreateServiceLinkedRole", "firehose:TagDeliveryStream"],
        ),
        (audit(S3={"Bucket": "bucket"}), [*DELIVER, "s3:PutBucketPolicy", "s3:GetBucketPolicy"]),
    ],
)
def test_who_names_a_destination_must_be_let_deliver_there(aws, refused, written, needed):
    arn, text = aws("sns").create_topic(Name="t")["TopicArn"], json.dumps(written)
    actions = ["sns:PutDataProtectionPolicy", *needed]
    for missing in actions:
        allowed = [action for action in actions if action != missing]
        statement = {"Effect": "Allow", "Action": allowed or "sqs:*", "Resource": "*"}
        client = aws.as_role("sns", f"no-{missing.replace(':', '-')}", statement)
        with refused("AuthorizationError", f"is not authorized to perform: {missing} on resource: "):
            client.put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy=text)
    client = aws.as_role("sns", "all", {"Effect": "Allow", "Action": [*actions, "sns:CreateTopic"], "Resource": "*"})
    client.put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy=text)
    client.create_topic(Name="u", DataProtectionPolicy=text)
    with refused("AuthorizationError", "sns:GetDataProtectionPolicy"):
        client.get_data_protection_policy(ResourceArn=arn)


def test_who_makes_a_topic_with_a_policy_must_be_let_put_one(aws, refused):
    client = aws.as_role("sns", "maker", {"Effect": "Allow", "Action": "sns:CreateTopic", "Resource": "*"})
    assert client.create_topic(Name="t")
    with refused("AuthorizationError", "sns:PutDataProtectionPolicy"):
        client.create_topic(Name="u", DataProtectionPolicy=POLICY)


def test_another_account_puts_none(aws, refused):
    arn = aws("sns").create_topic(Name="t")["TopicArn"]
    stranger = aws("sns", key="999999999999")
    with refused("AuthorizationError"):
        stranger.put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy=POLICY)


def test_a_stack_gives_a_topic_its_policy_changes_it_and_takes_it_away(aws):
    sns, first, second = aws("sns"), document(), document(Sid="b")
    made = perform(aws, resources.create_topic(want(aws, {"DataProtectionPolicy": first})))

    def shown():
        return sns.get_data_protection_policy(ResourceArn=made.id)["DataProtectionPolicy"]

    assert json.loads(shown()) == first
    old = {"DataProtectionPolicy": first}
    perform(aws, resources.update_topic(want(aws, {"DataProtectionPolicy": second}, old=old, id=made.id)))
    assert json.loads(shown()) == second
    perform(aws, resources.update_topic(want(aws, {}, old={"DataProtectionPolicy": second}, id=made.id)))
    assert shown() == ""


def test_who_deploys_a_stack_is_who_subscribes(aws):
    topic = aws("sns").create_topic(Name="t")["TopicArn"]
    role = aws.role("deployer", "cloudformation.amazonaws.com", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    properties = {"TopicArn": topic, "Protocol": "sms", "Endpoint": "+15551234567"}
    template = {"Resources": {"Ear": {"Type": "AWS::SNS::Subscription", "Properties": properties}}}
    stacks = aws("cloudformation")
    stacks.create_stack(StackName="s", TemplateBody=json.dumps(template), RoleARN=role)
    while not (found := aws("sns").list_subscriptions()["Subscriptions"]):
        pass
    known = aws("sns").get_subscription_attributes(SubscriptionArn=found[0]["SubscriptionArn"])["Attributes"]
    assert known["SubscriptionPrincipal"] == role
