"""A small cloud for the kernel's tests: one room of its own, a frozen clock, a real store."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from freehold.kernel.blobs import Blobs
from freehold.kernel.clock import Clock
from freehold.kernel.deliveries import Courier
from freehold.kernel.door import Door
from freehold.kernel.ids import Ids
from freehold.kernel.journal import Journal
from freehold.kernel.keepers import Rounds
from freehold.kernel.rooms import Rooms, Signpost
from freehold.kernel.service import Service
from freehold.kernel.signals import Bells
from freehold.sandbox.offload import Offload
from freehold.stores.sqlite import SqliteStore

ACCOUNT, REGION = "123456789012", "eu-west-1"
NOON = 1_700_000_000.0


def opened(*rooms: Service) -> Rooms:
    """Rooms that are open from the beginning."""
    made = Rooms({room.name: Signpost(room.name) for room in rooms}, {room.name: room for room in rooms}.__getitem__)
    made.opened.update({room.name: room for room in rooms})
    return made


class House:
    """Everything that stands on one data folder; `open` again after a crash."""

    def __init__(self, data: Path, *rooms: Service):
        self.data, self.rooms = data, rooms

    @asynccontextmanager
    async def open(self, working: bool = True):
        self.clock, ids = Clock(NOON, frozen=True), Ids(1)
        bells = Bells(self.clock)
        self.store = SqliteStore(self.data / "db", bells)
        self.door = Door(
            opened(*self.rooms), self.store, clock=self.clock, ids=ids, bells=bells,
            blobs=Blobs(self.data / "blobs", ids), journal=Journal(), offload=Offload(),
            validate=lambda *_: None, authorize=lambda *_: None,
        )  # fmt: skip
        self.courier, self.rounds = Courier(self.door), Rounds(self.door)
        self.store.on_commit = self.courier.accept if working else lambda work: None
        if working:
            await self.courier.resume()
        running = asyncio.ensure_future(self.courier.run()) if working else None
        self.rounds.start()
        self.call = self.door.call(ACCOUNT, REGION)
        try:
            yield self
        finally:
            if running:
                running.cancel()
            await self.rounds.close()
            await self.courier.close()
            self.store.close()

    async def settle(self) -> None:
        """Let everything that can run without the cloud's time passing run."""
        for _ in range(10):
            for _ in range(20):
                await asyncio.sleep(0)
            await self.store.durable()
            await asyncio.sleep(0.001)


@pytest.fixture
def house(tmp_path):
    return lambda *rooms: House(tmp_path, *rooms)
