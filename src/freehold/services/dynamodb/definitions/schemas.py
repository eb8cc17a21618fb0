"""How a request describes a table and its indexes, and what AWS refuses of it.

One idea: a description is read into what is remembered, and every refusal comes on the way, in AWS's order. It may not
know the store.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from freehold.services.dynamodb.definitions import errors
from freehold.services.dynamodb.tables import ON_DEMAND, PROVISIONED, Index, Keys, Table

OF_AWS, TAGS_MAX = "aws:", 50
CLEARED = -1  # what takes a ceiling away
LOCAL_INDEXES_MAX, GLOBAL_INDEXES_MAX = 5, 20
KEY_ATTRIBUTES_MAX = 4  # of an index's hash key, and of its range key
NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
ROLES = (("first", "HASH"), ("second", "RANGE"))
UNITS_KEPT = {"MaxReadRequestUnits", "MaxWriteRequestUnits"}

Wanted = dict[str, Any]
NewSpace = Callable[[], str]


def read_table(wanted: Wanted, name: str, id: str, now: float, new_space: NewSpace) -> Table:
    """The table that CreateTable asks for. Raises ValidationException."""
    if not NAME.fullmatch(name):
        raise errors.BadName()
    for member in ("AttributeDefinitions", "KeySchema"):
        if not wanted.get(member):
            raise errors.MemberMissing(member=member[0].lower() + member[1:])
    billing = wanted.get("BillingMode", PROVISIONED)
    read, write = table_units(wanted, billing)
    check_ceilings(on_demand_units(wanted), billing, "table")
    types = attribute_types(wanted)
    keys = read_keys(wanted["KeySchema"], types)
    indexes = read_indexes(wanted, keys, types, billing, new_space)
    check_attributes_used(types, keys, indexes)
    return Table(
        name=name, id=id, space=new_space(), created_at=now, attributes=types, keys=keys, indexes=indexes,
        billing=billing, on_demand_at=now if billing == ON_DEMAND else 0.0, read_units=read, write_units=write,
        on_demand=on_demand_units(wanted), table_class=wanted.get("TableClass", ""),
        warm=wanted.get("WarmThroughput", {}),
        protected=wanted.get("DeletionProtectionEnabled", False), tags=read_tags(wanted.get("Tags", ())),
        scattered=True,
    )  # fmt: skip


def read_tags(tags: Iterable[dict[str, str]]) -> dict[str, str]:
    """Tags as they are remembered. Raises ValidationException."""
    read: dict[str, str] = {}
    for tag in tags:
        if tag["Key"].lower().startswith(OF_AWS):
            raise errors.TagKeyOfAws(key=tag["Key"])
        if tag["Key"] in read:
            raise errors.TagKeyTwice(key=tag["Key"])
        read[tag["Key"]] = tag["Value"]
    check_tag_count(read)
    return read


def check_tag_count(tags: dict[str, str]) -> None:
    if len(tags) > TAGS_MAX:
        raise errors.TooManyTags()


def attribute_types(wanted: Wanted) -> dict[str, str]:
    types: dict[str, str] = {}
    for one in wanted.get("AttributeDefinitions", ()):
        if one["AttributeName"] in types:
            raise errors.AttributeDefinedTwice(name=one["AttributeName"])
        types[one["AttributeName"]] = one["AttributeType"]
    return types


def table_units(wanted: Wanted, billing: str) -> tuple[int, int]:
    """Provisioned read and write units; none on demand."""
    given = wanted.get("ProvisionedThroughput")
    if billing == ON_DEMAND:
        if given:
            raise errors.UnitsOnDemand()
        return 0, 0
    if not given:
        raise errors.UnitsMissing()
    return given["ReadCapacityUnits"], given["WriteCapacityUnits"]


def on_demand_units(wanted: Wanted) -> dict[str, int]:
    """The ceilings of OnDemandThroughput that were given."""
    return {name: most for name, most in wanted.get("OnDemandThroughput", {}).items() if name in UNITS_KEPT}


def check_ceilings(given: dict[str, int], billing: str, what: str, *, clearing: bool = False) -> None:
    """Raise ValidationException for ceilings that a table or index (`what`) cannot have."""
    for name, most in given.items():
        if billing != ON_DEMAND:
            raise errors.CeilingWithUnits(name=name)
        if most < 1 and not (clearing and most == CLEARED):
            raise errors.CeilingOutOfRange(name=name, what=what)


def ceilings(given: dict[str, int]) -> dict[str, int]:
    """The ceilings that stand."""
    return {name: most for name, most in given.items() if most != CLEARED}


def read_keys(elements: list[dict[str, str]], types: dict[str, str]) -> Keys:
    names = [element["AttributeName"] for element in elements]
    if any(name not in types for name in names):
        raise errors.KeysUndefined(keys=", ".join(names), attributes=", ".join(types))
    if len(names) > len(ROLES):
        raise errors.TooManyKeys(count=len(names))
    if len(names) != len(set(names)):
        raise errors.SameKeyTwice()
    for element, (ordinal, role) in zip(elements, ROLES):
        if element["KeyType"] != role:
            raise errors.WrongKeyRole(ordinal=ordinal, role=role)
    return tuple((name, types[name]) for name in names)


def read_index_keys(elements: list[dict[str, str]], types: dict[str, str]) -> tuple[Keys, int]:
    """The keys of a global index, and how many of them make its hash key. Several may make either."""
    roles = [element["KeyType"] for element in elements]
    if roles[:1] != ["HASH"] or roles[1:] in ([], ["RANGE"]):
        return read_keys(elements, types), 1
    names = [element["AttributeName"] for element in elements]
    if any(name not in types for name in names):
        raise errors.KeysUndefined(keys=", ".join(names), attributes=", ".join(types))
    for role in ("HASH", "RANGE"):
        if roles.count(role) > KEY_ATTRIBUTES_MAX:
            raise errors.TooManyKeyAttributes(role=role, most=KEY_ATTRIBUTES_MAX)
    if roles != sorted(roles):
        raise errors.HashAfterRange()
    if len(names) != len(set(names)):
        raise errors.SameKeyTwice()
    return tuple((name, types[name]) for name in names), roles.count("HASH")


def read_indexes(wanted: Wanted, keys: Keys, types: dict[str, str], billing: str, new_space: NewSpace) -> list[Index]:
    """Local indexes, then global ones."""
    indexes: list[Index] = []
    for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
        given = wanted.get(kind)
        if given == []:
            raise errors.EmptyIndexList(kind=kind)
        local = kind.startswith("Local")
        if local and given and len(keys) < 2:
            raise errors.LocalWithoutTableRange()
        for one in given or ():
            index = read_index(one, keys, types, billing, new_space(), local=local)
            if any(index.name == other.name for other in indexes):
                raise errors.DuplicateIndex(index=index.name)
            indexes.append(index)
    check_index_count(indexes)
    return indexes


def check_index_count(indexes: list[Index]) -> None:
    local = sum(index.local for index in indexes)
    if local > LOCAL_INDEXES_MAX:
        raise errors.TooManyLocalIndexes(most=LOCAL_INDEXES_MAX)
    if len(indexes) - local > GLOBAL_INDEXES_MAX:
        raise errors.TooManyGlobalIndexes(most=GLOBAL_INDEXES_MAX)


def read_index(
    given: Wanted, table_keys: Keys, types: dict[str, str], billing: str, space: str, *, local: bool = False
) -> Index:
    """One secondary index of a table with these keys, attributes and billing mode."""
    name = given["IndexName"]
    keys, hashes = (read_keys(given["KeySchema"], types), 1) if local else read_index_keys(given["KeySchema"], types)
    if local and len(keys) < 2:
        raise errors.LocalWithoutRange(index=name)
    if local and keys[0] != table_keys[0]:
        raise errors.LocalWithOtherHash(index=name, ours=keys[0][0], theirs=table_keys[0][0])
    projection = given["Projection"].get("ProjectionType")
    included = given["Projection"].get("NonKeyAttributes")
    check_projection(projection, included)
    read, write = (0, 0) if local else index_units(given, name, billing)
    if not local:
        check_ceilings(on_demand_units(given), billing, f"index : {name}")
    names = dict.fromkeys([key for key, _ in (*table_keys, *keys)] + (included or []))
    return Index(
        name=name, space=space, keys=keys, hashes=hashes, projection=projection, included=tuple(included or ()),
        local=local, attributes=None if projection == "ALL" else tuple(names), read_units=read, write_units=write,
        on_demand=on_demand_units(given), warm=given.get("WarmThroughput", {}),
    )  # fmt: skip


def check_projection(projection: str | None, included: list[str] | None) -> None:
    if projection is None:
        raise errors.ProjectionUnknown()
    if included and projection != "INCLUDE":
        raise errors.ProjectionNeedsNoAttributes(projection=projection)
    if included and len(set(included)) < len(included):
        raise errors.AttributeIncludedTwice()
    if not included and projection == "INCLUDE":
        raise errors.ProjectionNeedsAttributes()


def index_units(given: Wanted, name: str, billing: str) -> tuple[int, int]:
    units = given.get("ProvisionedThroughput")
    if billing == ON_DEMAND:
        if units:
            raise errors.IndexUnitsOnDemand(index=name)
        return 0, 0
    if not units:
        raise errors.IndexUnitsMissing(index=name)
    return units["ReadCapacityUnits"], units["WriteCapacityUnits"]


def check_attributes_used(types: dict[str, str], keys: Keys, indexes: list[Index]) -> None:
    used = dict.fromkeys(name for schema in (keys, *(index.keys for index in indexes)) for name, _ in schema)
    if len(used) == len(types):
        return
    if not indexes:
        raise errors.AttributesUnmatched()
    raise errors.AttributesUnused(attributes=", ".join(types), keys=", ".join(used))
