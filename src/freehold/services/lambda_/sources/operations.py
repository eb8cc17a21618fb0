"""Event source mappings: made, changed, listed and deleted. It may not know how sources are read."""

from typing import Any

from freehold.engines.addresses import queue_url
from freehold.engines.sources import streams
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.roles import permitted
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import aliases, errors, names, tagging
from freehold.services.lambda_.catalogue import lambda_, mapping_arn
from freehold.services.lambda_.functions import Version
from freehold.services.lambda_.invocation import roles
from freehold.services.lambda_.names import Ref
from freehold.services.lambda_.pages import page
from freehold.services.lambda_.sources import mappings
from freehold.services.lambda_.sources.errors import QueueHidesTooShortly, QueueUnreadable
from freehold.services.lambda_.sources.kinds import MomentAhead, NoStream, StreamUnreadable
from freehold.services.lambda_.sources.mappings import Mapping

PAGE_MAX = 100
NO_FUNCTION = "Function does not exist"
QUEUE_ERRORS = {"QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue"}
READING = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")


def _version(tx: Tx, ref: Ref) -> Version:
    try:
        return aliases.route(tx, ref.name, ref.qualifier)
    except errors.FunctionNotFound as missing:
        raise errors.InvalidParameterValueException(message=NO_FUNCTION) from missing


async def _check_source(call: Call, source: str, version: Version) -> None:
    """Raise what would keep the function from reading the source."""
    service = streams.service_of(source)
    await (_check_stream(call, source, service, version) if service else _check_queue(call, source, version))


async def _check_stream(call: Call, source: str, service: streams.Service, version: Version) -> None:
    """The function's role must be able to read the stream, which must be there."""
    session = await roles.assume(call, version.settings["Role"], version.function)
    stream = streams.stream_of(source)
    request = {service.stream: stream, "ShardIterator": stream}
    for operation in streams.READING:
        if not await permitted(session.call, service.name, operation, request):
            raise StreamUnreadable(arn=source, actions=streams.ACTIONS)
    try:
        await streams.described(session.call.ask, source)
    except AwsError as refusal:
        raise NoStream(arn=source) from refusal


async def _check_queue(call: Call, source: str, version: Version) -> None:
    """The function's role must be able to read the queue, which must hide messages for as long as a function runs."""
    session = await roles.assume(call, version.settings["Role"], version.function)
    url = queue_url(source)
    for operation in READING:
        if not await permitted(session.call, "sqs", operation, {"QueueUrl": url}):
            raise errors.RoleMayNot(operation=operation, service="SQS")
    try:
        asked = {"QueueUrl": url, "AttributeNames": ["VisibilityTimeout"]}
        answer = await session.call.ask("sqs", "GetQueueAttributes", asked)
    except AwsError as refusal:
        code = QUEUE_ERRORS.get(refusal.shape(), refusal.shape())
        raise QueueUnreadable(code=code, reason=refusal.message) from refusal
    visible, timeout = int(answer["Attributes"]["VisibilityTimeout"]), version.settings["Timeout"]
    if visible < timeout:
        raise QueueHidesTooShortly(visible=visible, timeout=timeout)


@lambda_.operation(needs={"lambda:CreateEventSourceMapping": "*"})
async def create_event_source_mapping(call: Call, request: Request) -> Response:
    source = request.get("EventSourceArn", "")
    tagging.check(request.get("Tags", {}))
    settings = mappings.settings_of(source, request)
    ref = names.read(request["FunctionName"])
    if settings.get("StartingPositionTimestamp", 0.0) > call.now:
        raise MomentAhead()
    await _check_source(call, source, await call.transact(_version, ref))
    return await call.transact(_create, request, ref, settings)


def _create(tx: Tx, request: Request, ref: Ref, settings: dict[str, Any]) -> Response:
    source = request["EventSourceArn"]
    mappings.check_new(tx, ref.name, source)
    state = mappings.CREATING if request.get("Enabled", True) else mappings.DISABLED
    made = Mapping(
        uuid=tx.ids.uuid(), source=source, function=ref.name, qualifier=ref.qualifier, state=state,
        modified_at=tx.now, settings=settings, tags=request.get("Tags", {}),
    )  # fmt: skip
    return mappings.shape(tx, mappings.put(tx, made, state))


@lambda_.operation(needs={"lambda:UpdateEventSourceMapping": mapping_arn})
async def update_event_source_mapping(call: Call, request: Request) -> Response:
    mapping = await call.transact(mappings.find, request["UUID"])
    settings = mappings.settings_of(mapping.source, request, mapping.settings)
    if "FunctionName" in request:
        version = await call.transact(_version, names.read(request["FunctionName"]))
        await _check_source(call, mapping.source, version)
    return await call.transact(_update, request, settings)


def _update(tx: Tx, request: Request, settings: dict[str, Any]) -> Response:
    mapping = mappings.find(tx, request["UUID"])
    mapping.settings = settings
    if "FunctionName" in request:
        ref = names.read(request["FunctionName"])
        mapping.function, mapping.qualifier = ref.name, ref.qualifier
    working = mapping.state in mappings.WORKING
    wanted = request.get("Enabled", working)
    state = mappings.UPDATING if working else mappings.ENABLING
    if not wanted:
        state = mappings.DISABLING if working else mappings.DISABLED
    return mappings.shape(tx, mappings.put(tx, mapping, state))


@lambda_.operation(needs={"lambda:GetEventSourceMapping": mapping_arn})
def get_event_source_mapping(call: Call, tx: Tx, request: Request) -> Response:
    return mappings.shape(tx, mappings.find(tx, request["UUID"]))


@lambda_.operation(needs={"lambda:DeleteEventSourceMapping": mapping_arn})
def delete_event_source_mapping(call: Call, tx: Tx, request: Request) -> Response:
    """What runs for the mapping may finish; then it is gone."""
    mapping = mappings.find(tx, request["UUID"])
    return mappings.shape(tx, mappings.put(tx, mapping, mappings.DELETING))


@lambda_.operation(needs={"lambda:ListEventSourceMappings": "*"})
def list_event_source_mappings(call: Call, tx: Tx, request: Request) -> Response:
    found = tx.range(Mapping)
    if "EventSourceArn" in request:
        found = [mapping for mapping in found if mapping.source == request["EventSourceArn"]]
    if "FunctionName" in request:
        ref = names.read(request["FunctionName"])
        wanted = (ref.name, ref.qualifier)
        found = [mapping for mapping in found if (mapping.function, mapping.qualifier) == wanted]
    shown, marker = page(found, lambda mapping: mapping.uuid, request, PAGE_MAX)
    return {"EventSourceMappings": [mappings.shape(tx, mapping) for mapping in shown]} | marker
