"""Letters: what SNS writes to people.

One idea: words with gaps, nothing else. It may not know how mail is sent.
"""

NO_REPLY = "no-reply@sns.amazonaws.com"
CONFIRM_SUBJECT = "AWS Notification - Subscription Confirmation"
SUBJECT = "AWS Notification Message"

CONFIRM = """Someone asked that messages of this topic be sent to you:
{topic}

If you want them, open this link to confirm the subscription:
{url}

If you did not ask for this, do nothing, and nothing will be sent.
"""

NOTICE = """{message}

--
To end this subscription, open this link:
{url}
"""
