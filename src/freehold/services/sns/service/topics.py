"""Operations on topics.

One idea: what was set is shown with what is counted. It may not know how topics lie.

https://docs.aws.amazon.com/sns/latest/api/API_Operations.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.sns import permissions, subscriptions, topics
from freehold.services.sns.archive import notices
from freehold.services.sns.catalogue import PAGE, every_topic, opened, read_token, sns, token, topic_arn
from freehold.services.sns.delivery import filing
from freehold.services.sns.errors import ArchiveIsActive, InvalidParameter, ResourceNotFound
from freehold.services.sns.protection import policies
from freehold.services.sns.topics import Topic


def _create_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    target = arns.arn("sns", call.region, call.account, request["Name"])
    actions = ("sns:CreateTopic", "sns:TagResource") if request.get("Tags") else ("sns:CreateTopic",)
    text = request.get("DataProtectionPolicy", "")
    guarding = policies.needs(call.region, call.account, target, text) if text else []
    return [*((action, target) for action in actions), *guarding]


@sns.operation(needs=_create_needs)
def create_topic(call: Call, tx: Tx, request: Request) -> Response:
    tags, known = _tags(request.get("Tags") or []), tx.get(Topic, request["Name"])
    topic = topics.create(tx, request["Name"], request.get("Attributes") or {}, tags)
    if "DataProtectionPolicy" in request:
        policies.put_new(tx, topic, request["DataProtectionPolicy"], new=known is None)
    return {"TopicArn": topics.arn(tx, topic.name)}


def _tags(given: list[dict[str, str]]) -> dict[str, str]:
    tags = {tag["Key"]: tag["Value"] for tag in given}
    if len(tags) < len(given):
        raise InvalidParameter(reason="Duplicated keys are not allowed.")
    return tags


@sns.operation(needs={"sns:GetTopicAttributes": topic_arn})
def get_topic_attributes(call: Call, tx: Tx, request: Request) -> Response:
    seat, topic = opened(tx, request["TopicArn"], "GetTopicAttributes")
    return {"Attributes": topics.shown(seat, topic) | subscriptions.counts(seat, topic)}


@sns.operation(needs={"sns:SetTopicAttributes": topic_arn})
def set_topic_attributes(call: Call, tx: Tx, request: Request) -> None:
    seat, topic = opened(tx, request["TopicArn"], "SetTopicAttributes")
    topics.change(seat, topic, request["AttributeName"], request.get("AttributeValue", ""))


@sns.operation(needs={"sns:ListTopics": every_topic})
def list_topics(call: Call, tx: Tx, request: Request) -> Response:
    found = tx.range(Topic, after=read_token(request, 1), limit=PAGE + 1)
    told = [{"TopicArn": topics.arn(tx, topic.name)} for topic in found[:PAGE]]
    return {"Topics": told} | (token(found[PAGE - 1].name) if len(found) > PAGE else {})


@sns.operation(needs={"sns:DeleteTopic": topic_arn})
def delete_topic(call: Call, tx: Tx, request: Request) -> None:
    """Remove a topic and its subscriptions; one that is gone already counts as removed."""
    place = topics.place_of(request["TopicArn"], "TopicArn")
    seat = tx.within(place.account, place.region)
    topic = seat.get(Topic, place.resource)
    if topic:
        permissions.admit(seat, topic, "DeleteTopic")
        if topics.archived_since(topic, tx.now) is not None:
            raise ArchiveIsActive()
        seat.delete(Topic, topic.name)
        notices.drop(seat, topic.name)
        filing.drop(seat, topic.name)


@sns.operation(needs={"sns:AddPermission": topic_arn})
def add_permission(call: Call, tx: Tx, request: Request) -> None:
    seat, topic = opened(tx, request["TopicArn"], "AddPermission")
    permissions.add(seat, topic, request["Label"], request["AWSAccountId"], request["ActionName"])


@sns.operation(needs={"sns:RemovePermission": topic_arn})
def remove_permission(call: Call, tx: Tx, request: Request) -> None:
    permissions.remove(*opened(tx, request["TopicArn"], "RemovePermission"), request["Label"])


def _resource_arn(call: Call, request: Request) -> str:
    return request["ResourceArn"]


def _tagged(tx: Tx, request: Request) -> Topic:
    place = topics.place_of(request["ResourceArn"], "ResourceArn")
    topic = tx.get(Topic, place.resource) if (place.account, place.region) == (tx.account, tx.region) else None
    if topic is None:
        raise ResourceNotFound()
    return topic


@sns.operation(needs={"sns:TagResource": _resource_arn})
def tag_resource(call: Call, tx: Tx, request: Request) -> Response:
    topic = _tagged(tx, request)
    topic.tags |= _tags(request["Tags"])
    if len(topic.tags) > topics.TAGS_MAX:
        raise InvalidParameter(reason="Could not complete request: tag quota of per resource exceeded")
    tx.put(topic)
    return {}


@sns.operation(needs={"sns:UntagResource": _resource_arn})
def untag_resource(call: Call, tx: Tx, request: Request) -> Response:
    topic = _tagged(tx, request)
    topic.tags = {key: value for key, value in topic.tags.items() if key not in request["TagKeys"]}
    tx.put(topic)
    return {}


@sns.operation(needs={"sns:ListTagsForResource": _resource_arn})
def list_tags_for_resource(call: Call, tx: Tx, request: Request) -> Response:
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tagged(tx, request).tags.items()]}
