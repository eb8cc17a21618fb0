"""Keepers: background work without input.

One idea: a keeper looks at the state and does what it finds missing. It may run at any time, twice, or after a crash,
and is told nothing, so nothing it needs can be lost. It may not know why it was woken.
"""

import asyncio
import inspect
import logging
from typing import TYPE_CHECKING

from freehold.kernel.identity import CLOUD
from freehold.kernel.service import Keeper, Service
from freehold.kernel.signals import EVERYWHERE
from freehold.kernel.store import Seat

if TYPE_CHECKING:
    from freehold.kernel.door import Door

log = logging.getLogger("freehold.keepers")
Post = tuple[str, str, str]


class Rounds:
    """Runs every keeper of every open room until closed."""

    def __init__(self, door: "Door"):
        self.door = door
        self.tasks: list[asyncio.Task] = []
        self.posts: dict[tuple[Keeper, Post], asyncio.Task] = {}

    def start(self) -> None:
        """Begin the rounds of the rooms that are open, and of each other as it opens."""
        self.door.rooms.on_open.append(self._take_up)
        for room in self.door.rooms.opened.values():
            self._take_up(room)

    def _take_up(self, room: Service) -> None:
        self.tasks += [asyncio.ensure_future(self._rounds(keeper)) for keeper in room.keepers]

    async def _rounds(self, keeper: Keeper) -> None:
        bell = EVERYWHERE + keeper.bell
        while True:
            rung = self.door.bells.listen(bell)
            try:
                await (self._man(keeper) if keeper.over else self._once(keeper))
            except Exception:  # a keeper that fails is run again at its next turn
                log.exception("keeper %s.%s failed", keeper.service.name, keeper.name)
            await self.door.bells.wait(bell, self.door.clock.now() + keeper.every, rung)

    async def _once(self, keeper: Keeper) -> None:
        call = self.door.call("", "", CLOUD)
        waits = inspect.iscoroutinefunction(keeper.run)
        await (keeper.run(call) if waits else call.transact(lambda tx: keeper.run(call, tx)))

    async def _man(self, keeper: Keeper) -> None:
        """Keep one run going for each key that `over` names, and none for any other."""
        assert keeper.over
        seat = Seat("", "", self.door.clock.now(), self.door.ids, CLOUD)
        wanted: set[Post] = set(await self.door.store.transact(seat, keeper.over))
        for (owner, post), task in list(self.posts.items()):
            if owner is keeper and (post not in wanted or task.done()):
                task.cancel()
                del self.posts[owner, post]
        for post in wanted:
            if (keeper, post) not in self.posts:
                self.posts[keeper, post] = asyncio.ensure_future(self._stand(keeper, post))

    async def _stand(self, keeper: Keeper, post: Post) -> None:
        account, region, key = post
        try:
            await keeper.run(self.door.call(account, region), key)
        except Exception:  # taken up again at the next round
            log.exception("keeper %s.%s failed for %s", keeper.service.name, keeper.name, key)

    async def close(self) -> None:
        everyone = [*self.tasks, *self.posts.values()]
        for task in everyone:
            task.cancel()
        await asyncio.gather(*everyone, return_exceptions=True)
        for room in list(self.door.rooms.opened.values()):
            await asyncio.gather(
                *(self._once(keeper) for keeper in room.keepers if keeper.last), return_exceptions=True
            )
