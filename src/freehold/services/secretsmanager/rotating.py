"""Rotation: a function is called in four steps, and makes the new version itself.

One idea: each step is a promise whose outcome promises the next, so a rotation goes on where it was after a crash; when
it is due next follows from the rules. It may not know what functions do.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

import re
from typing import Any

import msgspec

from freehold.engines import cron
from freehold.kernel import identity
from freehold.kernel.deliveries import Outcome, promise
from freehold.kernel.store import Tx
from freehold.kernel.timers import at
from freehold.services.secretsmanager import announcing, errors, secrets
from freehold.services.secretsmanager.secrets import CURRENT, DAY_S, PENDING, Rotation, Secret

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
TEST = "testSecret"
SERVICE = "secretsmanager.amazonaws.com"
ATTEMPTS = 5
AGAIN_MAX, PAUSE_S = 4, 60.0  # how often a rotation that failed is begun again, and after what time at first
RATE = re.compile(r"rate\(\d+ (hours?|days?)\)")


def asker(tx: Tx, secret: Secret) -> identity.Principal:
    """Secrets Manager itself, acting for a secret."""
    return identity.Principal(identity.SERVICE, tx.account, SERVICE, SERVICE, secrets.arn(tx, secret))


def check_rules(rules: dict[str, Any]) -> None:
    """Raises InvalidParameterException."""
    text = rules.get("ScheduleExpression")
    if text and rules.get("AutomaticallyAfterDays"):
        raise errors.InvalidParameterException(reason=errors.RULES_UNCLEAR)
    if text and not (RATE.fullmatch(text) or text.startswith("cron(")):
        raise errors.InvalidParameterException(reason=errors.SCHEDULE_INVALID.format(text=text))
    try:
        next_at(rules, 0.0)
    except cron.BadSchedule as fault:
        raise errors.InvalidParameterException(reason=errors.SCHEDULE_INVALID.format(text=text)) from fault


def next_at(rules: dict[str, Any], now: float) -> float | None:
    """When rotation is due after a moment."""
    if rules.get("ScheduleExpression"):
        return cron.parse(rules["ScheduleExpression"]).after(now, now)
    days = rules.get("AutomaticallyAfterDays")
    return now + days * DAY_S if days else None


def schedule(tx: Tx, secret: Secret) -> None:
    """Set the alarm of the next rotation."""
    turn = secret.rotation or Rotation()
    due_at = next_at(turn.rules, tx.now)
    secret.rotation = turn._replace(due_at=due_at)
    if due_at:
        at(tx, due_at, "secretsmanager", "rotate_by_clock", name=secret.name, suffix=secret.suffix, due_at=due_at)
    tx.put(secret)


def begin(tx: Tx, secret: Secret, token: str, *, only_test: bool = False) -> None:
    """Start a rotation to a version that does not exist yet; its label tells of it."""
    assert secret.rotation
    secret.rotation = secret.rotation._replace(token=token, tries=0)
    secret.stages = {**secret.stages, PENDING: token}
    tx.put(secret)
    announcing.tell(tx, secret, announcing.STARTED, only_test)
    _step(tx, secret, TEST if only_test else STEPS[0], token, only_test)


def again(tx: Tx, secret: Secret, token: str) -> None:
    """Begin the rotation anew that failed, unless it was called off."""
    if secret.rotation and secret.rotation.token == token:
        _step(tx, secret, STEPS[0], token, False)


def _step(tx: Tx, secret: Secret, step: str, token: str, only_test: bool) -> None:
    assert secret.rotation
    event = {"Step": step, "SecretId": secrets.arn(tx, secret), "ClientRequestToken": token}
    about = {"name": secret.name, "suffix": secret.suffix, "token": token, "step": step, "only_test": only_test}
    request = {"FunctionName": secret.rotation.function, "Payload": msgspec.json.encode(event)}
    promise(
        tx.acting(asker(tx, secret)), "lambda", "Invoke", request, then=("secretsmanager", "rotation_went"),
        about=about, attempts=ATTEMPTS, lane=f"secretsmanager:{secret.id}", width=1,
    )  # fmt: skip


def went(tx: Tx, secret: Secret, step: str, token: str, outcome: Outcome, only_test: bool) -> None:
    """Go on after a step. When one has failed the whole is done again, some times; then it is over, and its label
    stays to tell of it."""
    turn = secret.rotation
    if turn is None or turn.token != token:
        return
    failed = "error" in outcome or outcome["result"].get("FunctionError")
    if not failed and not only_test and step != STEPS[-1]:
        _step(tx, secret, STEPS[STEPS.index(step) + 1], token, False)
        return
    if failed and not only_test and turn.tries < AGAIN_MAX:
        secret.rotation = turn._replace(tries=turn.tries + 1)
        tx.put(secret)
        due_at = tx.now + PAUSE_S * 2**turn.tries
        at(tx, due_at, "secretsmanager", "rotate_again", name=secret.name, suffix=secret.suffix, token=token)
        return
    announcing.tell(tx, secret, announcing.FAILED if failed else announcing.SUCCEEDED, only_test)
    secret.rotation = turn._replace(token="")
    if only_test or (not failed and secret.stages.get(CURRENT) == token):
        secret.stages = {label: on for label, on in secret.stages.items() if (label, on) != (PENDING, token)}
    if not failed and not only_test:
        secret.rotation = secret.rotation._replace(rotated_at=tx.now)
    tx.put(secret)
