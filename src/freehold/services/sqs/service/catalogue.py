"""The catalogue of SQS's operations, and how they find the queue that a request names.

One idea: a queue's URL says account and name; whatever host stands before them, the region is the request's, and a URL
that names another leads nowhere. It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
"""

from freehold.engines import iam
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Service
from freehold.kernel.store import Tx
from freehold.services.sqs import permissions, queues
from freehold.services.sqs.errors import QueueDoesNotExist
from freehold.services.sqs.queues import Queue

sqs = Service("sqs")
FIRST_REGION, MARK = "us-east-1", "queue"


@sqs.guard
def policy_on(tx: Tx, arn: str) -> iam.Policy | None:
    """The policy of a queue of this account; None if there is none."""
    place = arns.parse(arn)
    here = place and (place.account, place.region) == (tx.account, tx.region)
    queue = tx.get(Queue, place.resource) if place and here else None
    return iam.resource_policy(queue.attributes.get("Policy", "")) if queue else None


def address(call: Call, url: str) -> tuple[str, str]:
    """Account and name of a queue, from its URL, or from its name alone."""
    before, _, name = url.rpartition("/")
    account = before.rpartition("/")[2]
    return (account if len(account) == 12 and account.isdecimal() else call.account), name


def queue_arn(call: Call, request: Request) -> str:
    """The ARN of the queue of the request's URL."""
    account, name = address(call, request["QueueUrl"])
    return arns.arn("sqs", call.region, account, name)


def named_arn(call: Call, request: Request) -> str:
    """The ARN of the queue of the request's name."""
    account = request.get("QueueOwnerAWSAccountId") or call.account
    return arns.arn("sqs", call.region, account, request["QueueName"])


def url_of(call: Call, account: str, name: str) -> str:
    """The queue's URL. It names the region, unless that is the first one or the host names it, as AWS's own do."""
    known = call.region == FIRST_REGION or f".{call.region}." in call.base_url
    place = "" if known else f"/{MARK}/{call.region}"
    return f"{call.base_url}{place}/{account}/{name}"


def opened(call: Call, tx: Tx, url: str, action: str) -> tuple[Tx, Queue]:
    """The queue of a URL, and the transaction as seen from its account. Its policy must let strangers do `action`."""
    account, name = address(call, url)
    if f"/{MARK}/" in url and f"/{MARK}/{tx.region}/" not in url:
        raise QueueDoesNotExist()
    seat = tx if account == tx.account else tx.within(account)
    queue = queues.find(seat, name)
    permissions.admit(seat, queue, action)
    return seat, queue
