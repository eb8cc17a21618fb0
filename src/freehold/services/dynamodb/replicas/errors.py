"""How replicas are refused. It may not know tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables_HowItWorks.html
"""

from freehold.engines.expressions import ValidationException
from freehold.engines.expressions.errors import INVALID
from freehold.kernel.errors import AwsError


class ReplicaTaken(ValidationException):
    words = (
        "Failed to create a the new replica of table with name: \u2018{name}\u2019 "
        "because one or more replicas already existed as tables."
    )


class ReplicaUnknown(ValidationException):
    words = (
        "Update global table operation failed because one or more replicas were not part of the global table. "
        "Please retry the request without these replicas: [{region}]."
    )


class ReplicaHere(ValidationException):
    words = (
        "Cannot add or delete the local region through ReplicaUpdates. "
        "Use CreateTable, DeleteTable, or UpdateTable as required."
    )


class ReplicaUpdateEmpty(ValidationException):
    words = "There are no actions specified in the Replica Update Action of the request."


class TooManyReplicaUpdates(ValidationException):
    words = "Update table operation with more than one create or delete replica actions not allowed."


class RegionUnknown(ValidationException):
    words = "Region {region} is not supported."


class ReplicaNotElastic(ValidationException):
    words = "Table write capacity should either be Pay-Per-Request or AutoScaled."


class ReplicaProtected(ValidationException):
    words = (
        "Cannot delete table {name} in region {region} because it has deletion protection enabled. "
        "Disable deletion protection first."
    )


class StreamOfReplica(ValidationException):
    words = INVALID + "Disabling Stream is not allowed for a Global Table replica."


class ReplicaKeyFixed(ValidationException):
    words = INVALID + "KMSMasterKeyId of a replica can only be changed by SSESpecification in its region."


class LegacyVersion(ValidationException):
    words = (
        INVALID + "DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB global "
        "tables version 2019.11.21, instead of version 2017.11.29 (Legacy)."
    )


class GlobalTableNotFoundException(AwsError):
    words = "Global table not found: Global table with name: '{name}' does not exist."
