"""Operations: callbacks by token, and activities with their workers.

It may not know how an execution goes on.
"""

from freehold.engines import asl, jackson
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.states import names, pages, tickets
from freehold.services.states.catalogue import ANY, member, named, states
from freehold.services.states.configuration import settings
from freehold.services.states.errors import ActivityAlreadyExists, InvalidOutput
from freehold.services.states.executions import Execution
from freehold.services.states.running import steps
from freehold.services.states.tags import from_pairs
from freehold.services.states.tickets import Activity, Ticket

POLL_S = 60.0  # how long GetActivityTask waits for a task

activity_arn = member("activityArn")


def _told(call: Call, tx: Tx, ticket: Ticket, event: asl.Event) -> None:
    """Let a ticket's execution know what happened to its task."""
    execution = tx.get(Execution, ticket.machine, ticket.name)
    assert execution, "a ticket is torn up when its execution ends"
    steps.proceed(call, tx, execution, event)


@states.operation(needs={"states:SendTaskSuccess": ANY})
def send_task_success(call: Call, tx: Tx, request: Request) -> None:
    reason = jackson.fault(request["output"])
    if reason:
        raise InvalidOutput(reason=reason)
    ticket = tickets.opened(tx, request["taskToken"])
    _told(call, tx, ticket, asl.TaskSucceeded(ticket.task, request["output"]))


@states.operation(needs={"states:SendTaskFailure": ANY})
def send_task_failure(call: Call, tx: Tx, request: Request) -> None:
    ticket = tickets.opened(tx, request["taskToken"])
    _told(call, tx, ticket, asl.TaskFailed(ticket.task, request.get("error"), request.get("cause")))


@states.operation(needs={"states:SendTaskHeartbeat": ANY})
def send_task_heartbeat(call: Call, tx: Tx, request: Request) -> None:
    ticket = tickets.opened(tx, request["taskToken"])
    _told(call, tx, ticket, asl.HeartbeatSeen(ticket.task))


# Activities


@states.operation(needs={"states:CreateActivity": named(names.ACTIVITY)})
def create_activity(call: Call, tx: Tx, request: Request) -> Response:
    """An activity that is there already is found; its tags stay as they are. Raises ActivityAlreadyExists."""
    name = names.check(request["name"])
    encryption = settings.encryption(request.get("encryptionConfiguration", settings.ENCRYPTION))
    activity = tx.get(Activity, name)
    if activity is None:
        tags = from_pairs(request.get("tags", []), name)
        activity = Activity(name=name, created_at=tx.now, tags=tags, encryption=encryption)
        tx.put(activity)
    elif activity.encryption != encryption:
        raise ActivityAlreadyExists(arn=names.arn(tx, names.ACTIVITY, name))
    return {"activityArn": names.arn(tx, names.ACTIVITY, name), "creationDate": activity.created_at}


def _shown(tx: Tx, activity: Activity) -> Response:
    arn = names.arn(tx, names.ACTIVITY, activity.name)
    return {"activityArn": arn, "name": activity.name, "creationDate": activity.created_at}


@states.operation(needs={"states:DescribeActivity": activity_arn})
def describe_activity(call: Call, tx: Tx, request: Request) -> Response:
    activity = tickets.activity(tx, request["activityArn"])
    return _shown(tx, activity) | {"encryptionConfiguration": activity.encryption or settings.ENCRYPTION}


@states.operation(needs={"states:ListActivities": ANY})
def list_activities(call: Call, tx: Tx, request: Request) -> Response:
    page = pages.asked(request)
    found = tx.range(Activity, after=page.after, limit=page.size + 1)
    return pages.shown(page, found, lambda one: (one.name,), "activities", lambda one: _shown(tx, one))


@states.operation(needs={"states:DeleteActivity": activity_arn})
def delete_activity(call: Call, tx: Tx, request: Request) -> None:
    tx.delete(Activity, names.read(request["activityArn"], names.ACTIVITY).name)


@states.operation(needs={"states:GetActivityTask": activity_arn})
async def get_activity_task(call: Call, request: Request) -> Response:
    """The oldest task that no worker has taken, waiting up to a minute for one; nothing, if none came."""
    name, until = names.read(request["activityArn"], names.ACTIVITY).name, call.now + POLL_S
    with call.listen("states-activity", name) as bell:
        while True:
            ticket = await call.transact(_take, call, request)
            if ticket:
                return {"taskToken": ticket.token, "input": ticket.input}
            if not await bell.wait(until):
                return {}


def _take(tx: Tx, call: Call, request: Request) -> Ticket | None:
    activity = tickets.activity(tx, request["activityArn"])
    ticket = tickets.take(tx, activity.name)
    if ticket:
        _told(call, tx, ticket, asl.TaskStarted(ticket.task, request.get("workerName")))
    return ticket
