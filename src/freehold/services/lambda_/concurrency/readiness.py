"""The keeper of provisioned concurrency: environments are started until as many stand ready as are wanted.

One idea: look at what is wanted and at what there is, start what is missing, say so, and wait to be called. What was
started is only in memory, so after a restart it is started again. It may not know requests.
"""

import asyncio

from freehold.kernel.call import Call
from freehold.sandbox import Result
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.concurrency import provisioned
from freehold.services.lambda_.concurrency.provisioned import BELL
from freehold.services.lambda_.functions import Version
from freehold.services.lambda_.invocation import logs, running
from freehold.services.lambda_.invocation.floor import Kept, floor_of

LOOK_EVERY_S = 15
STARTS_AT_ONCE = 8
INIT_FAILED = "FUNCTION_ERROR_INIT_FAILURE"


@lambda_.keeper(every=LOOK_EVERY_S, bell=BELL, over=provisioned.attended)
async def keep_ready(call: Call, key: str) -> None:
    """Keep as many environments of one qualifier ready as are wanted, until none are."""
    function, qualifier = key.split(" ")
    held: Kept | None = None
    try:
        while True:
            with call.listen(BELL) as bell:
                found = await call.transact(provisioned.look, function, qualifier)
                if found is None:
                    return
                wanted, version = found
                held, fault = await _hold(call, version, held, wanted.requested)
                reason = "" if held.there >= wanted.requested else f"{INIT_FAILED}: {fault}"
                await call.transact(provisioned.tell, version, qualifier, held.there, reason)
                await bell.wait(call.now + LOOK_EVERY_S)
    finally:
        if held:
            await _let_go(call, held)


async def _hold(call: Call, version: Version, held: Kept | None, wanted: int) -> tuple[Kept, str]:
    """The environments of a version, as many as are wanted or as can be started; with what those that can not fail."""
    place = (call.account, call.region, version.build)
    if held and (held.place != place or held.ready.fresh_until <= call.now or _there(call, held) > wanted):
        await _let_go(call, held)
        held = None
    if held is None:
        ready = await running.make_ready(call, version, running.PROVISIONED)
        held = floor_of(call).kept[place] = Kept(place, ready)
    there, before, fault = _there(call, held), -1, ""
    while before < there < wanted:
        more = min(STARTS_AT_ONCE, wanted - there)
        starts = (call.sandbox.warm(held.ready.spec, held.ready.credentials) for _ in range(more))
        for outcome in await asyncio.gather(*starts):
            if isinstance(outcome, Result):
                logs.gather(call, version, outcome)
                fault = outcome.error_type or ""
        before, there = there, _there(call, held)
    held.there = there
    return held, fault


def _there(call: Call, held: Kept) -> int:
    return sum(one.key == held.ready.spec.key for one in call.sandbox.environments())


async def _let_go(call: Call, held: Kept) -> None:
    floor_of(call).kept.pop(held.place, None)
    await call.sandbox.retire(held.ready.spec.key)
