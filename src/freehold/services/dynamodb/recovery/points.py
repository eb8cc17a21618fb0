"""Recovery to points in time: for which tables the past is remembered, and how AWS tells of it.

One idea: the past of a table can be seen from the moment on at which it was begun to be remembered, as many days back
as were asked for. It may not know copies.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
"""

from typing import Any

from freehold.services.dynamodb import pasts
from freehold.services.dynamodb.recovery import errors
from freehold.services.dynamodb.tables import Table

DAYS_MAX = 35


def specify(table: Table, wanted: dict[str, Any], now: float) -> None:
    """Begin or end remembering as a PointInTimeRecoverySpecification says. The table has to be put."""
    days = wanted.get("RecoveryPeriodInDays")
    if not wanted["PointInTimeRecoveryEnabled"]:
        if days is not None:
            raise errors.RecoveryPeriodAlone()
        table.recovery_days, table.recovery_since = 0, 0.0
        return
    if not table.recovery_days:
        table.recovery_since = now
        table.cut_at = max(table.cut_at, now)
    else:
        table.recovery_since = pasts.earliest(table, now)  # what was forgotten does not come back
    table.recovery_days = days or DAYS_MAX


def description(table: Table, now: float) -> dict[str, Any]:
    """A ContinuousBackupsDescription."""
    told: dict[str, Any] = {"PointInTimeRecoveryStatus": "DISABLED"}
    if table.recovery_days:
        told = {
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": table.recovery_days,
            "EarliestRestorableDateTime": pasts.earliest(table, now),
            "LatestRestorableDateTime": now,
        }
    return {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": told}


def check_recovered(table: Table) -> None:
    if not table.recovery_days:
        raise errors.PointInTimeRecoveryUnavailableException(name=table.name)
