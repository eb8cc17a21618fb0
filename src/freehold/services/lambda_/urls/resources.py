"""AWS::Lambda::Url. It may not know the store."""

from typing import Any

from freehold.kernel.resources import Ask, Ending, Made, Steps, Want
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.templates import chosen, typed

url = lambda_.resource(
    "AWS::Lambda::Url", replaces=("TargetFunctionArn", "Qualifier"), attributes=("FunctionArn", "FunctionUrl")
)


def _url(want: Want) -> dict[str, Any]:
    given = typed(want.properties)
    return chosen(given, ("Qualifier", "AuthType", "Cors", "InvokeMode")) | {"FunctionName": given["TargetFunctionArn"]}


@url.create
def create_url(want: Want) -> Steps:
    made = yield Ask("lambda", "CreateFunctionUrlConfig", _url(want))
    return Made(made["FunctionArn"], chosen(made, ("FunctionArn", "FunctionUrl")))


@url.update
def update_url(want: Want) -> Steps:
    made = yield Ask("lambda", "UpdateFunctionUrlConfig", {"Cors": {}} | _url(want))
    return Made(made["FunctionArn"], chosen(made, ("FunctionArn", "FunctionUrl")))


@url.delete
def delete_url(want: Want) -> Ending:
    yield Ask("lambda", "DeleteFunctionUrlConfig", chosen(_url(want), ("FunctionName", "Qualifier")))
