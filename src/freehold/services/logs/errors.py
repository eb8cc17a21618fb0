"""How CloudWatch Logs says no. One idea: a class is a sentence. It may not know groups or streams."""

from freehold.kernel.errors import AwsError


class GroupNotFound(AwsError):
    words = "The specified log group does not exist."
    code = "ResourceNotFoundException"


class StreamNotFound(AwsError):
    words = "The specified log stream does not exist."
    code = "ResourceNotFoundException"


class PolicyNotFound(AwsError):
    words = "Policy with name [{name}] does not exist."
    code = "ResourceNotFoundException"


class AccountPolicyNotFound(AwsError):
    words = "The specified policy does not exist."
    code = "ResourceNotFoundException"


class TaggedNotFound(AwsError):
    words = "The specified resource does not exist."
    code = "ResourceNotFoundException"


class GroupExists(AwsError):
    words = "The specified log group already exists"
    code = "ResourceAlreadyExistsException"


class StreamExists(AwsError):
    words = "The specified log stream already exists"
    code = "ResourceAlreadyExistsException"


class GroupProtected(AwsError):
    words = "The specified log group has deletion protection enabled. Disable it before you delete the log group."
    code = "ValidationException"


class AccessDeniedException(AwsError):
    """No resource policy lets a service write."""

    words = "User: {principal} is not authorized to perform: {action} on resource: {resource} {reason}"


class TooManyTagsException(AwsError):
    words = "Too many tags: a resource may have {most}."


class LimitExceededException(AwsError):
    words = "Resource limit exceeded."


class InvalidParameterException(AwsError):
    words = "{message}"
    code = "InvalidParameterException"


class InvalidToken(InvalidParameterException):
    words = "The specified nextToken is invalid."


class GroupUnnamed(InvalidParameterException):
    words = "Either logGroupName or logGroupIdentifier must be specified."


class GroupNamedTwice(InvalidParameterException):
    words = "LogGroup name and LogGroup identifier are mutually exclusive parameters."


class PrefixAndPattern(InvalidParameterException):
    words = "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."


class PrefixByTime(InvalidParameterException):
    words = "Cannot order by LastEventTime with a logStreamNamePrefix."


class PrefixAndNames(InvalidParameterException):
    words = "Log stream name prefix and log stream names are mutually exclusive parameters."


class RetentionUnknown(InvalidParameterException):
    words = (
        "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: "
        "Member must satisfy enum value set: [{known}]"
    )


class OutOfOrder(InvalidParameterException):
    words = "Log events in a single PutLogEvents request must be in chronological order."


class SpanTooLong(InvalidParameterException):
    words = "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."


class UploadTooLarge(InvalidParameterException):
    words = "Upload too large: {size} bytes exceeds limit of {most}"


class EndBeforeStart(InvalidParameterException):
    words = "End time must not be earlier than start time."


class PolicyMalformed(InvalidParameterException):
    words = "Invalid resource policy document: {reason}"


class PolicyUnnamed(InvalidParameterException):
    words = "policyName and policyDocument must be specified."


class ProtectionMalformed(InvalidParameterException):
    words = "Invalid data protection policy: {reason}"


class DestinationNotFound(InvalidParameterException):
    words = "The audit findings destination {destination} does not exist."


class NameReserved(InvalidParameterException):
    words = "Policy name must not start with aws/."


class SelectionNotAllowed(InvalidParameterException):
    words = "selectionCriteria is not supported for policies of the type {kind}."


class DryRunNotAllowed(InvalidParameterException):
    words = "dryRun is not supported for policies of the type {kind}."
