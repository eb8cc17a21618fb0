"""How transfers say no, and how they fail. It may not know objects.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
"""

from freehold.engines.expressions import ValidationException
from freehold.engines.expressions.errors import INVALID
from freehold.kernel.errors import AwsError

CONFLICT = "Duplicate request detected with conflicting parameters"
PERIOD = "Incremental export period "


class TableArnInvalid(ValidationException):
    words = INVALID + "tableArn is not a valid ARN"


class TableArnOfOtherKind(ValidationException):
    words = "Invalid Request: Table ARN is invalid."


class AccessDeniedException(AwsError):
    words = "Access is denied"
    status = 400


class ExportConflictException(AwsError):
    words = "Export conflict: " + CONFLICT


class ImportConflictException(AwsError):
    words = "Import conflict: " + CONFLICT


class ExportNotFoundException(AwsError):
    words = "Export not found: {arn}"


class ImportNotFoundException(AwsError):
    words = "Import not found: {arn}"


class ExportArnInvalid(ValidationException):
    words = "Invalid Export ARN"


class ImportArnInvalid(ValidationException):
    words = "Invalid Import ARN"


class InvalidExportTimeException(AwsError):
    words = "Export Time is invalid"


class PeriodInvalid(InvalidExportTimeException):
    words = PERIOD + "{what} : {moment}"
    code = "InvalidExportTimeException"


class PeriodTooShort(InvalidExportTimeException):
    words = "Difference between export period from time and export period to time is less than 15 minutes"
    code = "InvalidExportTimeException"


class PeriodTooLong(InvalidExportTimeException):
    words = "Difference between export period from time and export period to time is greater than 24 hours"
    code = "InvalidExportTimeException"


class RequestInvalid(ValidationException):
    words = "Invalid Request: {reason}"


# The sentences of RequestInvalid.
WITHOUT_PERIOD = "Incremental Export Specification expected when export type is set as Incremental Export"
PERIOD_UNASKED = "Export Type expected to be Incremental Export when incremental export specification is provided"
PERIOD_OF_ALL = "When Export Type is Full Export , Incremental Export Specification should not be provided"
NO_BEGIN = "ExportFromTime must be provided in IncrementalExportSpecification"
KEY_UNASKED = "KMS Key Id is not supported for this encryption type"
FILTER_EMPTY = "Invalid FilterSpecification: The specification can not be empty"
OPTIONS_UNFIT = "Unsupported InputFormatOptions for the given input format: {format}."
