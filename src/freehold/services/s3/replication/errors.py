"""How replication is refused."""

from freehold.kernel.errors import AwsError


class ReplicationConfigurationNotFoundError(AwsError):
    words = "The replication configuration was not found"
    status = 404


class InvalidBucketState(AwsError):
    words = (
        "A replication configuration is present on this bucket, so you cannot change the versioning state. "
        "To change the versioning state, first delete the replication configuration."
    )
    status = 409
