"""How reads are refused for what they ask of a table or an index. It may not know how items lie.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
"""

from freehold.engines.expressions import ValidationException
from freehold.engines.expressions.errors import INVALID, INVALID_START


class IndexUnknown(ValidationException):
    words = "The table does not have the specified index: {index}"


class IndexUnready(ValidationException):
    words = "Cannot read from backfilling global secondary index: {index}"


class ConsistentIndexRead(ValidationException):
    words = "Consistent reads are not supported on global secondary indexes"


class KeyConditionMissing(ValidationException):
    words = "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."


class KeyFiltered(ValidationException):
    words = "{what} can only contain non-primary key attributes: Primary key attribute: {name}"


class ProjectedWithoutIndex(ValidationException):
    words = INVALID + "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"


class AllOfPartialIndex(ValidationException):
    words = (
        INVALID + "Select type ALL_ATTRIBUTES is not supported for global secondary index {index} "
        "because its projection type is not ALL"
    )


class NotProjected(ValidationException):
    words = INVALID + "Global secondary index {index} does not project [{names}]"


class SpecificWithoutNames(ValidationException):
    words = (
        INVALID + "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
    )


class NamesWithSelect(ValidationException):
    words = "Cannot specify the {parameter} when choosing to get {what}"


class StartKeyWithoutSort(ValidationException):
    words = "The provided exclusive start key is invalid: ExclusiveStartKey: {{{key}}}"


class StartKeyAtOneRow(ValidationException):
    words = "The query can return at most one row and cannot be restarted"


class StartKeyFault(ValidationException):
    words = INVALID_START + ": {fault}"


class StartKeyOutside(ValidationException):
    words = "The provided starting key is outside query boundaries based on provided conditions"


class StartKeyMismatch(ValidationException):
    words = "The provided starting key does not match the range key predicate"


class StartKeyInOtherSegment(ValidationException):
    words = (
        INVALID_START + ": Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. "
        "TotalSegments: {total} Segment: {segment}"
    )


class SegmentsMissing(ValidationException):
    words = "The {missing} parameter is required but was not present in the request when {given} is present"


class SegmentTooHigh(ValidationException):
    words = (
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
        "Segment: {segment} is not less than TotalSegments: {total}"
    )
