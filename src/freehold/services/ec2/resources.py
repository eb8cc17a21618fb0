"""AWS::EC2::VPC, Subnet, SecurityGroup, and the rules of a group that stand by themselves.

It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html
"""

from typing import Any

from freehold.kernel.resources import Ask, Ending, Made, Properties, Steps, Want
from freehold.services.ec2.service.catalogue import ec2, listed

NAME_MAX = 255

vpc = ec2.resource(
    "AWS::EC2::VPC", replaces=("CidrBlock", "InstanceTenancy"),
    attributes=("VpcId", "CidrBlock", "DefaultSecurityGroup", "CidrBlockAssociations", "Ipv6CidrBlocks"),
)  # fmt: skip
subnet = ec2.resource(
    "AWS::EC2::Subnet", replaces=("VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId"),
    attributes=("SubnetId", "VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "Ipv6CidrBlocks"),
)  # fmt: skip
group = ec2.resource(
    "AWS::EC2::SecurityGroup", replaces=("GroupDescription", "GroupName", "VpcId"),
    attributes=("GroupId", "VpcId", "Id"),
)  # fmt: skip
RULE = (
    "GroupId", "IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6", "SourceSecurityGroupId",
    "DestinationSecurityGroupId", "SourcePrefixListId", "DestinationPrefixListId", "Description",
)  # fmt: skip
ingress = ec2.resource("AWS::EC2::SecurityGroupIngress", replaces=RULE, attributes=("Id",))
egress = ec2.resource("AWS::EC2::SecurityGroupEgress", replaces=RULE, attributes=("Id",))

# A rule's peer in templates → where permissions have it.
PEERS = {
    "CidrIp": ("IpRanges", "CidrIp"), "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "SourceSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "DestinationSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "SourcePrefixListId": ("PrefixListIds", "PrefixListId"),
    "DestinationPrefixListId": ("PrefixListIds", "PrefixListId"),
}  # fmt: skip
OPEN = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def _specified(want: Want, kind: str) -> dict[str, Any]:
    tags = want.tagged(want.properties)
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": listed(tags)}]} if tags else {}


def _retag(want: Want) -> Ending:
    gone, new = want.retagged()
    if gone:
        yield Ask("ec2", "DeleteTags", {"Resources": [want.id], "Tags": [{"Key": key} for key in gone]})
    if new:
        yield Ask("ec2", "CreateTags", {"Resources": [want.id], "Tags": listed(new)})


def _flag(value: Any) -> dict[str, bool]:
    return {"Value": str(value).lower() == "true"}


def _named(want: Want, id: str) -> Ending:
    """The two settings of names, each by a request of its own, as AWS wants it."""
    for member, absent in (("EnableDnsSupport", True), ("EnableDnsHostnames", False)):
        before = want.old.get(member, absent) if want.old else absent
        if _flag(want.properties.get(member, absent)) != _flag(before):
            wanted = _flag(want.properties.get(member, absent))
            yield Ask("ec2", "ModifyVpcAttribute", {"VpcId": id, member: wanted})


def _made_vpc(want: Want, id: str) -> Steps:
    default = [{"Name": "vpc-id", "Values": [id]}, {"Name": "group-name", "Values": ["default"]}]
    found = yield Ask("ec2", "DescribeSecurityGroups", {"Filters": default})
    told = yield Ask("ec2", "DescribeVpcs", {"VpcIds": [id]})
    [one] = told["Vpcs"]
    associations = [association["AssociationId"] for association in one["CidrBlockAssociationSet"]]
    return Made(id, {
        "VpcId": id, "CidrBlock": one["CidrBlock"], "CidrBlockAssociations": associations, "Ipv6CidrBlocks": [],
        "DefaultSecurityGroup": found["SecurityGroups"][0]["GroupId"],
    })  # fmt: skip


@vpc.create
def create_vpc(want: Want) -> Steps:
    request = {name: want.properties[name] for name in ("CidrBlock", "InstanceTenancy") if name in want.properties}
    made = yield Ask("ec2", "CreateVpc", request | _specified(want, "vpc"))
    yield from _named(want, made["Vpc"]["VpcId"])
    return (yield from _made_vpc(want, made["Vpc"]["VpcId"]))


@vpc.update
def update_vpc(want: Want) -> Steps:
    yield from _named(want, want.id)
    yield from _retag(want)
    return (yield from _made_vpc(want, want.id))


@vpc.delete
def delete_vpc(want: Want) -> Ending:
    yield Ask("ec2", "DeleteVpc", {"VpcId": want.id})


def _made_subnet(one: dict[str, Any]) -> Made:
    told = {name: one[name] for name in ("SubnetId", "VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId")}
    return Made(one["SubnetId"], told | {"Ipv6CidrBlocks": []})


@subnet.create
def create_subnet(want: Want) -> Steps:
    wanted = ("VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId")
    request = {name: want.properties[name] for name in wanted if name in want.properties}
    made = yield Ask("ec2", "CreateSubnet", request | _specified(want, "subnet"))
    if "MapPublicIpOnLaunch" in want.properties:
        public = {
            "SubnetId": made["Subnet"]["SubnetId"],
            "MapPublicIpOnLaunch": _flag(want.properties["MapPublicIpOnLaunch"]),
        }
        yield Ask("ec2", "ModifySubnetAttribute", public)
    return _made_subnet(made["Subnet"])


@subnet.update
def update_subnet(want: Want) -> Steps:
    if want.changed("MapPublicIpOnLaunch"):
        wanted = _flag(want.properties.get("MapPublicIpOnLaunch", False))
        yield Ask("ec2", "ModifySubnetAttribute", {"SubnetId": want.id, "MapPublicIpOnLaunch": wanted})
    yield from _retag(want)
    told = yield Ask("ec2", "DescribeSubnets", {"SubnetIds": [want.id]})
    return _made_subnet(told["Subnets"][0])


@subnet.delete
def delete_subnet(want: Want) -> Ending:
    yield Ask("ec2", "DeleteSubnet", {"SubnetId": want.id})


def _permission(rule: Properties) -> dict[str, Any]:
    """A rule of a template as a permission."""
    made: dict[str, Any] = {"IpProtocol": str(rule["IpProtocol"])}
    made |= {name: int(rule[name]) for name in ("FromPort", "ToPort") if rule.get(name) is not None}
    described = {"Description": rule["Description"]} if rule.get("Description") else {}
    for name, (member, part) in PEERS.items():
        if rule.get(name):
            made[member] = [{part: rule[name], **described}]
    return made


def _rules(properties: Properties) -> dict[str, list[dict[str, Any]]]:
    """Both directions' permissions; a group without rules of its own may talk to everyone."""
    given = {
        way: [_permission(rule) for rule in properties.get(f"SecurityGroup{way}") or ()]
        for way in ("Ingress", "Egress")
    }
    return given | {"Egress": given["Egress"] or [OPEN]}


def _change(id: str, before: dict[str, list[Any]], after: dict[str, list[Any]]) -> Ending:
    for way in ("Ingress", "Egress"):
        for verb, these, those in (("Revoke", before, after), ("Authorize", after, before)):
            changed = [rule for rule in these[way] if rule not in those[way]]
            if changed:
                yield Ask("ec2", f"{verb}SecurityGroup{way}", {"GroupId": id, "IpPermissions": changed})


@group.create
def create_group(want: Want) -> Steps:
    given = want.properties
    request = {"GroupName": want.name(given.get("GroupName"), NAME_MAX), "Description": given["GroupDescription"]}
    place = {"VpcId": given["VpcId"]} if given.get("VpcId") else {}
    made = yield Ask("ec2", "CreateSecurityGroup", request | place | _specified(want, "security-group"))
    yield from _change(made["GroupId"], {"Ingress": [], "Egress": [OPEN]}, _rules(given))
    return _made_group(want, made["GroupId"])


def _made_group(want: Want, id: str) -> Made:
    return Made(id, {"GroupId": id, "Id": id, "VpcId": want.properties.get("VpcId", "")})


@group.update
def update_group(want: Want) -> Steps:
    yield from _change(want.id, _rules(want.old), _rules(want.properties))
    yield from _retag(want)
    return _made_group(want, want.id)


@group.delete
def delete_group(want: Want) -> Ending:
    yield Ask("ec2", "DeleteSecurityGroup", {"GroupId": want.id})


def _authorize(want: Want, way: str) -> Steps:
    request = {"GroupId": want.properties["GroupId"], "IpPermissions": [_permission(want.properties)]}
    made = yield Ask("ec2", f"AuthorizeSecurityGroup{way}", request)
    id = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    return Made(id, {"Id": id})


def _revoke(want: Want, way: str) -> Ending:
    request = {"GroupId": want.properties["GroupId"], "SecurityGroupRuleIds": [want.id]}
    yield Ask("ec2", f"RevokeSecurityGroup{way}", request)


@ingress.create
def create_ingress(want: Want) -> Steps:
    return (yield from _authorize(want, "Ingress"))


@ingress.delete
def delete_ingress(want: Want) -> Ending:
    yield from _revoke(want, "Ingress")


@egress.create
def create_egress(want: Want) -> Steps:
    return (yield from _authorize(want, "Egress"))


@egress.delete
def delete_egress(want: Want) -> Ending:
    yield from _revoke(want, "Egress")
