"""How Secrets Manager says no. One idea: a class is a sentence. It may not know secrets."""

from freehold.kernel.errors import AccessDenied, AwsError


class ValidationException(AwsError):
    words = "{reason}"
    code = "ValidationException"
    status = 400


class NameInvalid(ValidationException):
    words = "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"


class ResourceNotFoundException(AwsError):
    words = "Secrets Manager can't find the specified secret."
    code = "ResourceNotFoundException"


class StageNotThere(ResourceNotFoundException):
    words = "Secrets Manager can't find the specified secret value for staging label: {stage}"


class VersionNotThere(ResourceNotFoundException):
    words = "Secrets Manager can't find the specified secret value for VersionId: {version}"


class ResourceExistsException(AwsError):
    words = "The operation failed because the secret {name} already exists."
    code = "ResourceExistsException"


class VersionTaken(ResourceExistsException):
    words = (
        "You can't use ClientRequestToken {version} because that value is already in use for a version of secret {arn}."
    )


class InvalidRequestException(AwsError):
    words = "{reason}"
    code = "InvalidRequestException"


class NameScheduled(InvalidRequestException):
    words = "You can't create this secret because a secret with this name is already scheduled for deletion."


class MarkedForDeletion(InvalidRequestException):
    words = "You can't perform this operation on the secret because it was marked for deletion."


class TokenMissing(InvalidRequestException):
    words = "You must provide a ClientRequestToken value. We recommend a UUID-type value."


class StageElsewhere(InvalidRequestException):
    words = "You provided a VersionStage that is not associated to the provided VersionId."


class FunctionMissing(InvalidRequestException):
    words = "No Lambda rotation function ARN is associated with this secret."


class RotationUnderWay(InvalidRequestException):
    words = "A previous rotation isn't complete. That rotation will be reattempted."


class KeyOfOthers(InvalidRequestException):
    words = (
        "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS service "
        "key."
    )


class InvalidParameterException(AwsError):
    words = "{reason}"
    code = "InvalidParameterException"


class TokenMissingForRotation(InvalidParameterException):
    words = TokenMissing.words


class StageAttached(InvalidParameterException):
    words = (
        "The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to version "
        "{version}, so you must explicitly reference that version in RemoveFromVersionId."
    )


class StageNotAttached(InvalidParameterException):
    words = "Staging label {stage} isn't currently attached to version {version}."


class CurrentMustStay(InvalidParameterException):
    words = "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed."


class InvalidNextTokenException(AwsError):
    words = "The NextToken value is invalid."


class LimitExceededException(AwsError):
    words = "{reason}"
    code = "LimitExceededException"


class MalformedPolicyDocumentException(AwsError):
    words = "This resource policy contains a malformed policy: {reason}"


class PublicPolicyException(AwsError):
    words = "This resource policy grants broad access to the secret, which BlockPublicPolicy does not allow."


class EncryptionFailure(AwsError):
    words = (
        "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is "
        "available, enabled, and not in an invalid state."
    )


class DecryptionFailure(AwsError):
    words = "Secrets Manager can't decrypt the protected secret text using the provided KMS key."


class KeyRefused(AccessDenied):
    words = "Access to KMS is not allowed"
    code = "AccessDeniedException"


class FunctionRefused(AccessDenied):
    words = (
        "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to "
        "the principal secretsmanager.amazonaws.com."
    )
    code = "AccessDeniedException"


class Refused(AccessDenied):
    code = "AccessDeniedException"


# The sentences that are said in one place each.
BOTH_VALUES = "You can't specify both a binary secret value and a string secret value in the same secret."
NO_VALUE = "You must provide either SecretString or SecretBinary."
FORCE_WITH_WINDOW = "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."
WINDOW_OUTSIDE = "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."
RULES_UNCLEAR = "You can't specify both AutomaticallyAfterDays and ScheduleExpression in RotationRules."
SCHEDULE_INVALID = "The schedule expression is not valid: {text}"
NO_CHARACTERS = "No characters are left to make a password of."
PASSWORD_SHORT = "Password length is too short based on the required types."
TAG_WITHOUT_KEY = "A tag must have a key."
TAGS_OF_AWS = "Tags that begin with aws: are reserved."
LISTS_UNCLEAR = "Either SecretIdList or Filters must be provided, but not both."
STAGES_MANY = "A secret may have at most 20 staging labels."
