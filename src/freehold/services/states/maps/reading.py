"""Reading: a Map Run's items, from the state's input or from S3, become its children's inputs.

One idea: inputs are written down a chunk at a time under their numbers, so that reading again after a crash writes the
same; children are started once all are there. It may not know how children run.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
"""

import gzip
from collections.abc import Iterable
from itertools import chain, islice
from typing import Any, NamedTuple

from freehold.engines import asl
from freehold.engines.asl import maps, values
from freehold.engines.asl.errors import ITEM_READER, Failure
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.states import definitions, mapruns
from freehold.services.states.catalogue import states
from freehold.services.states.integrations import errands, refusals
from freehold.services.states.mapruns import PENDING, RUNNING, MapRun
from freehold.services.states.maps import children

CHUNK = 500  # inputs that one transaction writes
LIST, FLATTEN = "listObjectsV2", "LOAD_AND_FLATTEN"


class Found(NamedTuple):
    """Items, and where they are from, as the context object tells it."""

    items: Iterable[Any]
    source: str


@states.internal
async def read_map_items(call: Call, request: Request) -> None:
    """Read a run's items as the machine's role, and start its children: `machine`, `id`."""
    run = await call.transact(lambda tx: tx.get(MapRun, request["machine"], request["id"]))
    if run is None or run.status != RUNNING:
        return
    if run.read:
        await call.transact(_go_on, call, request)
        return
    try:
        await _fill(call, run, await _found(call, run.command))
    except Failure as failure:
        event = asl.MapRunFailed(run.command.id, failure.error or "", failure.cause)
        await call.transact(_fail, call, request, event)


async def _fill(call: Call, run: MapRun, found: Found) -> None:
    """Write the children's inputs, then begin. Raises Failure."""
    machine = await call.transact(definitions.compiled, run.settings.digest)
    inputs = maps.inputs(machine, run.command, found.items, call.now, call.ids, found.source)
    items = made = 0
    while chunk := list(islice(inputs, CHUNK)):
        await call.transact(mapruns.fill, run, made, chunk)
        made, items = made + len(chunk), items + sum(child.items for child in chunk)
        await call.sleep(0)
    await call.transact(_begin, call, run, items, made)


def _go_on(tx: Tx, call: Call, request: Request) -> None:
    """The inputs are there: from an earlier try of the run, or because this was asked for twice."""
    run = tx.get(MapRun, request["machine"], request["id"])
    if run:
        children.go_on(call, tx, run)


def _begin(tx: Tx, call: Call, known: MapRun, items: int, made: int) -> None:
    run = tx.get(MapRun, known.machine, known.id)
    if run and not run.read and run.status == RUNNING:
        run.read, run.command = True, mapruns.lean(run.command)
        run.items.move(items, PENDING)
        run.executions.move(made, PENDING)
        children.go_on(call, tx, run)


def _fail(tx: Tx, call: Call, request: Request, event: asl.MapRunFailed) -> None:
    run = tx.get(MapRun, request["machine"], request["id"])
    if run and not run.read and run.status == RUNNING:
        children.fail(call, tx, run, event)


# Where items come from


async def _found(call: Call, command: asl.RunMap) -> Found:
    """The items of a run. Raises Failure."""
    reader = command.reader
    if reader is None:
        return Found(values.read(command.items or "[]"), "STATE_DATA")
    given = values.read(reader.parameters)
    bucket = f"S3://{given.get('Bucket')}"
    try:
        if reader.resource.endswith(LIST):
            return Found(await _listed(call, reader, given), bucket)
        text = await _text(call, given)
        if reader.input_type == "MANIFEST":
            return Found(await _parts(call, text, reader, given), bucket)
        return Found(maps.read(text, reader), f"{bucket}/{given.get('Key')}")
    except AwsError as refusal:
        if (refusal.status or 400) >= 500:
            raise
        raise Failure(ITEM_READER, refusals.cause("Amazon S3", refusal, call.ids.uuid())) from refusal


async def _listed(call: Call, reader: asl.Reader, given: dict[str, Any]) -> Iterable[Any]:
    """The objects of a bucket as items, or the items in each of them."""
    contents: list[dict[str, Any]] = []
    request = dict(given)
    while True:
        page = await call.ask("s3", "ListObjectsV2", request)
        contents += page.get("Contents", [])
        if not page.get("IsTruncated"):
            break
        request["ContinuationToken"] = page["NextContinuationToken"]
    if reader.transformation != FLATTEN:
        return islice(maps.listed(contents), reader.items_max or None)
    each = [maps.read(await _text(call, {"Bucket": given["Bucket"], "Key": one["Key"]}), reader) for one in contents]
    return islice(chain.from_iterable(each), reader.items_max or None)


async def _parts(call: Call, text: str, reader: asl.Reader, given: dict[str, Any]) -> Iterable[Any]:
    """The items in the files that a manifest names."""
    each = []
    for part in maps.parts(text, reader):
        place = {"Bucket": part.bucket or given["Bucket"], "Key": part.key}
        each.append(maps.read(await _text(call, place, part.gzipped), part.reader))
    return islice(chain.from_iterable(each), reader.items_max or None)


async def _text(call: Call, place: dict[str, Any], gzipped: bool = False) -> str:
    answer = await errands.run_errand(call, {"room": "s3", "operation": "GetObject", "request": place})
    body: bytes = answer["Body"]
    return (gzip.decompress(body) if gzipped else body).decode("utf-8", "replace")
