"""Security groups: rules of who may talk to what is in them, and to whom that may talk.

One idea: a rule is one line: direction, protocol, ports and one peer; AWS's permissions, which hold many peers each,
are made of rules and taken apart into them. It may not know requests' other members.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from freehold.kernel.store import Record, Tx
from freehold.services.ec2 import errors, networks

DEFAULT = "default"
EVERYTHING, EVERYWHERE = "-1", "0.0.0.0/0"
NUMBERED = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", EVERYTHING: EVERYTHING}
WITH_PORTS = ("tcp", "udp")
ANY_PORT = -1

# Where a permission holds its peers: its member, the member of each peer, the kind of peer.
PEERS = (
    ("IpRanges", "CidrIp", "cidr"),
    ("Ipv6Ranges", "CidrIpv6", "cidr6"),
    ("UserIdGroupPairs", "GroupId", "group"),
    ("PrefixListIds", "PrefixListId", "prefix-list"),
)


class Group(Record, table="ec2_groups", key="id"):
    id: str
    vpc: str
    name: str
    description: str
    tags: dict[str, str] = {}


class Rule(Record, table="ec2_rules", key="group id"):
    """`low` and `high` are ports (of ICMP: type and code), ANY_PORT for all; `kind` as in PEERS."""

    group: str
    id: str
    egress: bool
    protocol: str
    low: int
    high: int
    kind: str
    peer: str
    description: str = ""
    tags: dict[str, str] = {}

    @property
    def meaning(self) -> tuple:
        """What makes two rules the same."""
        return self.egress, self.protocol, self.low, self.high, self.kind, self.peer


def find(tx: Tx, id: str) -> Group:
    found = tx.get(Group, id)
    if found is None:
        raise errors.GroupNotFound(id=id)
    return found


def named(tx: Tx, place: str, name: str) -> Group | None:
    return next((one for one in tx.range(Group) if (one.vpc, one.name) == (place, name)), None)


def make(tx: Tx, place: str, name: str, description: str, tags: dict[str, str]) -> Group:
    """A group that may talk to everyone and that nobody may talk to; the default one's members talk to each other."""
    if named(tx, place, name):
        raise errors.GroupExists(name=name, vpc=place)
    made = Group(id=networks.new_id(tx, "sg"), vpc=place, name=name, description=description, tags=tags)
    tx.put(made)
    _keep(tx, made.id, True, EVERYTHING, ANY_PORT, ANY_PORT, "cidr", EVERYWHERE)
    if name == DEFAULT:
        _keep(tx, made.id, False, EVERYTHING, ANY_PORT, ANY_PORT, "group", made.id)
    return made


def _keep(tx: Tx, group: str, egress: bool, protocol: str, low: int, high: int, kind: str, peer: str) -> None:
    tx.put(
        Rule(group=group, id=networks.new_id(tx, "sgr"), egress=egress, protocol=protocol, low=low, high=high,
             kind=kind, peer=peer)
    )  # fmt: skip


def remove(tx: Tx, group: Group) -> None:
    """Delete a group that no other group's rule names."""
    if group.name == DEFAULT:
        raise errors.DefaultGroupStays(id=group.id)
    if any(rule.kind == "group" and rule.peer == group.id and rule.group != group.id for rule in tx.range(Rule)):
        raise errors.GroupInUse(id=group.id)
    forget(tx, group)


def forget(tx: Tx, group: Group) -> None:
    for rule in tx.range(Rule, group.id):
        tx.delete(Rule, group.id, rule.id)
    tx.delete(Group, group.id)


def read(tx: Tx, group: Group, egress: bool, permissions: list[dict[str, Any]]) -> Iterator[Rule]:
    """The rules that permissions are made of."""
    for permission in permissions:
        protocol, low, high = _reach(permission)
        for member, part, kind in PEERS:
            for one in permission.get(member, ()):
                peer = _peer(tx, group, kind, one, part)
                yield Rule(
                    group=group.id, id=networks.new_id(tx, "sgr"), egress=egress, protocol=protocol, low=low,
                    high=high, kind=kind, peer=peer, description=one.get("Description", ""),
                )  # fmt: skip


def _reach(permission: dict[str, Any]) -> tuple[str, int, int]:
    """Protocol and ports of a permission."""
    given = str(permission.get("IpProtocol", "")).lower()
    protocol = NUMBERED.get(given, given)
    if protocol not in NUMBERED.values() and not (protocol.isdigit() and int(protocol) < 256):
        raise errors.NotAProtocol(value=given)
    if protocol in WITH_PORTS and not {"FromPort", "ToPort"} <= permission.keys():
        raise errors.NoPorts()
    if protocol == EVERYTHING or protocol.isdigit():
        return protocol, ANY_PORT, ANY_PORT
    return protocol, permission.get("FromPort", ANY_PORT), permission.get("ToPort", ANY_PORT)


def _peer(tx: Tx, group: Group, kind: str, one: dict[str, Any], part: str) -> str:
    if kind == "group":
        name = one.get("GroupName", "")
        other = named(tx, group.vpc, name) if name and not one.get(part) else find(tx, one.get(part, ""))
        if other is None:
            raise errors.GroupNotFound(id=name)
        return other.id
    if kind == "prefix-list":
        return str(one[part])
    try:
        return str(ip_network(one[part], strict=False))
    except ValueError as fault:
        raise errors.RuleCidr(value=one[part]) from fault


def authorize(tx: Tx, group: Group, egress: bool, permissions: list[dict[str, Any]]) -> list[Rule]:
    there = {rule.meaning for rule in tx.range(Rule, group.id)}
    made = list(read(tx, group, egress, permissions))
    for rule in made:
        if rule.meaning in there:
            ports = "" if rule.low == ANY_PORT else f", from port: {rule.low}, to port: {rule.high}"
            protocol = "ALL" if rule.protocol == EVERYTHING else rule.protocol.upper()
            raise errors.RuleExists(rule=f"peer: {rule.peer}, {protocol}{ports}, ALLOW")
        there.add(rule.meaning)
        tx.put(rule)
    return made


def revoke(tx: Tx, group: Group, egress: bool, permissions: list[dict[str, Any]], ids: list[str]) -> list[Rule]:
    """Take rules away, by what they mean or by their ids; all must be there."""
    there = [rule for rule in tx.range(Rule, group.id) if rule.egress == egress]
    by_meaning, by_id = {rule.meaning: rule for rule in there}, {rule.id: rule for rule in there}
    gone = []
    for id in ids:
        if id not in by_id:
            raise errors.RuleNotFound(id=id)
        gone.append(by_id[id])
    for rule in read(tx, group, egress, permissions):
        if rule.meaning not in by_meaning:
            raise errors.NoSuchRule()
        gone.append(by_meaning[rule.meaning])
    for rule in gone:
        tx.delete(Rule, group.id, rule.id)
    return gone


def permissions(rules: list[Rule], account: str) -> list[dict[str, Any]]:
    """Rules of one direction as AWS shows them: those of one reach together, with the peers of each kind."""
    shown: dict[tuple, dict[str, Any]] = {}
    for rule in rules:
        reach = {} if rule.low == ANY_PORT and rule.protocol not in ("icmp", "icmpv6") else _ports(rule)
        empty: dict[str, Any] = {"IpProtocol": rule.protocol, **reach, **{member: [] for member, _, _ in PEERS}}
        permission = shown.setdefault((rule.protocol, rule.low, rule.high), empty)
        member, part, _ = next(row for row in PEERS if row[2] == rule.kind)
        peer = {part: rule.peer} | ({"Description": rule.description} if rule.description else {})
        permission[member].append(peer | ({"UserId": account} if rule.kind == "group" else {}))
    return list(shown.values())


def _ports(rule: Rule) -> dict[str, int]:
    return {"FromPort": rule.low, "ToPort": rule.high}
