"""Who may publish to what."""

import pytest
from botocore.exceptions import ClientError


def test_a_topic_that_is_allowed_sends_no_text_message(aws):
    topic = aws("sns").create_topic(Name="news")["TopicArn"]
    limited = aws.as_role("sns", "limited", {"Effect": "Allow", "Action": "sns:Publish", "Resource": topic})
    limited.publish(TopicArn=topic, Message="hello")
    with pytest.raises(ClientError, match="sns:Publish"):
        limited.publish(TopicArn=topic, PhoneNumber="+15550100", Message="hello")
    assert not aws.outbox()
