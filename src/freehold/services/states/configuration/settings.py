"""Settings: what CreateStateMachine and UpdateStateMachine ask for beside the definition, checked.

One idea: each configuration gets AWS's defaults and is refused in AWS's words; what a role must be allowed is asked as
that role. It may not know machines.

https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
"""

from typing import Any

from freehold.kernel import arns, roles
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import CLOUD
from freehold.kernel.service import Operation
from freehold.services.states import names
from freehold.services.states.catalogue import ANY, states
from freehold.services.states.errors import (
    InvalidEncryptionConfiguration,
    InvalidLoggingConfiguration,
    LogDestinationDenied,
    RoleNotAssumable,
)
from freehold.services.states.running import logs

Given = dict[str, Any]
LOGGING: Given = {"includeExecutionData": False, "level": logs.OFF}
TRACING: Given = {"enabled": False}
OWN_KEY, CUSTOMER_KEY = "AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"
ENCRYPTION: Given = {"type": OWN_KEY}
REUSE_S = 300  # how long a data key is used, unless told otherwise
SERVICE_PRINCIPAL, REGIONAL_PRINCIPAL = "states.amazonaws.com", "states.{region}.amazonaws.com"

# What a machine's role must be allowed for its executions to be logged.
_delivery = Operation(states, "create_log_delivery", lambda: None, False, {"logs:CreateLogDelivery": ANY})


def logging(given: Given) -> Given:
    """A LoggingConfiguration with AWS's defaults. Raises InvalidLoggingConfiguration."""
    told = LOGGING | given
    destinations = told.get("destinations", ())
    if len(destinations) > 1 or (told["level"] != logs.OFF and not destinations):
        raise InvalidLoggingConfiguration(reason="Must specify exactly one Log Destination.")
    for destination in destinations:
        arn = arns.parse(destination.get("cloudWatchLogsLogGroup", {}).get("logGroupArn", ""))
        if arn is None or arn.service != "logs" or not arn.resource.startswith("log-group:"):
            raise InvalidLoggingConfiguration(reason="Log Destination is invalid.")
    return told


def encryption(given: Given) -> Given:
    """An EncryptionConfiguration with AWS's defaults. Raises InvalidEncryptionConfiguration."""
    kind, key = given["type"], given.get("kmsKeyId")
    if kind == OWN_KEY and (key or "kmsDataKeyReusePeriodSeconds" in given):
        raise InvalidEncryptionConfiguration(reason="You cannot specify a KMS key with an AWS owned key.")
    if kind == CUSTOMER_KEY and not key:
        raise InvalidEncryptionConfiguration(reason="You must specify a KMS key with a customer managed key.")
    return ({"kmsDataKeyReusePeriodSeconds": REUSE_S} if kind == CUSTOMER_KEY else {}) | given


async def assume(call: Call, role_arn: str) -> Call:
    """The call as the role. Raises unless Step Functions may assume it, which to pass it does not say."""
    names.check_role(call.account, role_arn)
    for principal in (SERVICE_PRINCIPAL, REGIONAL_PRINCIPAL.format(region=call.region)):
        try:
            return (await roles.assume(call, role_arn, principal, "states")).call
        except AwsError as refusal:
            if (refusal.status or 400) >= 500:
                raise
    raise RoleNotAssumable()


async def check_delivery(acting: Call, told: Given) -> None:
    """Raise unless a machine's role may have its executions logged, in a group of its account that there is."""
    if told["level"] == logs.OFF:
        return
    account, region, name = logs.group_of(told)
    if account != acting.account:
        raise LogDestinationDenied()
    there = acting.acting(CLOUD, account, region)
    try:
        await acting.transact(acting.door.authorize, acting, _delivery, {})
        found = await there.ask("logs", "DescribeLogGroups", {"logGroupNamePrefix": name})
    except AwsError as refusal:
        if (refusal.status or 400) >= 500:
            raise
        raise LogDestinationDenied() from refusal
    if name not in [group["logGroupName"] for group in found["logGroups"]]:
        raise LogDestinationDenied()
    await acting.transact(lambda tx: logs.append(tx, (account, region, name), logs.VALIDATION_STREAM, []))
