"""What happens to tables by itself: items expire, tokens and old changes are forgotten, large tables are counted.

One idea: each looks at what is due and does it; run twice, it finds nothing the second time. It may not know requests.
"""

from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.dynamodb import pasts
from freehold.services.dynamodb.definitions import census
from freehold.services.dynamodb.items import EXPIRED_SINCE_MAX_S, Expiry, Row, store
from freehold.services.dynamodb.recovery import backups
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.streams import retention
from freehold.services.dynamodb.tables import Table
from freehold.services.dynamodb.writing import tokens

EXPIRE_EVERY_S = 60
EXPIRE_MAX = 500
CENSUS_EVERY_S = 6 * 3_600
TRIM_EVERY_S = 600


@dynamodb.keeper(every=EXPIRE_EVERY_S)
async def expire(call: Call) -> None:
    """Delete the items whose time to live is over; a few hundred in one transaction, until none is left."""
    while await call.transact(expire_some):
        await call.sleep(0)


def expire_some(tx: Tx) -> bool:
    """Delete some expired items of every account and region; whether there may be more."""
    more = False
    for account, region in tx.scopes(Expiry):
        here = tx.within(account, region)
        due = here.claim(Expiry, index="expires_at", high=tx.now, limit=EXPIRE_MAX)
        more = more or len(due) == EXPIRE_MAX
        for one in due:
            here.delete(Expiry, one.space, one.hash, one.sort)
            table = here.get(Table, one.table)
            row = here.get(Row, table.space, one.hash, one.sort) if table and table.expiry_space == one.space else None
            if table and row and one.expires_at >= tx.now - EXPIRED_SINCE_MAX_S:
                store(here, table, (one.hash, one.sort), row, None, expired=True)
    return more


@dynamodb.keeper(every=tokens.REMEMBERED_S)
def forget_tokens(call: Call, tx: Tx) -> None:
    """Remove the tokens of transactions that are too old to be sent again."""
    tokens.forget(tx)


@dynamodb.keeper(every=TRIM_EVERY_S)
async def forget_pasts(call: Call) -> None:
    """Remove what items were longer ago than anybody may ask."""
    while await call.transact(pasts.forget):
        await call.sleep(0)


@dynamodb.keeper(every=TRIM_EVERY_S)
def remove_backups(call: Call, tx: Tx) -> None:
    """Remove the backups of deleted tables when their time is over."""
    backups.remove_expired(tx)


@dynamodb.keeper(every=TRIM_EVERY_S)
async def trim_streams(call: Call) -> None:
    """Remove what streams tell of more than a day ago."""
    while await call.transact(retention.trim):
        await call.sleep(0)


@dynamodb.keeper(every=CENSUS_EVERY_S, bell=census.BELL)
async def count_items(call: Call) -> None:
    """Count the items of tables that are too large to count when asked, as often as AWS does, and of those that are
    asked about for the first time."""
    for account, region, name, spaces in await call.transact(census.large):
        here = call.within(account, region)
        counted = {}
        for space in spaces:
            counted[space] = await _count(here, name, space)
        await here.transact(census.settle, name, counted)


async def _count(call: Call, name: str, space: str) -> census.Count:
    items, size, after = 0, 0, None
    while True:
        (more, bytes_more), after = await call.transact(census.stretch, name, space, after)
        items, size = items + more, size + bytes_more
        if after is None:
            return items, size
        await call.sleep(0)
