"""Dashboards: put, shown, listed, tagged, removed; and as a CloudFormation type."""

import json

import pytest
from botocore.exceptions import ClientError

from freehold.kernel.resources import Refused, Want
from freehold.kernel.service import snake
from freehold.services.cloudformation.steps import handler_code
from freehold.services.cloudwatch import cloudwatch as catalogue

BODY = json.dumps({"widgets": []})


@pytest.fixture
def cloudwatch(aws):
    return aws("cloudwatch")


def test_a_dashboard_is_put_shown_and_removed(cloudwatch, aws):
    assert cloudwatch.put_dashboard(DashboardName="sales", DashboardBody=BODY)["DashboardValidationMessages"] == []
    told = cloudwatch.get_dashboard(DashboardName="sales")
    arn = f"arn:aws:cloudwatch::{aws.account}:dashboard/sales"
    assert (told["DashboardBody"], told["DashboardArn"]) == (BODY, arn)
    cloudwatch.put_dashboard(DashboardName="stock", DashboardBody=BODY)
    entries = cloudwatch.list_dashboards(DashboardNamePrefix="sa")["DashboardEntries"]
    assert [(one["DashboardName"], one["Size"]) for one in entries] == [("sales", len(BODY))]
    assert len(aws("cloudwatch", region="eu-west-1").list_dashboards()["DashboardEntries"]) == 2
    with pytest.raises(ClientError):
        cloudwatch.delete_dashboards(DashboardNames=["sales", "none"])
    cloudwatch.delete_dashboards(DashboardNames=["sales", "stock"])
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []
    with pytest.raises(ClientError, match="Dashboard sales does not exist"):
        cloudwatch.get_dashboard(DashboardName="sales")


@pytest.mark.parametrize(("name", "body"), [("d", "{"), ("d", "[]"), ("a b", BODY)])
def test_a_body_is_a_json_object_and_a_name_a_word(cloudwatch, name, body):
    with pytest.raises(ClientError) as refusal:
        cloudwatch.put_dashboard(DashboardName=name, DashboardBody=body)
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_tags(cloudwatch):
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=BODY)
    arn = cloudwatch.get_dashboard(DashboardName="d")["DashboardArn"]
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    with pytest.raises(ClientError):
        cloudwatch.tag_resource(ResourceARN=arn + "x", Tags=[{"Key": "a", "Value": "1"}])


def test_the_cloudformation_type(cloudwatch, aws):
    def carry_out(step, **more):
        want = Want(aws.account, aws.region, "arn:stack", "shop", "Sales", "ABCDEFGHIJKL", **more)
        steps = catalogue.resources["AWS::CloudWatch::Dashboard"].steps[step](want)
        try:
            asked = next(steps)
            try:
                steps.send(getattr(cloudwatch, snake(asked.operation))(**asked.request))
            except ClientError as fault:
                steps.throw(Refused(fault.response["Error"]["Code"], fault.response["Error"]["Message"]))
        except StopIteration as end:
            return end.value
        except Refused as refused:
            if step == "delete" and handler_code(refused.code, 400) == "NotFound":
                return None
            raise
        raise AssertionError("more steps than one")

    made = carry_out("create", properties={"DashboardBody": {"widgets": []}})
    assert made.id == "shop-Sales-ABCDEFGHIJKL"
    carry_out("update", properties={"DashboardBody": '{"start": "-PT1H"}'}, id=made.id)
    assert cloudwatch.get_dashboard(DashboardName=made.id)["DashboardBody"] == '{"start": "-PT1H"}'
    for _ in range(2):
        carry_out("delete", properties={}, id=made.id)
