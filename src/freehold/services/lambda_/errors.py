"""How Lambda says no.

One idea: a class is a sentence, and a code may have several. It may not know functions.

https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
"""

from typing import ClassVar

from freehold.kernel.errors import AwsError


class ResourceNotFoundException(AwsError):
    code = "ResourceNotFoundException"


class FunctionNotFound(ResourceNotFoundException):
    words = "Function not found: {arn}"


class AliasNotFound(ResourceNotFoundException):
    words = "Cannot find alias arn: {arn}"


class NotReachable(ResourceNotFoundException):
    words = "Functions from '{other}' are not reachable in this region ('{region}')"


class NotThere(ResourceNotFoundException):
    """A policy, layer version, mapping or URL that does not exist."""

    words = "The resource you requested does not exist."


class CapacityProviderNotFound(ResourceNotFoundException):
    words = "Capacity provider not found: {arn}"


class AliasMissing(ResourceNotFoundException):
    words = "Alias not found: {arn}"


class NoPolicy(ResourceNotFoundException):
    words = "No policy is associated with the given resource."


class NoPolicyFound(ResourceNotFoundException):
    words = "No policy found for: {arn}"


class StatementNotFound(ResourceNotFoundException):
    words = "Statement {statement} is not found in resource policy."


class ResourceConflictException(AwsError):
    code = "ResourceConflictException"


class StillPending(ResourceConflictException):
    words = "The operation cannot be performed at this time. The function is currently in the following state: Pending"


class UpdateInProgress(ResourceConflictException):
    words = "The operation cannot be performed at this time. An update is in progress for resource: {arn}"


class FunctionExists(ResourceConflictException):
    words = "Function already exist: {name}"


class AliasExists(ResourceConflictException):
    words = "Alias already exists: {arn}"


class StatementExists(ResourceConflictException):
    words = (
        "The statement id ({statement}) provided already exists. "
        "Please provide a new statement id, or remove the existing statement."
    )


class VersionHasAliases(ResourceConflictException):
    words = "Unable to delete version because the following aliases reference it: [{aliases}]"


class PreconditionFailedException(AwsError):
    words = (
        "The Revision Id provided does not match the latest Revision Id. "
        "Call the {operation} API to retrieve the latest Revision Id"
    )


class InvalidParameterValueException(AwsError):
    """Where many sentences share a check, the check's table has them and gives one as `message`."""

    code = "InvalidParameterValueException"


class RecursiveInvocationException(AwsError):
    words = (
        "Lambda has detected your function being invoked in a recursive loop with other AWS resources "
        "and stopped your function's invocation."
    )


class RoleNotAssumable(InvalidParameterValueException):
    words = "The role defined for the function cannot be assumed by Lambda."


class RoleLost(AwsError):
    words = "The role defined for the function cannot be assumed by Lambda."
    code = "AccessDeniedException"
    status = 403


class NotAllowed(AwsError):
    words = "User: {principal} is not authorized to perform: {action} on resource: {resource} {reason}"
    code = "AccessDeniedException"
    status = 403


class RoleMayNot(InvalidParameterValueException):
    words = "The provided execution role does not have permissions to call {operation} on {service}"


class ReservedVariables(InvalidParameterValueException):
    words = (
        "Lambda was unable to configure your environment variables because the environment variables you have provided "
        "contains reserved keys that are currently not supported for modification. "
        "Reserved keys used in this request: {names}"
    )


class VariablesTooLarge(InvalidParameterValueException):
    words = (
        "Lambda was unable to configure your environment variables because the environment variables you have provided "
        "exceeded the 4KB limit. String measured: {measured}"
    )


class BadVariableName(InvalidParameterValueException):
    words = (
        "Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: "
        "[Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]"
    )


class BadZip(InvalidParameterValueException):
    """The sandbox tells why, in AWS's words."""


class QualifierGiven(InvalidParameterValueException):
    words = (
        "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. "
        "Please specify either a function name or an unqualified function ARN."
    )


class NoTags(InvalidParameterValueException):
    words = "An error occurred and the request cannot be processed."


class CodeOfOtherKind(InvalidParameterValueException):
    words = "Please don't provide {given} when updating a function with packageType {kind}."


class ImageSettings(InvalidParameterValueException):
    words = "Please don't provide {given} when the intended function PackageType is {kind}."


class TooManyTags(InvalidParameterValueException):
    words = "Number of tags exceeds resource tag limit."


class RuntimeUnknown(InvalidParameterValueException):
    words = (
        "Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
        "[{known}] or be a valid ARN"
    )


class SnapStartUnsupported(InvalidParameterValueException):
    words = "{runtime} is not supported for SnapStart enabled functions."


class TagsOfFunctionsOnly(InvalidParameterValueException):
    words = "Tags on function aliases and versions are not supported. Please specify a function ARN."


class BadPrincipal(InvalidParameterValueException):
    words = "The provided principal was invalid. Please check the principal and try again."


class EmptyZip(InvalidParameterValueException):
    words = "Uploaded file must be a non-empty zip"


class NoCode(InvalidParameterValueException):
    words = "Please provide a source for function code."


class HalfANetwork(InvalidParameterValueException):
    words = "SubnetIds and SecurityIds must coexist or be both empty list."


class ManyNetworks(InvalidParameterValueException):
    words = "All subnets and security groups must belong to the same VPC."


class NetworkNotFetched(InvalidParameterValueException):
    words = "Error occurred while {operation}. EC2 Error Code: {code}. EC2 Error Message: {reason}"


class CodeNotFetched(InvalidParameterValueException):
    words = "Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {reason}"


class RuntimeMissing(InvalidParameterValueException):
    words = "Runtime and Handler are mandatory parameters for functions created with deployment packages."


class RuntimeRetired(InvalidParameterValueException):
    words = (
        "The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda functions. "
        "We recommend you use a supported runtime while creating or updating functions."
    )


class QualifierMismatch(InvalidParameterValueException):
    words = "The derived qualifier from the function name does not match the specified qualifier."


class LatestUndeletable(InvalidParameterValueException):
    words = "$LATEST version cannot be deleted without deleting the function."


class AliasUndeletable(InvalidParameterValueException):
    words = "Deletion of aliases is not currently supported."


class CodeDiffers(InvalidParameterValueException):
    words = (
        "CodeSHA256 ({given}) is different from current CodeSHA256 in $LATEST ({current}). "
        "Please try again with the CodeSHA256 in $LATEST."
    )


class BadMarker(InvalidParameterValueException):
    words = "Invalid marker."


class InvalidRequestContentException(AwsError):
    words = "Could not parse request body into json: Could not parse payload into json: {reason}"


class RequestTooLargeException(AwsError):
    words = "Request must be smaller than {most} bytes for the InvokeFunction operation"


class NotOfPattern(AwsError):
    words = (
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: {pattern}"
    )
    code = "ValidationException"
    status = 400


class RequestEntityTooLargeException(AwsError):
    words = "Zipped size must be smaller than {most} bytes"
    status = 413


class NameTooLong(InvalidParameterValueException):
    words = (
        "1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: "
        "Member must have length less than or equal to {most}"
    )


class ValueTooLarge(AwsError):
    words = (
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
        "Member must have value less than or equal to {most}"
    )
    code = "ValidationException"
    status = 400


class TooManyRequestsException(AwsError):
    """Throttled. `Reason` travels as the error's member."""

    words = "Rate Exceeded."
    reason: ClassVar[str] = "ConcurrentInvocationLimitExceeded"

    def __init__(self) -> None:
        super().__init__(Reason=self.reason)

    def __reduce__(self) -> tuple:
        return type(self), ()


class ReservedConcurrencyReached(TooManyRequestsException):
    code = "TooManyRequestsException"
    reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
