"""The real log, which the simulated one stands for: it stays short however much is written."""

import asyncio
from random import Random

from freehold.kernel.clock import Clock
from freehold.kernel.identity import CLOUD
from freehold.kernel.ids import Ids
from freehold.kernel.signals import Bells
from freehold.kernel.store import Record, Seat
from freehold.stores import group_commit
from freehold.stores.sqlite import SqliteStore

PAGE_BYTES, PAGES_MAX = 4_096, 50


class Page(Record, table="simulation_pages", key="number"):
    number: int
    content: bytes


def test_the_log_is_moved_into_the_database_and_shrinks(tmp_path, monkeypatch):
    monkeypatch.setattr(group_commit, "CHECKPOINT_PAGES", PAGES_MAX)
    lengths = []

    async def write():
        store = SqliteStore(tmp_path / "db", Bells(Clock()))
        store.open_all()
        seat, chance = Seat("1", "r", 0.0, Ids(1), CLOUD), Random(1)
        for number in range(200):
            content = chance.randbytes(PAGE_BYTES)
            await store.transact(seat, lambda tx, n=number, c=content: tx.put(Page(number=n % 20, content=c)))
            await store.durable()
            lengths.append((tmp_path / "db-wal").stat().st_size)
        store.close()

    asyncio.run(write())
    assert max(lengths[100:]) < 2 * PAGES_MAX * PAGE_BYTES
    assert min(lengths[100:]) < PAGES_MAX * PAGE_BYTES / 2
