"""Rules of replication: whether they may be set, and where they want a version to be.

One idea: of rules that concern a version, the one of the highest priority speaks for each destination. It may not know
how a version gets there.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
"""

from collections.abc import Sequence
from typing import Any

from freehold.kernel.ids import Ids
from freehold.services.s3 import errors
from freehold.services.s3.contents import DSSE, KMS
from freehold.services.s3.versions import Version

SETTING = "ReplicationConfiguration"
PENDING, COMPLETED, FAILED, REPLICA = "PENDING", "COMPLETED", "FAILED", "REPLICA"
ENABLED = "Enabled"
RULES_MAX = 1_000
ID_LENGTH, ID_MAX = 48, 255

REQUIRED = (
    "{} must be specified for this version of Cross Region Replication configuration schema. Please refer to S3 "
    "Developer Guide for more information."
)
NOT_UNIQUE = "Rule Id must be unique. Found same Id for more than one rule"
SAME_PRIORITY = "Found duplicate priority {}. Priority must be unique across rules"

Rule = dict[str, Any]


def checked(value: dict[str, Any], ids: Ids) -> dict[str, Any]:
    """The configuration, each rule with an id. Raises MalformedXML, InvalidRequest, InvalidArgument."""
    given = value["Rules"]
    if not 0 < len(given) <= RULES_MAX:
        raise errors.MalformedXML()
    found = [{"ID": ids.text(ID_LENGTH)} | rule for rule in given]
    named = [rule["ID"] for rule in found]
    if len(set(named)) < len(named):
        raise errors.InvalidArgument(reason=NOT_UNIQUE)
    for rule in found:
        _check(rule)
    ranked = [(rule["Priority"], rule["Destination"]["Bucket"]) for rule in found if "Priority" in rule]
    twice = next((pair for at, pair in enumerate(ranked) if pair in ranked[:at]), None)
    if twice:
        raise errors.InvalidRequest(reason=SAME_PRIORITY.format(twice[0]))
    return value | {"Rules": found}


def _check(rule: Rule) -> None:
    if len(rule["ID"]) > ID_MAX or not rule["Destination"]["Bucket"].startswith("arn:aws:s3:::"):
        raise errors.MalformedXML()
    if "Filter" in rule:
        if "Prefix" in rule or len(rule["Filter"]) > 1:
            raise errors.MalformedXML()
        for member in ("Priority", "DeleteMarkerReplication"):
            if member not in rule:
                raise errors.InvalidRequest(reason=REQUIRED.format(member))
    elif "Prefix" not in rule:
        raise errors.MalformedXML()


def wanted(rules: Sequence[Rule], version: Version) -> dict[str, Rule]:
    """The rules for a version, each under the name of the bucket that it wants it in."""
    found: dict[str, Rule] = {}
    for rule in sorted(rules, key=lambda rule: rule.get("Priority", 0)):
        if rule["Status"] == ENABLED and _concerns(rule, version):
            found[bucket_of(rule)] = rule
    return found


def bucket_of(rule: Rule) -> str:
    return str(rule["Destination"]["Bucket"].removeprefix("arn:aws:s3:::"))


def _concerns(rule: Rule, version: Version) -> bool:
    prefix, tags = _filter(rule)
    if not version.key.startswith(prefix):
        return False
    if version.marker:  # which has no tags; a rule that asks for some leaves markers where they are
        usual = "" if "Filter" in rule else ENABLED
        return not tags and rule.get("DeleteMarkerReplication", {}).get("Status", usual) == ENABLED
    chosen = rule.get("SourceSelectionCriteria", {}).get("SseKmsEncryptedObjects", {}).get("Status") == ENABLED
    sealed = version.sealing.method in (KMS, DSSE)
    return tags.items() <= version.tags.items() and (chosen or not sealed)


def _filter(rule: Rule) -> tuple[str, dict[str, str]]:
    """The prefix and the tags that a rule asks for."""
    asked = rule.get("Filter") or {}
    many = asked.get("And") or asked
    tags = many.get("Tags") or ([many["Tag"]] if many.get("Tag") else [])
    return many.get("Prefix") or rule.get("Prefix") or "", {tag["Key"]: tag["Value"] for tag in tags}
