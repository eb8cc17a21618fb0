"""How access logging is refused."""

from freehold.kernel.errors import AwsError


class InvalidTargetBucketForLogging(AwsError):
    words = "{reason}"
    status = 400


class CrossLocationLoggingProhibitted(AwsError):
    words = "Cross S3 location logging not allowed. "
    status = 403
