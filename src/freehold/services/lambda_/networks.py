"""Networks: the subnets and security groups that functions are placed in.

One idea: they are EC2's; what a function is given must be there when it is given it, and whom the groups let it talk to
is asked for when an environment is prepared. It may not know how functions run.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.services.lambda_ import errors

Reach = tuple[tuple[str, int, int], ...]

OF_TCP = ("tcp", "-1")
PORTS = (0, 65_535)


async def placed(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """A VpcConfig that was checked, with the VPC it means. Raises what EC2 says no to, in Lambda's words."""
    subnets, groups = given.get("SubnetIds", []), given.get("SecurityGroupIds", [])
    if bool(subnets) != bool(groups):
        raise errors.HalfANetwork()
    checked = {"Ipv6AllowedForDualStack": False, "VpcId": "", "SubnetIds": subnets, "SecurityGroupIds": groups} | given
    if not subnets:
        return checked
    found = (await _asked(call, "DescribeSubnets", {"SubnetIds": subnets}))["Subnets"]
    others = (await _asked(call, "DescribeSecurityGroups", {"GroupIds": groups}))["SecurityGroups"]
    places = {one["VpcId"] for one in (*found, *others)}
    if len(places) > 1:
        raise errors.ManyNetworks()
    return checked | {"VpcId": places.pop()}


async def _asked(call: Call, operation: str, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return await call.ask("ec2", operation, request)
    except AwsError as refusal:
        if (refusal.status or 400) >= 500:
            raise
        told = {"operation": operation, "code": refusal.shape(), "reason": refusal.message}
        raise errors.NetworkNotFetched(**told) from refusal


async def reach(call: Call, settings: dict[str, Any]) -> Reach | None:
    """Whom the function's security groups let it connect to over TCP; None where it is placed in no network."""
    groups = settings.get("VpcConfig", {}).get("SecurityGroupIds")
    if not groups:
        return None
    cloud = call.door.call(call.account, call.region)
    wanted = {"Filters": [{"Name": "group-id", "Values": groups}]}
    answer = await cloud.ask("ec2", "DescribeSecurityGroups", wanted)
    permissions = [one for group in answer["SecurityGroups"] for one in group["IpPermissionsEgress"]]
    return tuple(
        (cidr, *ports)
        for permission in permissions
        if (ports := _ports(permission))
        for cidr in (
            *(one["CidrIp"] for one in permission["IpRanges"]),
            *(one["CidrIpv6"] for one in permission["Ipv6Ranges"]),
        )
    )


def _ports(permission: dict[str, Any]) -> tuple[int, int] | None:
    if permission["IpProtocol"] not in OF_TCP:
        return None
    return permission.get("FromPort", PORTS[0]), permission.get("ToPort", PORTS[1])
