"""How services say no to a pattern. One idea: the reason is the language's, the sentence around it the service's.

It may not know which operation carried the pattern: SNS puts `Attributes Reason: ` before `FilterPolicy:` in Subscribe
and not in SetSubscriptionAttributes, so a room that needs the longer sentence builds it from `values["reason"]`.
"""

from freehold.kernel.errors import AwsError


class InvalidEventPattern(AwsError):
    """EventBridge: PutRule, CreateArchive, TestEventPattern."""

    words = "Event pattern is not valid. Reason: {reason}"
    code = "InvalidEventPatternException"
    status = 400


class InvalidFilterPattern(AwsError):
    """Lambda: the FilterCriteria of an event source mapping. It gives no reason."""

    words = "Invalid filter pattern definition."
    code = "InvalidParameterValueException"
    status = 400


class InvalidFilterPolicy(AwsError):
    """SNS: Subscribe, SetSubscriptionAttributes."""

    words = "Invalid parameter: FilterPolicy: {reason}"
    code = "InvalidParameter"
    status = 400


class NestedPolicy(AwsError):
    """SNS: attributes are flat, so a policy on them must be."""

    words = "Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy"
    code = "InvalidParameter"
    status = 400
