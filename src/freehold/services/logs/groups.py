"""Log groups: what is remembered of them.

One idea: a group's streams and events belong to its id, which no group had before; so a group that is deleted is gone
at once, whatever time its rows take. It may not know events.
"""

from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.logs import accounts, errors

DAY_MS = 86_400_000
ID_LENGTH = 16
LAST = "\U0010ffff"  # sorts behind every continuation of a prefix

RETENTIONS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip


class Group(Record, table="logs_groups", key="name"):
    """A log group. `retention` in days, 0 for ever; `created_at` in epoch milliseconds. `guarded` tells of its own data
    protection policy (`guards.ACTIVATED`, `guards.DELETED`, empty if it never had one), `inherits` of its account's."""

    name: str
    id: str
    created_at: int
    retention: int = 0
    kind: str = "STANDARD"
    protected: bool = False
    tags: dict[str, str] = {}
    guarded: str = ""
    inherits: bool = False

    def oldest(self, now: float) -> int:
        """The first millisecond whose events are kept at the moment `now`."""
        return int(now * 1_000) - self.retention * DAY_MS if self.retention else 0


def create_group(
    tx: Tx, name: str, kind: str = "STANDARD", protected: bool = False, tags: dict[str, str] | None = None
) -> Group:
    """Raises ResourceAlreadyExistsException."""
    group = Group(
        name=name, id=tx.ids.text(ID_LENGTH), created_at=int(tx.now * 1_000), kind=kind, protected=protected,
        tags=tags or {}, inherits=accounts.policy_of(tx, accounts.PROTECTION) is not None,
    )  # fmt: skip
    if not tx.add(group):
        raise errors.GroupExists()
    return group


def open_group(tx: Tx, identifier: str) -> Group:
    """The group of a name or ARN. Raises ResourceNotFoundException, also for another account's or region's."""
    parts = arns.parse(identifier)
    if parts and (parts.account, parts.region) != (tx.account, tx.region):
        raise errors.GroupNotFound()
    group = tx.get(Group, name_of(identifier))
    if group is None:
        raise errors.GroupNotFound()
    return group


def name_of(identifier: str) -> str:
    """The name in a group's ARN (`…:log-group:Name`, perhaps with `:*`), or the name itself."""
    parts = arns.parse(identifier)
    return parts.resource.removeprefix("log-group:").partition(":")[0] if parts else identifier


def list_groups(tx: Tx, prefix: str, after: tuple | None, limit: int) -> list[Group]:
    """Groups in order of their names, those that follow the name in `after`."""
    return tx.range(Group, low=prefix or None, high=prefix + LAST if prefix else None, after=after, limit=limit)


def arn_of(account: str, region: str, name: str) -> str:
    return arns.arn("logs", region, account, f"log-group:{name}")


def check_retention(days: int) -> int:
    """The days, if AWS knows such a retention."""
    if days not in RETENTIONS:
        raise errors.RetentionUnknown(days=days, known=", ".join(map(str, RETENTIONS)))
    return days
