"""Tags of pipes. They may not know how pipes run.

https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_TagResource.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.pipes.catalogue import pipe_arn, pipes, tagged
from freehold.services.pipes.errors import NotFoundException
from freehold.services.pipes.pipes import Pipe, find_pipe


def _pipe(tx: Tx, request: Request) -> Pipe:
    """The pipe that has the ARN which permission was asked for, and no other."""
    told = str(request["resourceArn"])
    name = told.rpartition("/")[2]
    if pipe_arn(tx.account, tx.region, name) != told:
        raise NotFoundException(name=name)
    return find_pipe(tx, name)


@pipes.operation(needs={"pipes:TagResource": tagged})
def tag_resource(call: Call, tx: Tx, request: Request) -> Response:
    pipe = _pipe(tx, request)
    pipe.tags = pipe.tags | request["tags"]
    tx.put(pipe)
    return {}


@pipes.operation(needs={"pipes:UntagResource": tagged})
def untag_resource(call: Call, tx: Tx, request: Request) -> Response:
    pipe = _pipe(tx, request)
    pipe.tags = {key: value for key, value in pipe.tags.items() if key not in request["tagKeys"]}
    tx.put(pipe)
    return {}


@pipes.operation(needs={"pipes:ListTagsForResource": tagged})
def list_tags_for_resource(call: Call, tx: Tx, request: Request) -> Response:
    return {"tags": _pipe(tx, request).tags}
