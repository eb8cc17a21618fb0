"""How Firehose says no.

One idea: a class is a sentence; its code is the shape it is caught by. It may not know streams.

https://docs.aws.amazon.com/firehose/latest/APIReference/CommonErrors.html
"""

from freehold.kernel.errors import AwsError

INVALID = "InvalidArgumentException"


class StreamNotFound(AwsError):
    words = "Firehose {name} under account {account} not found."
    code = "ResourceNotFoundException"


class StreamExists(AwsError):
    words = "Firehose {name} under accountId {account} already exists"
    code = "ResourceInUseException"


class OtherVersion(AwsError):
    words = "Cannot update firehose: {name} since the current version id: {current} and specified version id: {given} do not match"  # noqa: E501
    code = "ConcurrentModificationException"


class OneDestination(AwsError):
    words = "Exactly one destination configuration is supported for a Firehose"
    code = INVALID


class DestinationNotFound(AwsError):
    words = "Destination Id {id} not found"
    code = INVALID


class BatchTooLarge(AwsError):
    words = "Records size exceeds 4 MB limit"
    code = INVALID


class BadPrefix(AwsError):
    words = "{name} is not valid: {reason}"
    code = INVALID


class TooManyTags(AwsError):
    words = "A delivery stream may have at most 50 tags"
    code = "LimitExceededException"


class NotDelivered(AwsError):
    """A file that could not be put where it belongs; it is put again later."""

    words = "{code}: {reason}"
    status = 503
