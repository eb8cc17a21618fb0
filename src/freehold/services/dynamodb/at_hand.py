"""Tables at hand, for requests for items, which write no tables: see `freehold.at_hand`. It may not know what tables
are looked at for."""

from freehold.at_hand import AtHand
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.dynamodb.tables import BELL, Table, opened
from freehold.services.dynamodb.tables import open_table as read_table

_tables = AtHand(Table)


def open_table(call: Call, tx: Tx, name: str) -> Table:
    """The table of a name or ARN, to be looked at only. Raises as `tables.open_table`."""
    return read_table(tx, name) if name[:4] == "arn:" else opened(look(call, tx, name), name)


def look(call: Call, tx: Tx, name: str) -> Table | None:
    """The table of a name, to be looked at only; None if there is none. Call and transaction are of one account and
    region."""
    return _tables.look(call.door, tx, (call.account, call.region, BELL, name))
