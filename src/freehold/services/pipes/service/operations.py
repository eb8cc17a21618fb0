"""Pipes: created, changed, started, stopped, looked at, listed and deleted. They may not know how sources are read.

https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_Operations.html
"""

from freehold import pages
from freehold.kernel import roles
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.pipes import settings
from freehold.services.pipes.catalogue import named_pipe, pipes
from freehold.services.pipes.errors import PipeExists, ValidationException
from freehold.services.pipes.pipes import (
    CREATING,
    DELETED,
    DELETING,
    RUNNING,
    STARTING,
    STOPPED,
    STOPPING,
    UPDATING,
    Pipe,
    described,
    find_pipe,
    outline,
    put,
    settled_pipe,
    summary,
)

BAD_TOKEN = "Invalid NextToken."


def _create_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    arn = named_pipe(call, request)
    tagging = [("pipes:TagResource", arn)] if request.get("Tags") else []
    return [("pipes:CreatePipe", arn), ("iam:PassRole", request["RoleArn"]), *tagging]


@pipes.operation(needs=_create_needs)
def create_pipe(call: Call, tx: Tx, request: Request) -> Response:
    """Whether its role may read the source is seen when the pipe is made: it may end as CREATE_FAILED."""
    members, name = settings.created(request), request["Name"]
    roles.own(tx.account, request["RoleArn"])
    if tx.get(Pipe, name):
        raise PipeExists(name)
    pipe = Pipe(
        name=name, id=tx.ids.uuid(), members=members, desired=request.get("DesiredState", RUNNING), state=CREATING,
        created_at=tx.now, changed_at=tx.now, tags=request.get("Tags", {}),
    )  # fmt: skip
    return outline(tx, put(tx, pipe, CREATING))


def _update_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    return [("pipes:UpdatePipe", named_pipe(call, request)), ("iam:PassRole", request["RoleArn"])]


@pipes.operation(needs=_update_needs)
def update_pipe(call: Call, tx: Tx, request: Request) -> Response:
    pipe = settled_pipe(tx, request["Name"])
    pipe.members = settings.updated(pipe.members, request)
    roles.own(tx.account, request["RoleArn"])
    pipe.desired = request.get("DesiredState", pipe.desired)
    return outline(tx, put(tx, pipe, UPDATING))


@pipes.operation(needs={"pipes:DescribePipe": named_pipe})
def describe_pipe(call: Call, tx: Tx, request: Request) -> Response:
    return described(tx, find_pipe(tx, request["Name"]))


@pipes.operation(needs={"pipes:DeletePipe": named_pipe})
def delete_pipe(call: Call, tx: Tx, request: Request) -> Response:
    """What runs for the pipe may finish; then it is gone."""
    pipe = settled_pipe(tx, request["Name"])
    pipe.desired = DELETED
    return outline(tx, put(tx, pipe, DELETING))


@pipes.operation(needs={"pipes:StartPipe": named_pipe})
def start_pipe(call: Call, tx: Tx, request: Request) -> Response:
    pipe = settled_pipe(tx, request["Name"])
    pipe.desired = RUNNING
    return outline(tx, pipe if pipe.state == RUNNING else put(tx, pipe, STARTING))


@pipes.operation(needs={"pipes:StopPipe": named_pipe})
def stop_pipe(call: Call, tx: Tx, request: Request) -> Response:
    pipe = settled_pipe(tx, request["Name"])
    pipe.desired = STOPPED
    return outline(tx, pipe if pipe.state == STOPPED else put(tx, pipe, STOPPING))


@pipes.operation(needs={"pipes:ListPipes": "*"})
def list_pipes(call: Call, tx: Tx, request: Request) -> Response:
    """By name."""
    token = request.get("NextToken")
    after = tuple(pages.read_token(token, list[str], _bad_token)) if token else None
    return pages.page(
        tx, Pipe, "Pipes", lambda pipe: summary(tx, pipe), start=request.get("NamePrefix", ""),
        limit=request.get("Limit", pages.PAGE), after=after, wanted=lambda pipe: _wanted(pipe, request),
    )  # fmt: skip


def _bad_token() -> ValidationException:
    return ValidationException(reason=BAD_TOKEN)


def _wanted(pipe: Pipe, request: Request) -> bool:
    return (
        pipe.desired == request.get("DesiredState", pipe.desired)
        and pipe.state == request.get("CurrentState", pipe.state)
        and pipe.source.startswith(request.get("SourcePrefix", ""))
        and pipe.target.startswith(request.get("TargetPrefix", ""))
    )
