"""AWS::Pipes::Pipe.

One idea: a pipe's properties are its request, and it is there once it runs or is stopped, as was wanted. It may not
know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-pipes-pipe.html
"""

from datetime import datetime
from typing import Any

from freehold.engines import moments
from freehold.engines.coerce import InvalidTemplate, boolean, integer, number, text
from freehold.kernel.resources import Ask, Ending, Made, Pause, Properties, Refused, Steps, Want
from freehold.services.pipes.catalogue import pipe_arn, pipes
from freehold.services.pipes.kinds import SOURCES
from freehold.services.pipes.pipes import FAILURES, RUNNING, STOPPED
from freehold.services.pipes.settings import STARTS

NAME_MAX = 64
BUSY = "ConflictException"
LOOK_AGAIN_S = 1.0
GIVEN = ("Description", "DesiredState", "Enrichment", "EnrichmentParameters", "KmsKeyIdentifier", "LogConfiguration",
         "RoleArn", "Source", "SourceParameters", "Target", "TargetParameters")  # fmt: skip
STREAMS = [source for source in SOURCES.values() if source.needed]
FIXED = ("Source",)  # what no update may name
NUMBERS = frozenset(
    {"BatchSize", "MaximumBatchingWindowInSeconds", "MaximumRecordAgeInSeconds", "MaximumRetryAttempts",
     "ParallelizationFactor"}
)  # fmt: skip
EMPTIED: dict[str, Any] = {
    "Description": "",
    "Enrichment": "",
    "KmsKeyIdentifier": "",
    "LogConfiguration": {"Level": "OFF"},
    "DesiredState": RUNNING,
}
"""What an update says of properties that a template no longer has."""
UNSTABLE = "Resource of type 'AWS::Pipes::Pipe' with identifier '{name}' did not stabilize. Status Reason is {reason}"

pipe = pipes.resource(
    "AWS::Pipes::Pipe",
    replaces=("Name", "Source", *(f"SourceParameters/{one.parameters}/{start}" for one in STREAMS for start in STARTS)),
    attributes=("Arn", "CreationTime", "CurrentState", "LastModifiedTime", "StateReason"),
)


def _typed(value: Any, name: str = "") -> Any:
    """A template's value with its numbers and moments as such."""
    if isinstance(value, dict):
        return {key: _typed(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_typed(each, name) for each in value]
    if name in NUMBERS:
        return integer(value, name)
    if name == "StartingPositionTimestamp":
        return _moment(value)
    return boolean(value, name) if name == "WithEvent" else value if isinstance(value, str) else text(value, name)


def _moment(value: Any) -> float:
    """Epoch seconds, told as a number or as ISO 8601."""
    try:
        return number(value, "StartingPositionTimestamp")
    except InvalidTemplate:
        return datetime.fromisoformat(str(value)).timestamp()


def _given(properties: Properties) -> Properties:
    return {name: _typed(properties[name], name) for name in GIVEN if properties.get(name) is not None}


def _settled(name: str) -> Steps:
    """Wait until what is under way is over. Raises Refused for a pipe that failed."""
    while True:
        found = yield Ask("pipes", "DescribePipe", {"Name": name})
        state = found["CurrentState"]
        if state in FAILURES.values():
            told = UNSTABLE.format(name=name, reason=found.get("StateReason", ""))
            raise Refused("NotStabilized", told)
        if state in (RUNNING, STOPPED):
            return _made(name, found)
        yield Pause(LOOK_AGAIN_S)


def _made(name: str, found: dict[str, Any]) -> Made:
    told_at = {member: moments.iso_ms(found[member]) for member in ("CreationTime", "LastModifiedTime")}
    told = {"Arn": found["Arn"], "CurrentState": found["CurrentState"], "StateReason": found.get("StateReason", "")}
    return Made(name, {**told, **told_at})


@pipe.create
def create_pipe(want: Want) -> Steps:
    name, tags = want.name(want.properties.get("Name"), NAME_MAX), want.tagged(want.properties)
    request = {"Name": name, **_given(want.properties), **({"Tags": tags} if tags else {})}
    yield Ask("pipes", "CreatePipe", request)
    return (yield from _settled(name))


@pipe.update
def update_pipe(want: Want) -> Steps:
    emptied = {name: EMPTIED[name] for name in EMPTIED if name in want.old and name not in want.properties}
    given = {name: value for name, value in _given(want.properties).items() if name not in FIXED}
    if "SourceParameters" in given:
        given["SourceParameters"] = {name: _without_start(one) for name, one in given["SourceParameters"].items()}
    yield Ask("pipes", "UpdatePipe", {"Name": want.id, **emptied, **given})
    made = yield from _settled(want.id)
    yield from _update_tags(want)
    return made


def _without_start(parameters: Properties) -> Properties:
    return {name: value for name, value in parameters.items() if name not in STARTS}


def _update_tags(want: Want) -> Ending:
    arn = pipe_arn(want.account, want.region, want.id)
    gone, new = want.retagged()
    if gone:
        yield Ask("pipes", "UntagResource", {"resourceArn": arn, "tagKeys": gone})
    if new:
        yield Ask("pipes", "TagResource", {"resourceArn": arn, "tags": new})


@pipe.delete
def delete_pipe(want: Want) -> Ending:
    """Ask for it again and again, until what runs for the pipe has ended and it is gone."""
    while True:
        try:
            yield Ask("pipes", "DeletePipe", {"Name": want.id})
        except Refused as refusal:
            if refusal.code != BUSY:
                raise
        yield Pause(LOOK_AGAIN_S)
