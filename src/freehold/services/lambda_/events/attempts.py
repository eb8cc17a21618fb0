"""Asynchronous invocation: an event that is accepted will be run, retried, and told of.

One idea: an accepted event is a promise, made in the transaction that answers 202; every attempt ends in one
transaction that promises the next attempt or what its outcome leads to. It may not know HTTP.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.kernel.timers import at
from freehold.sandbox import Result
from freehold.services.lambda_ import errors
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.events.configs import EventInvokeConfig, config_of
from freehold.services.lambda_.events.destinations import envelope, letter_attributes, send, tell
from freehold.services.lambda_.invocation import running
from freehold.services.lambda_.invocation.running import Payload, Target

RETRY_AFTER_S = (60.0, 120.0)
RETRIES = 2
AGE_MAX_S = 21_600
TOO_OLD = "EventAgeExceeded"


def accept(tx: Tx, target: Target, request_id: str, body: bytes) -> None:
    """Promise to run an event."""
    event = {
        "function": target.function.name, "qualifier": _qualifier(target), "request_id": request_id, "body": body,
        "accepted_at": tx.now, "attempt": 1,
    }  # fmt: skip
    promise(tx, "lambda", "run_event", event, lane=_lane(tx, event))


def _qualifier(target: Target) -> str:
    """The qualifier that was asked for: what follows the name in `arn:aws:lambda:region:account:function:name:…`."""
    return ":".join(target.arn.split(":")[7:])


def _lane(tx: Tx, event: dict[str, Any]) -> str:
    return f"lambda-events:{tx.account}:{event['function']}"


@lambda_.internal
def retry_event(call: Call, tx: Tx, request: Request) -> None:
    """The pause before a retry is over."""
    promise(tx, "lambda", "run_event", request["event"], lane=_lane(tx, request["event"]))


@lambda_.internal
async def run_event(call: Call, request: Request) -> None:
    """One attempt. Throttles are raised, so that the attempt is made again later."""
    target = await call.transact(_target, request)
    if target is None:
        return
    config = await call.transact(config_of, request["function"], request["qualifier"])
    event = {**request, "role_id": await _role_id(call, target)}
    if target.function.reserved == 0:
        await call.transact(_fail, target, config, event, None, "ZeroReservedConcurrency")
    elif call.now - event["accepted_at"] > _age_max_s(config):
        await call.transact(_fail, target, config, event, None, TOO_OLD)
    else:
        await _attempt(call, target, config, event)


async def _role_id(call: Call, target: Target) -> str:
    """The unique id of the function's role, by which those who are told know it; "" where it can not be assumed."""
    try:
        return (await running.prepare(call, target.version)).acting.principal.id.partition(":")[0]
    except AwsError:
        return ""


async def _attempt(call: Call, target: Target, config: EventInvokeConfig, event: Request) -> None:
    try:
        result = await running.run(call, target, Payload(event["request_id"], event["body"]))
    except errors.RecursiveInvocationException:
        await call.transact(_fail, target, config, event, None, "RecursiveInvocation")
        return
    await call.transact(_conclude, target, config, event, result)


def _target(tx: Tx, request: Request) -> Target | None:
    """What the event is for; None if it is gone, and the event with it."""
    try:
        return running.target(tx, request["function"], request["qualifier"])
    except errors.ResourceNotFoundException:
        return None


def _conclude(tx: Tx, target: Target, config: EventInvokeConfig, event: Request, result: Result) -> None:
    """Write what follows from the attempt."""
    if result.status == "ok":
        tell(tx, config.on_success, target, envelope(tx, target, event, result, "Success"), event["role_id"])
        return
    retries = RETRIES if config.retries is None else config.retries
    attempt = event["attempt"]
    if attempt > retries:
        _fail(tx, target, config, event, result, "RetriesExhausted")
        return
    again_at = tx.now + RETRY_AFTER_S[attempt - 1]
    if again_at - event["accepted_at"] > _age_max_s(config):
        _fail(tx, target, config, event, result, TOO_OLD)
        return
    at(tx, again_at, "lambda", "retry_event", event={**event, "attempt": attempt + 1})


def _age_max_s(config: EventInvokeConfig) -> int:
    return AGE_MAX_S if config.age_max_s is None else config.age_max_s


def _fail(
    tx: Tx, target: Target, config: EventInvokeConfig, event: Request, result: Result | None, condition: str
) -> None:
    """Tell the failure destination and the dead-letter queue or topic."""
    tell(tx, config.on_failure, target, envelope(tx, target, event, result, condition), event["role_id"])
    letter = target.version.settings.get("DeadLetterConfig", {}).get("TargetArn", "")
    if letter:
        body = event["body"].decode("utf-8", "replace")
        send(tx, letter, target, body, letter_attributes(event, result), event["role_id"])
