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
    words = "Invalid BackupArn: {arn}"


class TableAlreadyExistsException(AwsError):
    words = "Table already exists: {name}"


class ContinuousBackupsUnavailableException(AwsError):
    words = "Backups are being enabled for the table: {name}. Please retry later"


class TableInUseException(AwsError):
    words = "Table is being created: {name}"


class PointInTimeRecoveryUnavailableException(AwsError):
    words = "Point in time recovery is not enabled for table '{name}'"


class InvalidRestoreTimeException(AwsError):
    words = "Restore time must be within the restorable window: {earliest} to {latest}"


class RestoreTimeUnclear(ValidationException):
    words = "One and only one of RestoreDateTime and UseLatestRestorableTime must be given"


class SourceUnclear(ValidationException):
    words = "One and only one of SourceTableArn and SourceTableName must be given"


class RecoveryPeriodAlone(ValidationException):
    words = "RecoveryPeriodInDays can only be given where PointInTimeRecoveryEnabled is true"


class IndexNotInSource(ValidationException):
    words = "One or more parameter values were invalid: the source table has no index: {index}"
