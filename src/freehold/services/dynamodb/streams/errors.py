"""How streams say no. It may not know tables.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
"""

from freehold.engines.expressions import ValidationException
from freehold.kernel.errors import AwsError
from freehold.services.dynamodb.errors import ResourceNotFoundException


class StreamNotFound(ResourceNotFoundException):
    words = "Requested resource not found: Stream: {arn} not found"


class ShardNotFound(ResourceNotFoundException):
    words = "Requested resource not found: Shard: {shard} in Stream: {arn} not found"


class DestinationActive(ValidationException):
    words = "Table is not in a valid state to enable Kinesis Streaming Destination: {table} already streams to {arn}"


class DestinationInactive(ValidationException):
    words = "Table is not in a valid state to disable Kinesis Streaming Destination: {table} does not stream to {arn}"


class StreamArnInvalid(ValidationException):
    words = "Invalid StreamArn"


class IteratorInvalid(ValidationException):
    words = "Invalid ShardIterator"


class StartMissing(ValidationException):
    words = "{member} must be given where ShardIteratorType is {kind}"


class StartSurplus(ValidationException):
    words = "SequenceNumber must not be given where ShardIteratorType is {kind}"


class LimitTooHigh(ValidationException):
    words = (
        "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: "
        "Member must have value less than or equal to {most}"
    )


class FilterIncomplete(ValidationException):
    words = (
        "1 validation error detected: Value null at 'shardFilter.{member}' failed to satisfy constraint: "
        "Member must not be null"
    )


class StartInvalid(ValidationException):
    words = "Invalid SequenceNumber: {number}"


class ExpiredIteratorException(AwsError):
    pass


class TrimmedDataAccessException(AwsError):
    words = "The operation attempted to read past the oldest stream record in a shard."
