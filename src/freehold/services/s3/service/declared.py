"""Settings that are put, shown and removed alike: a row of what is their own, and the operations that follow from it.

One idea: a setting is kept as it was said; what it means is somebody else's to know.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3.buckets import Bucket, put_setting
from freehold.services.s3.service.catalogue import on_bucket, operation


class Setting(NamedTuple):
    """A setting: its name in operations, its AWS member, and the words of its actions.

    `shown` is the member of the answer it stands under, none if its own members are the answer. Where nothing is set
    the answer is `usual`, or `missing` is raised. `deletes`: its action, if there is an operation that removes it.
    """

    name: str
    member: str
    action: str
    check: Callable[[dict[str, Any]], dict[str, Any]]
    shown: str = ""
    usual: dict[str, Any] | None = None
    missing: type[AwsError] | None = None
    deletes: str = ""


def declare(setting: Setting) -> None:
    """Answer the operations of a setting."""

    def put(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
        put_setting(tx, bucket, setting.member, setting.check(request[setting.member]))

    def get(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
        value = bucket.settings.get(setting.member, setting.usual)
        if value is None and setting.missing:
            raise setting.missing(BucketName=bucket.name)
        return {setting.shown: value} if setting.shown else dict(value or {})

    def delete(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
        put_setting(tx, bucket, setting.member, None)

    named: list[tuple[Callable, str, str]] = [
        (put, "put", f"Put{setting.action}"), (get, "get", f"Get{setting.action}"), (delete, "delete", setting.deletes)
    ]  # fmt: skip
    for run, verb, action in named:
        if action:
            run.__name__ = f"{verb}_{setting.name}"
            operation(on_bucket(f"s3:{action}"))(run)
