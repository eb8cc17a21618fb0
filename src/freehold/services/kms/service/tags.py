"""Tags of keys. They may not know what else a key is."""

from freehold.kernel.call import Call
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.kms import keys, tags
from freehold.services.kms.catalogue import kms
from freehold.services.kms.opening import opened
from freehold.services.kms.pages import whole

LISTED = 50
FINE = (keys.DISABLED, keys.PENDING_IMPORT)


@kms.operation(needs=OPEN)
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    given = tags.read(request["Tags"])
    facts = {f"aws:RequestTag/{name}": value for name, value in given.items()}
    seat, key = opened(call, tx, request["KeyId"], "TagResource", {**facts, "aws:TagKeys": list(given)})
    keys.check_state(seat, key, *FINE)
    key.tags = tags.check(key.tags | given)
    seat.put(key)


@kms.operation(needs=OPEN)
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    seat, key = opened(call, tx, request["KeyId"], "UntagResource", {"aws:TagKeys": request["TagKeys"]})
    keys.check_state(seat, key, *FINE)
    key.tags = {name: value for name, value in key.tags.items() if name not in request["TagKeys"]}
    seat.put(key)


@kms.operation(needs=OPEN)
def list_resource_tags(call: Call, tx: Tx, request: Request) -> Response:
    _, key = opened(call, tx, request["KeyId"], "ListResourceTags")
    return whole(request, "Tags", tags.listed(key.tags), dict, lambda tag: tag["TagKey"], LISTED)
