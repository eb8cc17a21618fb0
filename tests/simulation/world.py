"""The simulated world: a cloud that lives, dies and lives again, under one clock and one seed.

One idea: all that happens follows from the seed. The event loop says when nobody can go on; only then does time pass,
by a jump. So a year takes as long as what happens in it, and a run can be repeated to the last identifier.
"""

import asyncio
import hashlib
import logging
import selectors
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from unittest.mock import patch

from tests.simulation.clients import Client, Scenario
from tests.simulation.disk import Disk, Fate, MortalBlobs, MortalStore
from tests.simulation.functions import Theatre

from freehold import app
from freehold.config import Config
from freehold.kernel.rooms import Signpost

DAWN = 2_000_000_000.0
JUMPS_S = (0.25, 1.0, 5.0, 31.0, 61.0, 600.0)
JUMPS_MAX = 4_000
DEATHS = 4
MOMENTS_MAX = (8, 30, 120)  # how long lives are, in commits and flushes: some short, some long

Script = Callable[[Client], Awaitable[None]]


class Quiet(selectors.DefaultSelector):
    """Tells who waits for it (a future) when the event loop has nothing left to do."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited: asyncio.Future | None = None

    def select(self, timeout: float | None = None) -> list:
        if timeout != 0 and self.awaited:
            if not self.awaited.done():
                self.awaited.set_result(None)
            self.awaited = None
            timeout = 0
        return super().select(timeout)


class Bugs(logging.Handler):
    """What the cloud itself logs as an error; a right cloud logs none."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(logging.Formatter().format(record))


class World:
    """Runs one scenario: it is prepared, lived through with several deaths, and checked.

    `moments`: how long each of the lives that end in death is; by chance, if None.
    """

    def __init__(self, seed: int, root: Path, deaths: int = DEATHS, moments: int | None = None):
        self.deaths_max, self.moments = deaths, moments
        self.seed, self.chance, self.disk = seed, Random(seed), Disk(root)
        self.now = DAWN
        self.lives = self.deaths = 0
        self._trace = hashlib.sha256()
        self._quiet = Quiet()

    def run(self, scenario: Scenario) -> str:
        """Returns a digest of everything that clients asked and were told, in order."""
        bugs = Bugs()
        logging.getLogger("freehold").addHandler(bugs)
        loop = asyncio.SelectorEventLoop(self._quiet)
        try:
            loop.run_until_complete(self._history(scenario))
            assert not bugs.texts, "\n".join(bugs.texts)
        except BaseException as failure:
            failure.add_note("\n".join([f"repeat it: make simulate SEED={self.seed}", *bugs.texts]))
            raise
        finally:
            logging.getLogger("freehold").removeHandler(bugs)
            loop.close()
        return self._trace.hexdigest()

    def note(self, *words: object) -> None:
        self._trace.update(repr(words).encode())

    async def _history(self, scenario: Scenario) -> None:
        await self._live(scenario, scenario.prepare)
        for _ in range(self.deaths_max):
            moments = self.moments or self.chance.randint(1, self.chance.choice(MOMENTS_MAX))
            await self._live(scenario, lambda client: self._days(scenario, client), moments)
        await self._live(scenario, lambda client: self._days(scenario, client))
        await self._live(scenario, scenario.check)

    async def _live(self, scenario: Scenario, script: Script, moments: int | None = None) -> None:
        """One life: the script's, unless fate ends it before."""
        fate = Fate(moments)
        cloud = self._born(scenario, fate)
        living = asyncio.ensure_future(self._lived(cloud, script))
        await asyncio.wait({living, fate.death}, return_when=asyncio.FIRST_COMPLETED)
        self.deaths += fate.over
        fate.over = True
        await self._buried(cloud)
        if not living.cancelled():
            living.result()

    async def _lived(self, cloud: app.Cloud, script: Script) -> None:
        await cloud.start()
        await script(Client(cloud, self))

    def _born(self, scenario: Scenario, fate: Fate) -> app.Cloud:
        self.lives += 1
        config = Config(
            data=self.disk.folder, frozen=True, seed=self.seed * 1_000 + self.lives, rooms=scenario.rooms
        )  # fmt: skip

        with (
            patch.object(app, "SqliteStore", lambda _, bells: MortalStore(self.disk, bells, fate, self.chance)),
            patch.object(app, "Blobs", lambda root, ids: MortalBlobs(root, ids, fate, self.chance)),
            patch.object(app, "Sandbox", lambda *_, **__: Theatre(scenario.functions)),
        ):
            cloud = app.build(config)
        for room in scenario.own_rooms:
            cloud.door.rooms.signposts[room.name] = Signpost(room.name)
            cloud.door.rooms.opened[room.name] = room
        cloud.clock.advance(self.now - cloud.clock.now())
        return cloud

    async def _buried(self, cloud: app.Cloud) -> None:
        """Nothing of the dead process goes on; what the disk kept is the next one's, some time later."""
        everyone = asyncio.all_tasks() - {asyncio.current_task()}
        for task in everyone:
            task.cancel()
        await asyncio.gather(*everyone, return_exceptions=True)
        if self.chance.random() < 0.5:
            self.disk.cut(cloud.store.log, self.chance)
        else:
            self.disk.kill(cloud.store.log)
        cloud.store.close()
        self.disk.forget_earlier()
        if self.chance.random() < 0.3:
            self.disk.tidy()
        self.now = cloud.clock.now() + self.chance.choice(JUMPS_S)

    async def _days(self, scenario: Scenario, client: Client) -> None:
        """Clients do what they have in mind; whenever nobody can go on, time jumps."""
        clients = [asyncio.ensure_future(one) for one in scenario.clients(client)]
        for one in clients:
            one.add_done_callback(_looked_at)
        for _ in range(JUMPS_MAX):
            await self.quiet()
            done = [one.result() for one in clients if one.done()]
            if len(done) == len(clients) and await scenario.settled(client):
                return
            client.cloud.clock.advance(self.chance.choice(JUMPS_S))
        raise AssertionError("the clients never came to an end")

    async def quiet(self) -> None:
        """Until nobody can go on without time passing."""
        self._quiet.awaited = asyncio.get_running_loop().create_future()
        await self._quiet.awaited


def _looked_at(task: asyncio.Task) -> None:
    """The first failure ends the run; of the others nothing needs to be said."""
    if not task.cancelled():
        task.exception()
