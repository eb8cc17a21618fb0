"""CloudFormation types, as the sequences of calls that they make."""

import json

import pytest

from freehold.kernel.resources import Made, Refused, Want
from freehold.services.iam import iam

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
ANSWERS = {
    "CreateRole": {"Role": {"Arn": "arn:role", "RoleId": "AROA1"}},
    "CreatePolicy": {"Policy": {"Arn": "arn:p", "PolicyId": "ANPA1", "DefaultVersionId": "v1", "IsAttachable": True}},
    "ListPolicyVersions": {"Versions": [{"VersionId": f"v{n}", "IsDefaultVersion": n == 5} for n in (5, 4, 3, 2, 1)]},
}


def run(kind, step, properties, old=(), id="", refuse=()):
    """The (operation, request) pairs of a step, and what it made. Operations of `refuse` find nothing."""
    tags = {"stage": "test"}
    want = Want("1", "us-east-1", "arn", "stack", "Thing", "ABCDEFGHIJKL", properties, dict(old), id, tags, tags)
    steps, asked, answer = iam.resources[f"AWS::IAM::{kind}"].steps[step](want), [], None
    try:
        while True:
            ask = steps.throw(answer) if isinstance(answer, Refused) else steps.send(answer)
            asked.append((ask.operation, ask.request))
            answer = ANSWERS.get(ask.operation, {})
            if ask.operation in refuse:
                answer = Refused("NoSuchEntity", "gone", 404)
    except StopIteration as done:
        return asked, done.value


def test_a_role_is_made_with_what_it_holds():
    policy = {"PolicyName": "p", "PolicyDocument": TRUST}
    given = {"AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": [BASIC], "Policies": [policy]}
    asked, made = run("Role", "create", given)
    assert [operation for operation, _ in asked] == ["CreateRole", "AttachRolePolicy", "PutRolePolicy"]
    request = asked[0][1]
    assert request["RoleName"] == "stack-Thing-ABCDEFGHIJKL" and request["Tags"] == [{"Key": "stage", "Value": "test"}]
    assert json.loads(request["AssumeRolePolicyDocument"]) == TRUST
    assert made == Made("stack-Thing-ABCDEFGHIJKL", {"Arn": "arn:role", "RoleId": "AROA1"})


def test_a_role_changes_in_what_is_different():
    old = {"AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": [BASIC, "arn:a"]}
    new = {"AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": [BASIC, "arn:b"], "MaxSessionDuration": 7200}
    asked, made = run("Role", "update", new, old, id="r")
    assert [operation for operation, _ in asked] == ["UpdateRole", "AttachRolePolicy", "DetachRolePolicy"]
    assert [request.get("PolicyArn") for _, request in asked[1:]] == ["arn:b", "arn:a"]
    assert made.id == "r"


@pytest.mark.parametrize("refuse", [(), ("DetachRolePolicy", "DeleteRole")])
def test_a_role_goes_and_may_be_gone_already(refuse):
    asked, _ = run("Role", "delete", {"ManagedPolicyArns": [BASIC]}, id="r", refuse=refuse)
    assert [operation for operation, _ in asked] == ["DetachRolePolicy", "DeleteRole"]


def test_an_inline_policy_follows_its_roles():
    old = {"PolicyName": "p", "PolicyDocument": TRUST, "Roles": ["a", "b"]}
    asked, _ = run("Policy", "update", old | {"Roles": ["b", "c"]}, old, id="p")
    assert [(operation, request["RoleName"]) for operation, request in asked] == [
        ("PutRolePolicy", "c"),
        ("DeleteRolePolicy", "a"),
    ]


def test_a_changed_document_reaches_all_roles_and_leaves_the_others():
    old = {"PolicyName": "p", "PolicyDocument": TRUST, "Roles": ["a", "b"]}
    new = {"PolicyName": "p", "PolicyDocument": TRUST | {"Id": "new"}, "Roles": ["b", "c"]}
    asked, _ = run("Policy", "update", new, old, id="p")
    assert [(operation, request["RoleName"]) for operation, request in asked] == [
        ("PutRolePolicy", "b"),
        ("PutRolePolicy", "c"),
        ("DeleteRolePolicy", "a"),
    ]


def test_a_managed_policy_makes_room_for_its_new_version():
    old = {"PolicyDocument": TRUST}
    asked, _ = run("ManagedPolicy", "update", {"PolicyDocument": TRUST | {"Id": "new"}}, old, id="arn:p")
    assert [operation for operation, _ in asked] == ["ListPolicyVersions", "DeletePolicyVersion", "CreatePolicyVersion"]
    assert asked[1][1]["VersionId"] == "v1"


def test_a_managed_policy_is_known_by_its_arn():
    asked, made = run("ManagedPolicy", "create", {"PolicyDocument": TRUST, "Roles": ["a"]})
    assert [operation for operation, _ in asked] == ["CreatePolicy", "AttachRolePolicy"]
    assert made.id == "arn:p" and made.attributes["PolicyArn"] == "arn:p"
