"""Targets: which operation a schedule calls, and with what.

One idea: every target is a universal one, an operation by the names of the AWS SDK; of a templated target a row of a
table writes the request. It may not know when it is called, nor as whom.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import orjson

from freehold.engines.addresses import queue_url
from freehold.kernel import arns
from freehold.kernel.errors import NotImplementedHere
from freehold.services.scheduler import errors

UNIVERSAL = re.compile(r"arn:aws[\w-]*:scheduler:::aws-sdk:([a-z0-9-]+):(\w+)")
BAD_ARN = "Provided Arn is not in correct format."
BAD_JSON = "JSON syntax error in input for the target."
STRANGE_GROUP = "Parameters MessageGroupId not valid for the target."
NO_INPUT = "You must provide an input to set this target for your schedule."
FIFO = ".fifo"
UNIVERSAL_ARN = "arn:aws:scheduler:::aws-sdk:{service}:{action}"


class Calling(NamedTuple):
    """An operation by the SDK's names, and its request as JSON has it."""

    service: str
    action: str
    request: dict[str, Any]

    @property
    def arn(self) -> str:
        return UNIVERSAL_ARN.format(service=self.service, action=self.action)


def _queue(place: arns.Arn, target: dict[str, Any], text: str) -> Calling:
    request = {"MessageBody": text, "QueueUrl": queue_url(str(place))}
    return Calling("sqs", "sendMessage", request | target.get("SqsParameters", {}))


def _topic(place: arns.Arn, target: dict[str, Any], text: str) -> Calling:
    return Calling("sns", "publish", {"Message": text, "TopicArn": str(place)})


def _function(place: arns.Arn, target: dict[str, Any], text: str) -> Calling:
    return Calling("lambda", "invoke", {"FunctionName": str(place), "InvocationType": "Event", "Payload": text})


def _machine(place: arns.Arn, target: dict[str, Any], text: str) -> Calling:
    return Calling("sfn", "startExecution", {"Input": text, "StateMachineArn": str(place)})


def _bus(place: arns.Arn, target: dict[str, Any], text: str) -> Calling:
    entry = {"Detail": text, "EventBusName": str(place), **target["EventBridgeParameters"]}
    return Calling("eventbridge", "putEvents", {"Entries": [entry]})


def _stream(place: arns.Arn, target: dict[str, Any], text: str) -> Calling:
    return Calling("kinesis", "putRecord", {"Data": text, "StreamARN": str(place), **target["KinesisParameters"]})


class Template(NamedTuple):
    """A kind of templated target: what its ARN's resource looks like, how it is called, the member of Target that holds
    its parameters, whether that must be there, and whether the input must be JSON."""

    resource: re.Pattern[str]
    calling: Callable[[arns.Arn, dict[str, Any], str], Calling]
    parameters: str = ""
    needs_parameters: bool = False
    json: bool = False


TEMPLATES: dict[str, Template] = {
    "events": Template(re.compile(r"event-bus/.+"), _bus, "EventBridgeParameters", True, json=True),
    "kinesis": Template(re.compile(r"stream/.+"), _stream, "KinesisParameters", True),
    "lambda": Template(re.compile(r"function:[^:]+(:[^:]+)?"), _function, json=True),
    "sns": Template(re.compile(r"[^:/]+"), _topic),
    "sqs": Template(re.compile(r"[^:/]+"), _queue, "SqsParameters"),
    "states": Template(re.compile(r"stateMachine:.+"), _machine, json=True),
}
# Kinds that AWS has and this cloud does not.
ELSEWHERE = frozenset({"codebuild", "codepipeline", "ecs", "firehose", "inspector", "sagemaker"})
# The members of Target that hold parameters, by the service of the ARN that they are for.
PARAMETERS = {
    "EcsParameters": "ecs",
    "EventBridgeParameters": "events",
    "KinesisParameters": "kinesis",
    "SageMakerPipelineParameters": "sagemaker",
    "SqsParameters": "sqs",
}


def universal(arn: str) -> tuple[str, str] | None:
    """The service and the action that the ARN of a universal target names."""
    found = UNIVERSAL.fullmatch(arn)
    return (found[1], found[2]) if found else None


def check_templated(target: dict[str, Any], region: str) -> None:
    """Raises ValidationException for what a templated target may not say, NotImplementedHere for one that is not
    here."""
    place = arns.parse(target["Arn"])
    if place is None or not place.service:
        raise errors.Invalid(reason=BAD_ARN)
    if place.service not in TEMPLATES and place.service not in ELSEWHERE:
        raise errors.UnknownTarget(service=place.service)
    if place.region != region:
        raise errors.OtherRegion(region=region)
    for name, service in PARAMETERS.items():
        if name in target and service != place.service:
            raise errors.StrangeParameters(name=name)
    if place.service in ELSEWHERE:
        raise NotImplementedHere(service="scheduler", operation=f"targets like {target['Arn']}")
    template = TEMPLATES[place.service]
    if not template.resource.fullmatch(place.resource):
        raise errors.Invalid(reason=BAD_ARN)
    _check_queue(place, target)
    if template.needs_parameters and template.parameters not in target:
        raise errors.MissingParameters(name=template.parameters)
    if template.json and "Input" in target:
        _check_json(target["Input"])


def _check_queue(place: arns.Arn, target: dict[str, Any]) -> None:
    if place.service != "sqs":
        return
    group = target.get("SqsParameters", {}).get("MessageGroupId")
    if place.resource.endswith(FIFO) and not group:
        raise errors.MissingParameters(name="SqsParameters")
    if group and not place.resource.endswith(FIFO):
        raise errors.Invalid(reason=STRANGE_GROUP)


def _check_json(text: str) -> None:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        raise errors.Invalid(reason=BAD_JSON) from None


def calling(target: dict[str, Any], text: str) -> Calling:
    """What a checked target calls, told this text."""
    named = universal(target["Arn"])
    if named:
        return Calling(*named, orjson.loads(text))
    place = arns.parse(target["Arn"])
    assert place, "checked when it was put"
    return TEMPLATES[place.service].calling(place, target, text)
