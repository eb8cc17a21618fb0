"""How Step Functions says no.

One idea: a class is a sentence, in the words that the service answers with. It may not know machines or executions.

https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html
"""

from freehold.kernel.errors import AwsError


class InvalidArn(AwsError):
    words = "Invalid Arn: '{reason}'"


class InvalidRoleArn(AwsError):
    words = "Invalid Role Arn: '{arn}'"
    code = "InvalidArn"


class InvalidName(AwsError):
    words = "Invalid Name: '{name}'"


class InvalidToken(AwsError):
    words = "Invalid Token: 'Invalid token'"


class ValidationException(AwsError):
    words = "{message}"


class ResourceNotFound(AwsError):
    words = "Resource not found: '{resourceName}'"


class TooManyTags(AwsError):
    words = "Tag count exceeds the limit of {limit}: '{resourceName}'"


# State machines


class RoleNotAssumable(AwsError):
    words = (
        "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume "
        "the provided role."
    )  # fmt: skip
    code = "AccessDeniedException"


class StateMachineDoesNotExist(AwsError):
    words = "State Machine Does Not Exist: '{arn}'"


class StateMachineAlreadyExists(AwsError):
    words = "State Machine Already Exists: '{arn}'"


class StateMachineDeleting(AwsError):
    words = "State Machine is being deleted: '{arn}'"


class StateMachineTypeNotSupported(AwsError):
    words = "This operation is not supported by this type of state machine"


class InvalidLoggingConfiguration(AwsError):
    words = "Invalid Logging Configuration: {reason}"


class LogDestinationDenied(AwsError):
    words = "The state machine IAM Role is not authorized to access the Log Destination"
    code = "AccessDeniedException"


class InvalidEncryptionConfiguration(AwsError):
    words = "Invalid Encryption Configuration: {reason}"


class MissingRequiredParameter(AwsError):
    words = (
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified"
    )  # fmt: skip


# Versions and aliases


class RevisionConflict(AwsError):
    words = (
        "Failed to publish the State Machine version for revision {asked}. "
        "The current State Machine revision is {current}."
    )  # fmt: skip
    code = "ConflictException"


class VersionInUse(AwsError):
    words = (
        "Version to be deleted must not be referenced by an alias. "
        "Current list of aliases referencing this version: [{aliases}]"
    )  # fmt: skip
    code = "ConflictException"


class AliasConflict(AwsError):
    words = (
        "Failed to create alias because an alias with the same name and a different routing configuration "
        "already exists."
    )  # fmt: skip
    code = "ConflictException"


class AliasNotFound(AwsError):
    words = "Request references a resource that does not exist."
    code = "ResourceNotFound"


# Executions


class ExecutionDoesNotExist(AwsError):
    words = "Execution Does Not Exist: '{arn}'"


class ExecutionNotRedrivable(AwsError):
    words = "Execution Not Redrivable: '{reason}'"


class ExecutionLimitExceeded(AwsError):
    words = (
        "The maximum number of running executions has been reached. Running executions must end or be stopped before a "
        "new execution can be started."
    )  # fmt: skip


class ExecutionAlreadyExists(AwsError):
    words = "Execution Already Exists: '{arn}'"


class InvalidExecutionInput(AwsError):
    words = "Invalid State Machine Execution Input: '{reason}'"


# Tasks and activities


class TaskTimedOut(AwsError):
    words = "Task Timed Out: 'Provided task does not exist anymore'"


class InvalidOutput(AwsError):
    words = "Invalid Output: '{reason}'"


class ActivityDoesNotExist(AwsError):
    words = "Activity Does Not Exist: '{arn}'"


class ActivityAlreadyExists(AwsError):
    words = "Activity Already Exists: '{arn}'"


# Tests of states


class StateNotFound(AwsError):
    words = "State not found in definition"
    code = "ValidationException"


class InvalidMock(AwsError):
    words = "Mock result schema validation error: {fault}"
    code = "ValidationException"


class InvalidContext(AwsError):
    words = "Invalid Context object provided: {reason}"
    code = "ValidationException"


class MockRequired(AwsError):
    words = (
        "TestState API does not support Map or Parallel states. "
        "Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"
    )  # fmt: skip
    code = "InvalidDefinition"
