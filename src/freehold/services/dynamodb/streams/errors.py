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


NO_STATE = "Table is not in a valid state to enable Kinesis Streaming Destination: "  # whatever is asked for


class DestinationNotOff(ValidationException):
    words = (
        NO_STATE + "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation."
    )


class DestinationNotActive(ValidationException):
    words = NO_STATE + "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation."


class DestinationNotFound(ValidationException):
    words = NO_STATE + "No streaming destination with streamArn: {arn} found for table with tableName: {table}"


class DestinationNotToUpdate(ValidationException):
    words = (
        NO_STATE + "Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. "
        "TableName: {table}, kdsArn: {arn}"
    )


class DestinationUnchanged(ValidationException):
    words = (
        "Invalid Request: Precision is already set to the desired value of {precision} for tableId: {id}, kdsArn: {arn}"
    )


class DestinationUpdateEmpty(ValidationException):
    words = (
        "Streaming destination cannot be updated with given parameters: "
        "UpdateKinesisStreamingConfiguration cannot be null or contain only null values"
    )


class DisabledWithSettings(ValidationException):
    words = (
        "Streaming destination cannot be updated with given parameters: "
        "Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters"
    )


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
