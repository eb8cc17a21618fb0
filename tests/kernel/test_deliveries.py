"""Promises are kept, whatever happens."""

import asyncio
from itertools import pairwise

import pytest

from freehold.kernel.deliveries import Delivery, cancel, promise
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Service
from freehold.kernel.store import Record
from freehold.kernel.timers import at


class Line(Record, table="test_lines", key="id"):
    id: str
    text: str = ""


class Trouble(AwsError):
    words = "not now"
    status = 503


class Refusal(AwsError):
    words = "never: {why}"
    status = 400


def room():
    made = Service("desk", model=None)
    made.seen, made.fail, made.gate = [], 0, asyncio.Event()

    @made.internal
    def write(call, tx, request):
        if made.fail:
            made.fail -= 1
            raise Trouble()
        made.seen.append(request["text"])
        tx.put(Line(id=tx.ids.uuid(), text=request["text"]))
        return {"wrote": request["text"]}

    @made.internal
    def refuse(call, tx, request):
        tx.put(Line(id="half done"))
        raise Refusal(why="because")

    @made.internal
    def refuse_and_note(call, tx, request):
        tx.put(Line(id="noted"))
        return Refusal(why="because")

    @made.internal
    async def slowly(call, request):
        await made.gate.wait()
        made.seen.append(request["text"])
        return {}

    @made.internal
    def trace(call, tx, request):
        made.seen.append((call.trace, tx.trace))
        if request["again"]:
            promise(tx, "desk", "trace", {"again": False})
            promise(tx, "desk", "trace_slowly", {})

    @made.internal
    async def trace_slowly(call, request):
        made.seen.append(await call.transact(lambda tx: (call.trace, tx.trace)))

    @made.internal
    def told(call, tx, request):
        made.seen.append((request["name"], request["outcome"]))

    return made


def test_a_promise_is_kept_after_the_commit_and_its_asker_is_told(house):
    desk = room()

    async def main():
        async with house(desk).open() as h:
            about = {"name": "x"}
            await h.call.transact(
                lambda tx: promise(tx, "desk", "write", {"text": "hello"}, then=("desk", "told"), about=about)
            )
            await h.settle()
            assert desk.seen == ["hello", ("x", {"result": {"wrote": "hello"}})]
            assert await h.call.transact(lambda tx: tx.count(Delivery)) == 0

    asyncio.run(main())


def test_a_promise_and_what_comes_of_it_carry_the_trace(house):
    desk = room()

    async def main():
        async with house(desk).open() as h:
            h.call.trace = "Root=1-2-3"
            await h.call.transact(lambda tx: promise(tx, "desk", "trace", {"again": True}))
            await h.settle()
            assert desk.seen == [("Root=1-2-3", "Root=1-2-3")] * 3

    asyncio.run(main())


def test_a_rolled_back_promise_was_never_made(house):
    desk = room()

    def change_of_mind(tx):
        promise(tx, "desk", "write", {"text": "x"})
        raise Refusal(why="x")

    async def main():
        async with house(desk).open() as h:
            with pytest.raises(Refusal):
                await h.call.transact(change_of_mind)
            await h.settle()
            assert desk.seen == []

    asyncio.run(main())


def test_a_refusal_is_final_and_leaves_nothing_half_done(house):
    desk = room()

    async def main():
        async with house(desk).open() as h:
            await h.call.transact(
                lambda tx: promise(tx, "desk", "refuse", {}, then=("desk", "told"), about={"name": "r"})
            )
            await h.settle()
            [(name, outcome)] = desk.seen
            assert (name, outcome["error"]["code"], outcome["error"]["message"]) == ("r", "Refusal", "never: because")
            assert await h.call.transact(lambda tx: tx.range(Line)) == []

    asyncio.run(main())


def test_what_a_returned_refusal_wrote_stays(house):
    desk = room()

    async def main():
        async with house(desk).open() as h:
            await h.call.transact(
                lambda tx: promise(tx, "desk", "refuse_and_note", {}, then=("desk", "told"), about={"name": "r"})
            )
            await h.settle()
            [(name, outcome)] = desk.seen
            assert (name, outcome["error"]["message"]) == ("r", "never: because")
            assert await h.call.transact(lambda tx: tx.delete(Line, "noted"))
            with pytest.raises(Refusal):
                await h.call.ask("desk", "refuse_and_note", {})
            with pytest.raises(Refusal):
                await h.call.transact(lambda tx: h.call.ask_within(tx, "desk", "refuse_and_note", {}))
            assert await h.call.transact(lambda tx: tx.count(Line)) == 1

    asyncio.run(main())


def test_trouble_is_tried_again_later(house):
    desk = room()
    desk.fail = 2

    async def main():
        async with house(desk).open() as h:
            await h.call.transact(lambda tx: promise(tx, "desk", "write", {"text": "at last"}))
            for _ in range(4):
                await h.settle()
                h.clock.advance(5)
            await h.settle()
            assert desk.seen == ["at last"]

    asyncio.run(main())


def test_a_promise_may_have_a_last_moment(house):
    desk = room()
    desk.fail = 100

    async def main():
        async with house(desk).open() as h:
            told = {"then": ("desk", "told"), "about": {"name": "x"}}
            await h.call.transact(
                lambda tx: promise(tx, "desk", "write", {"text": "late"}, until=tx.now + 60, **told)
            )  # fmt: skip
            for _ in range(20):
                await h.settle()
                h.clock.advance(10)
            [(_, outcome)] = desk.seen
            assert outcome["error"]["spent"] == "time" and 0 < outcome["error"]["retries"] < 100

    asyncio.run(main())


def test_trouble_may_ask_for_a_pause(house):
    desk = room()

    @desk.internal
    def later(call, tx, request):
        desk.seen.append(tx.now)
        if len(desk.seen) == 1:
            trouble = Trouble()
            trouble.again_after_s = 600.0
            raise trouble

    async def main():
        async with house(desk).open() as h:
            await h.call.transact(lambda tx: promise(tx, "desk", "later", {}))
            for _ in range(70):
                await h.settle()
                h.clock.advance(10)
            first, second = desk.seen
            assert 600 <= second - first < 620

    asyncio.run(main())


def test_trouble_may_say_each_pause(house):
    desk = room()

    @desk.internal
    def later(call, tx, request):
        desk.seen.append(tx.now)
        trouble = Trouble()
        trouble.again_after_s = [0.0, 100.0, 7.0]
        raise trouble

    async def main():
        async with house(desk).open() as h:
            await h.call.transact(lambda tx: promise(tx, "desk", "later", {}, attempts=4))
            for _ in range(120):
                await h.settle()
                h.clock.advance(1)
            pauses = [after - before for before, after in pairwise(desk.seen)]
            assert [round(pause) for pause in pauses] == [0, 100, 7]

    asyncio.run(main())


def test_attempts_are_spread_over_the_time_that_there_is(house):
    desk = room()
    desk.fail = 1_000

    async def main():
        async with house(desk).open() as h:
            told = {"then": ("desk", "told"), "about": {"name": "x"}}
            began = h.clock.now()
            await h.call.transact(
                lambda tx: promise(tx, "desk", "write", {"text": "x"}, attempts=20, until=tx.now + 20_000, **told)
            )
            while not desk.seen:
                await h.settle()
                h.clock.advance(50)
            assert 10_000 < h.clock.now() - began <= 22_000
            [(_, outcome)] = desk.seen
            assert outcome["error"]["retries"] >= 15

    asyncio.run(main())


def test_attempts_that_are_spent_are_told(house):
    desk = room()
    desk.fail = 100

    async def main():
        async with house(desk).open() as h:
            told = {"then": ("desk", "told"), "about": {"name": "x"}}
            await h.call.transact(lambda tx: promise(tx, "desk", "write", {"text": "x"}, attempts=3, **told))
            for _ in range(20):
                await h.settle()
                h.clock.advance(10)
            [(_, outcome)] = desk.seen
            assert (outcome["error"]["spent"], outcome["error"]["retries"]) == ("attempts", 2)

    asyncio.run(main())


def test_a_slow_lane_holds_up_no_other_and_keeps_its_order(house):
    desk = room()

    async def main():
        async with house(desk).open() as h:

            def make(tx):
                for number in range(3):
                    promise(tx, "desk", "slowly", {"text": number}, lane="slow", width=1)
                promise(tx, "desk", "write", {"text": "quick"}, lane="fast")

            await h.call.transact(make)
            await h.settle()
            assert desk.seen == ["quick"]
            desk.gate.set()
            await h.settle()
            assert desk.seen == ["quick", 0, 1, 2]

    asyncio.run(main())


def test_promises_outlive_the_process(house):
    """Made by a life of the node that never got to keep them; kept by the next, at once."""
    desk = room()
    lives = house(desk)

    async def first():
        async with lives.open(working=False) as h:
            await h.call.transact(lambda tx: promise(tx, "desk", "write", {"text": "left behind"}))

    async def second():
        async with lives.open() as h:
            await h.settle()
            assert desk.seen == ["left behind"]

    asyncio.run(first())
    asyncio.run(second())


def test_an_alarm_rings_at_its_time_once_and_can_be_cancelled(house):
    desk = room()

    async def main():
        async with house(desk).open() as h:
            year = h.clock.now() + 365 * 86_400
            await h.call.transact(lambda tx: at(tx, year, "desk", "write", text="a year later"))
            gone = await h.call.transact(lambda tx: at(tx, year, "desk", "write", text="never"))
            assert await h.call.transact(cancel, gone)
            h.clock.advance(364 * 86_400)
            await h.settle()
            assert desk.seen == []
            h.clock.advance(86_400)
            await h.settle()
            assert desk.seen == ["a year later"]

    asyncio.run(main())


def test_an_ordered_lane_waits_with_what_failed(house):
    desk = room()
    desk.fail = 1

    async def main():
        async with house(desk).open() as h:

            def make(tx):
                for number in range(5):
                    promise(tx, "desk", "write", {"text": number}, lane="ordered", width=1)

            await h.call.transact(make)
            await h.settle()
            assert desk.seen == []
            h.clock.advance(5)
            await h.settle()
            assert desk.seen == [0, 1, 2, 3, 4]

    asyncio.run(main())


def test_order_outlives_the_process(house):
    desk = room()
    lives = house(desk)

    async def first():
        async with lives.open(working=False) as h:
            for half in (range(20), range(20, 40)):
                await h.call.transact(
                    lambda tx, half=half: [promise(tx, "desk", "write", {"text": n}, lane="o", width=1) for n in half]
                )

    async def second():
        async with lives.open() as h:
            await h.settle()
            assert desk.seen == list(range(40))

    asyncio.run(first())
    asyncio.run(second())
