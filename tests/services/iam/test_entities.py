"""Roles, users, groups, policies and instance profiles: made, found, listed, refused, deleted."""

import json

import pytest
from botocore.exceptions import ClientError

from freehold.engines import iam as engine
from freehold.services.iam import aws_managed, managed_policy_map

BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def refused(ask, **request):
    """The code and message with which a request is refused."""
    with pytest.raises(ClientError) as refusal:
        ask(**request)
    error = refusal.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def iam(aws):
    return aws("iam")


@pytest.fixture
def role(iam, document):
    return iam.create_role(RoleName="Worker", AssumeRolePolicyDocument=document.trust, Description="works")["Role"]


def test_a_role_as_it_was_made(iam, aws, role, document):
    found = iam.get_role(RoleName="Worker")["Role"]
    assert found["Arn"] == f"arn:aws:iam::{aws.account}:role/Worker"
    assert found["RoleId"].startswith("AROA") and len(found["RoleId"]) == 21
    assert found["AssumeRolePolicyDocument"] == json.loads(document.trust)
    assert found["MaxSessionDuration"] == 3600 and found["Description"] == "works"


def test_names_differ_by_more_than_case(iam, role, document):
    code, words = refused(iam.create_role, RoleName="worker", AssumeRolePolicyDocument=document.trust)
    assert (code, words) == ("EntityAlreadyExists", "Role with name worker already exists.")
    assert iam.get_role(RoleName="WORKER")["Role"]["RoleName"] == "Worker"


@pytest.mark.parametrize(
    ("operation", "request_", "words"),
    [
        ("get_role", {"RoleName": "no"}, "The role with name no cannot be found."),
        ("get_user", {"UserName": "no"}, "The user with name no cannot be found."),
        ("get_group", {"GroupName": "no"}, "The group with name no cannot be found."),
        ("get_instance_profile", {"InstanceProfileName": "no"}, "Instance Profile no cannot be found."),
        (
            "get_role_policy",
            {"RoleName": "Worker", "PolicyName": "no"},
            "The role policy with name no cannot be found.",
        ),
        ("get_policy", {"PolicyArn": f"{BASIC}x"}, f"Policy {BASIC}x was not found."),
        (
            "attach_role_policy",
            {"RoleName": "Worker", "PolicyArn": f"{BASIC}x"},
            f"Policy {BASIC}x does not exist or is not attachable.",
        ),
        ("detach_role_policy", {"RoleName": "Worker", "PolicyArn": BASIC}, f"Policy {BASIC} was not found."),
    ],
)
def test_what_is_not_there(iam, role, operation, request_, words):
    assert refused(getattr(iam, operation), **request_) == ("NoSuchEntity", words)


def test_a_document_that_is_none(iam, role):
    code, words = refused(iam.put_role_policy, RoleName="Worker", PolicyName="p", PolicyDocument="{}")
    assert (code, words) == ("MalformedPolicyDocument", "Syntax errors in policy.")
    code, words = refused(iam.create_role, RoleName="r", AssumeRolePolicyDocument='{"Statement": [')
    assert (code, words) == ("MalformedPolicyDocument", "This policy contains invalid Json")


def test_a_role_goes_when_it_holds_nothing(iam, role, document):
    iam.put_role_policy(RoleName="Worker", PolicyName="p", PolicyDocument=document.allow("*"))
    iam.attach_role_policy(RoleName="Worker", PolicyArn=BASIC)
    iam.create_instance_profile(InstanceProfileName="profile")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName="Worker")
    in_the_way = {
        "remove roles from instance profile": (
            iam.remove_role_from_instance_profile,
            {"InstanceProfileName": "profile"},
        ),
        "detach all policies": (iam.detach_role_policy, {"PolicyArn": BASIC}),
        "delete policies": (iam.delete_role_policy, {"PolicyName": "p"}),
    }
    for first, (remove, named) in in_the_way.items():
        words = f"Cannot delete entity, must {first} first."
        assert refused(iam.delete_role, RoleName="Worker") == ("DeleteConflict", words)
        remove(RoleName="Worker", **named)
    iam.delete_role(RoleName="Worker")
    assert refused(iam.get_role, RoleName="Worker")[0] == "NoSuchEntity"


def test_a_user_goes_when_it_holds_nothing(iam):
    iam.create_user(UserName="ada")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(UserName="ada", GroupName="g")
    key = iam.create_access_key(UserName="ada")["AccessKey"]["AccessKeyId"]
    assert refused(iam.delete_user, UserName="ada")[1] == "Cannot delete entity, must delete access keys first."
    iam.delete_access_key(UserName="ada", AccessKeyId=key)
    assert refused(iam.delete_user, UserName="ada")[0] == "DeleteConflict"
    assert refused(iam.delete_group, GroupName="g")[0] == "DeleteConflict"
    iam.remove_user_from_group(UserName="ada", GroupName="g")
    iam.delete_user(UserName="ada")
    iam.delete_group(GroupName="g")


def test_inline_policies(iam, role, document):
    text = document.allow("s3:GetObject", "arn:aws:s3:::a%20b/*")
    iam.put_role_policy(RoleName="Worker", PolicyName="p", PolicyDocument=text)
    assert iam.list_role_policies(RoleName="Worker")["PolicyNames"] == ["p"]
    assert iam.get_role_policy(RoleName="Worker", PolicyName="p")["PolicyDocument"] == json.loads(text)
    iam.delete_role_policy(RoleName="Worker", PolicyName="p")
    assert iam.list_role_policies(RoleName="Worker")["PolicyNames"] == []


def test_inline_policies_have_bounds(iam, role, document):
    long = document.allow([f"s3:Get{number:0200d}" for number in range(60)])
    code, words = refused(iam.put_role_policy, RoleName="Worker", PolicyName="p", PolicyDocument=long)
    assert (code, words) == ("LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role Worker")
    assert iam.list_role_policies(RoleName="Worker")["PolicyNames"] == []


def test_keys_are_two_at_most(iam):
    iam.create_user(UserName="ada")
    made = [iam.create_access_key(UserName="ada")["AccessKey"] for _ in range(2)]
    assert all(len(key["AccessKeyId"]) == 20 and len(key["SecretAccessKey"]) == 40 for key in made)
    assert refused(iam.create_access_key, UserName="ada") == (
        "LimitExceeded",
        "Cannot exceed quota for AccessKeysPerUser: 2",
    )


def test_the_last_use_of_a_key(aws, iam, user):
    key = iam.list_access_keys(UserName="ada")["AccessKeyMetadata"][0]["AccessKeyId"]
    assert "LastUsedDate" not in iam.get_access_key_last_used(AccessKeyId=key)["AccessKeyLastUsed"]
    user("sts").get_caller_identity()
    used = iam.get_access_key_last_used(AccessKeyId=key)
    assert used["UserName"] == "ada" and used["AccessKeyLastUsed"]["LastUsedDate"]


def test_versions_of_a_managed_policy(iam, document):
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document.allow("s3:*"))["Policy"]["Arn"]
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document.allow("sqs:*"))
    listed = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert [version["VersionId"] for version in listed] == ["v5", "v4", "v3", "v2", "v1"]
    assert [version["IsDefaultVersion"] for version in listed] == [False] * 4 + [True]
    assert refused(iam.create_policy_version, PolicyArn=arn, PolicyDocument=document.allow("*"))[0] == "LimitExceeded"
    assert refused(iam.delete_policy_version, PolicyArn=arn, VersionId="v1")[0] == "DeleteConflict"
    assert refused(iam.delete_policy, PolicyArn=arn)[0] == "DeleteConflict"
    iam.delete_policy_version(PolicyArn=arn, VersionId="v3")
    made = iam.create_policy_version(PolicyArn=arn, PolicyDocument=document.allow("*"), SetAsDefault=True)
    assert made["PolicyVersion"]["VersionId"] == "v6"
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v6"


def test_who_holds_a_policy(iam, role, document):
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document.allow("s3:*"))["Policy"]["Arn"]
    iam.create_user(UserName="ada", PermissionsBoundary=arn)
    iam.attach_role_policy(RoleName="Worker", PolicyArn=arn)
    held = iam.list_entities_for_policy(PolicyArn=arn)
    assert [each["RoleName"] for each in held["PolicyRoles"]] == ["Worker"]
    assert [each["UserName"] for each in held["PolicyUsers"]] == ["ada"]
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    assert (policy["AttachmentCount"], policy["PermissionsBoundaryUsageCount"]) == (1, 1)
    assert refused(iam.delete_policy, PolicyArn=arn) == (
        "DeleteConflict",
        "Cannot delete a policy attached to entities.",
    )


def test_lists_come_in_pages(iam, document):
    for number in range(5):
        iam.create_role(RoleName=f"r{number}", AssumeRolePolicyDocument=document.trust)
    pages = list(iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["Roles"]) for page in pages] == [2, 2, 1]
    assert [page["IsTruncated"] for page in pages] == [True, True, False]
    assert [role["RoleName"] for page in pages for role in page["Roles"]] == [f"r{number}" for number in range(5)]
    assert refused(iam.list_roles, Marker="???")[0] == "ValidationError"


def test_lists_by_path(iam, document):
    for path in ("/", "/a/", "/a/b/"):
        iam.create_role(RoleName=f"r{len(path)}", Path=path, AssumeRolePolicyDocument=document.trust)
    assert len(iam.list_roles(PathPrefix="/a/")["Roles"]) == 2


def test_tags(iam, role):
    iam.tag_role(RoleName="Worker", Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    iam.untag_role(RoleName="Worker", TagKeys=["a"])
    assert iam.list_role_tags(RoleName="Worker")["Tags"] == [{"Key": "b", "Value": "2"}]


def test_service_linked_roles_are_their_services(iam):
    made = iam.create_service_linked_role(AWSServiceName="ops.apigateway.amazonaws.com")["Role"]
    assert made["Path"] == "/aws-service-role/ops.apigateway.amazonaws.com/"
    name = made["RoleName"]
    assert refused(iam.delete_role, RoleName=name)[0] == "UnmodifiableEntity"
    task = iam.delete_service_linked_role(RoleName=name)["DeletionTaskId"]
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    assert refused(iam.get_role, RoleName=name)[0] == "NoSuchEntity"


def test_the_account_in_numbers(iam, aws, role):
    summary = iam.get_account_summary()["SummaryMap"]
    assert (summary["Roles"], summary["Users"]) == (1, 0)
    assert iam.get_user()["User"]["Arn"] == f"arn:aws:iam::{aws.account}:root"


def test_aws_own_policies_are_policies(iam):
    assert managed_policy_map()["AWSLambdaBasicExecutionRole"] == BASIC
    for policy in aws_managed.policies().values():
        engine.parse(policy.documents[1], "managed")
    shown = iam.get_policy_version(PolicyArn=BASIC, VersionId="v1")["PolicyVersion"]["Document"]
    assert "logs:PutLogEvents" in shown["Statement"][0]["Action"]
    listed = iam.get_paginator("list_policies").paginate(Scope="AWS").build_full_result()["Policies"]
    assert {policy["PolicyName"] for policy in listed} == set(managed_policy_map())
