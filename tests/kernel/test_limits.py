"""Rates: a bucket for each account, region and operation, and a door that holds them only where it is told to."""

import asyncio

import pytest

from freehold.kernel.limits import Buckets, Rate, Throttled
from freehold.kernel.service import OPEN, Service

KEY = ("1", "here", "room", "Ask")


def test_a_bucket_empties_and_fills():
    buckets, rate = Buckets(), Rate(2, 0.5)
    buckets.take(KEY, rate, 0)
    buckets.take(KEY, rate, 0)
    with pytest.raises(Throttled):
        buckets.take(KEY, rate, 1)
    buckets.take(KEY, rate, 2)
    buckets.take(("2", *KEY[1:]), rate, 2)  # another account has its own
    for _ in range(2):
        buckets.take(KEY, rate, 1_000)  # no more than it holds
    with pytest.raises(Throttled):
        buckets.take(KEY, rate, 1_000)


@pytest.mark.parametrize("limited", [True, False])
def test_the_door_holds_rates_where_it_is_told_to(house, limited):
    room = Service("room", model=None)
    room.rates = {"Ask": Rate(1, 1)}

    @room.operation(needs=OPEN)
    def ask(call, tx, request):
        return {}

    async def main():
        async with house(room).open() as h:
            h.door.buckets = Buckets() if limited else None
            await h.call.ask("room", "Ask", {})
            if limited:
                with pytest.raises(Throttled):
                    await h.call.ask("room", "Ask", {})
            h.clock.advance(1)
            await h.call.ask("room", "Ask", {})

    asyncio.run(main())
