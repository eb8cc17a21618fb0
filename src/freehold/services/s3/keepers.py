"""Background work: contents that are nobody's are removed, and lifecycle rules are carried out.

One idea: each looks at what there is, a page at a time, and does what is due; run twice it does nothing more. It may
not know why it was woken.
"""

from freehold.kernel import blobs
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.s3.aging import rounds
from freehold.services.s3.service.catalogue import s3

HOUR_S, DAY_S = 3_600, 86_400
PAGE = 500


@s3.keeper(every=HOUR_S)
async def sweep(call: Call) -> None:
    """Remove dropped contents that nobody can still be reading, and those that a crash left without an owner."""
    after: tuple | None = None
    while found := await call.transact(_kept, after):
        gone = [each.id for each in found if each.dropped_at and each.dropped_at <= call.now - HOUR_S]
        for id in gone:
            call.blobs.remove(id)
        await call.transact(_forget, gone)
        after = (found[-1].id,)
        await call.sleep(0)
    left = await call.blobs.older_than(DAY_S)
    for start in range(0, len(left), PAGE):
        for id in await call.transact(_unowned, left[start : start + PAGE]):
            call.blobs.remove(id)
        await call.sleep(0)


def _kept(tx: Tx, after: tuple | None) -> list[blobs.Kept]:
    return tx.range(blobs.Kept, after=after, limit=PAGE)


def _forget(tx: Tx, ids: list[str]) -> None:
    for id in ids:
        tx.delete(blobs.Kept, id)


def _unowned(tx: Tx, ids: list[str]) -> list[str]:
    return [id for id in ids if tx.get(blobs.Kept, id) is None]


@s3.keeper(every=HOUR_S)
async def age(call: Call) -> None:
    """Carry out the lifecycle rules of every bucket that has some."""
    await rounds.age(call)
