"""The managed data identifiers: every kind of sensitive data that AWS names.

One idea: all is table. It may not know how texts are searched.
"""

from freehold.engines.pii.identifiers import (
    credentials,
    devices,
    finance,
    health,
    licences,
    national,
    passports,
    people,
    phones,
    places,
    proven,
    states,
    taxes,
    vehicles,
)

TABLES = (
    credentials,
    devices,
    finance,
    health,
    licences,
    national,
    passports,
    people,
    phones,
    places,
    states,
    taxes,
    vehicles,
)

TABLE = tuple(identifier for module in TABLES for identifier in module.TABLE)

# The rows that are searched for besides where keywords are optional.
PROVEN = proven.TABLE
