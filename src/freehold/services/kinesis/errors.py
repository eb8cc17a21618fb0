"""How Kinesis says no.

One idea: a class is a sentence; its code is the shape it is caught by. It may not know streams.

https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html
"""

from freehold.kernel.errors import AccessDenied, AwsError


class ResourceNotFoundException(AwsError):
    words = "{message}"
    code = "ResourceNotFoundException"


class ResourceInUseException(AwsError):
    code = "ResourceInUseException"


class InvalidArgumentException(AwsError):
    code = "InvalidArgumentException"


class LimitExceededException(AwsError):
    code = "LimitExceededException"


class ValidationException(AwsError):
    code = "ValidationException"


class AccessDeniedException(AccessDenied):
    status = 400


class ExpiredIteratorException(AwsError):
    pass


class DryRunOperationException(AwsError):
    words = "Request would have succeeded, but DryRun flag is set."


class ProvisionedThroughputExceededException(AwsError):
    words = "Rate exceeded for shard {shard} in stream {stream} under account {account}."


# What is not there


class StreamNotFound(ResourceNotFoundException):
    words = "Stream {stream} under account {account} not found."


class ShardNotFound(ResourceNotFoundException):
    words = "Could not find shard {shard} in stream {stream} under account {account}."


class ShardNotThere(ResourceNotFoundException):
    words = "Shard {shard} in stream {stream} under account {account} does not exist"


class ConsumerNotFound(ResourceNotFoundException):
    words = "Consumer {consumer}, account {account} not found."


class PolicyNotFound(ResourceNotFoundException):
    words = "No resource policy found for resource ARN {arn}."


# What is there already


class StreamExists(ResourceInUseException):
    words = "Stream {stream} under account {account} already exists."


class ConsumerExists(ResourceInUseException):
    words = "Consumer {consumer} already exists."


class ConsumersLeft(ResourceInUseException):
    words = (
        "Stream {stream} under account {account} has consumers registered. Deregister them, or set "
        "EnforceConsumerDeletion to true."
    )


class ConsumersMany(LimitExceededException):
    words = "Consumer limit exceeded for stream {stream} under account {account}: at most {most} may be registered."


# Naming


class NoName(InvalidArgumentException):
    words = "Either StreamARN or StreamName must be provided"


class NamesDiffer(InvalidArgumentException):
    words = "StreamARN and StreamName do not name the same stream"


class TokenAndName(InvalidArgumentException):
    words = "NextToken and StreamName cannot be provided together."


class BadToken(InvalidArgumentException):
    words = "NextToken is invalid."


# Records


class HashKeyOutside(InvalidArgumentException):
    words = (
        "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was {key}"
    )  # fmt: skip


class OrderingInvalid(InvalidArgumentException):
    words = (
        "ExclusiveMinimumSequenceNumber {number} used in PutRecord on stream {stream} under account {account} is "
        "invalid."
    )  # fmt: skip


class RecordTooLarge(ValidationException):
    words = (
        "1 validation error detected: Value at 'data' failed to satisfy constraint: "
        "Member must have length less than or equal to {most}"
    )


class RecordsTooLarge(InvalidArgumentException):
    words = "Records size exceeds {most} MB limit"


class KeyMissing(ValidationException):
    words = (
        "1 validation error detected: Value null at 'partitionKey' failed to satisfy constraint: "
        "Member must not be null"
    )  # fmt: skip


# Reading


class IteratorInvalid(InvalidArgumentException):
    words = "Invalid ShardIterator."


class NumberForNothing(InvalidArgumentException):
    words = (
        "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) "
        "TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified {kind} and {given} "
        "StartingSequenceNumber."
    )


class NumberInvalid(InvalidArgumentException):
    words = (
        "StartingSequenceNumber {number} used in GetShardIterator on shard {shard} in stream {stream} under account "
        "{account} is invalid{reason}."
    )


class NumberElsewhere(InvalidArgumentException):
    words = (
        "Invalid StartingSequenceNumber. It encodes {other}, while it was used in a call to a shard with {shard}"
    )  # fmt: skip


class MomentMissing(InvalidArgumentException):
    words = (
        "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. "
        "Current request has no timestamp parameter."
    )


class MomentAhead(InvalidArgumentException):
    words = (
        "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. "
        "timestampInMillis: {asked}, currentTimestampInMillis: {now}"
    )


# Shards


class ShardsMany(LimitExceededException):
    words = (
        "This request would exceed the shard limit for the account {account} in {region}. Current shard count for the "
        "account: {count}. Limit: {most}. Number of additional shards that would have resulted from this request: "
        "{more}. Refer to the AWS Service Limits page "
        "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request "
        "higher limits."
    )


class CountMissing(ValidationException):
    words = "ShardCount is required for a stream in PROVISIONED mode."


class CountOnDemand(ValidationException):
    words = "Requested ShardCount must not be set for a stream in ON_DEMAND mode."


class OnDemand(ValidationException):
    words = "Request is invalid. Stream {stream} under account {account} is in On-Demand mode."


class ShardClosed(InvalidArgumentException):
    words = (
        "Shard {shard} in stream {stream} under account {account} has already been merged or split, and thus is not "
        "eligible for merging or splitting."
    )


class SplitOutside(InvalidArgumentException):
    words = (
        "NewStartingHashKey {key} used in SplitShard() on shard {shard} in stream {stream} under account {account} is "
        "not both greater than one plus the shard's StartingHashKey {low} and less than the shard's EndingHashKey "
        "{high}."
    )


class NotAdjacent(InvalidArgumentException):
    words = (
        "Shards {shard} and {other} in stream {stream} under account {account} are not an adjacent pair of shards "
        "eligible for merging"
    )


class ScaleTooFar(InvalidArgumentException):
    words = (
        "UpdateShardCount cannot scale {way} your current open shard count. Current open shard count: {count} Target "
        "shard count: {target}"
    )


# Settings


class RetentionOutside(InvalidArgumentException):
    words = (
        "{bound} allowed retention period is {limit} hours. Requested retention period ({hours} hours) is too {what}."
    )  # fmt: skip


class RetentionWrongWay(InvalidArgumentException):
    words = (
        "Requested retention period ({hours} hours) for stream {stream} can not be {what} than existing retention "
        "period ({current} hours). Use {way}RetentionPeriod API."
    )


class TagsMany(InvalidArgumentException):
    words = (
        "Failed to add tags to stream {stream} under account {account} because a given stream cannot have more than "
        "{most} tags associated with it."
    )


class BadPolicy(InvalidArgumentException):
    words = "Invalid resource policy: {reason}"
