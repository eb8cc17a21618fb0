"""What a user may do: policies of its own, of its groups, and what limits them."""

import pytest
from botocore.exceptions import ClientError


def refused(ask, **request):
    """The message with which a request is refused for want of permission."""
    with pytest.raises(ClientError) as refusal:
        ask(**request)
    assert refusal.value.response["Error"]["Code"] == "AccessDenied"
    return refusal.value.response["Error"]["Message"]


def test_a_user_without_policies_may_do_nothing(user):
    assert "because no identity-based policy allows the iam:ListUsers action" in refused(user("iam").list_users)


def test_a_user_with_a_key_may_do_what_its_policy_says(aws, user, document):
    aws("iam").put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=document.allow("iam:List*"))
    assert [each["UserName"] for each in user("iam").list_users()["Users"]] == ["ada"]
    refused(user("iam").get_user, UserName="ada")


def test_an_explicit_deny_wins(aws, user, document):
    iam = aws("iam")
    iam.put_user_policy(UserName="ada", PolicyName="may", PolicyDocument=document.allow("*"))
    iam.put_user_policy(UserName="ada", PolicyName="not", PolicyDocument=document.deny("iam:ListRoles"))
    assert user("iam").list_users()
    assert refused(user("iam").list_roles).endswith("with an explicit deny in an identity-based policy")


def test_not_action_allows_all_the_rest(aws, user, document):
    statement = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    aws("iam").put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=document(statement))
    refused(user("iam").list_users)
    assert user("sts").get_federation_token(Name="guest")["Credentials"]


def test_groups_lend_their_policies_to_their_members(aws, user, document):
    iam = aws("iam")
    iam.create_group(GroupName="readers")
    iam.put_group_policy(GroupName="readers", PolicyName="p", PolicyDocument=document.allow("iam:ListUsers"))
    refused(user("iam").list_users)
    iam.add_user_to_group(GroupName="readers", UserName="ada")
    assert user("iam").list_users()
    iam.remove_user_from_group(GroupName="readers", UserName="ada")
    refused(user("iam").list_users)


def test_a_managed_policy_counts_in_its_default_version(aws, user, document):
    iam = aws("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document.allow("iam:ListUsers"))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ada", PolicyArn=arn)
    assert user("iam").list_users()
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document.allow("iam:ListRoles"), SetAsDefault=True)
    refused(user("iam").list_users)
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    assert user("iam").list_users()


def test_aws_own_policies_work(aws, user):
    aws("iam").attach_user_policy(UserName="ada", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    assert user("iam").get_user()["User"]["UserName"] == "ada"
    refused(user("iam").create_user, UserName="eve")


def test_a_boundary_limits_and_gives_nothing(aws, user, document):
    iam = aws("iam")
    arn = iam.create_policy(PolicyName="limit", PolicyDocument=document.allow("iam:ListUsers"))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="ada", PermissionsBoundary=arn)
    refused(user("iam").list_users)
    iam.put_user_policy(UserName="ada", PolicyName="all", PolicyDocument=document.allow("*"))
    assert user("iam").list_users()
    assert "no permissions boundary allows the iam:ListRoles action" in refused(user("iam").list_roles)
    iam.delete_user_permissions_boundary(UserName="ada")
    assert user("iam").list_roles() is not None


def test_paths_and_wildcards_in_resources(aws, user, document):
    iam = aws("iam")
    for path, name in (("/team/", "ours"), ("/other/", "theirs")):
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=document.trust)
    may = document.allow("iam:Get*", f"arn:aws:iam::{aws.account}:role/team/*")
    iam.put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=may)
    assert user("iam").get_role(RoleName="ours")["Role"]["Path"] == "/team/"
    refused(user("iam").get_role, RoleName="theirs")


def test_variables_name_the_caller(aws, user, document):
    iam = aws("iam")
    iam.create_user(UserName="eve")
    may = document.allow("iam:GetUser", "arn:aws:iam::*:user/${aws:username}")
    iam.put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=may)
    assert user("iam").get_user(UserName="ada")
    refused(user("iam").get_user, UserName="eve")


def test_conditions_on_tags_and_attached_policies(aws, user, document):
    iam = aws("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=document.trust, Tags=[{"Key": "team", "Value": "a"}])
    iam.tag_user(UserName="ada", Tags=[{"Key": "team", "Value": "a"}])
    allowed = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    condition = {
        "ArnEquals": {"iam:PolicyARN": allowed},
        "StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"},
    }
    may = document.allow("iam:AttachRolePolicy", Condition=condition)
    iam.put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=may)
    attach = user("iam").attach_role_policy
    attach(RoleName="r", PolicyArn=allowed)
    refused(attach, RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    iam.untag_role(RoleName="r", TagKeys=["team"])
    refused(attach, RoleName="r", PolicyArn=allowed)


def test_a_wrong_secret_is_refused(aws, user):
    key = aws("iam").list_access_keys(UserName="ada")["AccessKeyMetadata"][0]["AccessKeyId"]
    with pytest.raises(ClientError) as refusal:
        aws("iam", key=key, secret="x" * 40).list_users()
    assert refusal.value.response["Error"]["Code"] == "SignatureDoesNotMatch"


@pytest.mark.parametrize("how", ["inactive", "deleted"])
def test_a_key_that_is_no_longer_is_refused(aws, user, how):
    iam = aws("iam")
    key = {
        "UserName": "ada",
        "AccessKeyId": iam.list_access_keys(UserName="ada")["AccessKeyMetadata"][0]["AccessKeyId"],
    }
    assert user("sts").get_caller_identity()["Arn"].endswith(":user/ada")
    if how == "inactive":
        iam.update_access_key(**key, Status="Inactive")
    else:
        iam.delete_access_key(**key)
    with pytest.raises(ClientError) as refusal:
        user("sts").get_caller_identity()
    assert refusal.value.response["Error"]["Code"] == "InvalidClientTokenId"


def test_a_renamed_user_keeps_keys_groups_and_policies(aws, user, document):
    iam = aws("iam")
    iam.create_group(GroupName="readers")
    iam.put_group_policy(GroupName="readers", PolicyName="p", PolicyDocument=document.allow("iam:ListUsers"))
    iam.add_user_to_group(GroupName="readers", UserName="ada")
    iam.update_user(UserName="ada", NewUserName="Lovelace")
    assert user("sts").get_caller_identity()["Arn"].endswith(":user/Lovelace")
    assert user("iam").list_users()
    assert iam.list_groups_for_user(UserName="lovelace")["Groups"]


def test_simulation_says_what_would_be(aws, user, document):
    iam = aws("iam")
    iam.put_user_policy(UserName="ada", PolicyName="may", PolicyDocument=document.allow("s3:*"))
    iam.put_user_policy(UserName="ada", PolicyName="not", PolicyDocument=document.deny("s3:PutObject"))
    arn = f"arn:aws:iam::{aws.account}:user/ada"
    asked = ["s3:GetObject", "s3:PutObject", "sqs:SendMessage"]
    results = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=asked)["EvaluationResults"]
    assert [each["EvalDecision"] for each in results] == ["allowed", "explicitDeny", "implicitDeny"]
