"""Key policies, of which every key has one. They may not know how policies are weighed."""

from freehold.kernel.call import Call
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.kms import errors, keys, permissions
from freehold.services.kms.catalogue import kms
from freehold.services.kms.opening import opened
from freehold.services.kms.pages import whole

DEFAULT = "default"


def _check_name(request: Request) -> None:
    if request.get("PolicyName", DEFAULT) != DEFAULT:
        raise errors.NotFoundException(reason=errors.NO_SUCH_POLICY)


@kms.operation(needs=OPEN)
def get_key_policy(call: Call, tx: Tx, request: Request) -> Response:
    _, key = opened(call, tx, request["KeyId"], "GetKeyPolicy")
    _check_name(request)
    return {"Policy": key.policy, "PolicyName": DEFAULT}


@kms.operation(needs=OPEN)
def put_key_policy(call: Call, tx: Tx, request: Request) -> None:
    bypass = request.get("BypassPolicyLockoutSafetyCheck", False)
    facts = {"kms:BypassPolicyLockoutSafetyCheck": str(bypass).lower()}
    seat, key = opened(call, tx, request["KeyId"], "PutKeyPolicy", facts)
    _check_name(request)
    keys.check_state(seat, key, keys.DISABLED, keys.PENDING_IMPORT, keys.PENDING_DELETION)
    permissions.check_policy(call, seat, keys.arn(seat, key.id), request["Policy"], bypass)
    key.policy = request["Policy"]
    seat.put(key)


@kms.operation(needs=OPEN)
def list_key_policies(call: Call, tx: Tx, request: Request) -> Response:
    opened(call, tx, request["KeyId"], "ListKeyPolicies")
    return whole(request, "PolicyNames", [DEFAULT], str, str)
