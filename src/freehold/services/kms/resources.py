"""CloudFormation types of KMS.

One idea: what may change is changed by the operation that changes it. They may not know how keys lie.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_KMS.html
"""

from freehold.engines.coerce import json_text
from freehold.kernel.resources import Ask, Ending, Made, Properties, Refused, Steps, Want
from freehold.services.kms.catalogue import kms

WINDOW_DAYS = 30
DELETED = "KMSInvalidStateException"
REPLACING = ("KeySpec", "KeyUsage", "Origin", "MultiRegion")

key = kms.resource("AWS::KMS::Key", replaces=REPLACING, attributes=("Arn", "KeyId"))
alias = kms.resource("AWS::KMS::Alias", replaces=("AliasName",))


def _on(properties: Properties, name: str, usual: bool = False) -> bool:
    value = properties.get(name, usual)
    return value if isinstance(value, bool) else str(value).lower() == "true"


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": name, "TagValue": value} for name, value in tags.items()]


def _asked(want: Want) -> Properties:
    """What CreateKey is told of whatever it makes."""
    wanted = want.properties
    request: Properties = {"Description": str(wanted.get("Description", ""))}
    if wanted.get("KeyPolicy"):
        request["Policy"] = json_text(wanted["KeyPolicy"])
    if "BypassPolicyLockoutSafetyCheck" in wanted:
        request["BypassPolicyLockoutSafetyCheck"] = _on(wanted, "BypassPolicyLockoutSafetyCheck")
    tags = _listed(want.tagged(wanted))
    return request | ({"Tags": tags} if tags else {})


def _made(told: Properties) -> Made:
    return Made(told["KeyId"], {"Arn": told["Arn"], "KeyId": told["KeyId"]})


@key.create
def create_key(want: Want) -> Steps:
    wanted = want.properties
    request = _asked(want) | {name: wanted[name] for name in ("KeySpec", "KeyUsage", "Origin") if name in wanted}
    if "MultiRegion" in wanted:
        request["MultiRegion"] = _on(wanted, "MultiRegion")
    told = (yield Ask("kms", "CreateKey", request))["KeyMetadata"]
    if _on(wanted, "EnableKeyRotation"):
        yield _rotating(told["KeyId"], wanted)
    if not _on(wanted, "Enabled", usual=True):
        yield Ask("kms", "DisableKey", {"KeyId": told["KeyId"]})
    return _made(told)


def _rotating(id: str, wanted: Properties) -> Ask:
    if not _on(wanted, "EnableKeyRotation"):
        return Ask("kms", "DisableKeyRotation", {"KeyId": id})
    days = wanted.get("RotationPeriodInDays")
    request = {"KeyId": id} | ({"RotationPeriodInDays": int(days)} if days else {})
    return Ask("kms", "EnableKeyRotation", request)


@key.update
def update_key(want: Want) -> Steps:
    """What needs an enabled key is done while it is enabled."""
    wanted = want.properties
    enabled, was = _on(wanted, "Enabled", usual=True), _on(want.old, "Enabled", usual=True)
    if enabled and not was:
        yield Ask("kms", "EnableKey", {"KeyId": want.id})
    yield from _update_common(want)
    if want.changed("EnableKeyRotation", "RotationPeriodInDays"):
        yield _rotating(want.id, wanted)
    if was and not enabled:
        yield Ask("kms", "DisableKey", {"KeyId": want.id})
    return _made((yield Ask("kms", "DescribeKey", {"KeyId": want.id}))["KeyMetadata"])


def _update_common(want: Want) -> Ending:
    wanted = want.properties
    if want.changed("Description"):
        yield Ask("kms", "UpdateKeyDescription", {"KeyId": want.id, "Description": str(wanted.get("Description", ""))})
    if want.changed("KeyPolicy") and wanted.get("KeyPolicy"):
        bypass = _on(wanted, "BypassPolicyLockoutSafetyCheck")
        policy = {"Policy": json_text(wanted["KeyPolicy"]), "BypassPolicyLockoutSafetyCheck": bypass}
        yield Ask("kms", "PutKeyPolicy", {"KeyId": want.id, "PolicyName": "default"} | policy)
    gone, new = want.retagged()
    if gone:
        yield Ask("kms", "UntagResource", {"KeyId": want.id, "TagKeys": gone})
    if new:
        yield Ask("kms", "TagResource", {"KeyId": want.id, "Tags": _listed(new)})


@key.delete
def delete_key(want: Want) -> Ending:
    days = int(want.properties.get("PendingWindowInDays", WINDOW_DAYS))
    try:
        yield Ask("kms", "ScheduleKeyDeletion", {"KeyId": want.id, "PendingWindowInDays": days})
    except Refused as refusal:
        if refusal.code != DELETED:
            raise


@alias.create
def create_alias(want: Want) -> Steps:
    name = str(want.properties["AliasName"])
    yield Ask("kms", "CreateAlias", {"AliasName": name, "TargetKeyId": want.properties["TargetKeyId"]})
    return Made(name)


@alias.update
def update_alias(want: Want) -> Steps:
    yield Ask("kms", "UpdateAlias", {"AliasName": want.id, "TargetKeyId": want.properties["TargetKeyId"]})
    return Made(want.id)


@alias.delete
def delete_alias(want: Want) -> Ending:
    yield Ask("kms", "DeleteAlias", {"AliasName": want.id})
