"""How configurations are refused."""

from freehold.kernel.errors import AwsError


class NoSuchConfiguration(AwsError):
    words = "The specified configuration does not exist."
    status = 404


class TooManyConfigurations(AwsError):
    words = "You are attempting to create a new configuration but have already reached the 1,000-configuration limit."
    status = 400


class InvalidS3DestinationBucket(AwsError):
    words = "The specified destination bucket is not valid."
    status = 400
