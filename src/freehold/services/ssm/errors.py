"""How Parameter Store says no. One idea: a class is a sentence. It may not know parameters."""

from freehold.kernel.errors import AwsError


class ParameterNotFound(AwsError):
    words = "Parameter {name} not found."


class ParameterAlreadyExists(AwsError):
    words = "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."


class VersionNotFound(AwsError):
    words = "Systems Manager could not find version {version} of {name}. Verify the version and try again."
    code = "ParameterVersionNotFound"


class LabelNotFound(AwsError):
    words = "Systems Manager could not find label {label} for parameter {name}. Verify the label and try again."
    code = "ParameterVersionNotFound"


class HierarchyLevelLimitExceededException(AwsError):
    words = "The parameter name exceeds the maximum of {most} levels."


class HierarchyTypeMismatchException(AwsError):
    words = (
        "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a "
        "parameter from a String type to a SecureString type. You must create a new, unique parameter."
    )


class ParameterPatternMismatchException(AwsError):
    words = "Parameter value, cannot be validated against allowedPattern: {pattern}"


class InvalidAllowedPatternException(AwsError):
    words = "The request does not meet the regular expression requirement."


class ParameterMaxVersionLimitExceeded(AwsError):
    words = (
        "You attempted to create a new version of {name} by calling the PutParameter API with the overwrite flag. "
        "Version {version}, the oldest version, can't be deleted because it has a label associated with it. "
        "Move the label to another version of the parameter, and try again."
    )


class ParameterVersionLabelLimitExceeded(AwsError):
    words = (
        "An error occurred (ParameterVersionLabelLimitExceeded) when calling the LabelParameterVersion operation: "
        "A parameter version can have maximum {most} labels.Move one or more labels to another version and try again."
    )


class PoliciesLimitExceededException(AwsError):
    words = "A parameter can have {most} policies at most."


class InvalidPolicyTypeException(AwsError):
    words = (
        "The policy type {type} isn't supported. Parameter Store supports the following policy types: Expiration, "
        "ExpirationNotification, and NoChangeNotification."
    )


class InvalidPolicyAttributeException(AwsError):
    words = "A policy attribute or its value is invalid. {reason}"


class IncompatiblePolicyException(AwsError):
    words = "There is a conflict in the policies specified for this parameter. {reason}"


class InvalidKeyId(AwsError):
    words = "{reason} (Service: AWSKMS; Status Code: 400; Error Code: {code})"


class KeyRefused(AwsError):
    words = InvalidKeyId.words
    code = "AccessDeniedException"
    status = 400


class InvalidFilterKey(AwsError):
    words = "The following filter key is not valid: {key}. Valid filter keys include: [{known}]"


class InvalidFilterOption(AwsError):
    words = "The following filter option is not valid: {option}. Valid options include: [{known}]"


class InvalidFilterValue(AwsError):
    words = "The filter value is missing or is not valid for the filter key {key}."


class InvalidNextToken(AwsError):
    words = "The specified token is not valid."


class InvalidResourceId(AwsError):
    words = 'The resource ID "{id}" is not valid. Verify the ID and try again.'


class TooManyTagsError(AwsError):
    words = "The resource has more than {most} tags."


class AccessDeniedException(AwsError):
    words = "No access to reserved parameter name: {name}."
    status = 400


class ValidationException(AwsError):
    words = "{message}"
    code = "ValidationException"
    status = 400


class NameMalformed(ValidationException):
    words = (
        'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of '
        "sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following "
        "3 symbols .-_"
    )


class NameRelative(ValidationException):
    words = "Parameter name must be a fully qualified name."


class PathMalformed(ValidationException):
    words = (
        "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward "
        'slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, '
        "or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All "
        'sub-paths, if specified, must use the forward slash symbol "/". Valid example: '
        "/get/parameters2-/by1./path0_."
    )


class TypeMissing(ValidationException):
    words = "A parameter type is required when you create a parameter."


class ValueEmpty(ValidationException):
    words = (
        "1 validation error detected: Value at 'value' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1"
    )


class ValueTooLong(ValidationException):
    words = (
        "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter "
        "value, upgrade the parameter to use the advanced-parameter tier. For more information, see "
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"
    )


class AdvancedValueTooLong(ValidationException):
    words = "Advanced tier parameters support a maximum parameter value of {most} characters."


class TierLowered(ValidationException):
    words = (
        "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter "
        "tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a "
        "standard parameter."
    )


class DataTypeUnknown(ValidationException):
    words = "The following data type is not supported: {type} (Data type names are all lowercase.)"


class KeyNotWanted(ValidationException):
    words = "KeyId is required for SecureString type parameter only."


class PoliciesOfStandard(ValidationException):
    words = (
        "Parameter policies are available only to parameters of the advanced-parameter tier. For more information, see "
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"
    )


class TagsWithOverwrite(ValidationException):
    words = (
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove "
        "overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or "
        "RemoveTagsFromResource."
    )


class FiltersTwice(ValidationException):
    words = "You can use either Filters or ParameterFilters in a single request."
