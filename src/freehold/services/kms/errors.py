"""How KMS says no. One idea: a class is a sentence. It may not know keys."""

from freehold.kernel.errors import AccessDenied, AwsError


class ValidationException(AwsError):
    words = "{reason}"
    code = "ValidationException"
    status = 400


class NotFoundException(AwsError):
    words = "{reason}"
    code = "NotFoundException"


class KeyNotThere(NotFoundException):
    words = "Key '{arn}' does not exist"


class KeyIdInvalid(NotFoundException):
    words = "Invalid keyId '{id}'"


class ArnElsewhere(NotFoundException):
    words = "Invalid arn {region}"


class AliasNotThere(NotFoundException):
    words = "Alias {arn} is not found."


class InvalidArnException(AwsError):
    words = "Invalid arn {arn}"


class StrangerRefused(AccessDenied):
    words = (
        "User: {principal} is not authorized to perform: {action} on this resource because the resource does not exist "
        "in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"
    )
    code = "AccessDeniedException"


class Refused(AccessDenied):
    code = "AccessDeniedException"


class CiphertextOfOthers(AccessDenied):
    words = (
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are "
        "not allowed to access."
    )
    code = "AccessDeniedException"


class DisabledException(AwsError):
    words = "{arn} is disabled."


class KMSInvalidStateException(AwsError):
    words = "{reason}"
    code = "KMSInvalidStateException"


class PendingDeletion(KMSInvalidStateException):
    words = "{arn} is pending deletion."


class PendingImport(KMSInvalidStateException):
    words = "{arn} is pending import."


class NotPendingDeletion(KMSInvalidStateException):
    words = "{arn} is not pending deletion."


class MaterialAlreadyPending(KMSInvalidStateException):
    words = (
        "New key material (id: {new}) cannot be imported into KMS key {arn}, because another key material (id: {old}) "
        "is pending rotation."
    )


class NothingPending(KMSInvalidStateException):
    words = "No available key material pending rotation for the key: {arn}."


class InvalidKeyUsageException(AwsError):
    words = "{arn} key usage is {usage} which is not valid for {operation}."
    code = "InvalidKeyUsageException"


class AlgorithmIncompatible(InvalidKeyUsageException):
    words = "Algorithm {algorithm} is incompatible with key spec {spec}."


class IncorrectKeyException(AwsError):
    words = "The key ID in the request does not identify a CMK that can perform this operation."


class InvalidCiphertextException(AwsError):
    words = ""


class KMSInvalidSignatureException(AwsError):
    words = ""


class KMSInvalidMacException(AwsError):
    words = ""


class UnsupportedOperationException(AwsError):
    words = ""
    code = "UnsupportedOperationException"


class OriginUnsupported(UnsupportedOperationException):
    words = "{arn} origin is {origin} which is not valid for this operation."


class NotPrimary(UnsupportedOperationException):
    words = "{arn} is not a multi-region primary key."


class AlreadyExistsException(AwsError):
    words = "An alias with the name {arn} already exists"
    code = "AlreadyExistsException"


class ReplicaAlreadyThere(AlreadyExistsException):
    words = "The key {arn} already exists"


class InvalidAliasNameException(AwsError):
    words = "Alias contains invalid characters. Please see the documentation for the rules of alias names."


class AliasOfAws(AwsError):
    words = "Aliases that begin with alias/aws/ are reserved for AWS."
    code = "NotAuthorizedException"
    status = 400


class TagException(AwsError):
    words = "{reason}"


class LimitExceededException(AwsError):
    words = (
        "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be "
        "performed for this key: {arn}"
    )


class MalformedPolicyDocumentException(AwsError):
    words = "{reason}"
    code = "MalformedPolicyDocumentException"


class PolicyLocksOut(MalformedPolicyDocumentException):
    words = "The new key policy will not allow you to update the key policy in the future."


class DryRunOperationException(AwsError):
    words = "The request would have succeeded, but the DryRun option is set."


class InvalidMarkerException(AwsError):
    words = "The marker is not valid."


class InvalidGrantTokenException(AwsError):
    words = "The grant token is not valid."


class InvalidGrantIdException(AwsError):
    words = "The grant ID is not valid."


class GrantNotThere(NotFoundException):
    words = "Grant ID {id} not found"


class InvalidImportTokenException(AwsError):
    words = "The import token is not valid for this key."


class ExpiredImportTokenException(AwsError):
    words = "The import token has expired."


class IncorrectKeyMaterialException(AwsError):
    words = "The key material that you imported does not match what was imported before."


# The sentences of ValidationException that are said in one place each.
ALIAS_PREFIX = (
    'Alias must start with the prefix "alias/". Please see '
    "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
)
USAGE_MISSING = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
USAGE_INCOMPATIBLE = "KeyUsage {usage} is not compatible with KeySpec {spec}"
SPECS_DIFFER = (
    "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated."
)
ALIAS_KINDS_DIFFER = "Alias must be moved to a key of the same type and usage."
CIPHERTEXT_MISSING = "CiphertextBlob is required."
GRANTEE_MISSING = "GranteePrincipal or GranteeServicePrincipal is required."
GRANT_UNCLEAR = "Either a grant token, or a key ID and a grant ID must be specified."
NO_SUCH_POLICY = "No such policy exists"
TOO_LONG = "Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {most} bytes."
DIGEST_LENGTH = "Digest is invalid length for algorithm {algorithm}."
BYTES_MISSING = "NumberOfBytes is required."
LENGTH_UNCLEAR = "Please specify either number of bytes or key spec."
VALID_TO_MISSING = "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES"
VALID_TO_UNWANTED = "A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE"
VALID_TO_OUTSIDE = "The validTo date must be in the future, at most 365 days from now."
KEY_ID_MISSING = "KeyId is required for asymmetric encryption algorithms."
TAGS_TOO_MANY, TAGS_TWICE = "Too many tags", "Duplicate tag keys"
TAGS_OF_AWS = "Tags beginning with aws: are reserved"
