"""Log streams: made, listed, removed. It may not know how events lie.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.logs import errors, removal
from freehold.services.logs.groups import Group, open_group
from freehold.services.logs.pages import read_token, write_token
from freehold.services.logs.service.catalogue import group_arn, logs, named_group, stream_arn
from freehold.services.logs.streams import Stream, create_stream, list_by_time, list_streams, open_stream

STREAMS_MAX = 50
BY_NAME, BY_TIME = "LogStreamName", "LastEventTime"


@logs.operation(needs={"logs:CreateLogStream": stream_arn})
def create_log_stream(call: Call, tx: Tx, request: Request) -> None:
    create_stream(tx, open_group(tx, request["logGroupName"]), request["logStreamName"])


@logs.operation(needs={"logs:DeleteLogStream": stream_arn})
def delete_log_stream(call: Call, tx: Tx, request: Request) -> None:
    group = open_group(tx, request["logGroupName"])
    removal.delete_stream(tx, open_stream(tx, group, request["logStreamName"]))


@logs.operation(needs={"logs:DescribeLogStreams": group_arn})
def describe_log_streams(call: Call, tx: Tx, request: Request) -> Response:
    group = named_group(tx, request)
    prefix, reverse = request.get("logStreamNamePrefix", ""), request.get("descending", False)
    limit, token = request.get("limit", STREAMS_MAX), request.get("nextToken")
    by_time = request.get("orderBy", BY_NAME) == BY_TIME
    if by_time and prefix:
        raise errors.PrefixByTime()
    if by_time:
        after = read_token(token, tuple[int, str]) if token else None
        found = list_by_time(tx, group, reverse, after, limit + 1)
    else:
        after_name = (read_token(token, str),) if token else None
        found = list_streams(tx, group, prefix, reverse, after_name, limit + 1)
    answer: Response = {"logStreams": [_described(tx, group, stream) for stream in found[:limit]]}
    if len(found) > limit:
        last = found[limit - 1]
        answer["nextToken"] = write_token((last.last_at, last.name) if by_time else last.name)
    return answer


def _described(tx: Tx, group: Group, stream: Stream) -> Response:
    """AWS tells no stored bytes of streams any more, and says 0."""
    told: Response = {
        "logStreamName": stream.name,
        "creationTime": stream.created_at,
        "uploadSequenceToken": stream.sequence_token,
        "arn": arns.arn("logs", tx.region, tx.account, f"log-group:{group.name}:log-stream:{stream.name}"),
        "storedBytes": 0,
    }
    if stream.puts:
        told["firstEventTimestamp"] = stream.first_at
        told["lastEventTimestamp"] = stream.last_at
        told["lastIngestionTime"] = stream.ingested_at
    return told
