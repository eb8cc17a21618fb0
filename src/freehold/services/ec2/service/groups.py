"""Security groups and their rules: made, shown, allowed, taken back. It may not know ranges of networks."""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.ec2 import errors, filters, groups, networks
from freehold.services.ec2.groups import ANY_PORT, Group, Rule
from freehold.services.ec2.service.catalogue import admit, arn, ec2, on, tagged, tags_of

FILTERS: filters.Table = {
    "description": lambda one: one.description,
    "group-id": lambda one: one.id,
    "group-name": lambda one: one.name,
    "vpc-id": lambda one: one.vpc,
}
OF_RULES: filters.Table = {
    "group-id": lambda one: one.group,
    "security-group-rule-id": lambda one: one.id,
}
FLAT = ("IpProtocol", "FromPort", "ToPort")
SHOWN = {"cidr": "CidrIpv4", "cidr6": "CidrIpv6", "prefix-list": "PrefixListId"}


def _group(tx: Tx, request: Request) -> Group:
    """The group that a request names by its id; only default VPCs have groups that a name is enough for."""
    if not request.get("GroupId"):
        raise errors.NoDefaultVpc() if request.get("GroupName") else errors.NothingGiven(name="groupId")
    return groups.find(tx, request["GroupId"])


def _given(request: Request) -> list[dict[str, Any]]:
    """The permissions of a request, also the one that is told by members of its own."""
    flat = {member: request[member] for member in FLAT if member in request}
    if request.get("CidrIp"):
        flat["IpRanges"] = [{"CidrIp": request["CidrIp"]}]
    if request.get("SourceSecurityGroupName"):
        flat["UserIdGroupPairs"] = [{"GroupName": request["SourceSecurityGroupName"]}]
    return [*request.get("IpPermissions", []), *([flat] if flat else [])]


def _shape(tx: Tx, one: Group) -> dict[str, Any]:
    rules = tx.range(Rule, one.id)
    return {
        "GroupId": one.id, "SecurityGroupArn": arn(tx.region, tx.account, "security-group", one.id),
        "OwnerId": tx.account, "VpcId": one.vpc, "GroupName": one.name, "Description": one.description,
        "IpPermissions": groups.permissions([rule for rule in rules if not rule.egress], tx.account),
        "IpPermissionsEgress": groups.permissions([rule for rule in rules if rule.egress], tx.account),
        **tagged(one.tags),
    }  # fmt: skip


def _rule(tx: Tx, one: Rule) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "SecurityGroupRuleId": one.id, "GroupId": one.group, "GroupOwnerId": tx.account, "IsEgress": one.egress,
        "IpProtocol": one.protocol, "FromPort": one.low, "ToPort": one.high,
        "SecurityGroupRuleArn": arn(tx.region, tx.account, "security-group-rule", one.id), **tagged(one.tags),
    }  # fmt: skip
    if one.kind == "group":
        shown["ReferencedGroupInfo"] = {"GroupId": one.peer, "UserId": tx.account}
    else:
        shown[SHOWN[one.kind]] = one.peer
    return shown | ({"Description": one.description} if one.description else {})


def _revoked(one: Rule) -> dict[str, Any]:
    peer = {"ReferencedGroupId": one.peer} if one.kind == "group" else {SHOWN[one.kind]: one.peer}
    ports = {} if one.low == ANY_PORT else {"FromPort": one.low, "ToPort": one.high}
    told = {"SecurityGroupRuleId": one.id, "GroupId": one.group, "IsEgress": one.egress, "IpProtocol": one.protocol}
    return told | ports | peer


@ec2.operation(needs={"ec2:CreateSecurityGroup": on("security-group")})
def create_security_group(call: Call, tx: Tx, request: Request) -> Response:
    admit(request)
    name = request["GroupName"]
    if name.lower() == groups.DEFAULT or name.startswith("sg-"):
        raise errors.GroupNameReserved(name=name)
    if not request.get("VpcId"):
        raise errors.NoDefaultVpc()
    place, tags = networks.vpc(tx, request["VpcId"]).id, tags_of(request, "security-group")
    made = groups.make(tx, place, name, request["Description"], tags)
    told = {"GroupId": made.id, "SecurityGroupArn": arn(tx.region, tx.account, "security-group", made.id)}
    return told | tagged(tags)


@ec2.operation(needs={"ec2:DescribeSecurityGroups": "*"})
def describe_security_groups(call: Call, tx: Tx, request: Request) -> Response:
    admit(request)
    if request.get("GroupNames"):
        raise errors.NoDefaultVpc()
    ids = request.get("GroupIds")
    found = [groups.find(tx, id) for id in ids] if ids else tx.range(Group)
    shown, token = filters.page(filters.chosen(found, FILTERS, request.get("Filters", [])), lambda one: one.id, request)
    return {"SecurityGroups": [_shape(tx, one) for one in shown]} | token


@ec2.operation(needs={"ec2:DeleteSecurityGroup": on("security-group", "GroupId")})
def delete_security_group(call: Call, tx: Tx, request: Request) -> Response:
    admit(request)
    group = _group(tx, request)
    groups.remove(tx, group)
    return {"Return": True, "GroupId": group.id}


def _authorized(tx: Tx, request: Request, egress: bool) -> Response:
    admit(request)
    made = groups.authorize(tx, _group(tx, request), egress, _given(request))
    for rule in made:
        rule.tags = tags_of(request, "security-group-rule")
        tx.put(rule)
    return {"Return": True, "SecurityGroupRules": [_rule(tx, rule) for rule in made]}


def _taken(tx: Tx, request: Request, egress: bool) -> Response:
    admit(request)
    ids = request.get("SecurityGroupRuleIds", [])
    gone = groups.revoke(tx, _group(tx, request), egress, _given(request), ids)
    return {"Return": True, "RevokedSecurityGroupRules": [_revoked(rule) for rule in gone]}


@ec2.operation(needs={"ec2:AuthorizeSecurityGroupIngress": on("security-group", "GroupId")})
def authorize_security_group_ingress(call: Call, tx: Tx, request: Request) -> Response:
    return _authorized(tx, request, egress=False)


@ec2.operation(needs={"ec2:AuthorizeSecurityGroupEgress": on("security-group", "GroupId")})
def authorize_security_group_egress(call: Call, tx: Tx, request: Request) -> Response:
    return _authorized(tx, request, egress=True)


@ec2.operation(needs={"ec2:RevokeSecurityGroupIngress": on("security-group", "GroupId")})
def revoke_security_group_ingress(call: Call, tx: Tx, request: Request) -> Response:
    return _taken(tx, request, egress=False)


@ec2.operation(needs={"ec2:RevokeSecurityGroupEgress": on("security-group", "GroupId")})
def revoke_security_group_egress(call: Call, tx: Tx, request: Request) -> Response:
    return _taken(tx, request, egress=True)


@ec2.operation(needs={"ec2:DescribeSecurityGroupRules": "*"})
def describe_security_group_rules(call: Call, tx: Tx, request: Request) -> Response:
    admit(request)
    found, ids = tx.range(Rule), request.get("SecurityGroupRuleIds")
    for id in ids or ():
        if all(rule.id != id for rule in found):
            raise errors.RuleNotFound(id=id)
    found = [rule for rule in found if not ids or rule.id in ids]
    shown, token = filters.page(
        filters.chosen(found, OF_RULES, request.get("Filters", [])), lambda one: one.id, request
    )
    return {"SecurityGroupRules": [_rule(tx, one) for one in shown]} | token
