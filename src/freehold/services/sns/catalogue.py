"""The catalogue of SNS's operations, and how they find the topic that a request names.

One idea: an ARN says account and region, and the topic is looked up there. It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from freehold.engines import iam
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response, Service
from freehold.kernel.store import Tx
from freehold.services.sns import permissions, topics
from freehold.services.sns.errors import InvalidParameter
from freehold.services.sns.topics import Topic

sns = Service("sns")
PAGE = 100


@sns.guard
def policy_on(tx: Tx, arn: str) -> iam.Policy | None:
    """The policy that was set on a topic of this account; None if there is none."""
    place = arns.parse(arn)
    here = place and (place.account, place.region) == (tx.account, tx.region)
    topic = tx.get(Topic, place.resource) if place and here else None
    return iam.resource_policy(topic.attributes.get("Policy", "")) if topic else None


def topic_arn(call: Call, request: Request) -> str:
    """The ARN of the request's topic."""
    return request["TopicArn"]


def subscription_topic_arn(call: Call, request: Request) -> str:
    """The ARN of the topic of the request's subscription, which is what policies name."""
    return ":".join(request["SubscriptionArn"].split(":")[:6])


def every_topic(call: Call, request: Request) -> str:
    return arns.arn("sns", call.region, call.account, "*")


def opened(tx: Tx, arn: str, action: str, parameter: str = "TopicArn") -> tuple[Tx, Topic]:
    """The topic of an ARN, and the transaction as seen from its account. Its policy must let strangers do `action`."""
    place = topics.place_of(arn, parameter)
    if place.region != tx.region:
        raise InvalidParameter(reason=parameter)
    seat = tx.within(place.account)
    topic = topics.find(seat, place.resource)
    permissions.admit(seat, topic, action)
    return seat, topic


def token(*key: str) -> Response:
    return {"NextToken": urlsafe_b64encode("/".join(key).encode()).decode()}


def read_token(request: Request, length: int) -> tuple[str, ...] | None:
    """The key behind which the page asked for starts; None for the first page."""
    text = request.get("NextToken")
    if not text:
        return None
    try:
        key = tuple(urlsafe_b64decode(text).decode().split("/"))
    except ValueError:
        key = ()
    if len(key) != length:
        raise InvalidParameter(reason="NextToken Reason: " + text)
    return key
