"""Names and ARNs of state machines, executions and activities.

One idea: what an ARN names is read in one place, so every operation refuses a wrong one in the same words. It may not
know whether what is named exists.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
"""

import re
from typing import NamedTuple

from freehold.kernel import arns, roles
from freehold.kernel.store import Tx
from freehold.services.states.errors import InvalidArn, InvalidName, InvalidRoleArn

MACHINE, EXECUTION, EXPRESS, ACTIVITY = "stateMachine", "execution", "express", "activity"
MAP_RUN = "mapRun"

# Whitespace, brackets, wildcards, special and control characters; surrogates and U+FFFE, U+FFFF.
_UNFIT = re.compile(r"""[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]""")
_ROLE = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/.+")


class Named(NamedTuple):
    """What an ARN names: `kind` is the resource type, `name` the first part behind it, `rest` what follows, or ''."""

    account: str
    region: str
    kind: str
    name: str
    rest: str


def read(arn: str, *kinds: str) -> Named:
    """Take an ARN of one of these resource types apart. Raises InvalidArn."""
    parsed = arns.parse(arn)
    if parsed is None:
        raise InvalidArn(reason=f"Invalid ARN prefix: {arn}")
    kind, _, rest = parsed.resource.partition(":")
    if parsed.service != "states" or kind not in kinds or not rest:
        raise InvalidArn(reason=f"Resource type not valid in this context: {kind}")
    name, _, rest = rest.partition(":")
    return Named(parsed.account, parsed.region, kind, name, rest)


def arn(tx: Tx, kind: str, *parts: str) -> str:
    """The ARN of something in the transaction's account and region."""
    return arns.arn("states", tx.region, tx.account, ":".join((kind, *parts)))


def check(name: str) -> str:
    """The name, if it may be one. Raises InvalidName."""
    if _UNFIT.search(name):
        raise InvalidName(name=name)
    return name


def check_role(account: str, role_arn: str) -> str:
    """The role's ARN, if it is one of this account. Raises InvalidArn, CrossAccountRole."""
    if not _ROLE.fullmatch(role_arn):
        raise InvalidRoleArn(arn=role_arn)
    return roles.own(account, role_arn)
