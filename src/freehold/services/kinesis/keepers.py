"""What happens to streams by itself: records grow too old. Run twice, it finds nothing the second time.

It may not know requests.
"""

from freehold.kernel.call import Call
from freehold.services.kinesis import removal
from freehold.services.kinesis.service.catalogue import kinesis

TRIM_EVERY_S = 600


@kinesis.keeper(every=TRIM_EVERY_S)
async def trim_streams(call: Call) -> None:
    """Remove records that are older than their streams' retention."""
    while await call.transact(removal.trim):
        await call.sleep(0)
