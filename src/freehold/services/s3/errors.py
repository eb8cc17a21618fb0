"""How S3 says no.

One idea: the class is the error and its words stand once; values in capitals that the words do not use travel beside
Code and Message. It may not know when a refusal is due.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from freehold.kernel.errors import AwsError


class AccessDenied(AwsError):
    words = "Access Denied"
    status = 403


class Denied(AwsError):
    """As AccessDenied, in IAM's words."""

    words = "{denial}"
    code = "AccessDenied"
    status = 403


class BadDigest(AwsError):
    words = "The {algorithm} you specified did not match the calculated checksum."
    status = 400


class BadPartDigest(AwsError):
    words = "The {algorithm} you specified for part {number} did not match what we received."
    code = "BadDigest"
    status = 400


class BucketAlreadyExists(AwsError):
    words = (
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
        "Please select a different name and try again."
    )


class BucketAlreadyOwnedByYou(AwsError):
    words = "Your previous request to create the named bucket succeeded and you already own it."


class BucketNotEmpty(AwsError):
    words = "The bucket you tried to delete is not empty"
    status = 409


class VersionedBucketNotEmpty(AwsError):
    words = "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
    code = "BucketNotEmpty"
    status = 409


class ConditionalRequestConflict(AwsError):
    words = "The conditional request cannot succeed due to a conflicting operation against this resource."
    status = 409


class EntityTooLarge(AwsError):
    words = "Your proposed upload exceeds the maximum allowed size"
    status = 400


class EntityTooSmall(AwsError):
    words = "Your proposed upload is smaller than the minimum allowed size"
    status = 400


class HeaderNotImplemented(AwsError):
    """S3 itself does not do what a header asks."""

    words = "A header you provided implies functionality that is not implemented"
    code = "NotImplemented"
    status = 501


class IllegalLocationConstraintException(AwsError):
    words = (
        "The {constraint} location constraint is incompatible for the region specific endpoint "
        "this request was sent to."
    )
    status = 400


class InternalError(AwsError):
    words = "We encountered an internal error. Please try again."
    status = 500


class InvalidArgument(AwsError):
    words = "{reason}"
    status = 400


class InvalidBucketName(AwsError):
    words = "The specified bucket is not valid."
    status = 400


class InvalidBucketOwnerAWSAccountID(AwsError):
    words = "The value of the expected bucket owner parameter must be an AWS Account ID... [{owner}]"
    status = 400


class InvalidEncryptionAlgorithmError(AwsError):
    words = "The Encryption request you specified is not valid. Supported value: AES256."
    status = 400


class InvalidLocationConstraint(AwsError):
    words = "The specified location-constraint is not valid"
    status = 400


class InvalidObjectState(AwsError):
    words = "The operation is not valid for the object's storage class"


class InvalidPart(AwsError):
    words = (
        "One or more of the specified parts could not be found.  "
        "The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."
    )
    status = 400


class InvalidPartNumber(AwsError):
    words = "The requested partnumber is not satisfiable"
    status = 416


class InvalidPartOrder(AwsError):
    words = "The list of parts was not in ascending order. Parts must be ordered by part number."
    status = 400


class InvalidRange(AwsError):
    words = "The requested range is not satisfiable"
    status = 416


class InvalidRedirectLocation(AwsError):
    words = "The website redirect location must have a prefix of 'http://' or 'https://' or '/'."
    status = 400


class InvalidRequest(AwsError):
    words = "{reason}"
    status = 400


class InvalidStorageClass(AwsError):
    words = "The storage class you specified is not valid"
    status = 400


class InvalidTag(AwsError):
    words = "{reason}"
    status = 400


class KeyTooLongError(AwsError):
    words = "Your key is too long"
    status = 400


class KmsRefusal(AwsError):
    """What KMS says no to, in its words and under its name."""

    words = "{reason}"
    status = 400

    def shape(self) -> str:
        return f"KMS.{self.values['kind']}"


class MalformedPolicy(AwsError):
    words = "{reason}"
    status = 400


class MalformedXML(AwsError):
    words = "The XML you provided was not well-formed or did not validate against our published schema"
    status = 400


class MaxMessageLengthExceeded(AwsError):
    words = "Your request was too big."
    status = 400


class MetadataTooLarge(AwsError):
    words = "Your metadata headers exceed the maximum allowed metadata size"
    status = 400


class MethodNotAllowed(AwsError):
    words = "The specified method is not allowed against this resource."
    status = 405


class NoSuchBucket(AwsError):
    words = "The specified bucket does not exist"


class NoSuchBucketPolicy(AwsError):
    words = "The bucket policy does not exist"
    status = 404


class NoSuchCORSConfiguration(AwsError):
    words = "The CORS configuration does not exist"
    status = 404


class NoSuchKey(AwsError):
    words = "The specified key does not exist."


class NoSuchLifecycleConfiguration(AwsError):
    words = "The lifecycle configuration does not exist"
    status = 404


class NoSuchPublicAccessBlockConfiguration(AwsError):
    words = "The public access block configuration was not found"
    status = 404


class NoSuchTagSet(AwsError):
    words = "The TagSet does not exist"
    status = 404


class NoSuchUpload(AwsError):
    words = (
        "The specified upload does not exist. The upload ID may be invalid, "
        "or the upload may have been aborted or completed."
    )


class NoSuchVersion(AwsError):
    words = "The specified version does not exist."
    status = 404


class NoSuchWebsiteConfiguration(AwsError):
    words = "The specified bucket does not have a website configuration"
    status = 404


class NotModified(AwsError):
    words = "Not Modified"
    status = 304


class OwnershipControlsNotFoundError(AwsError):
    words = "The bucket ownership controls were not found"
    status = 404


class PolicyTooLarge(AwsError):
    words = "Policy exceeds the maximum allowed document size."
    code = "PolicyTooLarge"
    status = 400


class PermanentRedirect(AwsError):
    words = (
        "The bucket you are attempting to access must be addressed using the specified endpoint. "
        "Please send all future requests to this endpoint."
    )
    status = 301


class OtherRegion(AwsError):
    """The request was signed for a region in which the bucket does not lie."""

    words = "The authorization header is malformed; the region '{asked}' is wrong; expecting '{Region}'"
    code = "AuthorizationHeaderMalformed"
    status = 400


class PreconditionFailed(AwsError):
    words = "At least one of the pre-conditions you specified did not hold"
    status = 412


class TooManyTags(AwsError):
    words = "{reason}"
    code = "BadRequest"
    status = 400


class IllegalVersioningConfigurationException(AwsError):
    words = "The Versioning element must be specified"
    status = 400


class MissingSecurityHeader(AwsError):
    words = "Your request was missing a required header"
    status = 400


class WrongCustomerKey(AwsError):
    words = (
        "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key."
    )
    code = "AccessDenied"
    status = 403
