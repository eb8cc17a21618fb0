"""Pipes: what is wanted of them, and what they are.

One idea: a pipe's state is a word with two speakers. Requests say what is under way (CREATING, UPDATING, STARTING,
STOPPING, DELETING), and the reader, once it is so, says what is (RUNNING, STOPPED, a failure, gone). It may not know
how sources are read.

https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_DescribePipe.html
"""

from typing import Any

from freehold.kernel.store import Record, Tx
from freehold.services.pipes.catalogue import pipe_arn
from freehold.services.pipes.errors import NotFoundException, PipeBusy

CREATING, UPDATING, STARTING = "CREATING", "UPDATING", "STARTING"
STOPPING, DELETING = "STOPPING", "DELETING"
RUNNING, STOPPED, DELETED = "RUNNING", "STOPPED", "DELETED"
FAILURES = {CREATING: "CREATE_FAILED", UPDATING: "UPDATE_FAILED", STARTING: "START_FAILED"}
UNSETTLED = (*FAILURES, STOPPING, DELETING)
ATTENDED = (*UNSETTLED, RUNNING)

BELL = "pipes-pipe"
SHOWN = (
    "Description", "Enrichment", "EnrichmentParameters", "KmsKeyIdentifier", "LogConfiguration", "RoleArn", "Source",
    "SourceParameters", "Target", "TargetParameters",
)  # fmt: skip


class Pipe(Record, table="pipes_pipes", key="name"):
    """`id` outlives no deletion; `members` are as DescribePipe shows them; moments in epoch seconds."""

    name: str
    id: str
    members: dict[str, Any]
    desired: str
    state: str
    created_at: float
    changed_at: float
    reason: str = ""
    tags: dict[str, str] = {}

    @property
    def source(self) -> str:
        return str(self.members["Source"])

    @property
    def role(self) -> str:
        return str(self.members["RoleArn"])

    @property
    def enrichment(self) -> str:
        """The ARN of the enrichment, if there is one."""
        return str(self.members.get("Enrichment", ""))

    @property
    def target(self) -> str:
        return str(self.members["Target"])

    @property
    def reading(self) -> dict[str, Any]:
        """The parameters of its kind of source; all have a BatchSize."""
        parameters = self.members["SourceParameters"]
        return next((value for name, value in parameters.items() if name != "FilterCriteria"), {})

    @property
    def patterns(self) -> list[str]:
        """The patterns of its filters."""
        filters = self.members["SourceParameters"].get("FilterCriteria", {}).get("Filters", ())
        return [one["Pattern"] for one in filters if "Pattern" in one]


def arn(tx: Tx, pipe: Pipe) -> str:
    return pipe_arn(tx.account, tx.region, pipe.name)


def find_pipe(tx: Tx, name: str) -> Pipe:
    """Raises NotFoundException."""
    pipe = tx.get(Pipe, name)
    if pipe is None:
        raise NotFoundException(name=name)
    return pipe


def settled_pipe(tx: Tx, name: str) -> Pipe:
    """A pipe that may be changed. Raises NotFoundException, ConflictException."""
    pipe = find_pipe(tx, name)
    if pipe.state in UNSETTLED:
        raise PipeBusy(name, pipe.state)
    return pipe


def put(tx: Tx, pipe: Pipe, state: str) -> Pipe:
    """Say what is under way, so that the reader hears."""
    pipe.state, pipe.reason, pipe.changed_at = state, "", tx.now
    tx.put(pipe)
    tx.ring(BELL, pipe.name)
    tx.ring("pipes")
    return pipe


def outline(tx: Tx, pipe: Pipe) -> dict[str, Any]:
    """What all operations tell of a pipe."""
    return {
        "Arn": arn(tx, pipe),
        "Name": pipe.name,
        "DesiredState": pipe.desired,
        "CurrentState": pipe.state,
        "CreationTime": pipe.created_at,
        "LastModifiedTime": pipe.changed_at,
    }


def summary(tx: Tx, pipe: Pipe) -> dict[str, Any]:
    """A pipe as lists show it."""
    told = {name: pipe.members[name] for name in ("Enrichment", "Source", "Target") if name in pipe.members}
    return outline(tx, pipe) | told | ({"StateReason": pipe.reason} if pipe.reason else {})


def described(tx: Tx, pipe: Pipe) -> dict[str, Any]:
    shown = {name: pipe.members[name] for name in SHOWN if name in pipe.members}
    return summary(tx, pipe) | shown | {"Tags": pipe.tags}


# What the reader says


def attended(tx: Tx) -> list[tuple[str, str, str]]:
    """Every pipe that a reader has to do something for."""
    seats = [(account, region, tx.within(account, region)) for account, region in tx.scopes(Pipe)]
    return [
        (account, region, pipe.name)
        for account, region, seat in seats
        for pipe in seat.range(Pipe)
        if pipe.state in ATTENDED
    ]


def settle(tx: Tx, name: str, state: str, reason: str = "") -> Pipe | None:
    """Say that what was under way in a state is over: how it is now, or why it failed. The pipe as it stands; None if
    there is none."""
    pipe = tx.get(Pipe, name)
    if pipe is not None and pipe.state == state:
        pipe.state = FAILURES[state] if reason else pipe.desired
        pipe.reason = reason
        tx.put(pipe)
    return pipe
