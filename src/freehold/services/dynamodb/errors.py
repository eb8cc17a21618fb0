"""How DynamoDB refuses what meets its tables; what expressions and values are refused for stands in the engine.

One idea: a class is a sentence, and a code may have several. It may not know tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from freehold.engines.expressions import ValidationException
from freehold.engines.expressions.errors import INVALID
from freehold.kernel.errors import AwsError

# Tables that are not as the request thinks


class ResourceNotFoundException(AwsError):
    words = "Requested resource not found"
    code = "ResourceNotFoundException"


class TableNotFound(ResourceNotFoundException):
    words = "Requested resource not found: Table: {name} not found"


class IndexNotFound(ResourceNotFoundException):
    words = "Requested resource not found: Index not found: {index} of Table: {table}"


class TokenInvalid(ValidationException):
    words = "Invalid Request: Provided nextToken is invalid"


class TaggedNotFound(ResourceNotFoundException):
    words = "Requested resource not found: ResourcArn: {arn} not found"  # The letter is missing in AWS's words too.


class WrongTableName(ValidationException):
    words = (
        "1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
    )


class TableNotFoundException(AwsError):
    words = "Table not found: {name}"


class AccessDeniedException(AwsError):
    """Another account's table, which only a policy on that table could open."""

    words = "User: {principal} is not authorized to access resource: {arn} because no resource-based policy allows it"
    status = 400


class TableExists(AwsError):
    words = "Table already exists: {name}"
    code = "ResourceInUseException"


class TableHeld(AwsError):
    words = "Table is being used by another control plane operation: {name}"
    code = "ResourceInUseException"


class TableBeingMade(AwsError):
    words = "Attempt to change a resource which is still in use: Table is being created: {name}"
    code = "ResourceInUseException"


class TableProtected(ValidationException):
    words = (
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
    )


# Streams


class StreamAlready(ValidationException):
    words = "Table already has an enabled stream: TableName: {name}"


class NoStreamToDisable(ValidationException):
    words = "Table has no stream to disable: TableName: {name}"


class ViewMissing(ValidationException):
    words = INVALID + "If stream is being enabled then UpdateViewType is required"


class ViewWithoutStream(ValidationException):
    words = INVALID + "If stream is being disabled, then UpdateViewType must not be specified"


class NewViewMissing(ValidationException):
    words = INVALID + "Table is being created with a stream enabled, UpdateViewType is required"


class NewViewWithoutStream(ValidationException):
    words = INVALID + "Table is being created with a stream disabled, UpdateViewType should not be specified"


# Time to live


class TimeToLiveAlready(ValidationException):
    words = "TimeToLive is already {state}"


class TimeToLiveElsewhere(ValidationException):
    words = "TimeToLive is active on a different AttributeName: current AttributeName is {name}"


# Items


class ConditionalCheckFailedException(AwsError):
    words = "The conditional request failed"


class ProvisionedThroughputExceededException(AwsError):
    words = (
        "The level of configured provisioned throughput for the table was exceeded. "
        "Consider increasing your provisioning level with the UpdateTable API."
    )


class IndexThroughputExceeded(ProvisionedThroughputExceededException):
    words = (
        "The level of configured provisioned throughput for one or more global secondary indexes of the table was "
        "exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes with "
        "the UpdateTable API"
    )
    code = "ProvisionedThroughputExceededException"


class DuplicateItemException(ConditionalCheckFailedException):
    words = "Duplicate primary key exists in table"


class ReturnValuesRefused(ValidationException):
    words = "ReturnValues can only be ALL_OLD or NONE"


class KeyUpdated(ValidationException):
    words = INVALID + "Cannot update attribute {name}. This attribute is part of the key"


class IndexKeyMismatch(ValidationException):
    words = INVALID + "Type mismatch for Index Key {name} Expected: {expected} Actual: {actual} IndexName: {index}"


class IndexKeyUpdateMismatch(ValidationException):
    words = "The update expression attempted to update the secondary index key to unsupported type"


class IndexKeyEmpty(ValidationException):
    words = (
        "One or more parameter values are not valid. A value specified for a secondary index key is not supported. "
        "The AttributeValue for a key attribute cannot contain an empty {type} value. "
        "IndexName: {index}, IndexKey: {name}"
    )


class KeysAreScalars(ValidationException):
    words = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: {kind}: {name}"


class ItemsRepeated(ValidationException):
    words = "Provided list of item keys contains duplicates"


class BatchTooLong(ValidationException):
    words = "Too many items requested for the {operation} call"


# Transactions


class TransactionCanceledException(AwsError):
    words = "Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"


class IdempotentParameterMismatchException(AwsError):
    words = "Transaction request has been previously executed with different parameters"


class TransactionRepeatsItem(ValidationException):
    words = "Transaction request cannot include multiple operations on one item"


class TransactionEntryUnclear(ValidationException):
    words = "TransactItems can only contain one of Check, Put, Update or Delete"


class TransactionTooLarge(ValidationException):
    words = "Collection size cannot exceed 4194304 bytes"
