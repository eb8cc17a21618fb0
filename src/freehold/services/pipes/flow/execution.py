"""Executions: a batch of events on its way through a pipe.

One idea: first the enrichment, if there is one, then the target; each is told what its template makes of every event.
What becomes of events that were not taken is for those who read them. It may not know sources.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-logs-execution-steps.html
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from freehold.engines import templates
from freehold.engines.templates import written
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.services.pipes import kinds
from freehold.services.pipes.flow import inputs
from freehold.services.pipes.flow.events import Event, returned
from freehold.services.pipes.flow.failures import Failed, refused
from freehold.services.pipes.flow.inputs import Share
from freehold.services.pipes.flow.journal import Journal
from freehold.services.pipes.flow.letters import PARTIAL, Answer, Asked, Letter
from freehold.services.pipes.flow.targets import ASKED, OUTPUTS
from freehold.services.pipes.kinds import Kind
from freehold.services.pipes.pipes import Pipe

NAMESPACE = "AWS/EventBridge/Pipes"
ENRICHMENT, TARGET = "Enrichment", "Target"
NOT_FOUND = "ResourceNotFoundException"
UNFIT = "The input template of {arn} made no valid JSON."
TOO_MANY = "{arn} takes at most {most} events at a time."


async def run(acting: Call, pipe: Pipe, journal: Journal, events: list[Event]) -> set[str]:
    """Take events through a pipe, `acting` as its role. The ids of those that the target did not take; Failed if it
    took none, or none came so far."""
    passage = Passage(acting, pipe, journal)
    journal.note("ExecutionStarted", payload=lambda: _payload(events))
    passage.count(Invocations=1, EventCount=len(events))
    try:
        untaken = await passage.go(events)
    except Failed as failure:
        journal.note("ExecutionFailed", failure.error)
        passage.count(ExecutionFailed=1)
        raise
    journal.note("ExecutionPartiallyFailed" if untaken else "ExecutionSucceeded")
    passage.count(ExecutionPartiallyFailed=int(bool(untaken)))
    return untaken


def _payload(events: list[Event]) -> str:
    return written([event.value for event in events])


class Passage:
    """One execution under way."""

    def __init__(self, acting: Call, pipe: Pipe, journal: Journal):
        self.acting, self.pipe, self.journal = acting, pipe, journal

    def count(self, **counts: int) -> None:
        for name, count in counts.items():
            self.acting.measure(NAMESPACE, name, count, "None", PipeName=self.pipe.name)

    async def go(self, events: list[Event]) -> set[str]:
        if self.pipe.enrichment:
            with self._stage(ENRICHMENT):
                events = await self._enriched(events)
                self.journal.note("EnrichmentStageSucceeded", payload=lambda: _payload(events))
        if not events:
            self.journal.note("TargetStageSkipped")
            return set()
        with self._stage(TARGET):
            untaken = await self._handed(events)
            self.journal.note(
                "TargetStagePartiallyFailed" if untaken else "TargetStageSucceeded", payload=lambda: _payload(events)
            )  # fmt: skip
        return untaken

    @contextmanager
    def _stage(self, stage: str) -> Iterator[None]:
        self.journal.note(f"{stage}StageEntered")
        try:
            yield
        except Failed as failure:
            self.journal.note(f"{stage}StageFailed", failure.error)
            self.count(**{f"{stage}StageFailed": 1})
            raise

    async def _enriched(self, events: list[Event]) -> list[Event]:
        """What the enrichment makes of events."""
        letter = self._letter(ENRICHMENT, self.pipe.enrichment, kinds.ENRICHMENTS, events)
        name = kinds.name_of(self.pipe.enrichment)
        asked = ASKED[name](letter)
        answer = await self._ask(ENRICHMENT, letter, asked)
        with self._reading(ENRICHMENT, asked):
            output = OUTPUTS[name](letter, answer)
        self.journal.note("EnrichmentInvocationSucceeded", **_data(asked, answer))
        return returned(output)

    async def _handed(self, events: list[Event]) -> set[str]:
        """The ids of the events that the target did not take."""
        letter = self._letter(TARGET, self.pipe.target, kinds.TARGETS, events)
        with self._reading(TARGET, None):
            asked = ASKED[kinds.name_of(self.pipe.target)](letter)
        answer = await self._ask(TARGET, letter, asked)
        with self._reading(TARGET, asked):
            untaken = asked.untaken(letter, answer)
        if untaken:
            error = Failed(PARTIAL, self.pipe.target, 200).error
            self.journal.note("TargetInvocationPartiallyFailed", error, **_data(asked, answer))
        else:
            self.journal.note("TargetInvocationSucceeded", **_data(asked, answer))
        return untaken

    def _letter(self, stage: str, arn: str, table: Any, events: list[Event]) -> Letter:
        """What one is told of all events."""
        kind = kinds.kind_of(arn, table)
        assert kind, "checked when it was put"
        parameters = self.pipe.members.get(f"{stage}Parameters", {})
        shares = self._shares(stage, arn, parameters.get("InputTemplate", ""), events)
        self._check_count(stage, arn, kind, len(shares))
        own = parameters.get(kind.parameters, {})
        source = kinds.name_of(self.pipe.source)
        return Letter(kinds.place_of(arn), own, shares, self.pipe.name, source, self.acting.now)

    def _shares(self, stage: str, arn: str, template: str, events: list[Event]) -> list[Share]:
        names = inputs.variables(self.pipe, self.journal.arn, self.acting.now)
        if template:
            self.journal.note(f"{stage}TransformationStarted")
        try:
            shares = [inputs.told(template, event, names) for event in events]
        except templates.Unfit as unfit:
            failure = Failed(UNFIT.format(arn=arn), arn)
            self.journal.note(f"{stage}TransformationFailed", failure.error)
            raise failure from unfit
        if template:
            told = [share.text for share in shares]
            self.journal.note(f"{stage}TransformationSucceeded", payload=lambda: written(told))
        return shares

    def _check_count(self, stage: str, arn: str, kind: Kind, count: int) -> None:
        if count > kind.most:
            failure = Failed(TOO_MANY.format(arn=arn, most=kind.most), arn)
            self.journal.note(f"{stage}InvocationFailed", failure.error)
            raise failure

    async def _ask(self, stage: str, letter: Letter, asked: Asked) -> Answer:
        """Ask an operation where its resource is."""
        self.journal.note(f"{stage}InvocationStarted")
        there = self.acting.within(letter.place.account or self.acting.account, letter.place.region)
        await there.door.store.durable()  # else a power cut could take back a record that was acted upon
        try:
            return await _answer(there, asked)
        except AwsError as refusal:
            failure = refused(refusal, letter.arn)
            self.journal.note(f"{stage}InvocationFailed", failure.error, awsRequest=lambda: _shown(asked.request))
            raise failure from refusal

    @contextmanager
    def _reading(self, stage: str, asked: Asked | None) -> Iterator[None]:
        """Note where a letter can not be asked, or what an answer says of a failure."""
        try:
            yield
        except Failed as failure:
            data = {"awsRequest": lambda: _shown(asked.request)} if asked else {}
            self.journal.note(f"{stage}InvocationFailed", failure.error, **data)
            raise


async def _answer(there: Call, asked: Asked) -> Answer:
    """The answer; what was not found is made first, if that is known how."""
    try:
        return await there.ask(asked.service, asked.operation, asked.request)
    except AwsError as refusal:
        if asked.making is None or refusal.shape() != NOT_FOUND:
            raise
    await there.ask(asked.service, *asked.making)
    return await there.ask(asked.service, asked.operation, asked.request)


def _data(asked: Asked, answer: Answer) -> dict[str, Any]:
    return {"awsRequest": lambda: _shown(asked.request), "awsResponse": lambda: _shown(answer)}


def _shown(value: Any) -> str:
    """A request or an answer as JSON; bytes as the text that they are."""
    return msgspec.json.encode(_texts(value)).decode()


def _texts(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {name: _texts(one) for name, one in value.items()}
    return [_texts(one) for one in value] if isinstance(value, list) else value
