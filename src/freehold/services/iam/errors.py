"""How IAM says no. One idea: a sentence is a class, under the code it is answered with. It may not know why.

https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
"""

from freehold.kernel.errors import AwsError


class ValidationError(AwsError):
    words = "{reason}"


class NotUserCredentials(ValidationError):
    words = "Must specify userName when calling with non-User credentials"
    code = "ValidationError"


class MissingAuthenticationToken(AwsError):
    words = "Request is missing Authentication Token"
    status = 403


class InvalidClientTokenId(AwsError):
    words = "The security token included in the request is invalid."
    status = 403


class ExpiredToken(AwsError):
    words = "The security token included in the request is expired"
    status = 403


class InvalidInput(AwsError):
    words = "ARN {arn} is not valid."


class NoSuchEntity(AwsError):
    """`what` is as IAM names the kind: `role`, `user policy`."""

    words = "The {what} with name {name} cannot be found."
    code = "NoSuchEntity"


class NoSuchProfile(NoSuchEntity):
    words = "Instance Profile {name} cannot be found."


class NoSuchPolicy(NoSuchEntity):
    words = "Policy {arn} was not found."


class NotAttachable(NoSuchEntity):
    words = "Policy {arn} does not exist or is not attachable."


class NoSuchBoundary(NoSuchEntity):
    words = "Scope ARN: {arn} does not exist or is not attachable."


class NoSuchVersion(NoSuchEntity):
    words = "Policy {arn} version {version} does not exist or is not attachable."


class NoSuchKey(NoSuchEntity):
    words = "The Access Key with id {id} cannot be found."


class NoSuchTask(NoSuchEntity):
    words = "Deletion task {id} was not found."


class NotInProfile(NoSuchEntity):
    words = "The role with name {name} cannot be found in instance profile {profile}."


class EntityAlreadyExists(AwsError):
    """`what` is as IAM names the kind: `Role`, `User`."""

    words = "{what} with name {name} already exists."
    code = "EntityAlreadyExists"


class PolicyExists(EntityAlreadyExists):
    words = "A policy called {name} already exists. Duplicate names are not allowed."


class ProfileExists(EntityAlreadyExists):
    words = "Instance Profile {name} already exists."


class DeleteConflict(AwsError):
    """`first` says what stands in the way."""

    words = "Cannot delete entity, must {first} first."
    code = "DeleteConflict"


class PolicyInUse(DeleteConflict):
    words = "Cannot delete a policy attached to entities."


class PolicyHasVersions(DeleteConflict):
    words = (
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
        "The default version is deleted with the policy."
    )


class DefaultVersion(DeleteConflict):
    words = "Cannot delete the default version of a policy."


class LimitExceeded(AwsError):
    words = "Cannot exceed quota for {quota}: {limit}"
    code = "LimitExceeded"


class InlineTooLong(LimitExceeded):
    words = "Maximum policy size of {limit} bytes exceeded for {noun} {name}"


class TooManyVersions(LimitExceeded):
    words = (
        "A managed policy can have up to {limit} versions. Before you create a new version, you must delete an "
        "existing version."
    )


class UnmodifiableEntity(AwsError):
    words = "Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
    code = "UnmodifiableEntity"


class NotLinked(AwsError):
    words = "The role {name} is not a service-linked role."
    code = "InvalidInput"
