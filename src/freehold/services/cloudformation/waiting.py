"""Answers from outside: what a custom resource's function or a wait condition's signaller puts to a URL of ours.

One idea: a URL is a secret token with a row behind it; whoever knows it may answer once (a custom resource) or often (a
wait condition), and those who wait are woken. It may not know what the answers mean.
"""

from typing import Any

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Record, Tx
from freehold.services.cloudformation.service.catalogue import cloudformation
from freehold.web import HttpRequest, HttpResponse

BELL = "cloudformation-answer"
BODY_MAX = 64 * 1024
TOKEN_LENGTH = 48
PATHS = {"custom": "/_freehold/custom-resource/", "signal": "/_freehold/wait-condition/"}
BUCKET = "cloudformation-custom-resource-response"  # what AWS calls its bucket for answers, save for the region


class Mailbox(Record, table="cfn_mailboxes", key="token", scope="global"):
    """Where answers are put. `account` and `region` say who waits."""

    token: str
    kind: str
    account: str
    region: str
    opened_at: float


class Answer(Record, table="cfn_answers", key="token unique_id", scope="global"):
    """One answer; of those with the same `unique_id` the first counts."""

    token: str
    unique_id: str
    body: dict[str, Any]


@cloudformation.internal
def mailbox_opened(call: Call, tx: Tx, request: Request) -> Response:
    """A new URL for answers of this `Kind`: custom or signal. `Function` says that only a function is told of it."""
    token = tx.ids.text(TOKEN_LENGTH)
    box = Mailbox(token=token, kind=request["Kind"], account=tx.account, region=tx.region, opened_at=tx.now)
    tx.put(box)
    return {"Token": token, "Url": _address(call, box, request.get("Function", False)), "OpenedAt": tx.now}


def _address(call: Call, box: Mailbox, to_function: bool) -> str:
    """Where answers are put: for a function as AWS has it, over HTTPS and at a host of S3's, if functions can reach it
    there; for everybody else at this cloud's own address.
    """
    if to_function and call.sandbox and call.sandbox.transparent:
        return f"https://{BUCKET}-{box.region.replace('-', '')}.s3.{box.region}.amazonaws.com/{box.token}"
    return f"{call.base_url}{PATHS[box.kind]}{box.token}"


@cloudformation.internal
def mailbox_closed(call: Call, tx: Tx, request: Request) -> None:
    """Take no more answers under this `Token`."""
    token = request["Token"]
    tx.delete(Mailbox, token)
    for answer in tx.range(Answer, token):
        tx.delete(Answer, token, answer.unique_id)


def answers(tx: Tx, token: str) -> list[Answer]:
    return tx.range(Answer, token)


@cloudformation.front(path=r"/_freehold/(custom-resource|wait-condition)/[a-z0-9]+")
@cloudformation.front(host=rf"{BUCKET}-[a-z0-9]+\.s3\..+", path=r"/[a-z0-9]+")
async def put_answer(call: Call, http: HttpRequest) -> HttpResponse:
    """PUT of a JSON object to a URL that was given out."""
    if http.method != "PUT":
        return HttpResponse(405, [("allow", "PUT")])
    try:
        body = msgspec.json.decode(await http.read(BODY_MAX), type=dict[str, Any])
    except msgspec.DecodeError:
        return HttpResponse(400, [])
    known = await call.transact(_written, http.path.rpartition("/")[2], body)
    return HttpResponse(200 if known else 403, [])


def _written(tx: Tx, token: str, body: dict[str, Any]) -> bool:
    box = tx.get(Mailbox, token)
    if box is None:
        return False
    unique_id = str(body.get("UniqueId", "")) if box.kind == "signal" else ""
    tx.add(Answer(token=token, unique_id=unique_id, body=body))
    tx.within(box.account, box.region).ring(BELL, token)
    return True
