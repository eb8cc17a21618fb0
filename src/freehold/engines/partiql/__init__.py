"""PartiQL as DynamoDB speaks it: SELECT, INSERT, UPDATE and DELETE, one statement over one table.

One idea: a statement is parsed into the trees of the expression languages (a WHERE is a condition, a SET an update),
its literals and parameters into the values those trees refer to; so what an operator means stands once, there. It knows
no tables: which conditions are by key is found for whatever key schema it is asked about.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html

Not here: reading and writing; joins, aliases, aggregates and subqueries, which DynamoDB does not have either.
"""

from freehold.engines.partiql.bindings import Bindings
from freehold.engines.partiql.keys import equalities, exact_key, key_test, only_key
from freehold.engines.partiql.parser import parse
from freehold.engines.partiql.results import Columns
from freehold.engines.partiql.syntax import Delete, Exists, Insert, Select, Statement, Update

__all__ = [
    "Bindings",
    "Columns",
    "Delete",
    "Exists",
    "Insert",
    "Select",
    "Statement",
    "Update",
    "equalities",
    "exact_key",
    "key_test",
    "only_key",
    "parse",
]
