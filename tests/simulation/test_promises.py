"""Promises and alarms of the kernel: kept once, not before their time, in order, whatever dies."""

from collections import Counter

from tests.simulation.clients import Scenario

from freehold.kernel.deliveries import promise
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Service
from freehold.kernel.store import Record
from freehold.kernel.timers import at, cancel

tower = Service("tower", model=None)


class Stroke(Record, table="simulation_strokes", key="number"):
    """What was done, in order."""

    number: int
    what: str
    at: float


class Trial(Record, table="simulation_trials", key="what"):
    """How often something was tried that does not succeed at first."""

    what: str
    times: int = 0


class Rust(AwsError):
    words = "It does not move."
    status = 503


def strike(tx, what: str) -> None:
    tx.put(Stroke(number=tx.count(Stroke), what=what, at=tx.now))


@tower.internal
def ring(call, tx, request):
    """Strike, and promise an echo, told to whoever asked."""
    strike(tx, request["what"])
    promise(tx, "tower", "echo", {"what": f"echo of {request['what']}"}, then=("tower", "heard"), about=request)


@tower.internal
def echo(call, tx, request):
    strike(tx, request["what"])
    return {"loud": True}


@tower.internal
def heard(call, tx, request):
    assert request["outcome"] == {"result": {"loud": True}}
    strike(tx, f"heard {request['what']}")


@tower.internal
async def wind(call, request):
    """Waits, fails at first, and so may be done more than once; its end is told once."""
    await call.sleep(2)
    await call.transact(_turned, request["what"])
    if call.ids.random() < 0.3:
        raise Rust()


def _turned(tx, what):
    trial = tx.get(Trial, what) or Trial(what=what)
    trial.times += 1
    tx.put(trial)


@tower.internal
def wound(call, tx, request):
    strike(tx, request["what"])


def set_alarm(tx, what: str, in_s: float) -> str:
    return at(tx, tx.now + in_s, "tower", "ring", what=what)


def ask_to_wind(tx, what: str) -> None:
    promise(tx, "tower", "wind", {"what": what}, then=("tower", "wound"), about={"what": what})


class Tower(Scenario):
    rooms = ("house",)
    own_rooms = (tower,)

    def __init__(self) -> None:
        self.todo = list(range(20))
        self.due: dict[str, float] = {}
        self.silenced: set[str] = set()
        self.unsure: set[str] = set()
        self.winding: list[str] = []

    def clients(self, client):
        return [self.plan(client), self.plan(client)]

    async def plan(self, client):
        while self.todo:
            number = self.todo.pop(0)
            await (self.wind if number % 4 == 0 else self.alarm)(client, number)

    async def wind(self, client, number):
        await client.transact(ask_to_wind, f"winding {number}")
        self.winding.append(f"winding {number}")

    async def alarm(self, client, number):
        what, in_s = f"bell {number}", client.chance.choice((0.0, 3.0, 90.0, 4_000.0))
        earliest = client.now + in_s
        id = await client.transact(set_alarm, what, in_s)
        self.due[what] = earliest
        if number % 3 == 0:
            self.unsure.add(what)
            if await client.transact(cancel, id):
                self.silenced.add(what)
            self.unsure.discard(what)

    async def check(self, client):
        strokes = await client.transact(lambda tx: tx.range(Stroke))
        times = Counter(stroke.what for stroke in strokes)
        assert not {what for what, count in times.items() if count > 1}
        for what in self.due.keys() - self.unsure:
            for words in (what, f"echo of {what}", f"heard {what}"):
                assert times[words] == (what not in self.silenced), words
        early = [stroke.what for stroke in strokes if stroke.at < self.due.get(stroke.what, 0.0)]
        assert not early
        for what in self.winding:
            assert times[what] == 1
            trial = await client.transact(lambda tx, what=what: tx.get(Trial, what))
            assert trial.times >= 1


def test_promises_are_kept_once_and_alarms_ring_in_time(simulate):
    simulate(Tower())
