"""The operation behind forms. It is PutObject but for its name in what is told of it."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.service import objects
from freehold.services.s3.service.catalogue import internal, on_written

NAME = "post_object"


@internal(on_written)
async def post_object(call: Call, bucket: Bucket, request: Request) -> Response:
    return await objects.put(call, bucket, request, "ObjectCreated:Post")
