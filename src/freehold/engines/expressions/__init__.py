"""DynamoDB's expression languages, values and keys, as a machine without tables.

One idea: a request's expressions are compiled once, against its own placeholders, into plain functions over items; all
that AWS refuses without looking at an item is refused then, in AWS's words. Items are wire-form AttributeValues with
blobs as bytes; none is ever changed in place. The package knows no account, store, clock or network.

Not here: PartiQL; the type an update gives to an index key (a table's affair).
"""

from freehold.engines.expressions.conditions import Condition, compile_condition, condition_of
from freehold.engines.expressions.errors import ItemTooLarge, UpdatedItemTooLarge, ValidationException
from freehold.engines.expressions.keyconditions import KeyQuery, KeyTests, compile_key_condition, key_query
from freehold.engines.expressions.keys import (
    KeyRange,
    KeySchema,
    KeyTest,
    check_item_key,
    check_key,
    encode_key,
    join_keys,
    key_range,
    scatter,
)
from freehold.engines.expressions.names import attribute_names
from freehold.engines.expressions.projections import Projection, compile_projection
from freehold.engines.expressions.requests import Compiled, admit_request, compile_request
from freehold.engines.expressions.scope import Scope
from freehold.engines.expressions.sizes import ITEM_SIZE_MAX, item_size, read_units, write_units
from freehold.engines.expressions.updates import Update, compile_update, update_of
from freehold.engines.expressions.values import AttributeValue, Item, admit, admit_item, compare, equal, type_of

__all__ = [
    "ITEM_SIZE_MAX",
    "AttributeValue",
    "Compiled",
    "Condition",
    "Item",
    "ItemTooLarge",
    "KeyQuery",
    "KeyRange",
    "KeySchema",
    "KeyTest",
    "KeyTests",
    "Projection",
    "Scope",
    "Update",
    "UpdatedItemTooLarge",
    "ValidationException",
    "admit",
    "admit_item",
    "admit_request",
    "attribute_names",
    "check_item_key",
    "check_key",
    "compare",
    "compile_condition",
    "compile_key_condition",
    "compile_projection",
    "compile_request",
    "compile_update",
    "condition_of",
    "encode_key",
    "equal",
    "item_size",
    "join_keys",
    "key_query",
    "key_range",
    "read_units",
    "scatter",
    "type_of",
    "update_of",
    "write_units",
]
