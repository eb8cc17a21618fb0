"""VPCs and subnets: ranges of addresses, one within the other.

One idea: a range is checked against its neighbours when it is made, and never changes. It may not know requests.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""

from ipaddress import IPv4Network

from freehold.kernel.store import Record, Tx
from freehold.services.ec2 import errors

LARGEST, SMALLEST = 16, 28  # lengths of prefixes
TAKEN = 5  # addresses of each subnet that are AWS's own
ZONES = "abc"
DEFAULT_OPTIONS = "default"


class Vpc(Record, table="ec2_vpcs", key="id"):
    """`dns_support` and `dns_hostnames` are its two settings of names."""

    id: str
    cidr: str
    tenancy: str
    tags: dict[str, str] = {}
    dns_support: bool = True
    dns_hostnames: bool = False


class Subnet(Record, table="ec2_subnets", key="id"):
    """`public` says whether what is placed in it is to have a public address."""

    id: str
    vpc: str
    cidr: str
    zone: str
    tags: dict[str, str] = {}
    public: bool = False


def new_id(tx: Tx, kind: str) -> str:
    return f"{kind}-{tx.ids.hex(17)}"


def zones(region: str) -> list[str]:
    return [f"{region}{letter}" for letter in ZONES]


def zone_id(zone: str) -> str:
    """us-east-1a is use1-az1: the same for every account here."""
    region, letter = zone[:-1], zone[-1]
    area, *direction, number = region.split("-")
    return f"{area}{''.join(part[0] for part in direction)}{number}-az{ZONES.index(letter) + 1}"


def range_of(text: str) -> IPv4Network:
    """A range, its host bits cleared as AWS clears them. Raises NotACidr."""
    try:
        if "/" not in text:
            raise ValueError(text)
        return IPv4Network(text, strict=False)
    except ValueError as fault:
        raise errors.NotACidr(value=text) from fault


def vpc(tx: Tx, id: str) -> Vpc:
    found = tx.get(Vpc, id)
    if found is None:
        raise errors.VpcNotFound(id=id)
    return found


def subnet(tx: Tx, id: str) -> Subnet:
    found = tx.get(Subnet, id)
    if found is None:
        raise errors.SubnetNotFound(id=id)
    return found


def make_vpc(tx: Tx, cidr: str, tenancy: str, tags: dict[str, str]) -> Vpc:
    wanted = range_of(cidr)
    if not LARGEST <= wanted.prefixlen <= SMALLEST:
        raise errors.VpcRange(value=cidr)
    made = Vpc(id=new_id(tx, "vpc"), cidr=str(wanted), tenancy=tenancy, tags=tags)
    tx.put(made)
    return made


def make_subnet(tx: Tx, place: str, cidr: str, zone: str, tags: dict[str, str]) -> Subnet:
    around, wanted = vpc(tx, place), range_of(cidr)
    if not (LARGEST <= wanted.prefixlen <= SMALLEST and wanted.subnet_of(IPv4Network(around.cidr))):
        raise errors.SubnetRange(value=cidr)
    if any(wanted.overlaps(IPv4Network(other.cidr)) for other in subnets_of(tx, place)):
        raise errors.SubnetConflict(value=cidr)
    if zone and zone not in zones(tx.region):
        raise errors.NoSuchZone(value=zone, zones=", ".join(zones(tx.region)))
    made = Subnet(
        id=new_id(tx, "subnet"), vpc=place, cidr=str(wanted), zone=zone or zones(tx.region)[0], tags=tags
    )  # fmt: skip
    tx.put(made)
    return made


def subnets_of(tx: Tx, place: str) -> list[Subnet]:
    return [one for one in tx.range(Subnet) if one.vpc == place]


def available(one: Subnet) -> int:
    """How many addresses can be given away: nothing here takes any."""
    return IPv4Network(one.cidr).num_addresses - TAKEN
