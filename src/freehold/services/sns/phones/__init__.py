"""Phones: the numbers that an account verified in the SMS sandbox.

One idea: a number is its owner's when the code that was sent to it by `delivery` comes back. It may not know messages
to phones.

https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html
"""

from freehold.services.sns.phones import operations

__all__ = ["operations"]
