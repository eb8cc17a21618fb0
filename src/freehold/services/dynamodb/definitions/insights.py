"""Contributor Insights, as they are asked for: which tables and indexes are to be watched.

One idea: what was asked is remembered and told, down to the names of the rules; there are no rules, and nothing is
watched. It may not know how items lie.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights.html
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.pages import read_token, write_token
from freehold.services.dynamodb import errors
from freehold.services.dynamodb.service.catalogue import dynamodb, source_arn, table_arn
from freehold.services.dynamodb.tables import Insight, Keys, Table, named_table, put_table

LISTED_MAX = 100
USUAL = "ACCESSED_AND_THROTTLED_KEYS"
# The rules of a mode: of what keys (PK, SK) they tell, and whether of accesses (C) or throttles (T).
KINDS = {USUAL: "CT", "THROTTLED_KEYS": "T"}
RULE = "DynamoDBContributorInsights-{keys}{kind}-{of}-{moment}"


def _keys(tx: Tx, request: Request) -> tuple[Table, str, Keys]:
    """The request's table, the name of its index ("" for the table itself), and the keys of that."""
    table, name = named_table(tx, request["TableName"]), request.get("IndexName", "")
    index = table.index(name) if name else None
    if name and (index is None or index.local):
        raise errors.IndexNotFound(index=name, table=table.name)
    return table, name, index.keys if index else table.keys


@dynamodb.operation(needs={"dynamodb:UpdateContributorInsights": source_arn})
def update_contributor_insights(call: Call, tx: Tx, request: Request) -> Response:
    table, name, _ = _keys(tx, request)
    enabled = request["ContributorInsightsAction"] == "ENABLE"
    before = table.insights.get(name)
    if before is None and not enabled:
        return _told(table, name, "DISABLED")
    mode = request.get("ContributorInsightsMode") or (USUAL if enabled or before is None else before.mode)
    if before and (before.enabled, before.mode) == (enabled, mode):
        return _told(table, name, _status(before), before.mode)
    table.insights = table.insights | {name: Insight(enabled, mode, tx.now)}
    put_table(tx, table)
    return _told(table, name, "ENABLING" if enabled else "DISABLING", mode)


@dynamodb.operation(needs={"dynamodb:DescribeContributorInsights": source_arn})
def describe_contributor_insights(call: Call, tx: Tx, request: Request) -> Response:
    table, name, keys = _keys(tx, request)
    insight = table.insights.get(name)
    if insight is None:
        return _told(table, name, "DISABLED")
    told = _told(table, name, _status(insight), insight.mode) | {"LastUpdateDateTime": insight.updated_at}
    return told | ({"ContributorInsightsRuleList": _rules(table, name, keys, insight)} if insight.enabled else {})


@dynamodb.operation(needs={"dynamodb:ListContributorInsights": table_arn})
def list_contributor_insights(call: Call, tx: Tx, request: Request) -> Response:
    """Those that are enabled, of one table or of all; a table before its indexes."""
    tables = [named_table(tx, request["TableName"])] if "TableName" in request else tx.range(Table)
    enabled = [
        (table, name, insight)
        for table in tables
        for name, insight in sorted(table.insights.items())
        if insight.enabled
    ]
    if "NextToken" in request:
        behind = read_token(request["NextToken"], tuple[str, str], errors.TokenInvalid)
        enabled = [one for one in enabled if (one[0].name, one[1]) > behind]
    page = enabled[: request.get("MaxResults") or LISTED_MAX]
    told = [_told(table, name, _status(insight), insight.mode) for table, name, insight in page]
    more = {"NextToken": write_token((page[-1][0].name, page[-1][1]))} if len(enabled) > len(page) else {}
    return {"ContributorInsightsSummaries": told} | more


def _status(insight: Insight) -> str:
    return "ENABLED" if insight.enabled else "DISABLED"


def _told(table: Table, name: str, status: str, mode: str = "") -> dict[str, Any]:
    told = {"TableName": table.name} | ({"IndexName": name} if name else {}) | {"ContributorInsightsStatus": status}
    return told | ({"ContributorInsightsMode": mode} if mode else {})


def _rules(table: Table, name: str, keys: Keys, insight: Insight) -> list[str]:
    of, moment = "-".join(filter(None, (table.name, name))), int(insight.updated_at * 1e3)
    return [
        RULE.format(keys=part, kind=kind, of=of, moment=moment)
        for part, _ in zip(("PK", "SK"), keys)
        for kind in KINDS[insight.mode]
    ]
