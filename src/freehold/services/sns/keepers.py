"""Background work: what nobody asks for any more is cleared away.

One idea: nothing waits for these keepers; every answer is right without them. They may not know why they run.
"""

from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.sns.archive import notices
from freehold.services.sns.service import sns
from freehold.services.sns.topics import Topic


@sns.keeper(every=3_600)
def keep_archives(call: Call, tx: Tx) -> None:
    """Remove what topics keep no longer."""
    for place in tx.scopes(notices.Archived):
        seat = tx.within(*place)
        for topic in seat.range(Topic):
            notices.forget(seat, topic)
