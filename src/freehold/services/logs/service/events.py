"""PutLogEvents, GetLogEvents and FilterLogEvents.

One idea: a page is taken off a reading until it is full, and its token is the gap where it ended. It may not know how
events lie.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from freehold.engines.filters import compile_filter
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.logs import errors, findings, guards, policies, vending
from freehold.services.logs.events import FOREVER, NOTHING, Event, Line, Position, Span, append, read, size_of
from freehold.services.logs.findings import Hidden
from freehold.services.logs.groups import DAY_MS, Group, arn_of, create_group, open_group
from freehold.services.logs.pages import read_directed, read_token, write_directed, write_token
from freehold.services.logs.service.catalogue import group_arn, logs, named_group, stream_arn
from freehold.services.logs.streams import Stream, create_stream, open_stream

BATCH_SIZE_MAX = 1_048_576
PAGE_SIZE_MAX = 1_048_576
EVENTS_MAX = 10_000
SEARCHED_MAX = 10_000  # events that one call of FilterLogEvents looks at
OLD_MS, NEW_MS = 14 * DAY_MS, 7_200_000
NAMESPACE, AUDITED = "AWS/Logs", "LogEventsWithFindings"


@logs.operation(needs={"logs:PutLogEvents": stream_arn})
def put_log_events(call: Call, tx: Tx, request: Request) -> Response:
    lines = [(event["timestamp"], event["message"]) for event in request["logEvents"]]
    sizes = [size_of(message) for _, message in lines]
    _check_batch(lines, sum(sizes))
    group = open_group(tx, request["logGroupName"])
    stream = open_stream(tx, group, request["logStreamName"])
    first, last, rejected = _timely(lines, group, tx.now)
    if first < last:
        kept = lines[first:last]
        append(tx, group, stream, kept, sum(sizes[first:last]), _hidden(call, tx, group, kept))
    answer: Response = {"nextSequenceToken": stream.sequence_token}
    return answer | ({"rejectedLogEventsInfo": rejected} if rejected else {})


def _hidden(call: Call, tx: Tx, group: Group, lines: list[Line]) -> Hidden:
    """What is sensitive in lines that come in; those are told whom the group's policies name."""
    if not (group.guarded or group.inherits):
        return NOTHING
    sights = findings.look(call, [message for _, message in lines], guards.in_force(tx, group))
    for policy, found in (sight for sight in sights if sight.found):
        arn = arn_of(tx.account, tx.region, group.name)
        reports = [findings.report(some, arn, tx.now) for some in found.values()]
        vending.tell(tx, vending.Origin("logs", group.name), guards.destination(policy), reports)
        dimensions = {"DataProtectionOperation": "Audit", "LogGroupName": group.name, "PolicyName": policy.name}
        call.within(tx.account, tx.region).measure(NAMESPACE, AUDITED, len(found), "Count", **dimensions)
    return findings.hidden(sights)


def _check_batch(lines: list[Line], size: int) -> None:
    if size > BATCH_SIZE_MAX:
        raise errors.UploadTooLarge(size=size, most=BATCH_SIZE_MAX)
    if any(earlier[0] > later[0] for earlier, later in pairwise(lines)):
        raise errors.OutOfOrder()
    if lines[-1][0] - lines[0][0] > DAY_MS:
        raise errors.SpanTooLong()


def _timely(lines: list[Line], group: Group, now: float) -> tuple[int, int, Response]:
    """Which part of a batch is kept (from, to), and what AWS says of the rest. The two first ends are exclusive."""
    now_ms = int(now * 1_000)
    expired = sum(at < group.oldest(now) for at, _ in lines)
    old = sum(at < now_ms - OLD_MS for at, _ in lines)
    new = sum(at > now_ms + NEW_MS for at, _ in lines)
    rejected = {"expiredLogEventEndIndex": expired} if expired else {}
    if old:
        rejected["tooOldLogEventEndIndex"] = old
    if new:
        rejected["tooNewLogEventStartIndex"] = len(lines) - new
    return max(expired, old), len(lines) - new, rejected


def _line_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    arn = arn_of(call.account, call.region, f"{request['group']}:log-stream:{request['stream']}")
    return [(action, arn) for action in policies.SERVICES_NEED]


@logs.internal_with(_line_needs)
def append_lines(call: Call, tx: Tx, request: Request) -> None:
    """Write `events` [(epoch milliseconds, text)], in order of time, to `stream` of `group`; either is made if needed.
    For services of this cloud that log as themselves: with the cloud's own power, or as roles or the group's account
    let them, and then only to a group that is there."""
    policies.admit(tx, arn_of(tx.account, tx.region, f"{request['group']}:log-stream:{request['stream']}"))
    own = tx.principal.trusted
    group = tx.get(Group, request["group"]) if own else open_group(tx, request["group"])
    group = group or create_group(tx, request["group"])
    stream = tx.get(Stream, group.id, request["stream"]) or create_stream(tx, group, request["stream"])
    lines = [(at, text) for at, text in request["events"]]
    if lines:
        append(tx, group, stream, lines, sum(size_of(text) for _, text in lines), _hidden(call, tx, group, lines))


def _reading(action: str, target: Callable[[Call, Request], str]) -> Callable[[Call, Request], list[tuple[str, str]]]:
    """What one needs who reads, and who wants to see what is hidden as well."""

    def needs(call: Call, request: Request) -> list[tuple[str, str]]:
        seeing = [("logs:Unmask", group_arn(call, request))] if request.get("unmask") else []
        return [(action, target(call, request)), *seeing]

    return needs


@logs.operation(needs=_reading("logs:GetLogEvents", stream_arn))
def get_log_events(call: Call, tx: Tx, request: Request) -> Response:
    group = named_group(tx, request)
    stream = open_stream(tx, group, request["logStreamName"])
    start, end = request.get("startTime", 0), request.get("endTime", FOREVER) - 1
    forward, since = request.get("startFromHead", False), None
    if "nextToken" in request:
        forward, since = read_directed(request["nextToken"])
    span = Span(group, [stream], start, end, not forward, since, request.get("unmask", False))
    page = list(_fill(read(tx, span), request.get("limit", EVENTS_MAX)))
    if not forward:
        page.reverse()
    before = page[0].position if page else since or Position(start)
    behind = page[-1].position.after() if page else since or Position(start)
    return {
        "events": [_told(event) for event in page],
        "nextForwardToken": write_directed("f", behind),
        "nextBackwardToken": write_directed("b", before),
    }


def _fill(events: Iterator[Event], most: int) -> Iterator[Event]:
    """Events until a page is full."""
    size = 0
    for number, event in enumerate(events):
        size += event.size
        if number == most or (number and size > PAGE_SIZE_MAX):
            return
        yield event


def _told(event: Event) -> Response:
    at, ingested_at = event.position[:2]
    return {"timestamp": at, "message": event.message, "ingestionTime": ingested_at}


@logs.operation(needs=_reading("logs:FilterLogEvents", group_arn))
def filter_log_events(call: Call, tx: Tx, request: Request) -> Response:
    matches = compile_filter(request.get("filterPattern", ""))
    span = _span(tx, named_group(tx, request), request)
    prefix = request.get("logStreamNamePrefix", "")
    found, stopped = _search(
        read(tx, span),
        lambda event: event.stream.startswith(prefix) and matches(event.message),
        request.get("limit", EVENTS_MAX),
    )
    shown = [_told(event) | {"logStreamName": event.stream, "eventId": event.id} for event in found]
    answer: Response = {"events": shown, "searchedLogStreams": []}
    if stopped:
        answer["nextToken"] = write_token((span.reverse, stopped.after() if span.reverse else stopped))
    return answer


def _search(events: Iterator[Event], chosen: Callable[[Event], bool], most: int) -> tuple[list[Event], Position | None]:
    """The chosen among the events until the page is full or enough has been looked at, and where that was, if it was
    before the end."""
    found: list[Event] = []
    size = 0
    for searched, event in enumerate(events):
        if searched == SEARCHED_MAX:
            return found, event.position
        if chosen(event):
            size += event.size
            if len(found) == most or (found and size > PAGE_SIZE_MAX):
                return found, event.position
            found.append(event)
    return found, None


def _span(tx: Tx, group: Group, request: Request) -> Span:
    """What is to be searched. A token goes on in the direction it was given in."""
    names, prefix = request.get("logStreamNames"), request.get("logStreamNamePrefix")
    if names and prefix:
        raise errors.PrefixAndNames()
    start, end = request.get("startTime", 0), request.get("endTime", FOREVER)
    if end < start:
        raise errors.EndBeforeStart()
    streams = [open_stream(tx, group, name) for name in dict.fromkeys(names)] if names else None
    reverse, since = not request.get("startFromHead", True), None
    if "nextToken" in request:
        reverse, since = read_token(request["nextToken"], tuple[bool, Position])
    return Span(group, streams, start, end, reverse, since, request.get("unmask", False))
