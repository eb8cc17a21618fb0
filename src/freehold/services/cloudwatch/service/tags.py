"""Tags of dashboards. They may not know metrics."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.cloudwatch import errors
from freehold.services.cloudwatch.dashboards import Dashboard, arn_of
from freehold.services.cloudwatch.service.catalogue import cloudwatch, tagged_arn


def _tagged(tx: Tx, request: Request) -> Dashboard:
    arn = request["ResourceARN"]
    found = tx.get(Dashboard, arn.rpartition("/")[2])
    if found is None or arn != arn_of(tx.account, found.name):
        raise errors.TaggedNotFound(arn=arn)
    return found


@cloudwatch.operation(needs={"cloudwatch:TagResource": tagged_arn})
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    dashboard = _tagged(tx, request)
    dashboard.tags = dashboard.tags | {tag["Key"]: tag["Value"] for tag in request["Tags"]}
    tx.put(dashboard)


@cloudwatch.operation(needs={"cloudwatch:UntagResource": tagged_arn})
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    dashboard = _tagged(tx, request)
    dashboard.tags = {key: value for key, value in dashboard.tags.items() if key not in request["TagKeys"]}
    tx.put(dashboard)


@cloudwatch.operation(needs={"cloudwatch:ListTagsForResource": tagged_arn})
def list_tags_for_resource(call: Call, tx: Tx, request: Request) -> Response:
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tagged(tx, request).tags.items()]}
