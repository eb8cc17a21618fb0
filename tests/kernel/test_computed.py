"""What is too heavy for a transaction is computed before it."""

import asyncio
import os

import pytest

from freehold.kernel.deliveries import promise
from freehold.kernel.service import Service
from freehold.kernel.store import Record


class Sum(Record, table="test_sums", key="id"):
    id: str
    value: int
    process: int


def add(*numbers):
    if not numbers:
        raise ValueError("nothing to add")
    return sum(numbers), os.getpid()


learned: list[int] = []


def room():
    made = Service("sums", model=None)
    made.tries = 0

    @made.internal
    def total(call, tx, request):
        made.tries += 1
        tx.put(Sum(id=f"try {made.tries}", value=0, process=0))
        value, process = call.computed(add, *request["numbers"])
        tx.put(Sum(id="total", value=value, process=process))
        return {"total": value}

    @made.internal
    def learn(call, tx, request):
        call.prepared(learned.append, 7)
        return {"learned": len(learned)}

    @made.internal
    def both(call, tx, request):
        return {"totals": [call.ask_within(tx, "sums", "total", {"numbers": some}) for some in request["lists"]]}

    return made


async def kept(house):
    return {one.id: one for one in await house.call.transact(lambda tx: tx.range(Sum))}


def test_it_runs_elsewhere_and_the_transaction_begins_anew(house):
    async def main():
        sums = room()
        async with house(sums).open() as h:
            assert await h.call.ask("sums", "total", {"numbers": [1, 2]}) == {"total": 3}
            rows = await kept(h)
            assert rows.keys() == {"try 2", "total"}
            assert rows["total"].process != os.getpid()

    asyncio.run(main())


def test_others_are_answered_meanwhile(house):
    async def main():
        async with house(room()).open() as h:
            asked = asyncio.ensure_future(h.call.ask("sums", "total", {"numbers": [1, 2]}))
            await asyncio.sleep(0)
            assert await kept(h) == {}
            assert not asked.done()
            await asked

    asyncio.run(main())


def test_within_anothers_transaction_all_of_it_begins_anew(house):
    async def main():
        sums = room()
        async with house(sums).open() as h:
            told = await h.call.ask("sums", "both", {"lists": [[1], [2]]})
            assert told == {"totals": [{"total": 1}, {"total": 2}]}
            assert (await kept(h)).keys() == {"try 4", "try 5", "total"}  # after one for each list

    asyncio.run(main())


def test_a_promise_may_need_it(house):
    async def main():
        async with house(room()).open() as h:
            await h.call.transact(lambda tx: promise(tx, "sums", "total", {"numbers": [3, 4]}))
            while not (rows := await kept(h)):
                await h.settle()
            assert rows["total"].value == 7

    asyncio.run(main())


def test_what_is_prepared_is_left_in_this_process_once(house):
    async def main():
        async with house(room()).open() as h:
            assert await h.call.ask("sums", "learn", {}) == {"learned": 1}
            assert learned == [7]

    learned.clear()
    asyncio.run(main())


def test_its_failure_is_the_askers(house):
    async def main():
        async with house(room()).open() as h:
            with pytest.raises(ValueError, match="nothing to add"):
                await h.call.transact(lambda tx: h.call.computed(add))
            assert await kept(h) == {}

    asyncio.run(main())
