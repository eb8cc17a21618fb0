"""What policies may ask of requests for items: DynamoDB's own condition keys.

One idea: which attribute is the hash key only the table knows, so the keys are read when a policy is weighed, in the
transaction of the request. It may not know policies.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

import base64
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from freehold.engines.expressions import ValidationException, attribute_names, compile_request
from freehold.engines.expressions.values import AttributeValue
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Need, Request
from freehold.kernel.store import Tx
from freehold.services.dynamodb.service.catalogue import arn_of
from freehold.services.dynamodb.tables import Table, name_of

SINGLE = ("Select", "ReturnValues", "ReturnConsumedCapacity")
Wanted = dict[str, Any]


def needs(action: str, indexed: bool = False) -> Callable[[Call, Request], list[Need]]:
    """What an operation on the items of one table needs permission for."""

    def required(call: Call, request: Request) -> list[Need]:
        arn = arn_of(call, request["TableName"])
        arn += f"/index/{request['IndexName']}" if indexed and "IndexName" in request else ""
        return [(f"dynamodb:{action}", arn, partial(facts, request["TableName"], [request], request, ""))]

    return required


def batch_needs(action: str, parts: Callable[[Any], list[Wanted]]) -> Callable[[Call, Request], list[Need]]:
    """As `needs`, of a batch; `parts` are what is wanted of one table."""

    def required(call: Call, request: Request) -> list[Need]:
        return [
            (f"dynamodb:{action}", arn_of(call, name), partial(facts, name, parts(wanted), request, ""))
            for name, wanted in request["RequestItems"].items()
        ]

    return required


def each(call: Call, request: Request, enclosing: str, actions: Iterable[tuple[str, Wanted]]) -> list[Need]:
    """What a transaction needs: each action on each table once, with the keys of all that it is asked for."""
    grouped: dict[tuple[str, str], list[Wanted]] = {}
    for action, wanted in actions:
        grouped.setdefault((action, wanted["TableName"]), []).append(wanted)
    return [
        (action, arn_of(call, name), partial(facts, name, parts, request, enclosing))
        for (action, name), parts in grouped.items()
    ]


def facts(name: str, parts: list[Wanted], request: Request, enclosing: str, tx: Tx) -> Wanted:
    """The condition keys of what is asked of a table. An expression that cannot be read is refused later."""
    found, table = single(request, enclosing), _table(tx, name)
    try:
        found["dynamodb:Attributes"] = sorted({name for part in parts for name in attribute_names(part)})
        return found | (leading(_hashes(table, parts)) if table else {})
    except ValidationException:
        return found


def single(request: Request, enclosing: str) -> dict[str, Any]:
    """The condition keys that a request states itself; `enclosing` is the transaction that an action stands in."""
    found = {f"dynamodb:{member}": request[member] for member in SINGLE if member in request}
    return found | ({"dynamodb:EnclosingOperation": enclosing} if enclosing else {})


def leading(values: Iterable[AttributeValue]) -> dict[str, Any]:
    """The condition key of the hash keys that are asked for: their values, as texts, each once."""
    texts = list(dict.fromkeys(map(_shown, values)))
    return {"dynamodb:LeadingKeys": texts} if texts else {}


def _table(tx: Tx, name: str) -> Table | None:
    """The table, in whichever account it is."""
    place = arns.parse(name)
    home = tx.within(place.account, place.region) if place else tx
    return home.get(Table, name_of(name))


def _hashes(table: Table, parts: list[Wanted]) -> Iterator[AttributeValue]:
    """The hash keys' values of items and keys, and of the conditions of a query, which may be of an index."""
    own = table.keys[0][0]
    for part in parts:
        held = part.get("Item") or part.get("Key") or {}
        if own in held:
            yield held[own]
        elif "KeyConditions" in part or "KeyConditionExpression" in part:
            index = table.index(part.get("IndexName", ""))
            test = (compile_request("Query", part).keys or {}).get(index.keys[0][0] if index else own)
            yield from test.values if test else ()


def _shown(value: AttributeValue) -> str:
    ((_, content),) = value.items()
    return base64.b64encode(content).decode() if isinstance(content, bytes) else str(content)
