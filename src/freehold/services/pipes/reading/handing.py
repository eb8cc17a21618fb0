"""Handing over: records of a source to an execution.

One idea: each batch is an execution of its own, with an id and a journal. It may not know where the records come from.
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.services.pipes import kinds
from freehold.services.pipes.catalogue import pipe_arn
from freehold.services.pipes.flow import events, execution
from freehold.services.pipes.flow.journal import Journal
from freehold.services.pipes.pipes import Pipe


async def hand_over(call: Call, acting: Call, pipe: Pipe, records: list[dict[str, Any]]) -> set[str]:
    """Take records through a pipe. The ids of those that were not taken; raises Failed if none was."""
    arn = pipe_arn(call.account, call.region, pipe.name)
    journal = Journal(pipe, arn, call.ids.uuid(), lambda: call.now)
    service = kinds.name_of(pipe.source)
    try:
        return await execution.run(acting, pipe, journal, [events.read(record, service) for record in records])
    finally:
        if journal.lines:
            await call.transact(journal.promise)
