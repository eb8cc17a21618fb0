"""AWS::Lambda::EventSourceMapping. It may not know the store."""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.resources import Ask, Ending, Made, Pause, Steps, Want
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.sources.kinds import MEMBERS, STREAM_DEFAULTS
from freehold.services.lambda_.sources.mappings import DISABLED, ENABLED
from freehold.services.lambda_.templates import chosen, typed, update_tags

LOOK_AGAIN_S = 1.0
ABSENT: dict[str, Any] = {
    "BatchSize": 10,
    "Enabled": True,
    "FilterCriteria": {"Filters": []},
    "FunctionResponseTypes": [],
    "MaximumBatchingWindowInSeconds": 0,
    "ScalingConfig": {},
}
# What a template calls otherwise than the API.
RENAMED = {"KmsKeyArn": "KMSKeyArn"}

mapping = lambda_.resource(
    "AWS::Lambda::EventSourceMapping",
    replaces=("EventSourceArn", "StartingPosition", "StartingPositionTimestamp", "SelfManagedEventSource"),
    attributes=("Id", "EventSourceMappingArn"),
)


def _mapping(want: Want) -> dict[str, Any]:
    given = {RENAMED.get(name, name): value for name, value in typed(want.properties).items()}
    return chosen(given, ("FunctionName", "Enabled", "LoggingConfig", *sorted(MEMBERS)))


def _settled(uuid: str) -> Ending:
    while True:
        found = yield Ask("lambda", "GetEventSourceMapping", {"UUID": uuid})
        if found["State"] in (ENABLED, DISABLED):
            return
        yield Pause(LOOK_AGAIN_S)


def _made(want: Want, uuid: str) -> Made:
    return Made(uuid, {"Id": uuid, "EventSourceMappingArn": _arn(want, uuid)})


def _arn(want: Want, uuid: str) -> str:
    return arns.arn("lambda", want.region, want.account, f"event-source-mapping:{uuid}")


@mapping.create
def create_mapping(want: Want) -> Steps:
    request = _mapping(want) | chosen(want.properties, ("EventSourceArn",))
    if tags := want.tagged(want.properties):
        request["Tags"] = tags
    made = yield Ask("lambda", "CreateEventSourceMapping", request)
    yield from _settled(made["UUID"])
    return _made(want, made["UUID"])


@mapping.update
def update_mapping(want: Want) -> Steps:
    defaults = ABSENT | (STREAM_DEFAULTS if "StartingPosition" in want.properties else {})
    absent = {name: defaults[name] for name in defaults if name in want.old and name not in want.properties}
    yield Ask("lambda", "UpdateEventSourceMapping", absent | _mapping(want) | {"UUID": want.id})
    yield from _settled(want.id)
    yield from update_tags(want, _arn(want, want.id))
    return _made(want, want.id)


@mapping.delete
def delete_mapping(want: Want) -> Ending:
    """Delete it and look until it is gone, for what runs for it may end."""
    yield Ask("lambda", "DeleteEventSourceMapping", {"UUID": want.id})
    while True:
        yield Ask("lambda", "GetEventSourceMapping", {"UUID": want.id})
        yield Pause(LOOK_AGAIN_S)
