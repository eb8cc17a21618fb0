"""Downloads: where zips can be fetched from, as GetFunction and GetLayerVersion tell.

One idea: an address holds the blob's id, 128 bits that nobody guesses, so whoever was given it may read, and no other.
It may not know whose code it is.
"""

from freehold.engines.hosts import shared
from freehold.kernel.blobs import CHUNK
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.code import Code
from freehold.web import HttpRequest, HttpResponse

PATH = "/_freehold/lambda-code"


def address(call: Call, tx: Tx, digest: str) -> str:
    """The URL of a zip of this account and region."""
    kept = tx.get(Code, digest)
    blob = kept.blob if kept else ""
    return f"{shared(call.base_url, call.door.base_url)}{PATH}/{tx.account}/{tx.region}/{digest}/{blob}"


@lambda_.front(path=rf"{PATH}/\d{{12}}/[a-z0-9-]+/[0-9a-f]{{64}}/[0-9a-f]{{32}}")
async def download(call: Call, http: HttpRequest) -> HttpResponse:
    """A zip, for whoever has its address."""
    account, region, digest, blob = http.path.removeprefix(PATH + "/").split("/")
    kept = await call.within(account, region).transact(lambda tx: tx.get(Code, digest))
    if kept is None or kept.blob != blob:
        return HttpResponse(404, [])
    headers = [("content-type", "application/zip"), ("content-length", str(kept.size))]
    return HttpResponse(200, headers, call.blobs.read(blob, 0, kept.size, memoryview(bytearray(CHUNK)), bytes))
