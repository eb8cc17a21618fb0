"""AWS::Lambda::CodeSigningConfig. It may not know the store."""

from freehold.kernel.resources import Ask, Ending, Made, Steps, Want
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.templates import chosen, update_tags

GIVEN = ("AllowedPublishers", "CodeSigningPolicies", "Description")

config = lambda_.resource("AWS::Lambda::CodeSigningConfig", attributes=("CodeSigningConfigArn", "CodeSigningConfigId"))


def _made(answer: dict) -> Made:
    told = answer["CodeSigningConfig"]
    return Made(told["CodeSigningConfigArn"], chosen(told, ("CodeSigningConfigArn", "CodeSigningConfigId")))


@config.create
def create_config(want: Want) -> Steps:
    request = chosen(want.properties, GIVEN)
    if tags := want.tagged(want.properties):
        request["Tags"] = tags
    return _made((yield Ask("lambda", "CreateCodeSigningConfig", request)))


@config.update
def update_config(want: Want) -> Steps:
    absent = {"Description": "", "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Warn"}}
    request = absent | chosen(want.properties, GIVEN) | {"CodeSigningConfigArn": want.id}
    made = yield Ask("lambda", "UpdateCodeSigningConfig", request)
    yield from update_tags(want, want.id)
    return _made(made)


@config.delete
def delete_config(want: Want) -> Ending:
    yield Ask("lambda", "DeleteCodeSigningConfig", {"CodeSigningConfigArn": want.id})
