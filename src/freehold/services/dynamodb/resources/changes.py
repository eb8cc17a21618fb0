"""What UpdateTable is asked when a template's table changes.

One idea: what is to be changed is what a template says now and did not before; indexes are changed one by one. It may
not know the store.
"""

from freehold.kernel.resources import Ask, Ending, Pause, Properties
from freehold.services.dynamodb.tables import ACTIVE, PROVISIONED

LOOK_AGAIN_S = 1.0
# Properties that UpdateTable changes; indexes are changed one by one.
ALTERED = ("BillingMode", "DeletionProtectionEnabled", "OnDemandThroughput", "ProvisionedThroughput",
"SSESpecification",
           "TableClass", "WarmThroughput")  # fmt: skip
ALONE = ("TableClass", "DeletionProtectionEnabled", "SSESpecification")  # each takes an UpdateTable of its own
DEFAULTS: Properties = {
    "BillingMode": PROVISIONED, "DeletionProtectionEnabled": False, "SSESpecification": {"Enabled": False},
}  # fmt: skip
INDEX_ALTERED = ("ProvisionedThroughput", "OnDemandThroughput")


def update_table(name: str, given: Properties, old: Properties) -> Ending:
    """Indexes that go make way first; those that come find the table's billing mode already changed."""
    changed = _alterations(given, old)
    gone, others = _index_actions(given, old, switched="BillingMode" in changed)
    for action in gone:
        yield from _update_index(name, given, action)
    for part in _apart(changed):
        yield Ask("dynamodb", "UpdateTable", part | {"TableName": name})
    for action in others:
        yield from _update_index(name, given, action)


def _alterations(given: Properties, old: Properties) -> Properties:
    """What UpdateTable is to change besides indexes; what a template no longer says is as if it never had."""
    now, before = (DEFAULTS | one for one in (given, old))
    changed = {member: now[member] for member in ALTERED if member in now and now[member] != before.get(member)}
    if changed.get("BillingMode") == PROVISIONED:
        changed["ProvisionedThroughput"] = given.get("ProvisionedThroughput")
        updates = [
            {"Update": {"IndexName": name, "ProvisionedThroughput": index.get("ProvisionedThroughput")}}
            for name, index in _kept(given, old).items()
        ]
        changed |= {"GlobalSecondaryIndexUpdates": updates} if updates else {}
    return changed


def _apart(changed: Properties) -> list[Properties]:
    """What is to be changed, in as many UpdateTables as it takes."""
    alone = [{member: changed[member]} for member in ALONE if member in changed]
    together = {member: value for member, value in changed.items() if member not in ALONE}
    return [one for one in (together, *alone) if one]


def _indexes(properties: Properties) -> dict[str, Properties]:
    return {index["IndexName"]: index for index in properties.get("GlobalSecondaryIndexes", ())}


def _kept(given: Properties, old: Properties) -> dict[str, Properties]:
    """The global indexes that stay what they are, but for their units."""
    before = _indexes(old)
    return {
        name: index
        for name, index in _indexes(given).items()
        if name in before and all(index.get(part) == before[name].get(part) for part in ("KeySchema", "Projection"))
    }


def _index_actions(given: Properties, old: Properties, *, switched: bool) -> tuple[list[Properties], list[Properties]]:
    """The global indexes to delete, and those to make or to give other units."""
    before, kept = _indexes(old), _kept(given, old)
    gone = [{"Delete": {"IndexName": name}} for name in before if name not in kept]
    others = []
    for name, index in _indexes(given).items():
        if name not in kept:
            others.append({"Create": index})
            continue
        units = {part: index[part] for part in INDEX_ALTERED if part in index and index[part] != before[name].get(part)}
        if units and not switched:
            others.append({"Update": {"IndexName": name} | units})
    return gone, others


def _update_index(name: str, given: Properties, action: Properties) -> Ending:
    """One change of a global index, waited for: a table takes only one at a time."""
    definitions = {"AttributeDefinitions": given["AttributeDefinitions"]} if "Create" in action else {}
    yield Ask("dynamodb", "UpdateTable", definitions | {"TableName": name, "GlobalSecondaryIndexUpdates": [action]})
    yield from until_active(name)


def until_active(name: str) -> Ending:
    while True:
        described = yield Ask("dynamodb", "DescribeTable", {"TableName": name})
        if described["Table"]["TableStatus"] == ACTIVE:
            return
        yield Pause(LOOK_AGAIN_S)
