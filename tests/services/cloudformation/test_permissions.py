"""Who deploys: the caller with the caller's permissions, or a role with its own."""

import pytest
from botocore.exceptions import ClientError

ANY = {"Effect": "Allow", "Resource": "*"}


@pytest.fixture
def deployer(stacks, stacks_of):
    """Stacks of one who may do these actions and no others."""

    def allowed(*actions: str):
        other = stacks_of(stacks.aws)
        other.client = stacks.aws.as_role("cloudformation", "deployer", ANY | {"Action": list(actions)})
        return other

    return allowed


def test_a_caller_without_permission_to_the_resources(stacks, deployer):
    limited = deployer("cloudformation:*")
    body = stacks.template({"Q": stacks.queue()})
    limited.client.create_stack(StackName="limited", TemplateBody=body)
    assert stacks.settled("limited")["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "HandlerErrorCode: AccessDenied" in stacks.reason("limited", "Q", "CREATE_FAILED")


def test_a_role_deploys_what_its_caller_may_not(stacks, deployer):
    role = stacks.aws.role("service", "cloudformation.amazonaws.com", ANY | {"Action": "sqs:*"})
    limited = deployer("cloudformation:*", "iam:PassRole")
    stack = limited.create("through", stacks.template({"Q": stacks.queue()}), RoleARN=role)
    assert stack["RoleARN"] == role
    assert limited.delete("through")["StackStatus"] == "DELETE_COMPLETE"


def test_a_role_must_be_passed_and_must_trust_cloudformation(stacks, deployer):
    trusted = stacks.aws.role("service", "cloudformation.amazonaws.com")
    other = stacks.aws.role("other", "lambda.amazonaws.com")
    body = stacks.template({"H": stacks.HANDLE})
    limited = deployer("cloudformation:*")
    code, _ = limited.refusal("create_stack", StackName="s", TemplateBody=body, RoleARN=trusted)
    assert code == "AccessDenied"
    expected = ("ValidationError", f"Role {other} is invalid or cannot be assumed")
    assert stacks.refusal("create_stack", StackName="s", TemplateBody=body, RoleARN=other) == expected


def test_a_stack_that_is_allowed_opens_no_change_set_of_another(stacks):
    body = stacks.template({"Q": stacks.queue()})
    stacks.create("mine", stacks.template({"H": stacks.HANDLE}))
    other = stacks.changeset("theirs", "x", TemplateBody=body, ChangeSetType="CREATE")["ChangeSetId"]
    mine = ANY | {"Action": "cloudformation:*", "Resource": "arn:aws:cloudformation:*:*:stack/mine/*"}
    limited = stacks.aws.as_role("cloudformation", "limited", ANY | {"Action": "sqs:*"}, mine)
    for operation in ("describe_change_set", "execute_change_set", "get_template", "delete_change_set"):
        with pytest.raises(ClientError, match="does not exist"):
            getattr(limited, operation)(StackName="mine", ChangeSetName=other)
