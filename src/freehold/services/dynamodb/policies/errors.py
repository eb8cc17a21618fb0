"""How access is refused. It may not know policies.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html
"""

from freehold.engines.expressions import ValidationException
from freehold.engines.expressions.errors import INVALID
from freehold.kernel.errors import AccessDenied, AwsError


class Refused(AccessDenied):
    code = "AccessDeniedException"
    status = 400


class LocksOut(AwsError):
    words = "The new resource policy will not allow you to update the resource policy in the future."
    code = "AccessDeniedException"
    status = 400


class PolicyNotFoundException(AwsError):
    words = "Resource-based policy not found for the provided ResourceArn: {arn}"


class PolicyRevised(PolicyNotFoundException):
    words = (
        "Resource-based policy not found for the provided ResourceArn: Requested update for policy with revision id "
        "{expected}, but the policy associated to target table {table} has revision id {revision}."
    )
    code = "PolicyNotFoundException"


class PolicyNotExpected(PolicyNotFoundException):
    words = (
        "Resource-based policy not found for the provided ResourceArn: Requested policy update expecting none to be "
        "present for table {table}, but a policy exists with revision id {revision}."
    )
    code = "PolicyNotFoundException"


class PolicyInvalid(ValidationException):
    words = INVALID + "Invalid policy document: {reason}"


class PolicyTooLarge(ValidationException):
    words = INVALID + "Maximum policy size of {most} bytes exceeded"


class PolicyUnbounded(ValidationException):
    words = (
        "Resource-based policy grants unbounded access in one or more elements. "
        "Please revise the policy to ensure least-privilege form of access"
    )


class NoArn(ValidationException):
    words = INVALID + "ARNs must start with 'arn:': {arn}"


class ArnOfOthers(ValidationException):
    words = INVALID + "Provided Arn is not a DynamoDB resource arn: {arn}"


class ArnOfOtherKind(ValidationException):
    words = INVALID + "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: {arn}"


class ArnElsewhere(ValidationException):
    words = INVALID + "Invalid resource Arn: {arn}"


class NotTheOwner(ValidationException):
    words = "This action is only supported by accounts that match the resource owner\u2019s account."
