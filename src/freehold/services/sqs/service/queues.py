"""Operations on queues.

One idea: attributes are texts, and what is counted is counted when asked. It may not know how messages lie.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.sqs import attributes, messages, permissions, queues, redrive
from freehold.services.sqs.errors import InvalidAttributeName, InvalidParameterValue
from freehold.services.sqs.queues import Queue
from freehold.services.sqs.service.catalogue import named_arn, opened, queue_arn, sqs, url_of


def _create_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    actions = ("sqs:CreateQueue", "sqs:TagQueue") if request.get("tags") else ("sqs:CreateQueue",)
    return [(action, named_arn(call, request)) for action in actions]


@sqs.operation(needs=_create_needs)
def create_queue(call: Call, tx: Tx, request: Request) -> Response:
    name, given = request["QueueName"], request.get("Attributes") or {}
    fifo = given.get("FifoQueue", "").lower() == "true"
    queues.check_name(name, fifo)
    kept = redrive.checked(tx, name, attributes.normal(given, fifo))
    queues.create(tx, name, kept, request.get("tags") or {})
    return {"QueueUrl": url_of(call, tx.account, name)}


@sqs.operation(needs={"sqs:GetQueueUrl": named_arn})
def get_queue_url(call: Call, tx: Tx, request: Request) -> Response:
    account = request.get("QueueOwnerAWSAccountId") or tx.account
    url = url_of(call, account, request["QueueName"])
    opened(call, tx, url, "GetQueueUrl")
    return {"QueueUrl": url}


@sqs.operation(needs={"sqs:ListQueues": lambda call, request: arns.arn("sqs", call.region, call.account, "*")})
def list_queues(call: Call, tx: Tx, request: Request) -> Response:
    limit = queues.limit_of(request.get("MaxResults"))
    found, following = queues.page(tx, request.get("QueueNamePrefix", ""), _read_token(request), limit)
    # Without MaxResults AWS gives the first thousand and no token.
    token = _token(following) if "MaxResults" in request else {}
    return ({"QueueUrls": _urls(call, tx, found)} if found else {}) | token


def _urls(call: Call, tx: Tx, found: list[Queue]) -> list[str]:
    return [url_of(call, tx.account, queue.name) for queue in found]


def _token(name: str) -> Response:
    return {"NextToken": urlsafe_b64encode(name.encode()).decode()} if name else {}


def _read_token(request: Request) -> str:
    """The name behind which the page asked for starts."""
    token = request.get("NextToken", "")
    try:
        return urlsafe_b64decode(token).decode()
    except ValueError:
        raise InvalidParameterValue(value=token, parameter="NextToken", reason="Invalid token.") from None


@sqs.operation(needs={"sqs:DeleteQueue": queue_arn})
def delete_queue(call: Call, tx: Tx, request: Request) -> None:
    queues.delete(*opened(call, tx, request["QueueUrl"], "DeleteQueue"))


@sqs.operation(needs={"sqs:PurgeQueue": queue_arn})
def purge_queue(call: Call, tx: Tx, request: Request) -> None:
    queues.purge(*opened(call, tx, request["QueueUrl"], "PurgeQueue"))


@sqs.operation(needs={"sqs:GetQueueAttributes": queue_arn})
def get_queue_attributes(call: Call, tx: Tx, request: Request) -> Response:
    names = request.get("AttributeNames") or []
    seat, queue = opened(call, tx, request["QueueUrl"], "GetQueueAttributes")
    for name in names:
        if name != "All" and name not in attributes.ATTRIBUTES and name not in attributes.DERIVED:
            raise InvalidAttributeName(name=name)
    if not names:
        return {}
    known = attributes.shown(queue.attributes, queue.fifo) | {
        "QueueArn": queues.arn(seat, queue.name),
        "CreatedTimestamp": str(int(queue.created_at)),
        "LastModifiedTimestamp": str(int(queue.modified_at)),
    }
    if any(name == "All" or name.startswith("Approximate") for name in names):
        known |= {name: str(count) for name, count in messages.counts(seat, queue).items()}
    wanted = known if "All" in names else {name: known[name] for name in names if name in known}
    return {"Attributes": wanted} if wanted else {}


@sqs.operation(needs={"sqs:SetQueueAttributes": queue_arn})
def set_queue_attributes(call: Call, tx: Tx, request: Request) -> None:
    seat, queue = opened(call, tx, request["QueueUrl"], "SetQueueAttributes")
    kept = attributes.normal(request["Attributes"], queue.fifo)
    queues.change(seat, queue, redrive.checked(seat, queue.name, kept))


@sqs.operation(needs={"sqs:TagQueue": queue_arn})
def tag_queue(call: Call, tx: Tx, request: Request) -> None:
    queues.tag(*opened(call, tx, request["QueueUrl"], "TagQueue"), request["Tags"])


@sqs.operation(needs={"sqs:UntagQueue": queue_arn})
def untag_queue(call: Call, tx: Tx, request: Request) -> None:
    queues.untag(*opened(call, tx, request["QueueUrl"], "UntagQueue"), request["TagKeys"])


@sqs.operation(needs={"sqs:ListQueueTags": queue_arn})
def list_queue_tags(call: Call, tx: Tx, request: Request) -> Response:
    _, queue = opened(call, tx, request["QueueUrl"], "ListQueueTags")
    return {"Tags": queue.tags} if queue.tags else {}


@sqs.operation(needs={"sqs:AddPermission": queue_arn})
def add_permission(call: Call, tx: Tx, request: Request) -> None:
    seat, queue = opened(call, tx, request["QueueUrl"], "AddPermission")
    permissions.add(seat, queue, request["Label"], request["AWSAccountIds"], request["Actions"])


@sqs.operation(needs={"sqs:RemovePermission": queue_arn})
def remove_permission(call: Call, tx: Tx, request: Request) -> None:
    permissions.remove(*opened(call, tx, request["QueueUrl"], "RemovePermission"), request["Label"])


@sqs.operation(needs={"sqs:ListDeadLetterSourceQueues": queue_arn})
def list_dead_letter_source_queues(call: Call, tx: Tx, request: Request) -> Response:
    limit, after = queues.limit_of(request.get("MaxResults")), _read_token(request)
    seat, dead = opened(call, tx, request["QueueUrl"], "ListDeadLetterSourceQueues")
    found = [queue for queue in redrive.sources(seat, dead) if queue.name > after]
    following = found[limit - 1].name if len(found) > limit else ""
    return {"queueUrls": _urls(call, seat, found[:limit])} | _token(following)
