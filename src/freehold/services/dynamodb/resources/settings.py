"""What a table has beside itself: streams, destinations, expiry, tags, recovery, insights and policies.

One idea: each is one property of the template and one or two operations; what a template no longer says is taken back.
It may not know the store.
"""

import msgspec

from freehold.engines.coerce import tag_list
from freehold.kernel import arns
from freehold.kernel.resources import Ask, Ending, Properties, Refused, Want

NO_STATE = "ValidationException"  # what is to be switched off is off


def update_all(want: Want, name: str, given: Properties, old: Properties) -> Ending:
    """Everything but the stream, which the table is made with."""
    yield from _update_destination(name, given, old)
    yield from _update_expiry(name, given, old)
    yield from _update_recovery(name, given, old)
    yield from _update_insights(name, given, old)
    yield from _update_policy(arn(want, name), given.get("ResourcePolicy"), old.get("ResourcePolicy"))
    if given.get("StreamPolicy") != old.get("StreamPolicy"):
        described = yield Ask("dynamodb", "DescribeTable", {"TableName": name})
        stream = described["Table"].get("LatestStreamArn", "")
        yield from _update_policy(stream, given.get("StreamPolicy"), old.get("StreamPolicy"))


def update_stream(name: str, given: Properties, old: Properties) -> Ending:
    """A stream of another view is another stream: the one before is ended first."""
    wanted, current = given.get("StreamSpecification"), old.get("StreamSpecification")
    if wanted == current:
        return
    for one in ([{"StreamEnabled": False}] if current else []) + ([wanted] if wanted else []):
        yield Ask("dynamodb", "UpdateTable", {"TableName": name, "StreamSpecification": one})


def _update_destination(name: str, given: Properties, old: Properties) -> Ending:
    """The Kinesis stream that changes are sent to: another one takes the place of the one before."""
    wanted, current = given.get("KinesisStreamSpecification"), old.get("KinesisStreamSpecification")
    if wanted == current:
        return
    if current:
        off = {"TableName": name, "StreamArn": current["StreamArn"]}
        try:
            yield Ask("dynamodb", "DisableKinesisStreamingDestination", off)
        except Refused as refusal:
            if refusal.code != NO_STATE:
                raise
    if wanted:
        settings = {key: value for key, value in wanted.items() if key != "StreamArn"}
        on = {"TableName": name, "StreamArn": wanted["StreamArn"]}
        on |= {"EnableKinesisStreamingConfiguration": settings} if settings else {}
        yield Ask("dynamodb", "EnableKinesisStreamingDestination", on)


def _update_expiry(name: str, given: Properties, old: Properties) -> Ending:
    wanted, current = (one.get("TimeToLiveSpecification", {}) for one in (given, old))
    if wanted == current:
        return
    if current.get("Enabled"):
        off = {"AttributeName": current["AttributeName"], "Enabled": False}
        yield Ask("dynamodb", "UpdateTimeToLive", {"TableName": name, "TimeToLiveSpecification": off})
    if wanted.get("Enabled"):
        yield Ask("dynamodb", "UpdateTimeToLive", {"TableName": name, "TimeToLiveSpecification": wanted})


def _update_recovery(name: str, given: Properties, old: Properties) -> Ending:
    wanted, current = (one.get("PointInTimeRecoverySpecification") for one in (given, old))
    if wanted != current:
        specified = wanted or {"PointInTimeRecoveryEnabled": False}
        request = {"TableName": name, "PointInTimeRecoverySpecification": specified}
        yield Ask("dynamodb", "UpdateContinuousBackups", request)


def _update_insights(name: str, given: Properties, old: Properties) -> Ending:
    """Of the table, and of each index."""
    wanted, current = _insights(given), _insights(old)
    for index in {**current, **wanted}:
        if wanted.get(index) == current.get(index):
            continue
        asked = wanted.get(index, {})
        request = {"TableName": name, "ContributorInsightsAction": "ENABLE" if asked.get("Enabled") else "DISABLE"}
        request |= {"IndexName": index} if index else {}
        request |= {"ContributorInsightsMode": asked["Mode"]} if asked.get("Mode") else {}
        if asked or not index or index in _names(given):
            yield Ask("dynamodb", "UpdateContributorInsights", request)


def _insights(properties: Properties) -> dict[str, Properties]:
    specified = "ContributorInsightsSpecification"
    found = {"": properties[specified]} if specified in properties else {}
    for index in properties.get("GlobalSecondaryIndexes", ()):
        if specified in index:
            found[index["IndexName"]] = index[specified]
    return found


def _names(properties: Properties) -> set[str]:
    return {index["IndexName"] for index in properties.get("GlobalSecondaryIndexes", ())}


def _update_policy(of: str, wanted: Properties | None, current: Properties | None) -> Ending:
    if wanted == current:
        return
    if wanted:
        text = msgspec.json.encode(wanted["PolicyDocument"]).decode()
        yield Ask("dynamodb", "PutResourcePolicy", {"ResourceArn": of, "Policy": text})
    else:
        yield Ask("dynamodb", "DeleteResourcePolicy", {"ResourceArn": of})


def update_tags(want: Want, name: str, given: Properties, old: Properties) -> Ending:
    gone, new = want._replace(properties=given, old=old).retagged()
    if gone:
        yield Ask("dynamodb", "UntagResource", {"ResourceArn": arn(want, name), "TagKeys": gone})
    if new:
        yield Ask("dynamodb", "TagResource", {"ResourceArn": arn(want, name), "Tags": tag_list(new)})


def arn(want: Want, name: str) -> str:
    return arns.arn("dynamodb", want.region, want.account, f"table/{name}")
