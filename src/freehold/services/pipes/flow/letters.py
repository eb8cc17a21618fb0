"""Letters: what goes to one enrichment or target at a time, and what it says of it.

One idea: an answer is read for the ids of the events that were not taken; an answer that says nothing took them all. It
may not know how anything is asked.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html#pipes-partial-batch-failure
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from freehold.engines import jsontext
from freehold.kernel import arns
from freehold.services.pipes.flow.failures import Failed
from freehold.services.pipes.flow.inputs import Share

Answer = dict[str, Any]

CUSTOMER = "Target {arn} encountered an error while processing event(s)."
NOT_JSON = "The input for {arn} is not valid JSON."
PARTIAL = "Target invocation failed partially."


class Letter(NamedTuple):
    """Shares for the ARN that `place` is, sent by the pipe of this name from a kind of source. `parameters` are the
    kind's own, `now` is in epoch seconds."""

    place: arns.Arn
    parameters: dict[str, Any]
    shares: list[Share]
    pipe: str
    source: str
    now: float

    @property
    def arn(self) -> str:
        return str(self.place)

    @property
    def array(self) -> str:
        """All that is told, as a JSON array."""
        return f"[{','.join(map(self.json, self.shares))}]"

    def json(self, share: Share) -> str:
        """Raises Failed for a share that is none."""
        if share.json is None:
            raise Failed(NOT_JSON.format(arn=self.arn), self.arn)
        return share.json


class Asked(NamedTuple):
    """An operation to ask, how its answer is read for the ids of events that were not taken, and what is asked before
    it once more if it was not found."""

    service: str
    operation: str
    request: dict[str, Any]
    untaken: Callable[[Letter, Answer], set[str]] = lambda letter, answer: set()
    making: tuple[str, dict[str, Any]] | None = None


def failed_entries(letter: Letter, answer: Answer) -> set[str]:
    """Of answers that tell failures by the entries' ids, which are their places."""
    return named(letter, (int(one["Id"]) for one in answer.get("Failed") or ()))


def failed_records(member: str) -> Callable[[Letter, Answer], set[str]]:
    """Of answers with a result for each record, in order, under `member`."""

    def read(letter: Letter, answer: Answer) -> set[str]:
        return named(letter, (place for place, one in enumerate(answer[member]) if one.get("ErrorCode")))

    return read


def named(letter: Letter, places: Iterable[int]) -> set[str]:
    """The ids of shares by their places. Raises Failed if one has none: then all are tried again."""
    found = {letter.shares[place].event.id for place in places}
    if "" in found:
        raise Failed(PARTIAL, letter.arn)
    return found


def reported(letter: Letter, payload: Any) -> set[str]:
    """The ids that a function or workflow says it failed on. Raises Failed if it names one that it was not given."""
    if not isinstance(payload, dict) or "batchItemFailures" not in payload:
        return set()
    try:
        found = {one["itemIdentifier"] for one in payload["batchItemFailures"] or ()}
    except (TypeError, KeyError):
        found = {""}
    if not found <= {share.event.id for share in letter.shares} - {""}:
        raise Failed(PARTIAL, letter.arn)
    return found


def decoded(text: bytes | str) -> Any:
    """An answer as a value; what is no JSON, as text."""
    try:
        return jsontext.read(text) if text else None
    except msgspec.DecodeError:
        return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
