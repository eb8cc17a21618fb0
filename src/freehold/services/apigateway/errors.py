"""How API Gateway's control plane says no.

One idea: a class is a sentence; most share the codes BadRequestException and NotFoundException. It may not know APIs.

https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html
"""

from freehold.kernel.errors import AwsError


class BadRequestException(AwsError):
    words = "{message}"
    status = 400


class InvalidPatchPath(AwsError):
    words = (
        "Invalid patch path  '{path}' specified for op '{op}'. Must be one of: [{allowed}]"  # Both spaces are AWS's.
    )
    code = "BadRequestException"


class InvalidPatchValue(AwsError):
    words = "Invalid patch value  '{value}' specified for op '{op}'. Must be {kind}"
    code = "BadRequestException"


class InvalidPatchOperation(AwsError):
    words = (
        "Member must satisfy enum value set: [add, remove, move, test, replace, copy]; "
        "'{op}' is not supported on '{path}'"
    )
    code = "BadRequestException"


class BadPathPart(AwsError):
    words = (
        "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the "
        "beginning and the end."
    )
    code = "BadRequestException"


class ChildOfGreedy(AwsError):
    words = "Cannot create a child of a resource with a greedy path variable: {path}"
    code = "BadRequestException"


class RootIsFixed(AwsError):
    words = "Root resource cannot be deleted."
    code = "BadRequestException"


class NameMissing(AwsError):
    words = "API Name cannot be blank"
    code = "BadRequestException"


class NoMethods(AwsError):
    words = "The REST API doesn't contain any methods"
    code = "BadRequestException"


class NoIntegration(AwsError):
    words = "No integration defined for method"
    code = "BadRequestException"


class DeploymentInUse(AwsError):
    words = "Active stages pointing to this deployment must be moved or deleted"
    code = "BadRequestException"


class UnknownValidator(AwsError):
    words = "Invalid Request Validator identifier specified"
    code = "BadRequestException"


class UnknownAuthorizer(AwsError):
    words = (
        "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a "
        "valid authorizer."
    )
    code = "BadRequestException"


class UnknownModel(AwsError):
    words = "Invalid model identifier specified: {name}"
    code = "BadRequestException"


class ModelInUse(AwsError):
    words = "Cannot delete model '{name}', is referenced in method request: {where}"
    code = "ConflictException"


class InvalidResponseType(AwsError):
    words = (
        "1 validation error detected: Value '{kind}' at 'responseType' failed to satisfy constraint: "
        "Member must satisfy enum value set: [{kinds}]"
    )
    code = "ValidationException"
    status = 400


class InvalidPosition(AwsError):
    words = "Invalid position specified"
    code = "BadRequestException"


class NotFoundException(AwsError):
    words = "Invalid API identifier specified {account}:{api}"
    status = 404


class ResourceNotFound(AwsError):
    words = "Invalid Resource identifier specified"
    code = "NotFoundException"


class MethodNotFound(AwsError):
    words = "Invalid Method identifier specified"
    code = "NotFoundException"


class IntegrationNotFound(AwsError):
    words = "Invalid Integration identifier specified"
    code = "NotFoundException"


class ResponseNotFound(AwsError):
    words = "Invalid Response status code specified"
    code = "NotFoundException"


class DeploymentNotFound(AwsError):
    words = "Invalid Deployment identifier specified"
    code = "NotFoundException"


class StageNotFound(AwsError):
    words = "Invalid stage identifier specified"
    code = "NotFoundException"


class PartNotFound(AwsError):
    words = "Invalid {what} identifier specified"
    code = "NotFoundException"


class ModelNotFound(AwsError):
    words = "Invalid model name specified: {name}"
    code = "NotFoundException"


class TaggedNotFound(AwsError):
    words = "Invalid ARN specified in the request: {arn}"
    code = "NotFoundException"


class ConflictException(AwsError):
    words = "Another resource with the same parent already has this name: {name}"


class VariableSibling(AwsError):
    words = "A sibling ({sibling}) of this resource already has a variable path part -- only one is allowed"
    code = "BadRequestException"


class MethodExists(AwsError):
    words = "Method already exists for this resource"
    code = "ConflictException"


class ResponseExists(AwsError):
    words = "Response already exists for this resource"
    code = "ConflictException"


class BadStageName(AwsError):
    words = "Stage name only allows a-zA-Z0-9_-"
    code = "BadRequestException"


class StageExists(AwsError):
    words = "Stage already exists"
    code = "ConflictException"


class NameTaken(AwsError):
    words = "{what} name already exists for this REST API"
    code = "ConflictException"
