"""Wait conditions: AWS::CloudFormation::WaitConditionHandle and WaitCondition; and what CDK adds to its templates.

One idea: a handle is a URL that is waited at. It may not know who signals.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitcondition.html
"""

import json

from freehold.engines import coerce
from freehold.kernel.call import Call
from freehold.kernel.resources import Ask, Ending, Made, Steps, Want
from freehold.kernel.service import Request, Response
from freehold.services.cloudformation import errors, waiting
from freehold.services.cloudformation.service.catalogue import cloudformation

ROOM = "cloudformation"
TIMEOUT_S = 43_200

handle = cloudformation.resource("AWS::CloudFormation::WaitConditionHandle")
condition = cloudformation.resource(
    "AWS::CloudFormation::WaitCondition", replaces=("Handle", "Timeout", "Count"), attributes=("Data",)
)
metadata = cloudformation.resource("AWS::CDK::Metadata", attributes=())


@handle.create
def create_handle(want: Want) -> Steps:
    box = yield Ask(ROOM, "mailbox_opened", {"Kind": "signal"})
    return Made(box["Url"])


@handle.update
def update_handle(want: Want) -> Steps:
    yield from ()
    return Made(want.id)


@handle.delete
def delete_handle(want: Want) -> Ending:
    yield Ask(ROOM, "mailbox_closed", {"Token": _token(want.id)})


@condition.create
def create_condition(want: Want) -> Steps:
    given = want.properties
    count = coerce.integer(given.get("Count", 1), "Count")
    timeout = coerce.integer(given.get("Timeout", TIMEOUT_S), "Timeout")
    wait = {"Token": _token(str(given.get("Handle", ""))), "Count": count, "Timeout": timeout}
    answer = yield Ask(ROOM, "signals_settled", wait)
    for one in answer["Signals"]:
        if one.get("Status") != "SUCCESS":
            raise errors.ConditionFailed(reason=one.get("Reason", ""), unique_id=one.get("UniqueId", ""))
    if len(answer["Signals"]) < count:
        raise errors.ConditionTimedOut(received=len(answer["Signals"]), expected=count)
    data = {one.get("UniqueId", ""): one.get("Data", "") for one in answer["Signals"]}
    return Made(want.name(), {"Data": json.dumps(data, separators=(",", ":"))})


@condition.delete
def delete_condition(want: Want) -> Ending:
    yield from ()


@metadata.create
def create_metadata(want: Want) -> Steps:
    yield from ()
    return Made(want.name())


@metadata.update
def update_metadata(want: Want) -> Steps:
    yield from ()
    return Made(want.id)


@metadata.delete
def delete_metadata(want: Want) -> Ending:
    yield from ()


def _token(url: str) -> str:
    return url.rpartition("/")[2]


@cloudformation.internal
async def signals_settled(call: Call, request: Request) -> Response:
    """Wait for so many signals, a failing one, or the end of the time."""
    token, until = request["Token"], call.now + request["Timeout"]
    with call.listen(waiting.BELL, token) as bell:
        while True:
            found = [answer.body for answer in await call.transact(waiting.answers, token)]
            failed = any(one.get("Status") != "SUCCESS" for one in found)
            if failed or len(found) >= request["Count"] or call.now >= until:
                return {"Signals": found}
            await bell.wait(until=until)
