"""What an account forbids all its buckets."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3.access import blocks
from freehold.services.s3.access.blocks import AccountBlock
from freehold.services.s3.control.catalogue import s3control
from freehold.services.s3.control.errors import (
    AccessDenied,
    InvalidRequest,
    NoSuchPublicAccessBlockConfiguration,
)

SETTING = "PublicAccessBlockConfiguration"
EMPTY = "Must specify at least one configuration."


def own(tx: Tx, request: Request) -> Tx:
    """The transaction, seen from the account that is asked about, which must be the caller's."""
    if request["AccountId"] != tx.account:
        raise AccessDenied()
    return tx


@s3control.operation(needs={"s3:PutAccountPublicAccessBlock": "*"})
def put_public_access_block(call: Call, tx: Tx, request: Request) -> None:
    wanted = request[SETTING]
    if not wanted:
        raise InvalidRequest(reason=EMPTY)
    own(tx, request).put(AccountBlock(blocks=blocks.checked(wanted)))


@s3control.operation(needs={"s3:GetAccountPublicAccessBlock": "*"})
def get_public_access_block(call: Call, tx: Tx, request: Request) -> Response:
    found = own(tx, request).get(AccountBlock, "account")
    if found is None:
        raise NoSuchPublicAccessBlockConfiguration(AccountId=request["AccountId"])
    return {SETTING: found.blocks}


@s3control.operation(needs={"s3:PutAccountPublicAccessBlock": "*"})
def delete_public_access_block(call: Call, tx: Tx, request: Request) -> None:
    own(tx, request).delete(AccountBlock, "account")
