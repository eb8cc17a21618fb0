"""Query and Scan.

One idea: both read one page of a span; what else they are asked — which attributes, which filter — is looked at before.
It may not know how items lie.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
"""

from collections.abc import Callable

from freehold.engines.expressions import Compiled, Item, admit_item, compile_request, key_query, read_units
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import errors
from freehold.services.dynamodb.items import TABLE_ITSELF, Entry, Row
from freehold.services.dynamodb.reading.pages import Held, Source, Span, last_key, query_span, read_page, scan_span
from freehold.services.dynamodb.service.catalogue import dynamodb, source_arn
from freehold.services.dynamodb.tables import ACTIVE, open_table
from freehold.services.dynamodb.usage import consumed

NAMING = ("ProjectionExpression", "AttributesToGet")
UNNAMED = ("COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")  # what `Select` may be only without them


@dynamodb.operation(needs={"dynamodb:Query": source_arn})
def query(call: Call, tx: Tx, request: Request) -> Response:
    if "KeyConditions" not in request and "KeyConditionExpression" not in request:
        raise errors.KeyConditionMissing()
    _check_select(request)
    compiled = compile_request("Query", request)
    source = _source(tx, request)
    asked = key_query(compiled.keys or {}, source.keys)
    _check_filter(request, compiled, source)
    span = query_span(source, asked, not request.get("ScanIndexForward", True), _start_key(request))
    return _answer(tx, request, compiled, span)


@dynamodb.operation(needs={"dynamodb:Scan": source_arn})
def scan(call: Call, tx: Tx, request: Request) -> Response:
    _check_select(request)
    segment, total = _segment(request)
    compiled = compile_request("Scan", request)
    span = scan_span(_source(tx, request), segment, total, _start_key(request))
    return _answer(tx, request, compiled, span)


def _answer(tx: Tx, request: Request, compiled: Compiled, span: Span) -> Response:
    source = span.source
    fetches = _fetches(request, compiled, source)
    page = read_page(
        tx, span, request.get("Limit"),
        compiled.filter.holds if compiled.filter else None,
        _whole(tx, source) if fetches else None,
    )  # fmt: skip
    answer: Response = {"Count": len(page.items), "ScannedCount": page.scanned}
    if request.get("Select") != "COUNT":
        projection = compiled.projection
        answer["Items"] = [projection.of(item) for item in page.items] if projection else page.items
    if page.last:
        answer["LastEvaluatedKey"] = last_key(source, page.last)
    consistent = request.get("ConsistentRead", False)
    units = {source.index.name if source.index else TABLE_ITSELF: read_units(page.size, consistent=consistent)}
    if fetches:
        units[TABLE_ITSELF] = page.scanned * read_units(0, consistent=consistent)
    told = consumed(source.table, units, request.get("ReturnConsumedCapacity"))
    if told:
        answer["ConsumedCapacity"] = told
    return answer


def _source(tx: Tx, request: Request) -> Source:
    """The table or index to read. Raises ValidationException if there is no such index, or it cannot be read so."""
    table = open_table(tx, request["TableName"])
    name = request.get("IndexName")
    if name is None:
        return Source(table, None)
    index = table.index(name)
    if index is None:
        raise errors.IndexUnknown(index=name)
    if index.status != ACTIVE:
        raise errors.IndexUnready(index=name)
    if request.get("ConsistentRead") and not index.local:
        raise errors.ConsistentIndexRead()
    return Source(table, index)


def _check_select(request: Request) -> None:
    select = request.get("Select")
    named = next((name for name in NAMING if name in request), None)
    if select == "ALL_PROJECTED_ATTRIBUTES" and "IndexName" not in request:
        raise errors.ProjectedWithoutIndex()
    if select == "SPECIFIC_ATTRIBUTES" and not named:
        raise errors.SpecificWithoutNames()
    if select in UNNAMED and named:
        raise errors.NamesWithSelect(parameter=named, what="only the Count" if select == "COUNT" else select)


def _check_filter(request: Request, compiled: Compiled, source: Source) -> None:
    """A query's filter may not look at the keys that the query is by."""
    read = {path[0] for path in compiled.filter.paths} if compiled.filter else set()
    for name, _ in source.keys:
        if name in read:
            raise errors.KeyFiltered(what="QueryFilter" if "QueryFilter" in request else "Filter Expression", name=name)


def _fetches(request: Request, compiled: Compiled, source: Source) -> bool:
    """Whether attributes are asked for that the index has not: a local one fetches them, a global one cannot."""
    index = source.index
    if index is None or index.attributes is None:
        return False
    projected = set(index.attributes)
    wanted = {str(path[0]) for path in compiled.projection.paths} if compiled.projection else set()
    missing = sorted(wanted - projected)
    everything = request.get("Select") == "ALL_ATTRIBUTES"
    if index.local:
        return everything or bool(missing)
    if everything:
        raise errors.AllOfPartialIndex(index=index.name)
    if missing:
        raise errors.NotProjected(index=index.name, names=", ".join(missing))
    return False


def _whole(tx: Tx, source: Source) -> Callable[[Held], Item]:
    def whole(held: Held) -> Item:
        row = tx.get(Row, source.table.space, held.item_hash, held.item_sort) if isinstance(held, Entry) else held
        assert row, "an index entry without its item"
        return row.item

    return whole


def _start_key(request: Request) -> Item | None:
    start = request.get("ExclusiveStartKey")
    return admit_item(start) if start else None


def _segment(request: Request) -> tuple[int, int]:
    segment, total = request.get("Segment"), request.get("TotalSegments")
    if segment is None and total is None:
        return 0, 1
    if total is None:
        raise errors.SegmentsMissing(missing="TotalSegments", given="Segment parameter")
    if segment is None:
        raise errors.SegmentsMissing(missing="Segment", given="parameter TotalSegments")
    if segment >= total:
        raise errors.SegmentTooHigh(segment=segment, total=total)
    return segment, total
