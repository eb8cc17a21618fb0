"""Subnets, made, shown, set and deleted. It may not know security groups."""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.ec2 import errors, filters, networks
from freehold.services.ec2.networks import Subnet
from freehold.services.ec2.service.catalogue import admit, arn, ec2, on, tagged, tags_of

FILTERS: filters.Table = {
    "availability-zone": lambda one: one.zone,
    "availabilityZone": lambda one: one.zone,
    "availability-zone-id": lambda one: networks.zone_id(one.zone),
    "cidr": lambda one: one.cidr,
    "cidr-block": lambda one: one.cidr,
    "default-for-az": lambda one: False,
    "map-public-ip-on-launch": lambda one: one.public,
    "state": lambda one: "available",
    "subnet-id": lambda one: one.id,
    "vpc-id": lambda one: one.vpc,
}


def _shape(tx: Tx, one: Subnet) -> dict[str, Any]:
    return {
        "SubnetId": one.id, "SubnetArn": arn(tx.region, tx.account, "subnet", one.id), "VpcId": one.vpc,
        "OwnerId": tx.account, "State": "available", "CidrBlock": one.cidr, "AvailabilityZone": one.zone,
        "AvailabilityZoneId": networks.zone_id(one.zone), "AvailableIpAddressCount": networks.available(one),
        "DefaultForAz": False, "MapPublicIpOnLaunch": one.public, "AssignIpv6AddressOnCreation": False,
        "MapCustomerOwnedIpOnLaunch": False, "EnableDns64": False, "Ipv6Native": False,
        "Ipv6CidrBlockAssociationSet": [], **tagged(one.tags),
    }  # fmt: skip


@ec2.operation(needs={"ec2:CreateSubnet": on("vpc", "VpcId")})
def create_subnet(call: Call, tx: Tx, request: Request) -> Response:
    admit(request)
    if "CidrBlock" not in request:
        raise errors.NothingGiven(name="cidrBlock")
    zone = request.get("AvailabilityZone", "")
    if "AvailabilityZoneId" in request:
        by_id = {networks.zone_id(name): name for name in networks.zones(tx.region)}
        zone = by_id.get(request["AvailabilityZoneId"], request["AvailabilityZoneId"])
    made = networks.make_subnet(tx, request["VpcId"], request["CidrBlock"], zone, tags_of(request, "subnet"))
    return {"Subnet": _shape(tx, made)}


@ec2.operation(needs={"ec2:DescribeSubnets": "*"})
def describe_subnets(call: Call, tx: Tx, request: Request) -> Response:
    admit(request)
    ids = request.get("SubnetIds")
    found = [networks.subnet(tx, id) for id in ids] if ids else tx.range(Subnet)
    shown, token = filters.page(filters.chosen(found, FILTERS, request.get("Filters", [])), lambda one: one.id, request)
    return {"Subnets": [_shape(tx, one) for one in shown]} | token


@ec2.operation(needs={"ec2:DeleteSubnet": on("subnet", "SubnetId")})
def delete_subnet(call: Call, tx: Tx, request: Request) -> None:
    admit(request)
    tx.delete(Subnet, networks.subnet(tx, request["SubnetId"]).id)


@ec2.operation(needs={"ec2:ModifySubnetAttribute": on("subnet", "SubnetId")})
def modify_subnet_attribute(call: Call, tx: Tx, request: Request) -> None:
    admit(request)
    one = networks.subnet(tx, request["SubnetId"])
    one.public = request.get("MapPublicIpOnLaunch", {}).get("Value", one.public)
    tx.put(one)
