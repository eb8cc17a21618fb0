"""What INSERT, UPDATE, DELETE and EXISTS do, as writes.

One idea: a WHERE is the key and the condition both: the key is taken from it, and the whole must hold of the item. It
may not know requests.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
"""

from typing import Any

from freehold.engines.expressions import Compiled, Condition, condition_of, update_of
from freehold.engines.partiql import Bindings, Delete, Exists, Insert, Statement, Update, exact_key, only_key
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.dynamodb.at_hand import open_table
from freehold.services.dynamodb.errors import DuplicateItemException
from freehold.services.dynamodb.tables import Table
from freehold.services.dynamodb.writing import writes
from freehold.services.dynamodb.writing.writes import Show, Write, shown_by

KIND = "WHERE clause"


def write_of(call: Call, tx: Tx, statement: Statement, parameters: list[Any], shows: bool) -> tuple[Write, Show]:
    """The write of a statement, and what its RETURNING shows of it. Raises ValidationException."""
    table = open_table(call, tx, statement.table)
    bindings = Bindings(statement, parameters)
    action = statement.action
    compiled = Compiled()
    match action:
        case Insert():
            write = _insert(table, action, bindings, shows)
        case Update():
            compiled = Compiled(
                update=update_of("UpdateExpression", action.tree, bindings),
                condition=condition_of(KIND, action.where, bindings),
            )
            key = exact_key(action.where, table.keys, bindings)
            write = writes.update(table, key, compiled, shows)
        case Delete() | Exists():
            write = _by_key(table, action, bindings, shows)
        case _:
            raise AssertionError("a SELECT is no write")
    returning = action.returning if isinstance(action, Update | Delete) else "NONE"
    return write, shown_by(compiled)[returning]


def _insert(table: Table, action: Insert, bindings: Bindings, shows: bool) -> Write:
    item = bindings.item(action)
    absent = Condition(lambda old: not old, ())
    return writes.put(table, item, writes.size_of(item), Compiled(condition=absent), shows, DuplicateItemException)


def _by_key(table: Table, action: Delete | Exists, bindings: Bindings, shows: bool) -> Write:
    """A DELETE by key alone does not mind that there is nothing to delete."""
    key = exact_key(action.where, table.keys, bindings)
    condition = condition_of(KIND, action.where, bindings) if action.where else None
    if isinstance(action, Exists):
        return writes.check(table, key, Compiled(condition=condition), shows)
    bare = only_key(action.where, table.keys)
    return writes.delete(table, key, Compiled(condition=None if bare else condition), shows)
