"""The role of a pipe, acted as.

One idea: all that is done for a pipe is done in a session of its role, which is asked for anew before it ends. It may
not know what is done.
"""

import asyncio

from freehold.kernel import roles
from freehold.kernel.call import Call
from freehold.kernel.identity import Principal
from freehold.services.pipes.catalogue import speaker
from freehold.services.pipes.pipes import Pipe

SESSION = "poller-platform-customer-role-session"
SESSION_S, MARGIN_S = 3_600, 300.0


class Role:
    """The session in which a pipe's reader acts."""

    def __init__(self, call: Call, pipe: Pipe):
        self.call, self.pipe = call, pipe
        self.until = 0.0
        self.principal: Principal | None = None
        self._one = asyncio.Lock()

    async def acting(self, trace: str = "") -> Call:
        """A call as the role, in the pipe's place. Raises what STS refuses."""
        call = self.call
        async with self._one:
            if self.principal is None or self.until - MARGIN_S <= call.now:
                self.principal, self.until = await self._assumed(), call.now + SESSION_S
        return call.door.call(call.account, call.region, self.principal, trace)

    async def _assumed(self) -> Principal:
        asker = speaker(self.call.account, self.call.region, self.pipe.name)
        return (await roles.assume(self.call, self.pipe.role, asker, SESSION, SESSION_S)).call.principal
