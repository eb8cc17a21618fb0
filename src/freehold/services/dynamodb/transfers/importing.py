"""How an import reads: object after object, line after line.

One idea: an object is a stream that is unpacked and cut into lines on the way, so a large one takes no more room than a
small one; what was taken of it before a crash is passed over. It may not know requests.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Format.html
"""

import codecs
import zlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.deliveries import transient
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.tables import Table
from freehold.services.dynamodb.transfers import imports, lines
from freehold.services.dynamodb.transfers.exporting import FAILURES
from freehold.services.dynamodb.transfers.imports import Import, Line

BATCH = 250
LOGGED_MAX = 10_000  # errors that are listed of one import
GZIP = 31  # zlib's number for a gzip header
DELIMITER = ","


@dynamodb.internal
async def read_import(call: Call, request: Request) -> None:
    """Take what is left of an import."""
    one = await call.transact(lambda tx: tx.get(Import, request["table"], request["id"]))
    if one is None or one.status != imports.IN_PROGRESS:
        return
    table = await call.transact(lambda tx: tx.get(Table, request["table"]))
    failure = None
    try:
        async for key, size in _objects(call, one):
            one = await _take_object(call, one, table.attributes if table else {}, key)
            one = await call.transact(imports.finish_object, one, key, size)
    except AwsError as refusal:
        if transient(refusal):
            raise
        failure = FAILURES.get(refusal.shape(), f"S3{refusal.shape()}"), refusal.message
    await call.transact(imports.end, one, failure)


async def _objects(call: Call, one: Import) -> AsyncIterator[tuple[str, int]]:
    """The keys and sizes of the objects that are left."""
    source = one.asked["S3BucketSource"]
    request: dict[str, Any] = {"Bucket": source["S3Bucket"], "Prefix": source.get("S3KeyPrefix", "")}
    request |= {"ExpectedBucketOwner": source["S3BucketOwner"]} if "S3BucketOwner" in source else {}
    request |= {"StartAfter": one.done_key} if one.done_key else {}
    while True:
        page = await call.ask("s3", "ListObjectsV2", request)
        for found in page.get("Contents", ()):
            if found["Size"] and not found["Key"].endswith("/"):
                yield found["Key"], found["Size"]
        if not page.get("IsTruncated"):
            return
        request["ContinuationToken"] = page["NextContinuationToken"]


async def _take_object(call: Call, one: Import, types: dict[str, str], key: str) -> Import:
    """Take the lines of an object that have not been taken, a batch in one transaction."""
    taken = one.lines if one.key == key else 0
    batch: list[Line] = []
    async for line in _lines(call, one, types, key):
        if line.number < taken:
            continue
        batch.append(line)
        if len(batch) == BATCH:
            one, batch = await _take(call, one, key, batch), []
    return await _take(call, one, key, batch) if batch else one


async def _take(call: Call, one: Import, key: str, batch: list[Line]) -> Import:
    one, faults = await call.transact(imports.take, one, key, batch)
    if faults and one.errors - len(faults) < LOGGED_MAX:
        await _log(call, one, key, faults)
    return one


async def _lines(call: Call, one: Import, types: dict[str, str], key: str) -> AsyncIterator[Line]:
    """The lines of an object. What follows a line that cannot be read is not read either."""
    format = one.asked["InputFormat"]
    texts = _rows(call, one, key) if format == lines.CSV else _texts(call, one, key)
    options = one.asked.get("InputFormatOptions", {}).get("Csv", {})
    header, number = options.get("HeaderList"), 0
    async for text in texts:
        if not text.strip():
            continue
        try:
            if format != lines.CSV:
                yield Line(number, lines.read(text, format))
            else:
                row = lines.read_row(text, options.get("Delimiter", DELIMITER))
                if header is None:
                    header = row
                    continue
                yield Line(number, lines.item_of(row, header, types))
        except lines.Unfit as wrong:
            yield Line(number, None, str(wrong))
        except lines.Unreadable as wrong:
            yield Line(number, None, str(wrong))
            return
        number += 1


async def _rows(call: Call, one: Import, key: str) -> AsyncIterator[str]:
    row = ""
    async for text in _texts(call, one, key):
        row += text
        if row.count(lines.QUOTE) % 2 == 0:
            yield row
            row = ""
    if row:
        yield row


async def _texts(call: Call, one: Import, key: str) -> AsyncIterator[str]:
    """The lines of an object as text, each with its end."""
    answer = await call.ask("s3", "GetObject", {"Bucket": one.asked["S3BucketSource"]["S3Bucket"], "Key": key})
    packed = one.asked.get("InputCompressionType", "NONE") == "GZIP"
    decoder, rest = codecs.getincrementaldecoder("utf-8")("replace"), ""
    try:
        body = _chunks(answer["Body"])
        async for chunk in _unpacked(body) if packed else body:
            rest += decoder.decode(chunk)
            *whole, rest = rest.split("\n")
            for text in whole:
                yield text + "\n"
    except zlib.error:
        rest += "the object is not packed as the import says"
    if rest:
        yield rest


async def _chunks(body: bytes | AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A body piece by piece; a small one comes whole."""
    if isinstance(body, bytes):
        yield body
        return
    async for chunk in body:
        yield chunk


async def _unpacked(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The content of a gzip file, which may have several members."""
    unpacker = zlib.decompressobj(GZIP)
    async for chunk in body:
        while chunk:
            yield unpacker.decompress(chunk)
            chunk = unpacker.unused_data
            if unpacker.eof:
                unpacker = zlib.decompressobj(GZIP)


async def _log(call: Call, one: Import, key: str, faults: list[tuple[int, str]]) -> None:
    """List lines that were not taken. Who may not write logs goes without."""
    stream = {"logGroupName": imports.LOG_GROUP, "logStreamName": one.id}
    arn = await call.transact(imports.arn_of, one)
    bucket = one.asked["S3BucketSource"]["S3Bucket"]
    told = [
        {
            "itemS3Pointer": {"bucket": bucket, "key": key, "itemIndex": number},
            "importArn": arn,
            "errorMessages": [fault],
        }
        for number, fault in faults
    ]
    events = [{"timestamp": int(call.now * 1e3), "message": msgspec.json.encode(one).decode()} for one in told]
    for operation, request in (
        ("CreateLogGroup", {"logGroupName": imports.LOG_GROUP}),
        ("CreateLogStream", stream),
        ("PutLogEvents", stream | {"logEvents": events}),
    ):
        try:
            await call.ask("logs", operation, request)
        except AwsError as refusal:
            if transient(refusal):
                raise
