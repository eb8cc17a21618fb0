"""Blocks on public access: a bucket's own, and its account's.

One idea: both are put together whenever they are asked about, so what the account forbids no bucket can allow. It may
not know requests.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.store import Record, Tx
from freehold.services.s3.access import errors, grants
from freehold.services.s3.buckets import Bucket

SETTING = "PublicAccessBlockConfiguration"
BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


class AccountBlock(Record, table="s3_account_blocks", key="name", scope="account"):
    """What an account forbids all its buckets, whatever they say: {block: whether}."""

    name: str = "account"
    blocks: dict[str, bool] = {}


def checked(value: dict[str, Any]) -> dict[str, bool]:
    return {name: bool(value.get(name)) for name in BLOCKS}


def blocked(tx: Tx, bucket: Bucket, what: str) -> bool:
    """Whether one of BLOCKS holds for a bucket."""
    if bucket.settings.get(SETTING, {}).get(what):
        return True
    whole = tx.within(bucket.account).get(AccountBlock, "account")
    return bool(whole and whole.blocks.get(what))


def refuse_public(tx: Tx, call: Call, bucket: Bucket, wanted: list[grants.Grant], arn: str, action: str) -> None:
    """Raise AccessDenied for a list that lets everybody in, where that is blocked."""
    if grants.is_public(wanted) and blocked(tx, bucket, "BlockPublicAcls"):
        raise errors.PublicAclBlocked(who=call.principal.arn, action=action, arn=arn)
