"""Message data protection: what a topic's policy lets pass, to whom, and in which form.

One idea: a text is scanned once, and each statement that concerns who publishes or who listens takes its part of what
was found. Findings are told by promises beside the message, so that none is lost. It may not know how anything is found
nor how messages travel.

https://docs.aws.amazon.com/sns/latest/dg/message-data-protection.html
"""

from freehold.services.sns.protection import operations

__all__ = ["operations"]
