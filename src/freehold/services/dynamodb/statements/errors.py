"""How statements are refused once they are understood. It may not know tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
"""

from freehold.engines.expressions import ValidationException


class OrderWithoutWhere(ValidationException):
    words = "Must have WHERE clause in the statement when using ORDER BY clause."


class OrderWithoutHash(ValidationException):
    words = "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."


class OrderByOther(ValidationException):
    words = "Variable reference {name} in ORDER BY clause must be part of the primary key"


class TokenInvalid(ValidationException):
    words = "The provided NextToken is not one of this statement's"


class StatementsMixed(ValidationException):
    words = "Statements that read and statements that write cannot be mixed in one request"


class SelectWithoutKey(ValidationException):
    words = "Select statements within {operation} must specify the primary key in the where clause."


class ExistsAlone(ValidationException):
    words = "EXISTS can only be used in a transaction"
