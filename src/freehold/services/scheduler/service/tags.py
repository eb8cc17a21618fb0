"""Tags of groups; schedules have none. They may not know schedules.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_TagResource.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.scheduler import errors
from freehold.services.scheduler.catalogue import group_arn, scheduler, tagged
from freehold.services.scheduler.groups import Group, find_group, open_group


def _name(tx: Tx, request: Request) -> str:
    """Of the group that has the ARN which permission was asked for, and of no other."""
    told = str(request["ResourceArn"])
    name = told.rpartition("/")[2]
    if group_arn(tx.account, tx.region, name) != told:
        raise errors.GroupNotFound(name=name)
    return name


@scheduler.operation(needs={"scheduler:TagResource": tagged})
def tag_resource(call: Call, tx: Tx, request: Request) -> Response:
    group = open_group(tx, _name(tx, request))
    return _change(tx, group, group.tags | {tag["Key"]: tag["Value"] for tag in request["Tags"]})


@scheduler.operation(needs={"scheduler:UntagResource": tagged})
def untag_resource(call: Call, tx: Tx, request: Request) -> Response:
    group = open_group(tx, _name(tx, request))
    return _change(tx, group, {key: value for key, value in group.tags.items() if key not in request["TagKeys"]})


def _change(tx: Tx, group: Group, tags: dict[str, str]) -> Response:
    group.tags, group.changed_at = tags, tx.now
    tx.put(group)
    return {}


@scheduler.operation(needs={"scheduler:ListTagsForResource": tagged})
def list_tags_for_resource(call: Call, tx: Tx, request: Request) -> Response:
    group = find_group(tx, _name(tx, request))
    return {"Tags": [{"Key": key, "Value": value} for key, value in group.tags.items()]}
