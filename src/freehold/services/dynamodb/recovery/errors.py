"""How recovery says no. It may not know backups.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from freehold.engines.expressions import ValidationException
from freehold.kernel.errors import AwsError


class BackupNotFoundException(AwsError):
    words = "Backup not found: {arn}"


class BackupInUseException(AwsError):
    words = "Backup is being created or restored: {arn}"


class BackupArnInvalid(ValidationException):
    words = "Invalid Backup ARN"


class TableAlreadyExistsException(AwsError):
    words = "Table already exists: {name}"


class TableInUseException(AwsError):
    words = "Table is already being restored: {name}"


class PointInTimeRecoveryUnavailableException(AwsError):
    words = "Point in time recovery is not enabled for table '{name}'"


class InvalidRestoreTimeException(AwsError):
    words = "Restore time must be within the restorable window: {earliest} to {latest}"


class RestoreTimeUnclear(ValidationException):
    words = "Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both"


class SourceUnclear(ValidationException):
    words = "Invalid Request: Must provide exactly one of: sourceTableArn, sourceTableName"


class RecoveryPeriodAlone(ValidationException):
    words = "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery."


class IndexNotInSource(ValidationException):
    words = (
        "Invalid Request: Index {index} does not match a secondary index that existed in the source table "
        "and cannot be created during the restore operation"
    )


class SystemBackup(ValidationException):
    words = (
        "Invalid Request: User is not allowed to delete the system backup with arn {arn}. "
        "It will automatically expire on {moment}"
    )


class UnitsOnDemand(ValidationException):
    words = "Invalid Request: Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST"


class UnitsMissing(ValidationException):
    words = "Invalid Request: Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED"


class IndexUnitsMissing(ValidationException):
    words = "Invalid Request: Must specify provisioned throughput for index {index}"


class AccessDeniedException(AwsError):
    words = "Access is denied"
    status = 400
