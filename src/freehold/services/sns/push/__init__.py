"""Push: the platform applications of an account, and the devices that registered with them.

One idea: they are kept as they were given and their rules hold, but there is no Apple and no Google here: what is
pushed to a device goes to the outbox. It may not know topics.

https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-application-as-subscriber.html
"""

from freehold.services.sns.push import operations

__all__ = ["operations"]
