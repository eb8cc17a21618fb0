"""AWS::Lambda::EventInvokeConfig. It may not know the store."""

from typing import Any

from freehold.kernel.resources import Ask, Ending, Made, Steps, Want
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.names import LATEST
from freehold.services.lambda_.templates import chosen, typed

invoke_config = lambda_.resource("AWS::Lambda::EventInvokeConfig", replaces=("FunctionName", "Qualifier"))


def _config(want: Want) -> dict[str, Any]:
    names = ("FunctionName", "MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
    return chosen(typed(want.properties), names) | _place(want)


def _place(want: Want) -> dict[str, str]:
    """A template must say $LATEST where it means it."""
    qualifier = want.properties.get("Qualifier", LATEST)
    return {"FunctionName": want.properties["FunctionName"]} | ({} if qualifier == LATEST else {"Qualifier": qualifier})


@invoke_config.create
def create_invoke_config(want: Want) -> Steps:
    yield Ask("lambda", "PutFunctionEventInvokeConfig", _config(want))
    return Made(want.name())


@invoke_config.update
def update_invoke_config(want: Want) -> Steps:
    yield Ask("lambda", "PutFunctionEventInvokeConfig", _config(want))
    return Made(want.id)


@invoke_config.delete
def delete_invoke_config(want: Want) -> Ending:
    yield Ask("lambda", "DeleteFunctionEventInvokeConfig", _place(want))
