"""How an export is written: data files, then the manifests that name them.

One idea: a file's name follows from the export's and its own number, so one that is written again after a crash takes
the place of the first; it counts once it is written down. It may not know requests.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

import base64
import gzip
import hashlib
from typing import Any

import msgspec

from freehold.engines import moments
from freehold.engines.expressions import Compiled, compile_request
from freehold.kernel.call import Call
from freehold.kernel.deliveries import transient
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.dynamodb import pasts
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.tables import Place
from freehold.services.dynamodb.transfers import exports, lines
from freehold.services.dynamodb.transfers.exports import DataFile, Export

FILE_BYTES = 8 * 1024 * 1024  # of lines, before they are packed
VERSIONS = {False: "2020-06-30", True: "2023-08-01"}  # of a manifest, whether incremental
ALGORITHMS = {"KMS": "aws:kms", "AES256": "AES256"}
FAILURES = {
    "NoSuchBucket": "S3NoSuchBucket",
    "AccessDenied": "S3AccessDenied",
    "AccessDeniedException": "S3AccessDenied",
    "KMS.NotFoundException": "KmsNotFoundException",
    "NotFoundException": "KmsNotFoundException",
}


@dynamodb.internal
async def write_export(call: Call, request: Request) -> None:
    """Write what is left of an export. A bucket that cannot be written to ends it as failed."""
    export = await call.transact(lambda tx: tx.get(Export, request["table"], request["id"]))
    if export is None or export.status != exports.IN_PROGRESS:
        return
    try:
        await _put(call, export, f"{exports.folder(export)}/_started", b"")
        while not export.written:
            export = await _write_file(call, export)
        await _write_manifests(call, export)
        await call.transact(_end, export, None)
    except AwsError as refusal:
        if transient(refusal):
            raise
        code = FAILURES.get(refusal.shape(), f"S3{refusal.shape()}")
        await call.transact(_end, export, (code, refusal.message))


async def _write_file(call: Call, export: Export) -> Export:
    """Write the next data file; the export as it is then."""
    body, items, size, behind = await _collect(call, export)
    if items:
        packed = gzip.compress(body, mtime=0)
        key = _data_key(export)
        answer = await _put(call, export, key, packed)
        file = DataFile(key, items, _md5(packed), answer["ETag"].strip('"'))
    else:
        file = None
    return await call.transact(_advance, export, file, size, behind)


async def _collect(call: Call, export: Export) -> tuple[bytes, int, int, Place | None]:
    """The lines of the next file, how many items they tell of and of how many bytes, and where to go on."""
    filtered = _filtered(export)
    body, items, size, behind = bytearray(), 0, 0, export.after
    while True:
        told, more, behind = await call.transact(exports.stretch, export, filtered, behind)
        for one in told:
            body += lines.write(_plain(one, export.format), export.format)
        items, size = items + len(told), size + more
        if behind is None or len(body) >= FILE_BYTES:
            return bytes(body), items, size, behind
        await call.sleep(0)


def _plain(told: lines.Told, format: str) -> lines.Told:
    """In JSON the metadata are texts."""
    if format == lines.JSON and "Metadata" in told:
        metadata = {name: value["N"] for name, value in told["Metadata"].items()}
        return told | {"Metadata": metadata}
    return told


def _filtered(export: Export) -> Compiled:
    return compile_request("Scan", export.asked.get("FilterSpecification", {}))


def _data_key(export: Export) -> str:
    name = hashlib.md5(f"{export.id}/{len(export.files)}".encode(), usedforsecurity=False).digest()
    where = exports.folder(export)
    if export.since is not None:
        where = where.rpartition("/")[0]  # incremental exports share the folder of their data
    text = base64.b32encode(name).decode().rstrip("=").lower()
    return f"{where}/data/{text}.{lines.ENDINGS[export.format]}"


def _advance(tx: Tx, export: Export, file: DataFile | None, size: int, behind: Place | None) -> Export:
    kept = tx.get(Export, export.table, export.id) or export
    kept.files = [*kept.files, file] if file else kept.files
    kept.size, kept.after, kept.written = kept.size + size, behind, behind is None
    tx.put(kept)
    return kept


async def _write_manifests(call: Call, export: Export) -> None:
    """The list of the files, then the summary: whoever sees that finds everything it speaks of."""
    where = exports.folder(export)
    listed = [
        {"itemCount": file.items, "md5Checksum": file.md5, "etag": file.etag, "dataFileS3Key": file.key}
        for file in export.files
    ]
    files = b"".join(msgspec.json.encode(one) + b"\n" for one in listed)
    summary = msgspec.json.encode(await call.transact(_summary, export))
    for name, body in (("manifest-files", files), ("manifest-summary", summary)):
        await _put(call, export, f"{where}/{name}.json", body)
        await _put(call, export, f"{where}/{name}.md5", _md5(body).encode())


def _summary(tx: Tx, export: Export) -> dict[str, Any]:
    told = exports.description(tx, export)
    incremental = export.since is not None
    period = {"exportTime": moments.iso_ms(export.until)}
    if incremental:
        period = {"exportFromTime": moments.iso_ms(export.since or 0.0), "exportToTime": moments.iso_ms(export.until)}
    more = {"outputView": told["IncrementalExportSpecification"]["ExportViewType"]} if incremental else {}
    return {
        "version": VERSIONS[incremental],
        "exportArn": told["ExportArn"],
        "startTime": moments.iso_ms(export.started_at),
        "endTime": moments.iso_ms(tx.now),
        "tableArn": told["TableArn"],
        "tableId": export.table_id,
        **period,
        "s3Bucket": told["S3Bucket"],
        "s3Prefix": told.get("S3Prefix"),
        "s3SseAlgorithm": told["S3SseAlgorithm"],
        "s3SseKmsKeyId": told.get("S3SseKmsKeyId"),
        "manifestFilesS3Key": f"{exports.folder(export)}/manifest-files.json",
        "billedSizeBytes": export.size,
        "itemCount": export.items,
        "outputFormat": export.format,
        **more,
        "exportType": exports.summary(tx, export)["ExportType"],
    }


async def _put(call: Call, export: Export, key: str, body: bytes) -> dict[str, Any]:
    asked = export.asked
    request: dict[str, Any] = {"Bucket": asked["S3Bucket"], "Key": key, "Body": body, "ContentLength": len(body)}
    request["ServerSideEncryption"] = ALGORITHMS[asked.get("S3SseAlgorithm", "AES256")]
    request |= {"SSEKMSKeyId": asked["S3SseKmsKeyId"]} if "S3SseKmsKeyId" in asked else {}
    request |= {"ExpectedBucketOwner": asked["S3BucketOwner"]} if "S3BucketOwner" in asked else {}
    return await call.ask("s3", "PutObject", request)


def _md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()


def _end(tx: Tx, export: Export, failure: tuple[str, str] | None) -> None:
    kept = tx.get(Export, export.table, export.id) or export
    kept.status, kept.failure, kept.ended_at = exports.FAILED if failure else exports.COMPLETED, failure, tx.now
    tx.put(kept)
    pasts.look_away(tx, export.table, export.id)
