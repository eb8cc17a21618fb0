"""The wing of recovery: tables as they were, kept as backups and made anew.

One idea: whatever is copied is a table as it was at one moment, and is copied some places at a time, each time in one
transaction that promises the next; so a copy takes bounded steps, goes on after a crash, and holds up nobody who
writes. It uses `definitions` to tell of tables.
"""

from freehold.services.dynamodb.recovery import backups, copies, operations, points, restores

__all__ = ["backups", "copies", "operations", "points", "restores"]
