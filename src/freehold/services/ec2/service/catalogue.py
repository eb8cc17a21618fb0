"""The catalogue of EC2's operations, the ARNs of what they need permission for, and what all requests have in common.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from collections.abc import Callable
from typing import Any

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Service
from freehold.services.ec2.errors import DryRunOperation

ec2 = Service("ec2")

# Members that ask for what is not here.
UNDONE = frozenset({
    "Ipv6Pool", "Ipv6CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "Ipv6IpamPoolId", "Ipv6NetmaskLength",
    "Ipv6CidrBlockNetworkBorderGroup", "VpcEncryptionControl", "AmazonProvidedIpv6CidrBlock", "OutpostArn",
    "Ipv6Native", "EnableNetworkAddressUsageMetrics", "AssignIpv6AddressOnCreation", "MapCustomerOwnedIpOnLaunch",
    "CustomerOwnedIpv4Pool", "EnableDns64", "PrivateDnsHostnameTypeOnLaunch", "EnableResourceNameDnsARecordOnLaunch",
    "EnableResourceNameDnsAAAARecordOnLaunch", "EnableLniAtDeviceIndex", "DisableLniAtDeviceIndex",
    "SourceSecurityGroupOwnerId",
})  # fmt: skip


def admit(request: Request) -> None:
    """Raise what is not done here, and what AWS answers to a request that is only a rehearsal."""
    for member in UNDONE.intersection(request):
        if request[member] not in (False, {"Value": False}):
            raise NotImplementedHere(service="ec2", operation=member)
    if request.get("DryRun"):
        raise DryRunOperation()


def arn(region: str, account: str, kind: str, id: str) -> str:
    return arns.arn("ec2", region, account, f"{kind}/{id}")


def on(kind: str, member: str = "") -> Callable[[Call, Request], str]:
    """The ARN of what a request names in `member`; of any of its kind where it names none yet."""
    return lambda call, request: arn(call.region, call.account, kind, request.get(member) or "*")


def tags_of(request: Request, kind: str) -> dict[str, str]:
    """The tags that a request gives to what it makes."""
    given = [one for one in request.get("TagSpecifications", ()) if one.get("ResourceType") == kind]
    return {tag["Key"]: tag.get("Value", "") for one in given for tag in one.get("Tags", ())}


def listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tagged(tags: dict[str, str]) -> dict[str, Any]:
    """The member Tags of what has some."""
    return {"Tags": listed(tags)} if tags else {}
