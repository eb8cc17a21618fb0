"""How DynamoDB refuses what meets its tables; what expressions and values are refused for stands in the engine.

One idea: a class is a sentence, and a code may have several. It may not know tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from freehold.engines.expressions import ValidationException
from freehold.engines.expressions.errors import INVALID
from freehold.kernel.errors import AwsError

INVALID_SCHEMA = "Invalid KeySchema: "


# Tables that are not as the request thinks


class ResourceNotFoundException(AwsError):
    words = "Requested resource not found"
    code = "ResourceNotFoundException"


class TableNotFound(ResourceNotFoundException):
    words = "Requested resource not found: Table: {name} not found"


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


class LimitExceededException(AwsError):
    words = "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"


class TableProtected(ValidationException):
    words = (
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
    )


# Streams


class StreamAlready(ValidationException):
    words = "Table already has {state} enabled stream: TableName: {name}"


class ViewMissing(ValidationException):
    words = "One or more parameter values were invalid: StreamViewType must be given where StreamEnabled is true"


class ViewWithoutStream(ValidationException):
    words = "One or more parameter values were invalid: StreamViewType must not be given where StreamEnabled is false"


# Descriptions of tables and indexes


class MemberMissing(ValidationException):
    words = (
        "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
    )


class BadName(ValidationException):
    words = (
        "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, "
        "and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'"
    )


class UnitsOnDemand(ValidationException):
    words = (
        INVALID
        + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
    )


class UnitsMissing(ValidationException):
    words = INVALID + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"


class IndexUnitsOnDemand(ValidationException):
    words = (
        INVALID + "ProvisionedThroughput should not be specified for index: {index} when BillingMode is PAY_PER_REQUEST"
    )


class IndexUnitsMissing(ValidationException):
    words = INVALID + "ProvisionedThroughput must be specified for index: {index}"


class UnitsUnchanged(ValidationException):
    words = (
        "The provisioned throughput for the {what} will not change. The requested value equals the current value. "
        "Current ReadCapacityUnits provisioned for the {what}: {read}. Requested ReadCapacityUnits: {read}. "
        "Current WriteCapacityUnits provisioned for the {what}: {write}. Requested WriteCapacityUnits: {write}. "
        "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
    )


class AttributesUnmatched(ValidationException):
    words = (
        INVALID + "Number of attributes in KeySchema does not exactly match "
        "number of attributes defined in AttributeDefinitions"
    )


class AttributesUnused(ValidationException):
    words = (
        INVALID + "Some AttributeDefinitions are not used. AttributeDefinitions: [{attributes}], keys used: [{keys}]"
    )


class AttributeDefinedTwice(ValidationException):
    words = "Duplicate AttributeName in AttributeDefinitions: {name}"


class AttributeIncludedTwice(ValidationException):
    words = INVALID + "Duplicate attribute names are not allowed in NonKeyAttributes"


class KeysUndefined(ValidationException):
    words = (
        INVALID + "Some index key attributes are not defined in AttributeDefinitions. "
        "Keys: [{keys}], AttributeDefinitions: [{attributes}]"
    )


class TooManyKeys(ValidationException):
    words = INVALID_SCHEMA + "KeySchema has {count} elements, and a table has at most 2"


class TooManyKeyAttributes(ValidationException):
    words = INVALID_SCHEMA + "An index has at most {most} attributes of the {role} key type"


class HashAfterRange(ValidationException):
    words = INVALID_SCHEMA + "All HASH key attributes must precede the RANGE key attributes"


class SameKeyTwice(ValidationException):
    words = "Both the Hash Key and the Range Key element in the KeySchema have the same name"


class WrongKeyRole(ValidationException):
    words = INVALID_SCHEMA + "The {ordinal} KeySchemaElement is not a {role} key type"


class EmptyIndexList(ValidationException):
    words = INVALID + "List of {kind} is empty"


class TooManyLocalIndexes(ValidationException):
    words = INVALID + "Number of LocalSecondaryIndexes exceeds per-table limit of {most}"


class TooManyGlobalIndexes(ValidationException):
    words = INVALID + "GlobalSecondaryIndex count exceeds the per-table limit of {most}"


class DuplicateIndex(ValidationException):
    words = INVALID + "Duplicate index name: {index}"


class LocalWithoutTableRange(ValidationException):
    words = (
        INVALID + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
    )


class LocalWithoutRange(ValidationException):
    words = INVALID + "Index KeySchema does not have a range key for index: {index}"


class LocalWithOtherHash(ValidationException):
    words = (
        INVALID + "Index KeySchema does not have the same leading hash key as table KeySchema for index: {index}. "
        "index hash key: {ours}, table hash key: {theirs}"
    )


class ProjectionUnknown(ValidationException):
    words = INVALID + "Unknown ProjectionType: null"


class ProjectionNeedsNoAttributes(ValidationException):
    words = INVALID + "ProjectionType is {projection}, but NonKeyAttributes is specified"


class ProjectionNeedsAttributes(ValidationException):
    words = INVALID + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"


class NothingToUpdate(ValidationException):
    words = (
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
        "SSESpecification or ReplicaUpdates is required"
    )


class IndexUpdateEmpty(ValidationException):
    words = (
        INVALID + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
        "GlobalSecondaryIndexUpdate.Delete must not be null"
    )


class IndexExists(ValidationException):
    words = "Attempting to create an index which already exists"


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
