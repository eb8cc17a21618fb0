"""Contributor Insights: what was asked is told."""

import pytest
from botocore.exceptions import ClientError

from .shapes import index


def test_insights_are_told_as_they_were_asked_for(dynamodb, new_table):
    name = new_table(attributes={"g": "S"}, GlobalSecondaryIndexes=[index("by-g", "g")])

    def described(**where):
        told = dynamodb.describe_contributor_insights(TableName=name, **where)
        return {key: value for key, value in told.items() if key != "ResponseMetadata"}

    assert described() == {"TableName": name, "ContributorInsightsStatus": "DISABLED"}
    for where in ({}, {"IndexName": "by-g"}):
        told = dynamodb.update_contributor_insights(TableName=name, ContributorInsightsAction="ENABLE", **where)
        assert told["ContributorInsightsStatus"] == "ENABLING"
    rules = described()["ContributorInsightsRuleList"]
    assert [rule.split("-")[1] for rule in rules] == ["PKC", "PKT", "SKC", "SKT"]
    assert len(described(IndexName="by-g")["ContributorInsightsRuleList"]) == 2
    first = dynamodb.list_contributor_insights(TableName=name, MaxResults=1)
    rest = dynamodb.list_contributor_insights(TableName=name, NextToken=first["NextToken"])
    listed = [one.get("IndexName") for page in (first, rest) for one in page["ContributorInsightsSummaries"]]
    assert listed == [None, "by-g"]
    dynamodb.update_contributor_insights(TableName=name, ContributorInsightsAction="DISABLE")
    assert described()["ContributorInsightsStatus"] == "DISABLED"
    with pytest.raises(ClientError, match="Index not found"):
        described(IndexName="other")
