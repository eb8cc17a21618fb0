"""How SQS says no.

One idea: a class is a sentence; several share the code InvalidParameterValue, which the service's model does not list.
It may not know queues.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
"""

from freehold.kernel.errors import AwsError

# Queues


class QueueDoesNotExist(AwsError):
    words = "The specified queue does not exist."


class QueueNameExists(AwsError):
    words = "A queue already exists with the same name and a different value for attribute {attribute}"


class OverLimit(AwsError):
    words = "The maximum number of in flight messages is reached."


class TooManyActions(AwsError):
    words = "{count} Actions were found, maximum allowed is {most}."
    code = "OverLimit"


class PurgeQueueInProgress(AwsError):
    words = "Only one PurgeQueue operation on {name} is allowed every 60 seconds."


class ResourceNotFoundException(AwsError):
    words = "The resource that you specified for the {parameter} parameter doesn't exist."


class TaskNotFound(AwsError):
    words = "Task does not exist."
    code = "ResourceNotFoundException"


# Attributes of queues


class InvalidAttributeName(AwsError):
    words = "Unknown Attribute {name}."


class OnlyForFifo(AwsError):
    words = "You can specify the {name} only when FifoQueue is set to true."
    code = "InvalidAttributeName"


class TwoEncryptions(AwsError):
    words = (
        "You can use one type of server-side encryption (SSE) at one time. "
        "You can either enable KMS SSE or SQS SSE."
    )  # fmt: skip
    code = "InvalidAttributeName"


class InvalidAttributeValue(AwsError):
    words = "Invalid value for the parameter {name}."


class QueueTypeIsFixed(AwsError):
    words = "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported."
    code = "InvalidAttributeValue"


# Parameters


class InvalidParameterValue(AwsError):
    words = "Value {value} for parameter {parameter} is invalid. Reason: {reason}"
    status = 400


class ParameterRefused(AwsError):
    words = "{message}"
    code = "InvalidParameterValue"
    status = 400


class MissingParameter(AwsError):
    words = "The request must contain the parameter {parameter}."
    status = 400


class DeduplicationMissing(AwsError):
    words = (
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
    )
    code = "InvalidParameterValue"
    status = 400


class MessageTooLong(AwsError):
    words = "One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes."
    code = "InvalidParameterValue"
    status = 400


class EntryTooLong(AwsError):
    words = "One or more parameters cannot be validated. Reason: Message must be shorter than {limit} bytes."
    code = "InvalidParameterValue"
    status = 400


class InvalidMessageContents(AwsError):
    words = (
        "Invalid characters found. Valid unicode characters are "
        "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
    )


class InvalidAttributeContents(AwsError):
    words = InvalidMessageContents.words
    code = "InvalidParameterValue"
    status = 400


# Receipts


class ReceiptHandleIsInvalid(AwsError):
    words = 'The input receipt handle "{handle}" is not a valid receipt handle.'


class MessageNotInflight(AwsError):
    words = "The specified message isn't in flight."


GONE = "Message does not exist or is not available for visibility timeout change."
EXPIRED = "The receipt handle has expired."
TOO_LONG_HIDDEN = "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"


# Batches


class EmptyBatchRequest(AwsError):
    words = "There should be at least one {entry} in the request."


class TooManyEntriesInBatchRequest(AwsError):
    words = "Maximum number of entries per request are 10. You have sent {count}."


class InvalidBatchEntryId(AwsError):
    words = (
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
        "It can be at most 80 letters long."
    )


class BatchEntryIdsNotDistinct(AwsError):
    words = "Id {id} repeated."


class BatchRequestTooLong(AwsError):
    words = "Batch requests cannot be longer than {limit} bytes. You have sent {size} bytes."


class AccessDenied(AwsError):
    """A queue's policy does not let a service or another account in."""

    words = "User: {principal} is not authorized to perform: {action} on resource: {resource} {reason}"
    status = 403


# Keys


class KmsAccessDenied(AwsError):
    words = "{reason} (Service: Kms; Status Code: 400; Error Code: {code}; Request ID: {id})"


class KmsNotFound(AwsError):
    words = KmsAccessDenied.words


class KmsDisabled(AwsError):
    words = KmsAccessDenied.words


class KmsInvalidState(AwsError):
    words = KmsAccessDenied.words


class KmsInvalidKeyUsage(AwsError):
    words = KmsAccessDenied.words
