"""Who reads for a mapping: a poller of its queue, or a follower of its stream. It may not know how they do it."""

from freehold.kernel.call import Call
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.sources import mappings
from freehold.services.lambda_.sources.following import Follower
from freehold.services.lambda_.sources.mappings import Mapping
from freehold.services.lambda_.sources.polling import Poller

ATTEND_EVERY_S = 30


@lambda_.keeper(every=ATTEND_EVERY_S, bell="lambda-mappings", over=mappings.attended)
async def attend(call: Call, uuid: str) -> None:
    """Read a mapping's queue or stream until it is disabled or deleted."""
    mapping = await call.transact(lambda tx: tx.get(Mapping, uuid))
    if mapping:
        await (Follower(call, uuid) if mapping.streams else Poller(call, uuid)).run()
