"""Keepers, bells and the clock that jumps."""

import asyncio

from freehold.kernel.clock import Clock
from freehold.kernel.service import Service
from freehold.kernel.signals import EVERYWHERE, Bells
from freehold.kernel.store import Record


class Post(Record, table="test_posts", key="id"):
    id: str


def test_a_keeper_runs_at_its_time_and_when_its_bell_rings(house):
    room, runs = Service("room", model=None), []

    @room.keeper(every=60, bell="work")
    async def keep(call):
        runs.append(call.now)

    async def main():
        async with house(room).open() as h:
            await h.settle()
            assert len(runs) == 1
            await h.call.transact(lambda tx: tx.ring("work"))
            await h.settle()
            assert len(runs) == 2
            h.clock.advance(61)
            await h.settle()
            assert len(runs) == 3

    asyncio.run(main())


def test_one_run_is_kept_going_for_each_key(house):
    room, running = Service("room", model=None), set()

    def posts(tx):
        return [
            (account, region, post.id)
            for account, region in tx.scopes(Post)
            for post in tx.within(account, region).range(Post)
        ]

    @room.keeper(every=10, bell="posts", over=posts)
    async def stand(call, key):
        running.add((call.account, key))
        try:
            await call.sleep(1e9)
        finally:
            running.discard((call.account, key))

    async def main():
        async with house(room).open() as h:
            await h.call.transact(lambda tx: (tx.put(Post(id="a")), tx.put(Post(id="b")), tx.ring("posts")))
            await h.settle()
            assert {key for _, key in running} == {"a", "b"}
            await h.call.transact(lambda tx: (tx.delete(Post, "a"), tx.ring("posts")))
            await h.settle()
            assert {key for _, key in running} == {"b"}

    asyncio.run(main())


def test_no_ring_is_missed_between_looking_and_waiting():
    async def main():
        clock = Clock(frozen=True)
        bells = Bells(clock)
        waiter = bells.listen(("1", "r", "x"))
        everywhere = bells.listen((*EVERYWHERE, "x"))
        bells.ring(("1", "r", "x"))
        assert await bells.wait(("1", "r", "x"), clock.now() + 100, waiter)
        assert everywhere.done()
        waiting = asyncio.ensure_future(bells.wait(("1", "r", "y"), clock.now() + 100))
        await asyncio.sleep(0)
        clock.advance(101)
        assert await waiting is False

    asyncio.run(main())


def test_sleepers_wake_in_order_when_the_clock_jumps():
    async def main():
        clock, woken = Clock(0.0, frozen=True), []

        async def sleeper(when):
            await clock.sleep_until(when)
            woken.append(when)

        tasks = [asyncio.ensure_future(sleeper(when)) for when in (30.0, 10.0, 20.0)]
        await asyncio.sleep(0)
        clock.advance(25)
        await asyncio.sleep(0)
        assert woken == [10.0, 20.0]
        clock.advance(5)
        await asyncio.gather(*tasks)
        assert woken == [10.0, 20.0, 30.0]

    asyncio.run(main())


def test_what_only_memory_holds_is_kept_when_the_cloud_stops(house):
    room, runs = Service("room", model=None), []

    @room.keeper(every=60, last=True)
    def keep(call, tx):
        runs.append("last")

    @room.keeper(every=60)
    def idle(call, tx):
        runs.append("idle")

    async def main():
        async with house(room).open() as h:
            await h.settle()
            assert sorted(runs) == ["idle", "last"]

    asyncio.run(main())
    assert sorted(runs) == ["idle", "last", "last"]
