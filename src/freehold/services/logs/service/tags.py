"""Tags of log groups, in AWS's newer way (by ARN) and its older (by name). It may not know streams."""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.logs import errors
from freehold.services.logs.groups import Group, open_group
from freehold.services.logs.service.catalogue import bare_group_arn, logs, tagged_arn

TAGS_MAX = 50


def _tagged(tx: Tx, request: Request) -> Group:
    parts = arns.parse(request["resourceArn"])
    if parts is None or not parts.resource.startswith("log-group:"):
        raise errors.TaggedNotFound()
    return open_group(tx, request["resourceArn"])


def _add(tx: Tx, group: Group, tags: dict[str, str]) -> None:
    group.tags = group.tags | tags
    if len(group.tags) > TAGS_MAX:
        raise errors.TooManyTagsException(most=TAGS_MAX)
    tx.put(group)


def _remove(tx: Tx, group: Group, keys: list[str]) -> None:
    group.tags = {key: value for key, value in group.tags.items() if key not in keys}
    tx.put(group)


@logs.operation(needs={"logs:TagResource": tagged_arn})
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    _add(tx, _tagged(tx, request), request["tags"])


@logs.operation(needs={"logs:UntagResource": tagged_arn})
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    _remove(tx, _tagged(tx, request), request["tagKeys"])


@logs.operation(needs={"logs:ListTagsForResource": tagged_arn})
def list_tags_for_resource(call: Call, tx: Tx, request: Request) -> Response:
    return {"tags": _tagged(tx, request).tags}


@logs.operation(needs={"logs:TagLogGroup": bare_group_arn})
def tag_log_group(call: Call, tx: Tx, request: Request) -> None:
    _add(tx, open_group(tx, request["logGroupName"]), request["tags"])


@logs.operation(needs={"logs:UntagLogGroup": bare_group_arn})
def untag_log_group(call: Call, tx: Tx, request: Request) -> None:
    _remove(tx, open_group(tx, request["logGroupName"]), request["tags"])


@logs.operation(needs={"logs:ListTagsLogGroup": bare_group_arn})
def list_tags_log_group(call: Call, tx: Tx, request: Request) -> Response:
    return {"tags": open_group(tx, request["logGroupName"]).tags}
