"""Query and Scan.

One idea: both read one page of a span; what else they are asked — which attributes, which filter — is looked at before.
It may not know how items lie.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
"""

from freehold.engines.expressions import (
    Compiled,
    Condition,
    Item,
    ValidationException,
    admit_item,
    admit_request,
    compile_request,
    key_query,
    read_units,
)
from freehold.engines.expressions.errors import (
    DuplicateBinaries,
    DuplicateNumbers,
    DuplicateStrings,
    EmptyNumber,
    EmptyNumberSet,
    NotANumber,
    NumberOverflow,
    NumberUnderflow,
    TooManyDigits,
)
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import access
from freehold.services.dynamodb.items import TABLE_ITSELF
from freehold.services.dynamodb.reading import errors
from freehold.services.dynamodb.reading.pages import (
    Page,
    Span,
    check_index_start,
    check_start,
    last_key,
    query_span,
    read_page,
    scan_span,
    visited,
)
from freehold.services.dynamodb.reading.sources import Source, fetches, open_source, whole
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.tables import check_paths
from freehold.services.dynamodb.throughput import READ, spend
from freehold.services.dynamodb.usage import consumed, counts

# What AWS says of a starting key without saying that it is of a starting key.
NUMBERS_AT_FAULT = (
    *(DuplicateBinaries, DuplicateNumbers, DuplicateStrings, EmptyNumber, EmptyNumberSet, NotANumber),
    *(NumberOverflow, NumberUnderflow, TooManyDigits),
)
NAMING = ("ProjectionExpression", "AttributesToGet")
UNNAMED = ("COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")  # what `Select` may be only without them


@dynamodb.operation(needs=access.needs("Query", indexed=True))
def query(call: Call, tx: Tx, request: Request) -> Response:
    start: Item | None = None

    def between() -> None:
        nonlocal start
        start = _start_key(request)
        if "KeyConditions" not in request and "KeyConditionExpression" not in request:
            raise errors.KeyConditionMissing()

    admit_request("Query", request)
    compiled = compile_request("Query", request, between)
    _check_select(request)
    source = open_source(call, tx, request)
    if start is not None:
        check_start(source, start)
    asked = key_query(compiled.keys or {}, source.keys, source.hashes, start)
    span = query_span(source, asked, not request.get("ScanIndexForward", True), start)
    if compiled.projection:
        check_paths(source.table, compiled.projection.paths)
    if compiled.filter:
        _check_filter(request, compiled.filter, source)
    fetched = _fetches(request, compiled, source)
    if compiled.filter:
        check_paths(source.table, compiled.filter.paths)
    return _answer(call, tx, request, compiled, span, fetched)


@dynamodb.operation(needs=access.needs("Scan", indexed=True))
def scan(call: Call, tx: Tx, request: Request) -> Response:
    start: Item | None = None
    segment, total = 0, 1

    def between() -> None:
        nonlocal start, segment, total
        start = _start_key(request)
        segment, total = _segment(request)

    admit_request("Scan", request)
    compiled = compile_request("Scan", request, between)
    _check_select(request)
    source = open_source(call, tx, request)
    if start is not None and source.index:
        check_start(source, start)
        check_index_start(source, start)
    fetched = _fetches(request, compiled, source)
    span = scan_span(source, segment, total, start)
    if compiled.projection:
        check_paths(source.table, compiled.projection.paths)
    if compiled.filter:
        check_paths(source.table, compiled.filter.paths)
    return _answer(call, tx, request, compiled, span, fetched)


def _answer(call: Call, tx: Tx, request: Request, compiled: Compiled, span: Span, fetched: bool) -> Response:
    source = span.source
    page = read_page(
        tx, span, request.get("Limit"),
        compiled.filter.holds if compiled.filter else None,
        whole(tx, source) if fetched else None,
    )  # fmt: skip
    answer: Response = {"Count": len(page.items), "ScannedCount": page.scanned}
    if request.get("Select") != "COUNT":
        projection = compiled.projection
        answer["Items"] = [projection.of(item) for item in page.items] if projection else page.items
    if page.last:
        answer["LastEvaluatedKey"] = last_key(source, page.last)
    return answer | _used(call, tx, request, span, page, fetched) if counts(call, request) else answer


def _used(call: Call, tx: Tx, request: Request, span: Span, page: Page, fetched: bool) -> Response:
    """What the answer tells of the units that a page used. Raises ProvisionedThroughputExceededException."""
    source, consistent = span.source, request.get("ConsistentRead", False)
    used = max(read_units(page.size, consistent=consistent), visited(span, page) * read_units(0, consistent=consistent))
    units = {source.index.name if source.index else TABLE_ITSELF: used}
    if fetched:
        units[TABLE_ITSELF] = page.scanned * read_units(0, consistent=consistent)
    spend(call, tx, source.table, units, READ)
    told = consumed(source.table, units, request.get("ReturnConsumedCapacity"))
    return {"ConsumedCapacity": told} if told else {}


def _check_select(request: Request) -> None:
    select = request.get("Select")
    if select is None:
        return
    named = next((name for name in NAMING if name in request), None)
    if select == "ALL_PROJECTED_ATTRIBUTES" and "IndexName" not in request:
        raise errors.ProjectedWithoutIndex()
    if select == "SPECIFIC_ATTRIBUTES" and not named:
        raise errors.SpecificWithoutNames()
    if select in UNNAMED and named:
        raise errors.NamesWithSelect(parameter=named, what="only the Count" if select == "COUNT" else select)


def _check_filter(request: Request, condition: Condition, source: Source) -> None:
    """A query's filter may not look at the keys that the query is by."""
    read = {path[0] for path in condition.paths}
    for name, _ in source.keys:
        if name in read:
            raise errors.KeyFiltered(what="QueryFilter" if "QueryFilter" in request else "Filter Expression", name=name)


def _fetches(request: Request, compiled: Compiled, source: Source) -> bool:
    wanted = {str(path[0]) for path in compiled.projection.paths} if compiled.projection else set()
    return fetches(source, wanted, everything=request.get("Select") == "ALL_ATTRIBUTES")


def _start_key(request: Request) -> Item | None:
    """The request's ExclusiveStartKey in stored form. Raises ValidationException."""
    start = request.get("ExclusiveStartKey")
    if start is None:
        return None
    try:
        return admit_item(start)
    except NUMBERS_AT_FAULT:
        raise
    except ValidationException as fault:
        raise errors.StartKeyFault(fault=fault.message) from None


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
