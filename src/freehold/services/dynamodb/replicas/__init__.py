"""The wing of replicas: tables of one name in several regions, as global tables of version 2019.11.21 are.

One idea: a replica is written in the transaction that writes the table, so replicas never differ and no write is lost
or has to be reconciled; the regions of one cloud are in one store. It uses `definitions` to alter the replicas of a
table with it.
"""

from freehold.services.dynamodb.replicas import groups, legacy, operations

__all__ = ["groups", "legacy", "operations"]
