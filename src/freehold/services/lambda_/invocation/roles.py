"""Execution roles: acting as a function's role, and what that role may do.

One idea: a function has the permissions of its role and no others, so whatever is done for it is done as the role. It
may not know what functions do.
"""

from datetime import UTC, datetime

import msgspec

from freehold.kernel import roles
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import Principal
from freehold.kernel.store import Tx
from freehold.services.lambda_ import errors
from freehold.services.lambda_.catalogue import SERVICE_PRINCIPAL
from freehold.services.lambda_.functions import Version

SESSION_S = 3_600


async def assume(call: Call, role: str, name: str) -> roles.Session:
    """A session of the execution role. Raises RoleLost if Lambda may not assume it."""
    try:
        return await roles.assume(call, role, SERVICE_PRINCIPAL, session_name(name), SESSION_S)
    except AwsError as refusal:
        if (refusal.status or 400) >= 500:
            raise
        raise errors.RoleLost() from refusal


def session_name(function: str) -> str:
    """What a role's session is called: as the function, which may be shorter than STS allows."""
    return function if len(function) > 1 else f"{function}@lambda_function"


def role_of(version: Version) -> Principal:
    """The role's session, for promises of what the function's role does."""
    return roles.session(version.settings["Role"], session_name(version.function))


def teller(tx: Tx, version: Version, role_id: str) -> Principal:
    """Lambda itself in the role, as it tells outcomes: each time in a session of its own. `role_id` may be unknown."""
    name = f"awslambda_{int(tx.ids.random() * 1_000)}_{datetime.fromtimestamp(tx.now, UTC):%Y%m%d%H%M%S%f}"[:-3]
    session = roles.session(version.settings["Role"], name)
    return msgspec.structs.replace(session, id=f"{role_id}:{name}" if role_id else "")
