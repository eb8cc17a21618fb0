"""How CloudWatch says no. One idea: a class is a sentence. It may not know metrics."""

from freehold.kernel.errors import AwsError


class InvalidParameterValueException(AwsError):
    words = "{message}"
    code = "InvalidParameterValueException"


class ValueInvalid(InvalidParameterValueException):
    words = "The value {value} for parameter {parameter} is invalid."


class TooOld(InvalidParameterValueException):
    words = "The parameter {parameter} must specify a time within the past two weeks."


class TooNew(InvalidParameterValueException):
    words = "The parameter {parameter} must specify a time no more than two hours in the future."


class SizesDiffer(InvalidParameterValueException):
    words = "The parameters {values} and {counts} must be of the same size."


class PeriodInvalid(InvalidParameterValueException):
    words = "The parameter {parameter} must be a multiple of 60."


class StartNotBeforeEnd(InvalidParameterValueException):
    words = "The parameter StartTime must be less than the parameter EndTime."


class DashboardNameInvalid(InvalidParameterValueException):
    words = (
        "The value {name} for field DashboardName contains invalid characters. "
        "It can only contain alphanumerics, dash (-) and underscore (_)."
    )


class InvalidParameterCombinationException(AwsError):
    words = "{message}"
    code = "InvalidParameterCombinationException"


class BothGiven(InvalidParameterCombinationException):
    words = "The parameters {one} and {other} are mutually exclusive and you have specified both."


class TooManyDatapoints(InvalidParameterCombinationException):
    words = (
        "You have requested up to {count} datapoints, which exceeds the limit of {most}. You may reduce the datapoints "
        "requested by increasing Period, or decreasing the time range."
    )


class NothingGiven(AwsError):
    words = "At least one of the parameters must be specified."
    code = "MissingRequiredParameterException"


class StatisticsMissing(AwsError):
    words = "Must specify either Statistics or ExtendedStatistics"
    code = "MissingRequiredParameterException"


class QueryUnclear(AwsError):
    words = "The parameters {parameter}.Expression and {parameter}.MetricStat are mutually exclusive: give one of them."
    code = "ValidationException"


class QueryRepeated(AwsError):
    words = "The values for parameter id in the MetricDataQueries must be unique."
    code = "ValidationException"


class InvalidNextToken(AwsError):
    words = "Request parameter NextToken is invalid"


class DashboardInvalidInputError(AwsError):
    words = "The dashboard body is invalid: {reason}"


class DashboardNotFoundError(AwsError):
    words = "Dashboard {name} does not exist"


class DashboardsNotFound(AwsError):
    words = "Dashboards {names} do not exist"
    code = "DashboardNotFoundError"


class TaggedNotFound(AwsError):
    words = "{arn} does not exist"
    code = "ResourceNotFoundException"
