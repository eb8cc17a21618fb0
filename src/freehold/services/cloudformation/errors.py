"""How CloudFormation says no.

One idea: nearly every refusal is a `ValidationError`, told apart by its words alone; each sentence stands here once.
"""

from freehold.kernel.errors import AwsError


class ValidationError(AwsError):
    code = "ValidationError"
    status = 400


def _says(words: str) -> type[ValidationError]:
    return type("ValidationError", (ValidationError,), {"words": words})


StackNotFound = _says("Stack with id {name} does not exist")
StackUnknown = _says("Stack [{name}] does not exist")
StackMissing = _says("Stack '{name}' does not exist")
ResourceNotFound = _says("Resource {logical_id} does not exist for stack {name}")
PhysicalIdUnknown = _says("Stack for {id} does not exist")
StackProtected = _says("Stack [{name}] cannot be deleted while TerminationProtection is enabled")
StackOfAnother = _says("TerminationProtection cannot be changed on nested stacks. Change it on the root stack [{root}]")
StackBusy = _says("Stack:{id} is in {status} state and can not be {action}.")
RetainTooEarly = _says(
    "The resources to retain can be given only for a stack in DELETE_FAILED state; [{name}] is in {status}"
)
NothingToUpdate = _says("No updates are to be performed.")
CancelTooLate = _says("CancelUpdateStack cannot be called from current stack status")
RollbackNotFailed = _says("Stack:{id} is in {status} state and can not be rolled back.")
NameInvalid = _says(
    "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: {pattern}"
)
TemplateAmbiguous = _says("Either Template URL or Template Body must be specified.")
TemplateTooLong = _says(
    "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: "
    "Member must have length less than or equal to 51200"
)
TemplateUrlInvalid = _says("TemplateURL must be a supported URL.")
TemplateUnreadable = _says(
    "S3 error: {reason}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
)
TypesUnknown = _says("Template format error: Unrecognized resource types: [{names}]")
SnapshotUnsupported = _says("Template error: resource type {type} does not support deletion policy Snapshot")
ResourceNotAllowed = _says("Resource types not allowed by the ResourceTypes parameter: [{names}]")
PreviousParameterMissing = _says(
    "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true for a parameter key not in "
    "the previous template"
)
RoleUnusable = _says("Role {role} is invalid or cannot be assumed")
TokenInvalid = _says("The specified NextToken is not valid.")
ChangeSetNeedsStack = _says("StackName must be specified if ChangeSetName is not specified as an ARN.")
StackExistsAlready = _says(
    "Stack [{name}] already exists and cannot be created again with the changeSet [{changeset}]."
)
ExportTaken = _says("Export with name {name} is already exported by stack {stack}. Rollback requested by user.")
ExportInUse = _says("Export {name} cannot be {action} as it is in use by {stacks}")
ExportNotImported = _says("Export '{name}' is not imported by any stack.")
CustomNamed = _says(
    "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
    "Rename {id} and update the stack again."
)
EmbeddedStackFailed = _says("Embedded stack {id} was not successfully {done}: {reason}")
NoResponse = _says(
    "CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId "
    "[{request}]. If you are using the Python cfn-response module, you may need to update your Lambda function "
    "code so that CloudFormation can attach the updated version."
)
ResponseFailed = _says(
    "Received response status [FAILED] from custom resource. Message returned: {reason} (RequestId: {request})"
)
ServiceTokenInvalid = _says("Invalid service token.")
ConditionFailed = _says("WaitCondition received failed message: '{reason}' for uniqueId: {unique_id}")
ConditionTimedOut = _says("WaitCondition timed out. Received {received} conditions when expecting {expected}")


class AlreadyExistsException(AwsError):
    words = "{kind} [{name}] already exists"


class InsufficientCapabilitiesException(AwsError):
    words = "Requires capabilities : [{names}]"


class ChangeSetNotFoundException(AwsError):
    words = "ChangeSet [{name}] does not exist"


class InvalidChangeSetStatusException(AwsError):
    words = "ChangeSet [{id}] cannot be {action} in its current status of [{status}]"
