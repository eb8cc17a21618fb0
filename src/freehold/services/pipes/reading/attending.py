"""Who reads for a pipe: a poller of its queue, or a follower of its stream. It may not know how they do it."""

from freehold import positions
from freehold.engines.sources import streams
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.pipes.catalogue import pipes
from freehold.services.pipes.pipes import BELL, DELETING, FAILURES, RUNNING, STOPPING, Pipe, attended, settle
from freehold.services.pipes.reading import checks
from freehold.services.pipes.reading.following import Follower
from freehold.services.pipes.reading.polling import Poller
from freehold.services.pipes.reading.positions import Position

ATTEND_EVERY_S = 30


@pipes.keeper(every=ATTEND_EVERY_S, bell="pipes", over=attended)
async def attend(call: Call, name: str) -> None:
    """Bring a pipe to the state that it is wanted in, and read its source while it runs. What runs may finish before
    anything changes."""
    while True:
        with call.listen(BELL, name) as bell:
            pipe = await call.transact(lambda tx: tx.get(Pipe, name))
            if pipe is None:
                return
            if pipe.state in FAILURES:
                await call.transact(settle, name, pipe.state, await checks.reason(call, pipe))
            elif pipe.state == RUNNING:
                await (Follower if streams.service_of(pipe.source) else Poller)(call, pipe).run(bell)
            elif pipe.state in (STOPPING, DELETING):
                await call.transact(_lay_down, pipe)
            else:
                return


def _lay_down(tx: Tx, pipe: Pipe) -> None:
    """Nothing runs for the pipe any more: it is stopped, or gone."""
    if pipe.state == STOPPING:
        settle(tx, pipe.name, STOPPING)
    else:
        tx.delete(Pipe, pipe.name)
        positions.forget(tx, Position, pipe.id)
