"""Dialects: what the policies of each service may hold, and how they are read.

One idea: a dialect is a shape and the rules between its parts; each rule says one sentence. It may not know who asks.

Of SNS's words AWS shows two: that of the data direction, and that of the name.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-operations.html
https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-custom-data-identifiers.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDataProtectionPolicy.html
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from freehold.engines import jsontext, pii
from freehold.engines.protection import policies
from freehold.engines.protection.policies import (
    INBOUND,
    NOWHERE,
    OUTBOUND,
    Audit,
    Deidentify,
    Deny,
    Destination,
    Operation,
    Policy,
    Statement,
)
from freehold.engines.protection.shapes import EMPTY, BadPolicy, Shape, each, one_of, record, text, whole

SIZE_MAX = 30_720  # characters
SAMPLED_MAX = 99  # percent
LOGS_MASK = "*"  # what CloudWatch Logs masks with
CUSTOM_MAX, CUSTOM_NAME_MAX, REGEX_MAX = 10, 128, 200
VENDED = "/aws/vendedlogs/"
VERSION = "2021-06-01"

NAME_WORDS = "can only include alphanumeric characters, hyphens (-) and underscores (_)"
REGEX_WORDS = "has a character that no custom data identifier may have"
UNKNOWN = "Statement DataIdentifier {name} is not supported"
NAME = text(r"[A-Za-z0-9_-]+", NAME_WORDS)
VERSIONS = text(VERSION, f"must be {VERSION}")
CUSTOM = record(
    {
        "Name": text(r"[A-Za-z0-9_-]+", NAME_WORDS, CUSTOM_NAME_MAX),
        "Regex": text(r"[A-Za-z0-9_#=@/;,\- ^$?\[\]{}|\\*+.]+", REGEX_WORDS, REGEX_MAX),
    }
)
CONFIGURATION = record({}, {"CustomDataIdentifier": each(CUSTOM, CUSTOM_MAX, "CustomDataIdentifier")})
PRINCIPALS = each(
    text(
        r"\*|\d{12}|arn:aws[a-z-]*:iam::\d{12}:(root|(user|role)/.+)|arn:aws[a-z-]*:sts::\d{12}:assumed-role/.+",
        "must be *, an AWS account ID, or the ARN of an account, a role or a user",
    )
)
IDENTIFIERS = each(text())
MASK = record({"MaskWithCharacter": text(r"[ -~]", "must be one letter, digit, space or punctuation mark")})


def _destination(group: Shape) -> Shape:
    return record(
        {},
        {
            "CloudWatchLogs": record({"LogGroup": group}),
            "Firehose": record({"DeliveryStream": text(r"[A-Za-z0-9_.-]{1,64}", "must be the name of a stream")}),
            "S3": record({"Bucket": text(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "must be the name of a bucket")}),
        },
    )


VENDED_LOGS = _destination(text(f"{VENDED}.+", f"must start with {VENDED}"))
ANY_LOGS = _destination(text(r"[A-Za-z0-9_/#.-]+", "must be the name of a log group"))

SNS_SHAPE = record(
    {
        "Name": NAME,
        "Version": VERSIONS,
        "Statement": each(
            record(
                {
                    "DataDirection": text(f"{INBOUND}|{OUTBOUND}", f"must be either {INBOUND} or {OUTBOUND}"),
                    "DataIdentifier": IDENTIFIERS,
                    "Operation": one_of(
                        {
                            "Audit": record(
                                {"SampleRate": whole(0, SAMPLED_MAX)},
                                {"FindingsDestination": VENDED_LOGS, "NoFindingsDestination": VENDED_LOGS},
                            ),
                            "Deidentify": one_of({"MaskConfig": MASK, "RedactConfig": EMPTY}),
                            "Deny": EMPTY,
                        }
                    ),
                },
                {"Sid": text(), "Principal": PRINCIPALS, "NoPrincipal": PRINCIPALS},
            ),
            place="Statement",
        ),
    },
    {"Description": text(), "Configuration": CONFIGURATION},
)
LOGS_SHAPE = record(
    {
        "Statement": each(
            record(
                {
                    "DataIdentifier": IDENTIFIERS,
                    "Operation": one_of(
                        {
                            "Audit": record({"FindingsDestination": ANY_LOGS}),
                            "Deidentify": one_of({"MaskConfig": EMPTY}),
                        }
                    ),
                },
                {"Sid": text()},
            ),
            place="Statement",
        )
    },
    {"Name": NAME, "Version": VERSIONS, "Description": text(), "Configuration": CONFIGURATION},
)

Rule = Callable[[Policy], str]  # what is wrong with a policy, nothing if nothing is


def _principals_are_given(policy: Policy) -> str:
    given = all(one.principals for one in policy.statements)
    return "" if given else "Statement must have either a Principal or a NoPrincipal"


def _one_audits(policy: Policy) -> str:
    audits = [one for one in policy.statements if isinstance(one.operation, Audit)]
    return "Only one Statement may have the Operation Audit" if len(audits) > 1 else ""


def _audits_look_inbound(policy: Policy) -> str:
    outbound = any(isinstance(one.operation, Audit) and one.direction == OUTBOUND for one in policy.statements)
    return f"Statement Operation Audit requires the DataDirection {INBOUND}" if outbound else ""


def _audits_tell(policy: Policy) -> str:
    audits = [one.operation for one in policy.statements if isinstance(one.operation, Audit)]
    silent = any(audit.findings == audit.no_findings == NOWHERE for audit in audits)
    words = "Statement Operation Audit must have a FindingsDestination or a NoFindingsDestination"
    return words if silent else ""


def _identifiers_are_known(policy: Policy) -> str:
    unknown = min(policy.managed - pii.NAMES, default="")
    return UNKNOWN.format(name=unknown) if unknown else ""


def _custom_names_are_free(policy: Policy) -> str:
    taken = min(policy.custom.keys() & pii.NAMES, default="")
    return f"CustomDataIdentifier Name {taken} is that of a managed data identifier" if taken else ""


def _custom_regexes_compile(policy: Policy) -> str:
    for name, regex in policy.custom.items():
        try:
            pii.scanner((), {name: regex})
        except pii.BadPattern:
            return f"CustomDataIdentifier Regex of {name} is not a valid regular expression"
    return ""


def _logs_audit_and_mask(policy: Policy) -> str:
    kinds = Counter(type(one.operation) for one in policy.statements)
    words = "Statement must be two: one with the Operation Audit, and one with the Operation Deidentify"
    return "" if kinds == {Audit: 1, Deidentify: 1} else words


def _logs_identifiers_agree(policy: Policy) -> str:
    same = len({one.identifiers for one in policy.statements}) == 1
    return "" if same else "Statement DataIdentifier must be the same for Audit and for Deidentify"


class Dialect(NamedTuple):
    """The shape of a service's documents, and the rules between its parts."""

    shape: Shape
    rules: tuple[Rule, ...]


CUSTOM_RULES = (_identifiers_are_known, _custom_names_are_free, _custom_regexes_compile)
SNS = Dialect(SNS_SHAPE, (_principals_are_given, _one_audits, _audits_look_inbound, _audits_tell, *CUSTOM_RULES))
LOGS = Dialect(LOGS_SHAPE, (_logs_audit_and_mask, _logs_identifiers_agree, *CUSTOM_RULES))


def parse(document: str, dialect: Dialect) -> Policy:
    """The policy that a document is; raises BadPolicy with the first thing that is wrong with it."""
    if len(document) > SIZE_MAX:
        raise BadPolicy(f"Policy must have at most {SIZE_MAX} characters")
    try:
        value = jsontext.read(document)
    except msgspec.DecodeError:
        raise BadPolicy("Policy must be valid JSON") from None
    policy = _policy(dialect.shape(value, "Policy"))
    for rule in dialect.rules:
        if words := rule(policy):
            raise BadPolicy(words)
    return policy


def _policy(read: dict[str, Any]) -> Policy:
    custom: dict[str, str] = {}
    for one in read.get("Configuration", {}).get("CustomDataIdentifier", ()):
        if one["Name"] in custom:
            raise BadPolicy(f"CustomDataIdentifier Name {one['Name']} is not unique")
        custom[one["Name"]] = one["Regex"]
    statements = tuple(_statement(one, custom) for one in read["Statement"])
    return Policy(read.get("Name", ""), read.get("Description", ""), custom, statements)


def _statement(read: dict[str, Any], custom: Mapping[str, str]) -> Statement:
    if "Principal" in read and "NoPrincipal" in read:
        raise BadPolicy("Statement must have either a Principal or a NoPrincipal")
    names = frozenset(map(policies.principal, read.get("Principal") or read.get("NoPrincipal") or ()))
    for name in read["DataIdentifier"]:
        if name not in custom and not name.startswith(pii.ARN):
            raise BadPolicy(UNKNOWN.format(name=name))
    identifiers = frozenset(name.removeprefix(pii.ARN) for name in read["DataIdentifier"])
    kind, config = read["Operation"]
    return Statement(
        read.get("Sid", ""), read.get("DataDirection", ""), names, "NoPrincipal" in read, identifiers,
        OPERATIONS[kind](config),
    )  # fmt: skip


def _audit(config: dict[str, Any]) -> Audit:
    found, nothing = (config.get(name, {}) for name in ("FindingsDestination", "NoFindingsDestination"))
    return Audit(config.get("SampleRate", 100), _read_destination(found), _read_destination(nothing))


def _read_destination(config: dict[str, Any]) -> Destination:
    places = (("CloudWatchLogs", "LogGroup"), ("Firehose", "DeliveryStream"), ("S3", "Bucket"))
    return Destination(*(config.get(service, {}).get(name, "") for service, name in places))


def _deidentify(config: tuple[str, dict[str, Any]]) -> Deidentify:
    kind, how = config
    return Deidentify(how.get("MaskWithCharacter", LOGS_MASK) if kind == "MaskConfig" else "")


OPERATIONS: dict[str, Callable[[Any], Operation]] = {
    "Audit": _audit,
    "Deidentify": _deidentify,
    "Deny": lambda config: Deny(),
}
