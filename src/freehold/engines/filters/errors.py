"""How filter patterns say no. One idea: one code, a sentence a fault. It may not know messages."""

from freehold.kernel.errors import AwsError


class InvalidFilterPattern(AwsError):
    words = "Invalid filter pattern"
    code = "InvalidParameterException"
    status = 400


class UnclosedPattern(InvalidFilterPattern):
    words = "If a filter pattern starts with '{opening}' it must end with '{closing}'"


class InvalidTerm(InvalidFilterPattern):
    words = "Invalid character(s) in term '{term}'"
