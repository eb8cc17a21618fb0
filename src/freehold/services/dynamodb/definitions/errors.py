"""How descriptions of tables and indexes are refused.

One idea: a class is a sentence, and a code may have several. It may not know tables.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

from freehold.engines.expressions import ValidationException
from freehold.engines.expressions.errors import INVALID
from freehold.kernel.errors import AwsError

INVALID_SCHEMA = "Invalid KeySchema: "


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


class IndexLimitReached(AwsError):
    """The same limit, met by an update."""

    words = TooManyGlobalIndexes.words
    code = "LimitExceededException"


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
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, "
        "SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
        "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required"
    )


class IndexUpdateEmpty(ValidationException):
    words = (
        INVALID + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
        "GlobalSecondaryIndexUpdate.Delete must not be null"
    )


class IndexExists(ValidationException):
    words = "Attempting to create an index which already exists"


class LimitExceededException(AwsError):
    words = "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"


class KeyWithoutEncryption(ValidationException):
    words = INVALID + "{part} can not be specified if Enabled is false"


class EncryptionUnknown(ValidationException):
    words = INVALID + "SSEType {kind} is not supported"


class EncryptedAlready(ValidationException):
    words = INVALID + "Table is already encrypted by default"


class EncryptedWithKeyAlready(ValidationException):
    words = (
        INVALID + "Table is already encrypted with given KMSMasterKeyId. "
        "Use KMSMasterKeyId parameter if you want to change Master Key"
    )


class KeyRefused(ValidationException):
    words = "KMS validation error: com.amazonaws.services.kms.model.{code}: {reason}"


class KeyUnfit(ValidationException):
    words = "KMS key disabled error: com.amazonaws.services.kms.model.DisabledException: {key} is disabled."


class NotAlone(ValidationException):
    words = INVALID + "{what} modification must be the only operation in the request"


class CeilingWithUnits(ValidationException):
    words = INVALID + "{name} for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED"


class CeilingOutOfRange(ValidationException):
    words = INVALID + "Requested {name} for OnDemandThroughput for {what} is outside of valid range"


class IndexTwice(ValidationException):
    words = INVALID + "Only one global secondary index update per index is allowed simultaneously. Index: {index}"


class IndexActionsMixed(ValidationException):
    words = INVALID + "Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object"


class NotAGlobalIndex(ValidationException):
    words = "Cannot {action} an index that is not a GlobalSecondaryIndex: {index}"


class UnitsOnDemandUpdated(ValidationException):
    words = INVALID + "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST"


class UnitsMissingUpdated(ValidationException):
    words = INVALID + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"


class TagKeyOfAws(ValidationException):
    words = "Tag Key cannot be prefixed with aws:, Key: {key}"


class TagKeyTwice(ValidationException):
    words = "Duplicate Tag Keys provided as input: Duplicate Tag Key found {key}"


class TooManyTags(ValidationException):
    words = "Number of Tags exceed the current limit for the provided ResourceArn"


class TagMissing(ValidationException):
    words = "Atleast one {what} needs to be provided as Input."
