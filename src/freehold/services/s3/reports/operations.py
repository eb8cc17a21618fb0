"""The operations of configurations by id: the same four for each kind."""

from collections.abc import Callable

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.listing import pages
from freehold.services.s3.reports import configurations, rounds
from freehold.services.s3.reports.configurations import INVENTORY, KINDS, Kind
from freehold.services.s3.service.catalogue import on_bucket, operation

PAGE = 100


def _declare(kind: Kind) -> None:
    def put(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
        configurations.put(tx, bucket, kind, request["Id"], request[kind.member])
        if kind is INVENTORY:
            rounds.plan(tx, bucket, request[kind.member])

    def get(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
        return {kind.member: configurations.open_configuration(bucket, kind, request["Id"])}

    def delete(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
        configurations.delete(tx, bucket, kind, request["Id"])

    def list(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
        return _page(bucket, kind, request.get("ContinuationToken", ""))

    named: tuple[tuple[Callable, str, str], ...] = (
        (put, f"put_bucket_{kind.name}_configuration", f"s3:Put{kind.action}"),
        (get, f"get_bucket_{kind.name}_configuration", f"s3:Get{kind.action}"),
        (delete, f"delete_bucket_{kind.name}_configuration", f"s3:Put{kind.action}"),
        (list, f"list_bucket_{kind.name}_configurations", f"s3:Get{kind.action}"),
    )
    for run, name, action in named:
        run.__name__ = name
        operation(on_bucket(action))(run)


def _page(bucket: Bucket, kind: Kind, token: str) -> Response:
    after = pages.read_token(token) if token else ""
    left = [value for id, value in configurations.kept(bucket, kind).items() if id > after]
    answer: Response = {"IsTruncated": len(left) > PAGE}
    if left:
        answer[f"{kind.member}List"] = left[:PAGE]
    if token:
        answer["ContinuationToken"] = token
    if len(left) > PAGE:
        answer["NextContinuationToken"] = pages.token(left[PAGE - 1]["Id"])
    return answer


for _each in KINDS:
    _declare(_each)
