"""Settings: what a request makes of a pipe, and what may not be.

One idea: a pipe is checked whole, as it would be after the request. It may not know states or readers.

https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html
https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_UpdatePipe.html
"""

from typing import Any

from freehold.engines.patterns import LAMBDA
from freehold.engines.sources.filtering import matcher
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request
from freehold.services.pipes import kinds
from freehold.services.pipes.errors import FOREIGN, MISSING, BadMember, ValidationException
from freehold.services.pipes.kinds import FIFO, Kind, Source

Members = dict[str, Any]

SIMPLE = ("Description", "Enrichment", "KmsKeyIdentifier", "LogConfiguration", "RoleArn", "Source", "Target")
GROUPS = ("SourceParameters", "EnrichmentParameters", "TargetParameters")
SHARED = ("FilterCriteria", "InputTemplate")  # members of the groups that are of no kind's own
STARTS = ("StartingPosition", "StartingPositionTimestamp")
AT_TIMESTAMP = "AT_TIMESTAMP"
LOGS_ELSEWHERE = ("FirehoseLogDestination", "S3LogDestination")
LOGS = "CloudwatchLogsLogDestination"
OFF = "OFF"
STRANGE_LOGS = "The log group must be of the account of the pipe."

UNSUPPORTED = "The given ARN is not a supported {what}."
NO_MOMENT = "StartingPositionTimestamp is required when StartingPosition is AT_TIMESTAMP, and only then."
ONCE_MAX = 10
FIFO_BATCH = "Batch size must be less than or equal to 10 for FIFO queues."
FIFO_WINDOW = "Batching window is not supported for FIFO queues."
NO_WINDOW = "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10."
TOO_MANY = "Batch size must be less than or equal to {most}, which is what {arn} takes at a time."


def created(request: Request) -> Members:
    """The members of a new pipe. Raises ValidationException, NotImplementedHere."""
    return _checked({name: request[name] for name in (*SIMPLE, *GROUPS) if request.get(name) not in (None, "")})


def updated(old: Members, request: Request) -> Members:
    """The members of a pipe after a request: what it does not name stays, but the parameters of a kind are put anew as
    a whole. Raises ValidationException, NotImplementedHere."""
    new = old | {name: request[name] for name in SIMPLE if name in request}
    for group in GROUPS:
        if group in request:
            new[group] = old.get(group, {}) | _begun(old.get(group, {}), request[group])
    if _kind_changed(old, new):
        new["TargetParameters"] = _without_old(new.get("TargetParameters", {}), request.get("TargetParameters", {}))
    if not new.get("Enrichment"):
        new.pop("EnrichmentParameters", None)
    return _checked({name: value for name, value in new.items() if value not in (None, "", {})})


def _kind_changed(old: Members, new: Members) -> bool:
    """Whether the target is of another kind than before."""
    return kinds.name_of(old.get("Target", "")) != kinds.name_of(new.get("Target", ""))


def _begun(old: Members, given: Members) -> Members:
    """Parameters that start where the old ones did."""
    starts = {kind: {name: old[kind][name] for name in STARTS if name in old[kind]} for kind in given if kind in old}
    return {
        kind: starts.get(kind, {}) | value if isinstance(value, dict) and kind not in SHARED else value
        for kind, value in given.items()
    }


def _without_old(parameters: Members, given: Members) -> Members:
    """Parameters without those that were of another kind of target."""
    return {name: value for name, value in parameters.items() if name in SHARED or name in given}


def _checked(members: Members) -> Members:
    """The members with their defaults, if they may be."""
    source = kinds.source_of(members["Source"])
    if source is None:
        raise BadMember("Source", UNSUPPORTED.format(what="source"))
    most = min(_taken(members, "Enrichment", kinds.ENRICHMENTS), _taken(members, "Target", kinds.TARGETS))
    _check_target(members)
    _check_logs(members.get("LogConfiguration", {}), kinds.place_of(members["RoleArn"]).account)
    return members | {"SourceParameters": _source_parameters(members, source, most)}


def _taken(members: Members, role: str, table: Any) -> int:
    """How many events the enrichment or the target takes at a time."""
    given = members.get(role)
    if not given:
        return kinds.WHOLE
    kind = kinds.kind_of(given, table)
    if kind is None:
        raise BadMember(role, UNSUPPORTED.format(what=role.lower()))
    _check_own(members.get(f"{role}Parameters", {}), f"{role}Parameters", kind)
    return kind.most


def _check_own(parameters: Members, group: str, kind: Kind | Source) -> None:
    for name in parameters:
        if name not in (*SHARED, kind.parameters):
            raise BadMember(f"{group}.{name}", FOREIGN)


def _check_target(members: Members) -> None:
    parameters, kind = members.get("TargetParameters", {}), kinds.kind_of(members["Target"], kinds.TARGETS)
    assert kind
    if kind.needs_parameters and kind.parameters not in parameters:
        raise BadMember(f"TargetParameters.{kind.parameters}", MISSING)
    queued = kinds.name_of(members["Target"]) == "sqs" and members["Target"].endswith(FIFO)
    if queued and not parameters.get(kind.parameters, {}).get("MessageGroupId"):
        raise BadMember(f"TargetParameters.{kind.parameters}.MessageGroupId", MISSING)


def _check_logs(logging: Members, account: str) -> None:
    """Pipes write as themselves, so a pipe may have them write in its own account alone."""
    for name in LOGS_ELSEWHERE:
        if name in logging:
            raise NotImplementedHere(service="pipes", operation=f"{name} of LogConfiguration")
    if logging.get("Level", OFF) != OFF and LOGS not in logging:
        raise BadMember(f"LogConfiguration.{LOGS}", MISSING)
    if LOGS in logging and kinds.place_of(logging[LOGS]["LogGroupArn"]).account != account:
        raise BadMember(f"LogConfiguration.{LOGS}.LogGroupArn", STRANGE_LOGS)


def _source_parameters(members: Members, source: Source, most: int) -> Members:
    group = members.get("SourceParameters", {})
    _check_own(group, "SourceParameters", source)
    path = f"SourceParameters.{source.parameters}"
    if source.needed and source.parameters not in group:
        raise BadMember(path, MISSING)
    given = group.get(source.parameters, {})
    if (given.get("StartingPosition") == AT_TIMESTAMP) != ("StartingPositionTimestamp" in given):
        raise BadMember(f"{path}.StartingPositionTimestamp", NO_MOMENT)
    own = {"BatchSize": min(source.batch, most), **given}
    if own["BatchSize"] > most:
        arn = members.get("Enrichment") if _single(members) else members["Target"]
        raise BadMember(f"{path}.BatchSize", TOO_MANY.format(most=most, arn=arn))
    if source.parameters == kinds.SOURCES["sqs"].parameters:
        _check_queue(members["Source"], own, path)
    _check_filters(group.get("FilterCriteria", {}))
    return {**group, source.parameters: own}


def _single(members: Members) -> bool:
    """Whether the enrichment takes one event at a time."""
    given = members.get("Enrichment")
    kind = kinds.kind_of(given, kinds.ENRICHMENTS) if given else None
    return kind is not None and kind.most == 1


def _check_queue(source: str, own: Members, path: str) -> None:
    size, window_s = own["BatchSize"], own.get("MaximumBatchingWindowInSeconds", 0)
    if source.endswith(FIFO) and size > ONCE_MAX:
        raise BadMember(f"{path}.BatchSize", FIFO_BATCH)
    if source.endswith(FIFO) and window_s:
        raise BadMember(f"{path}.MaximumBatchingWindowInSeconds", FIFO_WINDOW)
    if size > ONCE_MAX and not window_s:
        raise BadMember(f"{path}.MaximumBatchingWindowInSeconds", NO_WINDOW)


def _check_filters(criteria: Members) -> None:
    for one in criteria.get("Filters", ()):
        try:
            matcher(one.get("Pattern", "{}"))
        except LAMBDA.error as refusal:
            raise ValidationException(reason=refusal.message) from refusal
