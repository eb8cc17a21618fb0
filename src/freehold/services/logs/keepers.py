"""What happens to logs by itself: events expire. One idea: it finds what is over and removes it; run twice, it finds
nothing. It may not know requests."""

from freehold.kernel.call import Call
from freehold.services.logs.removal import expire_some
from freehold.services.logs.service.catalogue import logs

EXPIRE_EVERY_S = 600


@logs.keeper(every=EXPIRE_EVERY_S)
async def expire(call: Call) -> None:
    """Remove events that retention has ended, some hundreds of chunks in one transaction, until none is left."""
    while await call.transact(expire_some):
        await call.sleep(0)
