"""The catalogue of Kinesis's operations, and the ARNs of what they need permission for.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html
"""

from freehold.engines import iam
from freehold.engines import shards as iterators
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Service
from freehold.kernel.store import Tx
from freehold.services.kinesis.consumers import Consumer, read
from freehold.services.kinesis.streams import Stream

kinesis = Service("kinesis")


def stream_arn(call: Call, request: Request) -> str:
    """The ARN of the request's stream."""
    named = arns.arn("kinesis", call.region, call.account, f"stream/{request.get('StreamName', '')}")
    return request.get("StreamARN") or named


def iterated_arn(call: Call, request: Request) -> str:
    """The ARN of the stream that an iterator is of."""
    place = iterators.read(request["ShardIterator"])
    return place.stream.partition("#")[0] if place else stream_arn(call, request)


def consumer_arn(call: Call, request: Request) -> str:
    """The ARN of the request's consumer, or of the stream and its name."""
    named = f"{stream_arn(call, request)}/consumer/{request.get('ConsumerName', '')}"
    return request.get("ConsumerARN") or named


def resource_arn(call: Call, request: Request) -> str:
    """The ARN of the stream or consumer that is spoken of."""
    return request["ResourceARN"]


@kinesis.guard
def policy_on(tx: Tx, arn: str) -> iam.Policy | None:
    """The policy on a stream or consumer of this account."""
    place, consumer = arns.parse(arn), read(arn)
    name = consumer.stream if consumer else place.resource.removeprefix("stream/") if place else ""
    stream: Stream | Consumer | None = tx.get(Stream, name)
    if consumer and isinstance(stream, Stream):
        stream = tx.get(Consumer, stream.id, consumer.name)
    return iam.resource_policy(stream.policy) if stream else None
