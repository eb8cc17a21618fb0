"""VPCs, made, shown, set and deleted; and the zones of a region. It may not know subnets' ranges."""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.ec2 import errors, filters, groups, networks
from freehold.services.ec2.groups import Group
from freehold.services.ec2.networks import DEFAULT_OPTIONS, Vpc
from freehold.services.ec2.service.catalogue import admit, ec2, on, tagged, tags_of

DEFAULT_DESCRIPTION = "default VPC security group"
FILTERS: filters.Table = {
    "cidr": lambda one: one.cidr,
    "cidr-block": lambda one: one.cidr,
    "cidr-block-association.cidr-block": lambda one: one.cidr,
    "is-default": lambda one: False,
    "isDefault": lambda one: False,
    "state": lambda one: "available",
    "vpc-id": lambda one: one.id,
}
OF_ZONES: filters.Table = {
    "region-name": lambda one: one["RegionName"],
    "state": lambda one: one["State"],
    "zone-id": lambda one: one["ZoneId"],
    "zone-name": lambda one: one["ZoneName"],
    "zone-type": lambda one: one["ZoneType"],
}


def _shape(tx: Tx, one: Vpc) -> dict[str, Any]:
    association = {
        "AssociationId": one.id.replace("vpc-", "vpc-cidr-assoc-"),
        "CidrBlock": one.cidr,
        "CidrBlockState": {"State": "associated"},
    }
    return {
        "VpcId": one.id, "State": "available", "CidrBlock": one.cidr, "DhcpOptionsId": DEFAULT_OPTIONS,
        "InstanceTenancy": one.tenancy, "IsDefault": False, "OwnerId": tx.account,
        "CidrBlockAssociationSet": [association], "Ipv6CidrBlockAssociationSet": [], **tagged(one.tags),
    }  # fmt: skip


@ec2.operation(needs={"ec2:CreateVpc": on("vpc")})
def create_vpc(call: Call, tx: Tx, request: Request) -> Response:
    """A VPC with its default security group."""
    admit(request)
    if "CidrBlock" not in request:
        raise errors.NothingGiven(name="cidrBlock")
    made = networks.make_vpc(
        tx, request["CidrBlock"], request.get("InstanceTenancy", "default"), tags_of(request, "vpc")
    )
    groups.make(tx, made.id, groups.DEFAULT, DEFAULT_DESCRIPTION, {})
    return {"Vpc": _shape(tx, made)}


@ec2.operation(needs={"ec2:DescribeVpcs": "*"})
def describe_vpcs(call: Call, tx: Tx, request: Request) -> Response:
    admit(request)
    ids = request.get("VpcIds")
    found = [networks.vpc(tx, id) for id in ids] if ids else tx.range(Vpc)
    shown, token = filters.page(filters.chosen(found, FILTERS, request.get("Filters", [])), lambda one: one.id, request)
    return {"Vpcs": [_shape(tx, one) for one in shown]} | token


@ec2.operation(needs={"ec2:DeleteVpc": on("vpc", "VpcId")})
def delete_vpc(call: Call, tx: Tx, request: Request) -> None:
    """Delete an empty VPC, its default group with it."""
    admit(request)
    one = networks.vpc(tx, request["VpcId"])
    own = [group for group in tx.range(Group) if group.vpc == one.id]
    if networks.subnets_of(tx, one.id) or any(group.name != groups.DEFAULT for group in own):
        raise errors.VpcInUse(id=one.id)
    for group in own:
        groups.forget(tx, group)
    tx.delete(Vpc, one.id)


@ec2.operation(needs={"ec2:ModifyVpcAttribute": on("vpc", "VpcId")})
def modify_vpc_attribute(call: Call, tx: Tx, request: Request) -> None:
    admit(request)
    one = networks.vpc(tx, request["VpcId"])
    one.dns_support = request.get("EnableDnsSupport", {}).get("Value", one.dns_support)
    one.dns_hostnames = request.get("EnableDnsHostnames", {}).get("Value", one.dns_hostnames)
    tx.put(one)


@ec2.operation(needs={"ec2:DescribeVpcAttribute": on("vpc", "VpcId")})
def describe_vpc_attribute(call: Call, tx: Tx, request: Request) -> Response:
    admit(request)
    one, wanted = networks.vpc(tx, request["VpcId"]), request["Attribute"]
    told = {
        "enableDnsSupport": ("EnableDnsSupport", one.dns_support),
        "enableDnsHostnames": ("EnableDnsHostnames", one.dns_hostnames),
        "enableNetworkAddressUsageMetrics": ("EnableNetworkAddressUsageMetrics", False),
    }
    if wanted not in told:
        raise errors.WrongAttribute(value=wanted)
    member, value = told[wanted]
    return {"VpcId": one.id, member: {"Value": value}}


@ec2.operation(needs={"ec2:DescribeAvailabilityZones": "*"})
def describe_availability_zones(call: Call, tx: Tx, request: Request) -> Response:
    """Three zones, in each region alike, whether or not `AllAvailabilityZones` are asked for."""
    admit(request)
    found = [
        {
            "ZoneName": zone, "ZoneId": networks.zone_id(zone), "RegionName": tx.region, "State": "available",
            "OptInStatus": "opt-in-not-required", "ZoneType": "availability-zone", "GroupName": tx.region,
            "NetworkBorderGroup": tx.region, "Messages": [],
        }
        for zone in networks.zones(tx.region)
    ]  # fmt: skip
    for member, part in (("ZoneNames", "ZoneName"), ("ZoneIds", "ZoneId")):
        found = [zone for zone in found if zone[part] in request.get(member, [zone[part]])]
    return {"AvailabilityZones": filters.chosen(found, OF_ZONES, request.get("Filters", []))}
