"""How SNS says no.

One idea: nearly everything is InvalidParameter with a reason; the classes are the sentences that differ. It may not
know topics.

https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
"""

from collections.abc import Sequence

from freehold.kernel.errors import AwsError


class InvalidParameter(AwsError):
    words = "Invalid parameter: {reason}"
    code = "InvalidParameter"


class BadArn(AwsError):
    words = "Invalid parameter: {parameter} Reason: An ARN must have at least 6 elements, not {count}"
    code = "InvalidParameter"


class InvalidEndpoint(AwsError):
    words = "Invalid SMS endpoint: {endpoint}"
    code = "InvalidParameter"


class InvalidToken(AwsError):
    words = "Invalid token"
    code = "InvalidParameter"


class InvalidSetting(AwsError):
    """An SMS setting that is not one, or not of its kind."""

    words = "{name} {fault}"
    code = "InvalidParameter"


class ArchiveIsActive(AwsError):
    words = "Invalid state: Cannot delete a topic with an active ArchivePolicy"
    code = "InvalidState"


class TopicNotFound(AwsError):
    words = "Topic does not exist"
    code = "NotFound"


class SubscriptionNotFound(AwsError):
    words = "Subscription does not exist"
    code = "NotFound"


class SubscriptionLimitExceeded(AwsError):
    words = "The topic has as many subscriptions as it may"
    code = "SubscriptionLimitExceeded"


class ResourceNotFound(AwsError):
    words = "Resource does not exist"
    code = "ResourceNotFound"


class AuthorizationError(AwsError):
    words = "User: {principal} is not authorized to perform: {action} on resource: {resource} {reason}"
    status = 403


class MessageProhibited(AwsError):
    words = "The topic's data protection policy prohibits this message from being published to {topic}"
    code = "AuthorizationError"
    status = 403


class ApplicationNotFound(AwsError):
    words = "PlatformApplication does not exist"
    code = "NotFound"


class ApplicationDisabled(AwsError):
    words = "Platform application is disabled"
    code = "PlatformApplicationDisabled"


class EndpointNotFound(AwsError):
    words = "Endpoint does not exist"
    code = "NotFound"


class EndpointDisabled(AwsError):
    words = "Endpoint is disabled"
    code = "EndpointDisabled"


class NoSuchTarget(AwsError):
    words = "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified"
    code = "InvalidParameter"


class WrongSlashes(AwsError):
    words = "Invalid parameter: {parameter} Reason: Wrong number of slashes in relative portion of the ARN."
    code = "InvalidParameter"


class AttributesMissing(AwsError):
    words = (
        "1 validation error detected: Value null at 'attributes' failed to satisfy constraint: Member must not be null"
    )
    code = "ValidationError"
    status = 400


class NumberNotFound(AwsError):
    words = "Phone number does not exist"
    code = "ResourceNotFound"


class TooManyNumbers(AwsError):
    words = "You have reached the maximum number of destination phone numbers in the SMS sandbox."
    code = "UserError"


class WrongCode(AwsError):
    words = "The verification code is wrong or has expired."
    code = "VerificationException"
    status = 400


class InvalidAttribute(AwsError):
    """A message attribute that may not be; see `notices`."""

    words = "{message}"
    code = "ParameterValueInvalid"


class EmptyBatchRequest(AwsError):
    words = "The batch request doesn't contain any entries."
    code = "EmptyBatchRequest"


class TooManyEntriesInBatchRequest(AwsError):
    words = "The batch request contains more entries than permissible."
    code = "TooManyEntriesInBatchRequest"


class BatchEntryIdsNotDistinct(AwsError):
    words = "Two or more batch entries in the request have the same Id."
    code = "BatchEntryIdsNotDistinct"


class BatchRequestTooLong(AwsError):
    words = "The length of all the messages put together is more than the limit."
    code = "BatchRequestTooLong"


class InvalidBatchEntryId(AwsError):
    words = "The Id of a batch entry in the batch request {fault}: {id}"
    code = "InvalidBatchEntryId"


class EndpointRefused(AwsError):
    """An HTTP endpoint answered that it will not have the message."""

    words = "{endpoint} answered {answer}"
    status = 400


class EndpointFailed(AwsError):
    """An HTTP endpoint did not answer, or not with a success; it is asked again after each of these pauses."""

    words = "{endpoint} answered {answer}"
    status = 503

    def __init__(self, again_after_s: float | Sequence[float], **values: object):
        super().__init__(**values)
        self.again_after_s = again_after_s


# Keys


class KMSAccessDenied(AwsError):
    words = "{reason} (Service: Kms; Status Code: 400; Error Code: {code}; Request ID: {id})"


class KMSNotFound(AwsError):
    words = KMSAccessDenied.words


class KMSDisabled(AwsError):
    words = KMSAccessDenied.words


class KMSInvalidState(AwsError):
    words = KMSAccessDenied.words
