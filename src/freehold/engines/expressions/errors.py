"""How DynamoDB refuses an expression or a value: one class a sentence, all answered as ValidationException.

One idea: `words` is the sentence and says all there is to say of its class; a raise gives only what varies. `kind` is
the request parameter at fault ("ConditionExpression"). The module knows neither grammar nor values.
"""

from freehold.kernel.errors import AwsError


class ValidationException(AwsError):
    """The request breaks a rule that can be told without looking at a table, or that the item at hand breaks."""

    code = "ValidationException"
    status = 400


INVALID = "One or more parameter values were invalid: "
INVALID_START = "The provided starting key is invalid"
OPERAND_TYPE = "Incorrect operand type for operator or function; "


# Values


class EmptyValue(ValidationException):
    words = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"


class AmbiguousValue(ValidationException):
    words = (
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
    )


class EmptyNumber(ValidationException):
    words = "The parameter cannot be converted to a numeric value"


class NotANumber(ValidationException):
    words = "The parameter cannot be converted to a numeric value: {text}"


class NumberOverflow(ValidationException):
    words = "Number overflow. Attempting to store a number with magnitude larger than supported range"


class NumberUnderflow(ValidationException):
    words = "Number underflow. Attempting to store a number with magnitude smaller than supported range"


class TooManyDigits(ValidationException):
    words = "Attempting to store more than 38 significant digits in a Number"


class FalseNull(ValidationException):
    words = INVALID + "Null attribute value types must have the value of true"


class EmptyStringSet(ValidationException):
    words = INVALID + "An string set  may not be empty"


class EmptyNumberSet(ValidationException):
    words = INVALID + "An number set  may not be empty"


class EmptyBinarySet(ValidationException):
    words = INVALID + "Binary sets should not be empty"


class DuplicateStrings(ValidationException):
    words = INVALID + "Input collection [{members}] contains duplicates."


class DuplicateNumbers(ValidationException):
    words = "Input collection contains duplicates"


class DuplicateBinaries(ValidationException):
    words = INVALID + "Input collection [{members}]of type BS contains duplicates."


class NestedTooDeep(ValidationException):
    words = (
        "Nesting Levels have exceeded supported limits: "
        "Attributes in the item have nested levels beyond supported limit"
    )


class ItemTooLarge(ValidationException):
    words = "Item size has exceeded the maximum allowed size"


class UpdatedItemTooLarge(ValidationException):
    words = "Item size to update has exceeded the maximum allowed size"


# Keys


class MissingKey(ValidationException):
    words = INVALID + "Missing the key {name} in the item"


class KeyTypeMismatch(ValidationException):
    words = INVALID + "Type mismatch for key {name} expected: {expected} actual: {actual}"


class KeySchemaMismatch(ValidationException):
    words = "The provided key element does not match the schema"


class EmptyKey(ValidationException):
    words = (
        "One or more parameter values are not valid. "
        "The AttributeValue for a key attribute cannot contain an empty {type} value. Key: {name}"
    )


class EmptyKeyElement(ValidationException):
    """As EmptyKey, of a request's Key: there AWS begins otherwise."""

    words = INVALID + "The AttributeValue for a key attribute cannot contain an empty {type} value. Key: {name}"


class EmptyAttributeName(ValidationException):
    words = INVALID + "Empty attribute name"


class HashKeyTooLong(ValidationException):
    words = INVALID + "Size of hashkey has exceeded the maximum size limit of2048 bytes"


class SortKeyTooLong(ValidationException):
    words = INVALID + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"


# Names and values of expressions


class EmptyPlaceholders(ValidationException):
    words = "{parameter} must not be empty"


class BadPlaceholder(ValidationException):
    words = '{parameter} contains invalid key: Syntax error; key: "{key}"'


class BadPlaceholderValue(ValidationException):
    words = "ExpressionAttributeValues contains invalid value: {fault} for key {key}"


class UnusedPlaceholders(ValidationException):
    words = "Value provided in {parameter} unused in expressions: keys: {{{keys}}}"


class UndefinedName(ValidationException):
    words = (
        "Invalid {kind}: An expression attribute name used in the document path is not defined; attribute name: {name}"
    )


class UndefinedValue(ValidationException):
    words = "Invalid {kind}: An expression attribute value used in expression is not defined; attribute value: {name}"


class NamesWithoutExpression(ValidationException):
    words = "ExpressionAttributeNames can only be specified when using expressions"


class ValuesWithoutExpression(ValidationException):
    words = "ExpressionAttributeValues can only be specified when using expressions: {parameters} null"


class MixedParameters(ValidationException):
    words = (
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {{{legacy}}} Expression parameters: {{{expressions}}}"
    )


# Expressions


class EmptyExpression(ValidationException):
    words = "Invalid {kind}: The expression can not be empty;"


class ExpressionTooLong(ValidationException):
    words = "Invalid {kind}: Expression size has exceeded the maximum allowed size; expression size: {size}"


class TooManyOperators(ValidationException):
    words = "Invalid {kind}: The expression contains too many operators; operator count: {count}"


class TooManyOperands(ValidationException):
    words = "Invalid {kind}: The IN operator is provided with too many operands; number of operands: {count}"


class ExpressionTooDeep(ValidationException):
    words = "Invalid {kind}: The expression is nested more than {depth_max} levels deep"


class PathTooDeep(ValidationException):
    words = "Invalid {kind}: The document path has too many nesting levels; nesting levels: {levels}"


class PlaceTooHigh(ValidationException):
    words = "Invalid {kind}: List index is not within the allowable range; index: [{place}]"


class BadSyntax(ValidationException):
    words = 'Invalid {kind}: Syntax error; token: "{token}", near: "{near}"'


class RedundantParentheses(ValidationException):
    words = "Invalid {kind}: The expression has redundant parentheses;"


class UnknownFunction(ValidationException):
    words = "Invalid {kind}: Invalid function name; function: {function}"


class MisusedFunction(ValidationException):
    words = "Invalid {kind}: The function is not allowed to be used this way in an expression; function: {function}"


class ReservedWord(ValidationException):
    words = "Invalid {kind}: Attribute name is a reserved keyword; reserved keyword: {word}"


class WrongOperandCount(ValidationException):
    words = (
        "Invalid {kind}: Incorrect number of operands for operator or function; "
        "operator or function: {function}, number of operands: {count}"
    )


class PathRequired(ValidationException):
    words = "Invalid {kind}: Operator or function requires a document path; operator or function: {function}"


class SameOperands(ValidationException):
    words = (
        "Invalid {kind}: The first operand must be distinct from the remaining operands for this operator or function; "
        "operator: {operator}, first operand: {path}"
    )


class WrongFunctionOperand(ValidationException):
    words = "Invalid {kind}: " + OPERAND_TYPE + "operator or function: {function}, operand type: {type}"


class WrongOperatorOperand(ValidationException):
    words = "Invalid {kind}: " + OPERAND_TYPE + "operator: {operator}, operand type: {type}"


class UnknownTypeName(ValidationException):
    words = "Invalid {kind}: Invalid attribute type name found; type: {type}, valid types: {{{valid}}}"


class BoundsOfTwoTypes(ValidationException):
    words = (
        "Invalid {kind}: The BETWEEN operator requires same data type for lower and upper bounds; "
        "lower bound operand: AttributeValue: {lower}, upper bound operand: AttributeValue: {upper}"
    )


class BoundsOutOfOrder(ValidationException):
    words = (
        "Invalid {kind}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
        "lower bound operand: AttributeValue: {lower}, upper bound operand: AttributeValue: {upper}"
    )


class OverlappingPaths(ValidationException):
    words = (
        "Invalid {kind}: Two document paths overlap with each other; "
        "must remove or rewrite one of these paths; path one: {one}, path two: {two}"
    )


class ConflictingPaths(ValidationException):
    words = (
        "Invalid {kind}: Two document paths conflict with each other; "
        "must remove or rewrite one of these paths; path one: {one}, path two: {two}"
    )


class RepeatedSection(ValidationException):
    words = 'Invalid {kind}: The "{section}" section can only be used once in an update expression;'


# Updates meeting an item


class PathNotInItem(ValidationException):
    words = "The document path provided in the update expression is invalid for update"


class WrongUpdateOperand(ValidationException):
    words = "An operand in the update expression has an incorrect data type"


class AttributeNotInItem(ValidationException):
    words = "The provided expression refers to an attribute that does not exist in the item"


class UpdateTypeMismatch(ValidationException):
    words = "Type mismatch for attribute to update"


# Key conditions and starting keys


class StartKeyInvalid(ValidationException):
    words = INVALID_START


class KeyOperatorRefused(ValidationException):
    words = "Invalid operator used in KeyConditionExpression: {operator}"


class KeyOperationNested(ValidationException):
    words = "KeyConditionExpressions cannot contain nested operations"


class KeyPathNested(ValidationException):
    words = "KeyConditionExpressions cannot have conditions on nested attributes"


class KeyNotFirst(ValidationException):
    words = (
        "Invalid condition in KeyConditionExpression: "
        "{operator} operator must have the key attribute as its first operand"
    )


class KeyNamesSeveral(ValidationException):
    words = "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"


class KeyNameMissing(ValidationException):
    words = "Invalid condition in KeyConditionExpression: No key attribute specified"


class KeyConditionRepeated(ValidationException):
    words = "KeyConditionExpressions must only contain one condition per key"


class KeyConditionCount(ValidationException):
    words = "Conditions can be of length 1 or 2 only"


class KeyConditionUnsupported(ValidationException):
    words = "Query key condition not supported"


class KeyElementMissed(ValidationException):
    words = "Query condition missed key schema element: {name}"


class KeyHashUnequal(ValidationException):
    words = "Query condition on HASH key attributes must be an equality for each of them: [{names}]"


class KeyRangeUnequal(ValidationException):
    words = (
        "Query condition on RANGE key attributes must be from left to right without gaps, "
        "with equality on all but the last: [{names}]"
    )


class KeyConditionType(ValidationException):
    words = INVALID + "Condition parameter type does not match schema type"


class NotIndexable(ValidationException):
    words = "Attempted conditional constraint is not an indexable operation"
