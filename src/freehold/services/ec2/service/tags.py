"""Tags of whatever has an id. It may not know what they are for."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.ec2 import errors, groups, networks
from freehold.services.ec2.groups import Group, Rule
from freehold.services.ec2.networks import Subnet, Vpc
from freehold.services.ec2.service.catalogue import admit, arn, ec2

KINDS = {"vpc": "vpc", "subnet": "subnet", "sg": "security-group", "sgr": "security-group-rule"}


def _arns(call: Call, request: Request) -> list[str]:
    named = [(KINDS.get(id.partition("-")[0], "*"), id) for id in request["Resources"]]
    return [arn(call.region, call.account, kind, id) for kind, id in named]


def _find(tx: Tx, id: str) -> Vpc | Subnet | Group | Rule:
    match KINDS.get(id.partition("-")[0]):
        case "vpc":
            return networks.vpc(tx, id)
        case "subnet":
            return networks.subnet(tx, id)
        case "security-group":
            return groups.find(tx, id)
    rule = next((rule for rule in tx.range(Rule) if rule.id == id), None)
    if rule is None:
        raise errors.ResourceNotFound(id=id)
    return rule


@ec2.operation(needs={"ec2:CreateTags": _arns})
def create_tags(call: Call, tx: Tx, request: Request) -> None:
    admit(request)
    for one in [_find(tx, id) for id in request["Resources"]]:
        one.tags = one.tags | {tag["Key"]: tag.get("Value", "") for tag in request["Tags"]}
        tx.put(one)


@ec2.operation(needs={"ec2:DeleteTags": _arns})
def delete_tags(call: Call, tx: Tx, request: Request) -> None:
    """Take tags away: those of a key, or only of a key and a value; without any named, all."""
    admit(request)
    gone = {tag["Key"]: tag.get("Value") for tag in request.get("Tags", ())}
    for one in [_find(tx, id) for id in request["Resources"]]:
        kept = {key: value for key, value in one.tags.items() if key not in gone or gone[key] not in (None, value)}
        one.tags = kept if gone else {}
        tx.put(one)
