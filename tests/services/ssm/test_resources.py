"""AWS::SSM::Parameter: its steps, carried out by a client."""

import pytest
from botocore.exceptions import ClientError

from freehold.kernel.resources import Refused, Want
from freehold.kernel.service import snake
from freehold.services.cloudformation.steps import handler_code
from freehold.services.ssm import ssm as catalogue


@pytest.fixture
def carry_out(aws):
    """Carry out a step; the outcome."""
    client = aws("ssm")

    def run(step, properties, **more):
        want = Want(aws.account, aws.region, "arn:stack", "shop", "Url", "ABCDEFGHIJKL", properties, **more)
        steps = catalogue.resources["AWS::SSM::Parameter"].steps[step](want)
        answer, refusal = None, None
        while True:
            try:
                asked = steps.throw(refusal) if refusal else steps.send(answer)
            except StopIteration as end:
                return end.value
            except Refused as refused:
                if step == "delete" and handler_code(refused.code, 400) == "NotFound":
                    return None
                raise
            try:
                answer, refusal = getattr(client, snake(asked.operation))(**asked.request), None
            except ClientError as fault:
                refusal = Refused(fault.response["Error"]["Code"], fault.response["Error"]["Message"])

    return run


def test_a_parameter_is_made_changed_and_removed(carry_out, aws):
    ssm = aws("ssm")
    first = {"Type": "String", "Value": "one", "Tags": {"a": "1"}}
    made = carry_out("create", first, tags={"stack": "shop"})
    assert (made.id, made.attributes) == ("shop-Url-ABCDEFGHIJKL", {"Type": "String", "Value": "one"})
    second = {"Type": "String", "Value": "two"}
    carry_out("update", second, old=first, id=made.id, tags={"stack": "shop"})
    assert ssm.get_parameter(Name=made.id)["Parameter"]["Value"] == "two"
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=made.id)["TagList"]
    assert tags == [{"Key": "stack", "Value": "shop"}]
    for _ in range(2):
        carry_out("delete", second, id=made.id)
    assert ssm.describe_parameters()["Parameters"] == []


def test_secrets_are_no_templates_matter(carry_out):
    with pytest.raises(Refused, match="SecureString"):
        carry_out("create", {"Type": "SecureString", "Value": "hush"})
