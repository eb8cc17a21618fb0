"""PutParameter's rules: what a new version of a parameter is made of, and what becomes of the parameter.

One idea: what a request leaves out of an overwrite stays as it was, policies too. It may not know how versions lie.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""

from typing import Any

from freehold.engines.vtl import VtlError
from freehold.engines.vtl.patterns import compile_pattern
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.kernel.timers import at
from freehold.services.ssm import announcing, errors, policies
from freehold.services.ssm.names import check_name
from freehold.services.ssm.parameters import (
    ADVANCED,
    INTELLIGENT,
    SECURE,
    STANDARD,
    Parameter,
    Version,
    add_version,
    delete,
    latest,
)
from freehold.services.ssm.policies import Policy

STANDARD_MAX, ADVANCED_MAX = 4_096, 8_192
OWN_KEY = "alias/aws/ssm"
DATA_TYPES = ("text", "aws:ec2:image", "aws:ssm:integration")


def put(call: Call, tx: Tx, name: str, request: dict[str, Any]) -> Version:
    """Write a new version as the request says. Raises what PutParameter may."""
    parameter = tx.get(Parameter, name)
    if parameter and not request.get("Overwrite"):
        raise errors.ParameterAlreadyExists()
    old = latest(tx, parameter) if parameter else None
    if parameter is None:
        check_name(name)
        parameter = Parameter(name=name, tags={tag["Key"]: tag["Value"] for tag in request.get("Tags", ())})
    version = _version(tx, name, request, old)
    if "Policies" in request:
        parameter.policies = policies.read(request["Policies"] or "[]")
    if parameter.policies and version.tier == STANDARD:
        raise errors.PoliciesOfStandard()
    parameter.policies = [_anew(policy) for policy in parameter.policies]
    add_version(call, tx, parameter, version)
    set_alarms(tx, parameter, version)
    announcing.changed(tx, version, announcing.UPDATED if old else announcing.CREATED)
    return version


def _anew(policy: Policy) -> Policy:
    """What waits for a parameter to be left unchanged waits again from now on."""
    return Policy(policy.type, policy.text) if policy.type == policies.UNCHANGED else policy


def set_alarms(tx: Tx, parameter: Parameter, version: Version) -> None:
    for policy, due_at in policies.due(parameter.policies, version.modified_at):
        at(tx, due_at, "ssm", "fall_due", name=parameter.name, text=policy.text, due_at=due_at)


def fall_due(tx: Tx, name: str, text: str, due_at: float) -> None:
    """Carry out the policy of this text, if it is still there and due at this moment."""
    parameter = tx.get(Parameter, name)
    if parameter is None:
        return
    version = latest(tx, parameter)
    for policy, moment in policies.due(parameter.policies, version.modified_at):
        if (policy.text, moment) == (text, due_at):
            policy.status = policies.FINISHED
            announcing.acted(tx, version, policy)
            tx.put(parameter)
            if policy.type == policies.EXPIRATION:
                remove(tx, parameter)


def remove(tx: Tx, parameter: Parameter) -> None:
    announcing.changed(tx, latest(tx, parameter), announcing.DELETED)
    delete(tx, parameter)


def _version(tx: Tx, name: str, request: dict[str, Any], old: Version | None) -> Version:
    type_, value = _type(request, old), request["Value"]
    pattern = request.get("AllowedPattern", "")
    _check_value(value, pattern)
    data_type = request.get("DataType", old.data_type if old else "text")
    if data_type not in DATA_TYPES:
        raise errors.DataTypeUnknown(type=data_type)
    return Version(
        name=name, version=0, type=type_, value=value, modified_at=tx.now, modified_by=tx.principal.arn,
        description=request.get("Description", old.description if old else None), allowed_pattern=pattern,
        tier=_tier(request, value, old), data_type=data_type, key_id=_key(request, type_),
    )  # fmt: skip


def _type(request: dict[str, Any], old: Version | None) -> str:
    wanted = request.get("Type", old.type if old else None)
    if wanted is None:
        raise errors.TypeMissing()
    if old and wanted != old.type:
        raise errors.HierarchyTypeMismatchException()
    return wanted


def _tier(request: dict[str, Any], value: str, old: Version | None) -> str:
    """The tier that the value gets. A parameter once advanced stays so."""
    was = old.tier if old else STANDARD
    wanted = request.get("Tier", was)
    if wanted == INTELLIGENT:
        wanted = ADVANCED if len(value) > STANDARD_MAX or request.get("Policies") else was
    if was == ADVANCED and wanted == STANDARD:
        raise errors.TierLowered()
    if wanted == STANDARD and len(value) > STANDARD_MAX:
        raise errors.ValueTooLong()
    if len(value) > ADVANCED_MAX:
        raise errors.AdvancedValueTooLong(most=ADVANCED_MAX)
    return wanted


def _key(request: dict[str, Any], type_: str) -> str:
    """The key that seals the value: as the request calls it, else AWS's own."""
    wanted = request.get("KeyId")
    if type_ != SECURE:
        if wanted:
            raise errors.KeyNotWanted()
        return ""
    return wanted or OWN_KEY


def _check_value(value: str, pattern: str) -> None:
    """Whether a parameter may have the value. A pattern that could take long to tell is refused."""
    if not value:
        raise errors.ValueEmpty()
    try:
        matches = not pattern or compile_pattern(pattern, len(value)).search(value) is not None
    except VtlError as fault:
        raise errors.InvalidAllowedPatternException() from fault
    if not matches:
        raise errors.ParameterPatternMismatchException(pattern=pattern)
