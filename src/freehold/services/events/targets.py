"""Targets: to whom a rule's events go, and what they are told.

One idea: a target is kept as it was put, once it is known that it could be reached: its kind is one row of a table. It
may not know how events travel.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from freehold.engines import jsonpath, templates
from freehold.kernel import arns
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.store import Record, Tx
from freehold.services.events import errors
from freehold.services.events.buses import changed

TARGETS_MAX = 5
RESERVED = ("aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time", "aws.events.event",
            "aws.events.event.json")  # fmt: skip
SHAPING = ("Input", "InputPath", "InputTransformer")
ARN = re.compile(r"arn:[\d\w-]*:[\d\w-]+:[\d\w-]*:[\d]*:.+")
BAD_ARN = "Parameter {arn} is not valid. Reason: Provided Arn is not in correct format."
NO_GROUP = "Parameter(s) SqsParameters must be specified for target: {id}."
NO_TARGET = "Rule '{rule}' does not have a target with the Id '{id}'."


class Kind(NamedTuple):
    """What a target may be: the start of its ARN's resource, whether it takes a role of its own, and which of its
    parameters are its own."""

    resource: str = ""
    needs_role: bool = False
    parameters: tuple[str, ...] = ()


# The kinds that exist here, by the service of the ARN.
KINDS: dict[str, tuple[Kind, ...]] = {
    "sqs": (Kind(parameters=("SqsParameters",)),),
    "sns": (Kind(),),
    "lambda": (Kind("function:"),),
    "states": (Kind("stateMachine:", needs_role=True),),
    "kinesis": (Kind("stream/", needs_role=True, parameters=("KinesisParameters",)),),
    "logs": (Kind("log-group:"),),
    "events": (Kind("event-bus/"), Kind("api-destination/", needs_role=True, parameters=("HttpParameters",))),
    "execute-api": (Kind(parameters=("HttpParameters",)),),
}

# Parameters of kinds that do not exist here.
ELSEWHERE = ("RunCommandParameters", "EcsParameters", "BatchParameters", "RedshiftDataParameters",
             "SageMakerPipelineParameters", "AppSyncParameters")  # fmt: skip


class Target(Record, table="events_targets", key="bus rule id", index=("bus arn", "bus rule number")):
    """A target of a rule; `members` are all that was put. `number` says which was put first."""

    bus: str
    rule: str
    id: str
    arn: str
    number: int
    members: dict[str, Any]


def kind_of(arn: str) -> Kind | None:
    """The kind of what an ARN names, if it exists here."""
    place = arns.parse(arn)
    kinds = KINDS.get(place.service, ()) if place else ()
    return next((kind for kind in kinds if place and place.resource.startswith(kind.resource)), None)


def put_targets(tx: Tx, bus: str, rule: str, given: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Keep targets; those that cannot be are told."""
    known = {target.id: target for target in tx.range(Target, bus, rule)}
    if len(known.keys() | {one["Id"] for one in given}) > TARGETS_MAX:
        raise errors.LimitExceededException()
    failed = [fault for one in given for fault in _faults(one)]
    told = {fault["TargetId"] for fault in failed}
    following = max((target.number for target in known.values()), default=0) + 1
    for number, one in enumerate(given, following):
        if one["Id"] not in told:
            old = known.get(one["Id"])
            target = Target(
                bus=bus, rule=rule, id=one["Id"], arn=one["Arn"], number=old.number if old else number, members=one
            )
            tx.put(target)
            changed(tx, bus, rule, target)
    return failed


def _faults(one: dict[str, Any]) -> Iterator[dict[str, str]]:
    told = {"TargetId": one["Id"], "ErrorCode": errors.INVALID}
    if not ARN.fullmatch(one["Arn"]):
        yield told | {"ErrorMessage": BAD_ARN.format(arn=one["Arn"])}
    elif ":sqs:" in one["Arn"] and one["Arn"].endswith(".fifo") and "SqsParameters" not in one:
        yield told | {"ErrorMessage": NO_GROUP.format(id=one["Id"])}


def check(one: dict[str, Any]) -> None:
    """Raises ValidationException for what no target may say, NotImplementedHere for one that does not exist here."""
    if sum(name in one for name in SHAPING) > 1:
        raise errors.InputsExclude(id=one["Id"])
    _check_shaping(one)
    if not ARN.fullmatch(one["Arn"]):
        return
    kind = kind_of(one["Arn"])
    if kind is None:
        raise NotImplementedHere(service="events", operation=f"targets like {one['Arn']}")
    strange = [name for name in ELSEWHERE if name in one]
    if strange:
        raise NotImplementedHere(service="events", operation=f"{strange[0]} of targets")
    if kind.needs_role and not one.get("RoleArn"):
        raise errors.RoleMissing(arn=one["Arn"])


def _check_shaping(one: dict[str, Any]) -> None:
    id = one["Id"]
    if "Input" in one:
        _check_json(one["Input"], id)
    paths = one.get("InputTransformer", {}).get("InputPathsMap", {})
    for path in (*paths.values(), *([one["InputPath"]] if "InputPath" in one else ()), *_dynamic_paths(one)):
        _check_path(path, id)
    if "InputTransformer" in one:
        for name in templates.cut(one["InputTransformer"]["InputTemplate"]).names:
            if name not in paths and name not in RESERVED:
                raise errors.BadPlaceholder(id=id, name=name)
    key_path = one.get("KinesisParameters", {}).get("PartitionKeyPath")
    if key_path:
        _check_path(key_path, id)


def _dynamic_paths(one: dict[str, Any]) -> Iterator[str]:
    """The values of HTTP parameters that are found in the event."""
    for values in one.get("HttpParameters", {}).values():
        yield from (value for value in (values.values() if isinstance(values, dict) else values) if value[:2] == "$.")


def _check_json(text: str, id: str) -> None:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        raise errors.Invalid(reason=f"JSON syntax error in input for target {id}.") from None


def _check_path(path: str, id: str) -> None:
    try:
        jsonpath.compile_path(path)
    except jsonpath.PathSyntaxError:
        raise errors.Invalid(reason=f"Invalid JsonPath {path} for target {id}.") from None


def remove_targets(tx: Tx, bus: str, rule: str, ids: list[str]) -> list[dict[str, str]]:
    """Remove targets; those that are not there are told."""
    failed = []
    for id in ids:
        if tx.delete(Target, bus, rule, id):
            changed(tx, bus, rule, f"no target {id}")
        else:
            message = NO_TARGET.format(rule=rule, id=id)
            failed.append({"TargetId": id, "ErrorCode": errors.NOT_FOUND, "ErrorMessage": message})
    return failed
