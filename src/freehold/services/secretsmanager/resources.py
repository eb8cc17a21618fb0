"""CloudFormation types of Secrets Manager.

One idea: a version's token follows from what is wanted and what is there, so a step that is run again makes nothing
twice. They may not know how secrets lie.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SecretsManager.html
"""

import hashlib
from typing import Any

import msgspec

from freehold.engines.coerce import json_text, tag_list
from freehold.kernel.resources import Ask, Ending, Made, Properties, Refused, Steps, Want
from freehold.services.secretsmanager.catalogue import secretsmanager

NAME_MAX = 512
GONE = ("ResourceNotFoundException",)
NAMESPACE = "AWS::SecretsManager"

secret = secretsmanager.resource(f"{NAMESPACE}::Secret", replaces=("Name",), attributes=("Id",))
policy = secretsmanager.resource(f"{NAMESPACE}::ResourcePolicy", replaces=("SecretId",), attributes=("Id",))
schedule = secretsmanager.resource(f"{NAMESPACE}::RotationSchedule", replaces=("SecretId",), attributes=("Id",))
attachment = secretsmanager.resource(
    f"{NAMESPACE}::SecretTargetAttachment", replaces=("SecretId", "TargetId", "TargetType"), attributes=("Id",)
)  # fmt: skip

# GenerateSecretString's members that GetRandomPassword has too, and what their texts mean.
FLAGS = (
    *("ExcludeLowercase", "ExcludeNumbers", "ExcludePunctuation", "ExcludeUppercase", "IncludeSpace"),
    "RequireEachIncludedType",
)


def _on(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() == "true"


def _token(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _value(want: Want) -> Any:
    """The secret's text, made if it is to be made; None if it has none."""
    wanted = want.properties
    if "SecretString" in wanted:
        return json_text(wanted["SecretString"])
    if "GenerateSecretString" not in wanted:
        return None
    told = wanted["GenerateSecretString"]
    request: Properties = {name: _on(told[name]) for name in FLAGS if name in told}
    request |= {"ExcludeCharacters": str(told["ExcludeCharacters"])} if "ExcludeCharacters" in told else {}
    request |= {"PasswordLength": int(told["PasswordLength"])} if "PasswordLength" in told else {}
    made = (yield Ask("secretsmanager", "GetRandomPassword", request))["RandomPassword"]
    if "SecretStringTemplate" not in told:
        return made
    if not told.get("GenerateStringKey"):
        raise Refused("InvalidRequest", "GenerateStringKey must be given together with SecretStringTemplate.")
    try:
        template = msgspec.json.decode(json_text(told["SecretStringTemplate"]), type=dict[str, Any])
    except msgspec.DecodeError as fault:
        raise Refused("InvalidRequest", "SecretStringTemplate is not valid JSON.") from fault
    return msgspec.json.encode(template | {str(told["GenerateStringKey"]): made}).decode()


@secret.create
def create_secret(want: Want) -> Steps:
    wanted = want.properties
    request: Properties = {"Name": want.name(wanted.get("Name"), NAME_MAX)}
    value = yield from _value(want)
    request |= {"SecretString": value} if value is not None else {}
    request |= {name: str(wanted[name]) for name in ("Description", "KmsKeyId") if wanted.get(name)}
    if wanted.get("ReplicaRegions"):
        request["AddReplicaRegions"] = wanted["ReplicaRegions"]
    tags = tag_list(want.tagged(wanted))
    request |= {"Tags": tags} if tags else {}
    token = {"ClientRequestToken": _token(want.stack_id, want.logical_id, want.suffix)}
    arn = (yield Ask("secretsmanager", "CreateSecret", request | token))["ARN"]
    return Made(arn, {"Id": arn})


@secret.update
def update_secret(want: Want) -> Steps:
    """A value is made anew only where what describes it has changed."""
    wanted = want.properties
    request: Properties = {"SecretId": want.id}
    if want.changed("SecretString", "GenerateSecretString"):
        value = yield from _value(want)
        request |= {"SecretString": value} if value is not None else {}
    if want.changed("Description", "KmsKeyId"):
        request |= {name: str(wanted.get(name, "")) for name in ("Description", "KmsKeyId")}
    if len(request) > 1:
        stages = (yield Ask("secretsmanager", "DescribeSecret", {"SecretId": want.id})).get("VersionIdsToStages", {})
        token = {"ClientRequestToken": _token(want.logical_id, request.get("SecretString", ""), *sorted(stages))}
        yield Ask("secretsmanager", "UpdateSecret", request | token)
    gone, new = want.retagged()
    if gone:
        yield Ask("secretsmanager", "UntagResource", {"SecretId": want.id, "TagKeys": gone})
    if new:
        yield Ask("secretsmanager", "TagResource", {"SecretId": want.id, "Tags": tag_list(new)})
    return Made(want.id, {"Id": want.id})


@secret.delete
def delete_secret(want: Want) -> Ending:
    yield Ask("secretsmanager", "DeleteSecret", {"SecretId": want.id, "ForceDeleteWithoutRecovery": True})


@policy.create
@policy.update
def put_policy(want: Want) -> Steps:
    wanted = want.properties
    request: Properties = {"SecretId": str(wanted["SecretId"]), "ResourcePolicy": json_text(wanted["ResourcePolicy"])}
    if "BlockPublicPolicy" in wanted:
        request["BlockPublicPolicy"] = _on(wanted["BlockPublicPolicy"])
    arn = (yield Ask("secretsmanager", "PutResourcePolicy", request))["ARN"]
    return Made(arn, {"Id": arn})


@policy.delete
def delete_policy(want: Want) -> Ending:
    yield from _unless_gone("DeleteResourcePolicy", want.id)


@schedule.create
@schedule.update
def rotate(want: Want) -> Steps:
    wanted = want.properties
    if wanted.get("HostedRotationLambda"):
        raise Refused("InvalidRequest", "HostedRotationLambda is not supported here; give RotationLambdaARN.")
    request: Properties = {"SecretId": str(wanted["SecretId"])}
    request |= {"RotationLambdaARN": str(wanted["RotationLambdaARN"])} if wanted.get("RotationLambdaARN") else {}
    rules: Properties = {name: str(value) for name, value in (wanted.get("RotationRules") or {}).items()}
    if "AutomaticallyAfterDays" in rules:
        rules |= {"AutomaticallyAfterDays": int(rules["AutomaticallyAfterDays"])}
    request |= {"RotationRules": rules} if rules else {}
    request["RotateImmediately"] = _on(wanted.get("RotateImmediatelyOnUpdate", True))
    request["ClientRequestToken"] = _token(want.stack_id, want.logical_id, json_text(wanted), json_text(want.old))
    arn = (yield Ask("secretsmanager", "RotateSecret", request))["ARN"]
    return Made(arn, {"Id": arn})


@schedule.delete
def stop_rotating(want: Want) -> Ending:
    yield from _unless_gone("CancelRotateSecret", want.id)


def _unless_gone(operation: str, id: str) -> Ending:
    try:
        yield Ask("secretsmanager", operation, {"SecretId": id})
    except Refused as refusal:
        if refusal.code not in (*GONE, "InvalidRequestException"):
            raise


@attachment.create
def attach(want: Want) -> Steps:
    """Databases are not here, so there is nothing that could be told of one."""
    kind = want.properties.get("TargetType")
    raise Refused("InvalidRequest", f"There are no targets of the type {kind} here to attach a secret to.")
    yield


@attachment.delete
def detach(want: Want) -> Ending:
    """Nothing was attached."""
    yield from ()
