"""AWS::Lambda::Permission, which is never changed, only made anew.

It may not know the store.
"""

from freehold.kernel.resources import Ask, Ending, Made, Steps, Want
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.templates import chosen, typed

PERMISSION = (
    "FunctionName", "Action", "Principal", "SourceArn", "SourceAccount", "EventSourceToken", "FunctionUrlAuthType",
    "InvokedViaFunctionUrl", "PrincipalOrgID",
  )  # fmt: skip
permission = lambda_.resource("AWS::Lambda::Permission", replaces=PERMISSION, attributes=("Id",))


@permission.create
def create_permission(want: Want) -> Steps:
    statement = want.name(longest=100)
    yield Ask("lambda", "AddPermission", chosen(typed(want.properties), PERMISSION) | {"StatementId": statement})
    return Made(statement, {"Id": statement})


@permission.delete
def delete_permission(want: Want) -> Ending:
    yield Ask("lambda", "RemovePermission", {"FunctionName": want.properties["FunctionName"], "StatementId": want.id})
