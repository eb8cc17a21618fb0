"""How DynamoDB refuses a PartiQL statement before it looks at a table: one class a sentence.

The words are AWS's where they are known. It may not know grammar.
"""

from freehold.engines.expressions.errors import ValidationException

ILL_FORMED = "Statement wasn't well formed, can't be processed: "


class UnexpectedToken(ValidationException):
    words = ILL_FORMED + "Unexpected term: {token} at position {position}"


class UnexpectedEnd(ValidationException):
    words = ILL_FORMED + "Unexpected end of statement"


class UnknownFunction(ValidationException):
    words = ILL_FORMED + "No such function: {function}"


class StrayCharacter(ValidationException):
    words = ILL_FORMED + "Invalid character at position {position}"


class SectionRepeatsValue(ValidationException):
    words = ILL_FORMED + "{function} must be given the path that it is assigned to"


class StatementTooLong(ValidationException):
    words = "Statement length exceeds maximum allowed size: {most}"


class TooDeep(ValidationException):
    words = ILL_FORMED + "Nested more than {most} levels deep"


class ParametersUnmatched(ValidationException):
    words = "Number of parameters in request and statement don't match."


class SetOfMixedTypes(ValidationException):
    words = "Members of a set must all be strings, all numbers or all binaries"


class ListExpected(ValidationException):
    words = "The operand of IN must be a list"


class ItemExpected(ValidationException):
    words = "The value of an INSERT statement must be a tuple"


class KeysWithoutEquality(ValidationException):
    words = "Where clause does not contain a mandatory equality on all key attributes"
