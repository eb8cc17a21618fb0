"""The grammar of policy documents: what a document must be to be a policy, and its compilation.

One idea: checks run over the whole document in IAM's order, so that of several mistakes the same one is named as by
IAM; kinds of document differ by one row. It may not know what policies mean together.
Follows "Grammar of the IAM JSON policy language".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from freehold.engines.iam import errors
from freehold.engines.iam.conditions import compile_conditions, form, moment
from freehold.engines.iam.errors import MalformedPolicyDocument
from freehold.engines.iam.policy import Policy, Statement
from freehold.engines.iam.principals import Naming, Principal, names, names_all_of
from freehold.engines.iam.texts import any_action, any_resource

NEWEST_VERSION = "2012-10-17"
VERSIONS = (NEWEST_VERSION, "2008-10-17")
EFFECTS = ("Allow", "Deny")
PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc", "*")

_TOP = frozenset({"Version", "Id", "Statement"})
_ELEMENTS = frozenset(
    {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"}
)
_PAIRS = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
_VENDOR = re.compile(r"[A-Za-z0-9*?_.-]+")
_IAM_PATHS = (
    *("user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/"),
    *("sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/"),
)
_REGIONLESS = {"iam": errors.IAM_REGION, "s3": errors.REGION}
_REGIONAL = ("accesspoint", "job/", "storage-lens")  # what S3 has in regions
_TRUST_ACTIONS = frozenset(
    f"sts:{name}"
    for name in (
        *("assumerole", "assumerolewithsaml", "assumerolewithwebidentity"),
        *("tagsession", "setsourceidentity", "setcontext"),
    )
)


@dataclass(frozen=True)
class Kind:
    """What one kind of document must have (True), must not have (False), or may have (None)."""

    source: str  # how verdicts speak of it
    principal: bool
    resource: bool | None
    newest_version: bool = False
    arns_only: bool = True
    not_json: str = errors.SYNTAX


KINDS = {
    "identity": Kind(
        "identity", principal=False, resource=True
    ),  # inline; also boundaries, session policies, SCPs, RCPs
    "managed": Kind("identity", principal=False, resource=True, newest_version=True),
    "trust": Kind("trust", principal=True, resource=False, not_json=errors.INVALID_JSON),
    "resource": Kind(
        "resource", principal=True, resource=None, arns_only=False
    ),  # execute-api:/* and others are no ARNs
    "key": Kind("key", principal=True, resource=None, arns_only=False),
}


def parse(document: str | bytes | dict[str, Any], kind: str = "identity") -> Policy:
    """Compile a policy document, a JSON object or its text, of one of KINDS.

    Raises MalformedPolicyDocument in IAM's words. Managed policies must say they are of version 2012-10-17; others may
    be of 2008-10-17, which is also meant when they say nothing, and has no variables.
    """
    rules = KINDS[kind]
    policy = _document(document, rules)
    statements = _statements(policy)
    _check_syntax(policy, statements)
    if rules.newest_version and policy.get("Version") != NEWEST_VERSION:
        raise MalformedPolicyDocument(reason=errors.VERSION)
    for check in (_check_legacy, _check_sids, _check_principals, _check_presence, _check_resources, _check_actions):
        check(statements, rules)
    variables = policy.get("Version") == NEWEST_VERSION
    return Policy(rules.source, tuple(_compiled(statement, variables) for statement in statements))


def _document(document: str | bytes | dict[str, Any], rules: Kind) -> dict[str, Any]:
    if isinstance(document, str | bytes):
        try:
            document = orjson.loads(document)
        except orjson.JSONDecodeError:
            raise MalformedPolicyDocument(reason=rules.not_json) from None
    return _must(document, dict)


def _must(value: Any, shape: type | tuple[type, ...]) -> Any:
    if not isinstance(value, shape):
        raise MalformedPolicyDocument(reason=errors.SYNTAX)
    return value


def _statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    written = _must(policy.get("Statement"), (dict, list))
    statements = [written] if isinstance(written, dict) else written
    if not statements:
        raise MalformedPolicyDocument(reason=errors.SYNTAX)
    return [_must(statement, dict) for statement in statements]


def _check_syntax(policy: dict[str, Any], statements: list[dict[str, Any]]) -> None:
    sound = (
        policy.keys() <= _TOP
        and policy.get("Version", NEWEST_VERSION) in VERSIONS
        and isinstance(policy.get("Id", ""), str)
        and all(_sound(statement) for statement in statements)
    )
    if not sound:
        raise MalformedPolicyDocument(reason=errors.SYNTAX)


def _sound(statement: dict[str, Any]) -> bool:
    effect = statement.get("Effect")
    return (
        statement.keys() <= _ELEMENTS
        and isinstance(statement.get("Sid", ""), str)
        and isinstance(effect, str)
        and effect.capitalize() in EFFECTS
        and not any(one in statement and other in statement for one, other in _PAIRS)
        and all(_strings(statement.get(name, [])) for pair in _PAIRS[:2] for name in pair)
        and all(_sound_principal(statement.get(name, "*")) for name in _PAIRS[2])
        and _sound_condition(statement.get("Condition", {}))
    )


def _strings(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def _sound_principal(principal: Any) -> bool:
    if isinstance(principal, dict):
        return principal.keys() <= set(PRINCIPAL_TYPES) and all(map(_strings, principal.values()))
    return principal == "*"


def _sound_condition(block: Any) -> bool:
    """Operators known, unless they say nothing; keys' values texts, numbers or booleans, alone or in lists."""
    return isinstance(block, dict) and all(
        isinstance(keys, dict)
        and (not keys or form(written) is not None)
        and all(isinstance(each, str | int | float) for value in keys.values() for each in _listed(value))
        for written, keys in block.items()
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _each(statements: list[dict[str, Any]], *elements: str) -> Iterator[str]:
    for statement in statements:
        for element in elements:
            yield from _listed(statement.get(element, []))


def _check_legacy(statements: list[dict[str, Any]], rules: Kind) -> None:
    """What an older reader of IAM's refuses: effects in other case, unreadable dates, ARNs cut short with a gap."""
    effects = all(statement["Effect"] in EFFECTS for statement in statements)
    arns = not rules.arns_only or all(map(_old_readable, _each(statements, "Resource", "NotResource")))
    if not (effects and arns and all(moment(_text(value)) is not None for value in _dates(statements))):
        raise MalformedPolicyDocument(reason=errors.LEGACY)


def _old_readable(resource: str) -> bool:
    parts = resource.split(":", 5)
    if len(parts) < 3 or parts[1] not in PARTITIONS:
        return True  # refused or accepted by the checks of resources
    return parts[2] != "" and (len(parts) == 6 or "::" not in resource)


def _dates(statements: list[dict[str, Any]]) -> Iterator[Any]:
    for statement in statements:
        for written, keys in statement.get("Condition", {}).items():
            known = form(written)
            if known and known.name.startswith("Date"):
                for value in keys.values():
                    yield from (each for each in _listed(value) if "${" not in _text(each))


def _check_sids(statements: list[dict[str, Any]], rules: Kind) -> None:
    sids = [statement["Sid"] for statement in statements if statement.get("Sid")]
    if len(sids) != len(set(sids)):
        raise MalformedPolicyDocument(reason=errors.DUPLICATE_SID)


def _check_principals(statements: list[dict[str, Any]], rules: Kind) -> None:
    for statement in statements:
        principal = statement.get("Principal", statement.get("NotPrincipal"))
        if principal is None and rules.principal:
            raise MalformedPolicyDocument(reason=errors.PRINCIPAL_MISSING)
        if principal is not None and not rules.principal:
            raise MalformedPolicyDocument(reason=errors.PRINCIPAL_FORBIDDEN)
        if principal == {}:
            raise MalformedPolicyDocument(reason=errors.PRINCIPAL_EMPTY)


def _check_presence(statements: list[dict[str, Any]], rules: Kind) -> None:
    for statement in statements:
        if not (statement.get("Action", []) != [] or statement.get("NotAction", []) != []):
            raise MalformedPolicyDocument(reason=errors.NO_ACTIONS)
    for statement in statements:
        present = statement.get("Resource", []) != [] or statement.get("NotResource", []) != []
        if present and rules.resource is False:
            raise MalformedPolicyDocument(reason=errors.RESOURCE_FORBIDDEN)
        if not present and rules.resource:
            _check_actions(statements, rules)
            raise MalformedPolicyDocument(reason=errors.NO_RESOURCES)


def _check_resources(statements: list[dict[str, Any]], rules: Kind) -> None:
    if rules.arns_only:
        for resource in _each(statements, "Resource", "NotResource"):
            if fault := _fault(resource):
                raise MalformedPolicyDocument(reason=fault)


def _fault(resource: str) -> str | None:
    """What is wrong with a Resource, in IAM's words; None when nothing is."""
    if resource == "*":
        return None
    parts = resource.split(":", 5)
    if len(parts) == 1:
        return errors.NOT_AN_ARN.format(resource=resource)
    if parts[1] not in PARTITIONS:
        filled = ":".join(["arn", *parts[1:], *["*"] * (6 - len(parts))])
        return errors.BAD_PARTITION.format(partition=parts[1], resource=filled)
    if len(parts) == 2:
        return errors.NO_RESOURCE_VENDOR
    if len(parts) == 6 and parts[2] in _REGIONLESS and parts[3] not in ("", "*") and not parts[5].startswith(_REGIONAL):
        return _REGIONLESS[parts[2]].format(resource=resource)
    if len(parts) == 6 and parts[2] == "iam" and not parts[5].startswith(("*", "root", *_IAM_PATHS)):
        return errors.IAM_PATH
    return None


def _check_actions(statements: list[dict[str, Any]], rules: Kind) -> None:
    actions = list(_each(statements, "Action", "NotAction"))
    for action in actions:
        vendor, colon, rest = action.partition(":")
        if action == "*":
            continue
        if not colon:
            raise MalformedPolicyDocument(reason=errors.NO_VENDOR)
        if ":" in rest:
            raise MalformedPolicyDocument(reason=errors.MANY_COLONS)
        if not _VENDOR.fullmatch(vendor):
            raise MalformedPolicyDocument(reason=errors.BAD_VENDOR.format(vendor=vendor))
    if rules.resource is False and not all(action.lower() in _TRUST_ACTIONS for action in actions):
        raise MalformedPolicyDocument(reason=errors.ONLY_ASSUME_ROLE)


def _compiled(statement: dict[str, Any], variables: bool) -> Statement:
    actions = any_action(_each([statement], "Action", "NotAction"))
    resources = any_resource(_each([statement], "Resource", "NotResource"), variables)
    if "NotAction" in statement:
        included = actions
        actions = lambda action: not included(action)  # noqa: E731
    if "NotResource" in statement:
        covered = resources
        resources = lambda request: not covered(request)  # noqa: E731
    elif "Resource" not in statement:
        resources = _wherever
    block = {
        written: {key: [_text(value) for value in _listed(values)] for key, values in keys.items()}
        for written, keys in statement.get("Condition", {}).items()
    }
    return Statement(
        sid=statement.get("Sid"),
        effect=statement["Effect"],
        action=actions,
        resource=resources,
        conditions=compile_conditions(block, variables),
        naming=_naming(statement),
    )


def _wherever(request: Any) -> bool:
    """A statement without resources is about what its policy is attached to."""
    return True


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _naming(statement: dict[str, Any]) -> Callable[[Principal], Naming | None] | None:
    """How a statement names callers. NotPrincipal errs to the safe side: an Allow spares none it names in part."""
    if "Principal" in statement:
        return names(_by_type(statement["Principal"]))
    if "NotPrincipal" not in statement:
        return None
    element = _by_type(statement["NotPrincipal"])
    if statement["Effect"] == "Deny":
        spared = names_all_of(element)
        return lambda caller: None if spared(caller) else Naming.ANYONE
    named = names(element)
    return lambda caller: Naming.ANYONE if named(caller) is None else None


def _by_type(principal: Any) -> dict[str, list[str]]:
    return {"AWS": ["*"]} if principal == "*" else {type_: _listed(value) for type_, value in principal.items()}
