"""How locks say no. It may not know when a refusal is due.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from freehold.kernel.errors import AwsError


class Locked(AwsError):
    words = "Access Denied because object protected by object lock."
    code = "AccessDenied"
    status = 403


class NoVersioning(AwsError):
    words = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
    code = "InvalidBucketState"
    status = 409


class VersioningNeeded(AwsError):
    words = "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
    code = "InvalidBucketState"
    status = 409


class NoSuchObjectLockConfiguration(AwsError):
    words = "The specified object does not have a ObjectLock configuration"
    status = 404


class ObjectLockConfigurationNotFoundError(AwsError):
    words = "Object Lock configuration does not exist for this bucket"
    status = 404
