"""Who reads for a mapping: a poller of its queue, or a follower of its stream. It may not know how they do it."""

import asyncio

from freehold.kernel.call import Call
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.sources import mappings
from freehold.services.lambda_.sources.following import Follower
from freehold.services.lambda_.sources.mappings import Mapping
from freehold.services.lambda_.sources.polling import Poller

ATTEND_EVERY_S = 30


@lambda_.keeper(every=ATTEND_EVERY_S, bell="lambda-mappings", over=mappings.attended)
async def attend(call: Call, uuid: str) -> None:
    """Read a mapping's queue or stream, as it stands now, until it is disabled or deleted and what runs has ended."""
    mapping = await call.transact(lambda tx: tx.get(Mapping, uuid))
    if mapping is None:
        return
    reader = Follower(call, uuid) if mapping.streams else Poller(call, uuid)
    try:
        while True:
            with call.listen("lambda-mapping", uuid) as bell:
                if mapping := await call.transact(mappings.take_up, uuid):
                    await reader.read(mapping, bell)
                    continue
            await asyncio.gather(*reader.tasks)
            if await call.transact(mappings.lay_down, uuid):
                return
    finally:
        for task in reader.tasks:
            task.cancel()
