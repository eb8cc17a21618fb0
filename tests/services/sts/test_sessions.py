"""Sessions through the door: roles acted as, their limits, their end."""

import json

import pytest
from botocore.exceptions import ClientError

from freehold.kernel import roles
from freehold.kernel.errors import AccessDenied

ALLOW = {"Effect": "Allow", "Action": "iam:ListRoles", "Resource": "*"}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(account, **more):
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more})


def code(refusal):
    return refusal.value.response["Error"]["Code"]


def words(refusal):
    return refusal.value.response["Error"]["Message"]


def acting(aws, service, credentials):
    return aws(
        service,
        key=credentials["AccessKeyId"],
        secret=credentials["SecretAccessKey"],
        token=credentials["SessionToken"],
    )


@pytest.fixture
def role(aws):
    iam = aws("iam")
    made = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust(aws.account))["Role"]
    iam.put_role_policy(RoleName="worker", PolicyName="only", PolicyDocument=document(ALLOW))
    return made


def test_a_role_is_who_one_is(aws):
    sts = aws.as_role("sts", "worker")
    me = sts.get_caller_identity()
    assert me["Arn"] == f"arn:aws:sts::{aws.account}:assumed-role/worker/test"
    assert me["UserId"].startswith("AROA") and me["UserId"].endswith(":test")


def test_a_role_may_do_what_its_policies_say_and_no_more(aws):
    iam = aws.as_role("iam", "worker", ALLOW)
    assert iam.list_roles()["Roles"]
    with pytest.raises(ClientError) as refusal:
        iam.list_users()
    assert code(refusal) == "AccessDenied"
    assert words(refusal) == (
        f"User: arn:aws:sts::{aws.account}:assumed-role/worker/test is not authorized to perform: iam:ListUsers on "
        f"resource: arn:aws:iam::{aws.account}:user/ because no identity-based policy allows the iam:ListUsers action"
    )


def test_what_a_session_may_do_follows_its_role(aws, role):
    session = aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="run")["Credentials"]
    iam = acting(aws, "iam", session)
    assert iam.list_roles()["Roles"]
    aws("iam").delete_role_policy(RoleName="worker", PolicyName="only")
    with pytest.raises(ClientError):
        iam.list_roles()


def test_a_session_does_not_outlive_its_role(aws, role):
    session = aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="run")["Credentials"]
    iam = aws("iam")
    iam.delete_role_policy(RoleName="worker", PolicyName="only")
    iam.delete_role(RoleName="worker")
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust(aws.account))
    iam.put_role_policy(RoleName="worker", PolicyName="only", PolicyDocument=document(ALLOW))
    with pytest.raises(ClientError):
        acting(aws, "iam", session).list_roles()


def test_a_session_policy_takes_away_and_gives_nothing(aws, role):
    policy = document({"Effect": "Allow", "Action": ["iam:ListUsers", "iam:GetRole"], "Resource": "*"})
    made = aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="run", Policy=policy)
    assert made["PackedPolicySize"] == 6
    iam = acting(aws, "iam", made["Credentials"])
    for ask in (iam.list_roles, iam.list_users):
        with pytest.raises(ClientError) as refusal:
            ask()
        assert code(refusal) == "AccessDenied"


def test_session_policies_by_arn(aws, role):
    arns = [{"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}]
    made = aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="run", PolicyArns=arns)
    assert acting(aws, "iam", made["Credentials"]).list_roles()["Roles"]


def test_a_role_that_does_not_trust_the_caller(aws, role):
    other = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    aws("iam").update_assume_role_policy(RoleName="worker", PolicyDocument=document(other))
    with pytest.raises(ClientError) as refusal:
        aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="run")
    assert code(refusal) == "AccessDenied"
    assert words(refusal).startswith(
        f"User: arn:aws:iam::{aws.account}:root is not authorized to perform: sts:AssumeRole on resource: {role['Arn']}"
    )


def test_a_role_that_is_not_there_is_refused_like_one_that_does_not_trust(aws):
    with pytest.raises(ClientError) as refusal:
        aws("sts").assume_role(RoleArn=f"arn:aws:iam::{aws.account}:role/nobody", RoleSessionName="run")
    assert code(refusal) == "AccessDenied"


def test_the_external_id_opens_the_role(aws, role):
    locked = trust(aws.account, Condition={"StringEquals": {"sts:ExternalId": "42"}})
    aws("iam").update_assume_role_policy(RoleName="worker", PolicyDocument=locked)
    sts = aws("sts")
    assert sts.assume_role(RoleArn=role["Arn"], RoleSessionName="run", ExternalId="42")["Credentials"]
    for wrong in ({}, {"ExternalId": "41"}):
        with pytest.raises(ClientError):
            sts.assume_role(RoleArn=role["Arn"], RoleSessionName="run", **wrong)


def test_a_user_needs_permission_where_only_its_account_is_trusted(aws, role, user):
    sts = user("sts")
    with pytest.raises(ClientError) as refusal:
        sts.assume_role(RoleArn=role["Arn"], RoleSessionName="run")
    assert "no identity-based policy allows the sts:AssumeRole action" in words(refusal)
    may = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role["Arn"]})
    aws("iam").put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=may)
    assert sts.assume_role(RoleArn=role["Arn"], RoleSessionName="run")["Credentials"]


def test_a_user_whom_the_role_names_needs_none(aws, role, user):
    named = {"AWS": f"arn:aws:iam::{aws.account}:user/ada"}
    statement = {"Effect": "Allow", "Principal": named, "Action": "sts:AssumeRole"}
    aws("iam").update_assume_role_policy(RoleName="worker", PolicyDocument=document(statement))
    assert user("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="run")["Credentials"]


def test_sessions_are_no_longer_than_the_role_allows(aws, role):
    sts = aws("sts")
    with pytest.raises(ClientError) as refusal:
        sts.assume_role(RoleArn=role["Arn"], RoleSessionName="run", DurationSeconds=7200)
    assert code(refusal) == "ValidationError"
    assert words(refusal) == "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    aws("iam").update_role(RoleName="worker", MaxSessionDuration=7200)
    assert sts.assume_role(RoleArn=role["Arn"], RoleSessionName="run", DurationSeconds=7200)


def test_a_wrong_secret_is_refused(aws, role):
    made = aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="run")["Credentials"]
    with pytest.raises(ClientError) as refusal:
        acting(aws, "sts", made | {"SecretAccessKey": "x" * 40}).get_caller_identity()
    assert code(refusal) == "SignatureDoesNotMatch"


@pytest.mark.parametrize("token", ["", "nonsense", "other"])
def test_a_wrong_token_is_refused(aws, role, token):
    sts = aws("sts")
    made, other = (sts.assume_role(RoleArn=role["Arn"], RoleSessionName=name)["Credentials"] for name in ("one", "two"))
    wrong = made | {"SessionToken": other["SessionToken"] if token == "other" else token}
    with pytest.raises(ClientError) as refusal:
        acting(aws, "sts", wrong).get_caller_identity()
    assert code(refusal) == "InvalidClientTokenId"


def test_a_session_ends(own_cloud):
    aws = own_cloud
    iam = aws("iam")
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust(aws.account))["Role"]
    made = aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="run", DurationSeconds=900)["Credentials"]
    sts = acting(aws, "sts", made)
    assert sts.get_caller_identity()["Account"] == aws.account
    aws.advance(901)
    with pytest.raises(ClientError) as refusal:
        sts.get_caller_identity()
    assert code(refusal) == "ExpiredToken"


def test_keys_look_like_keys_and_tell_their_account(aws, role):
    sts = aws("sts")
    made = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="run")["Credentials"]
    assert made["AccessKeyId"].startswith("ASIA") and len(made["AccessKeyId"]) == 20
    assert len(made["SecretAccessKey"]) == 40
    assert sts.get_access_key_info(AccessKeyId=made["AccessKeyId"])["Account"] == aws.account


def test_a_users_session_is_the_user(aws, user):
    made = user("sts").get_session_token()["Credentials"]
    assert acting(aws, "sts", made).get_caller_identity()["Arn"] == f"arn:aws:iam::{aws.account}:user/ada"
    with pytest.raises(ClientError):
        user_again = acting(aws, "sts", made)
        user_again.get_federation_token(Name="guest")


def test_a_federated_user_may_do_what_both_allow(aws, user):
    every = {"Effect": "Allow", "Action": ["iam:ListUsers", "iam:ListRoles", "sts:GetFederationToken"], "Resource": "*"}
    aws("iam").put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=document(every))
    sts = user("sts")
    made = sts.get_federation_token(Name="guest", Policy=document(ALLOW))
    assert made["FederatedUser"]["Arn"] == f"arn:aws:sts::{aws.account}:federated-user/guest"
    iam = acting(aws, "iam", made["Credentials"])
    iam.list_roles()
    with pytest.raises(ClientError):
        iam.list_users()
    with pytest.raises(ClientError):
        acting(aws, "iam", sts.get_federation_token(Name="guest")["Credentials"]).list_roles()


def test_members_that_sessions_cannot_carry_are_refused(aws, role):
    with pytest.raises(ClientError) as refusal:
        aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="run", Tags=[{"Key": "a", "Value": "b"}])
    assert code(refusal) == "NotImplemented"


def test_services_act_as_roles_that_trust_them(aws):
    arn = aws.role("function", "lambda.amazonaws.com", ALLOW)
    cloud = aws.running
    call = cloud.cloud.door.call(aws.account, aws.region)
    session = cloud.run(roles.assume(call, arn, "lambda.amazonaws.com", "fn"))
    assert cloud.run(session.call.ask("iam", "ListRoles", {}))["Roles"]
    assert acting(aws, "iam", session.credentials).list_roles()["Roles"]
    with pytest.raises(AccessDenied, match="no role trust policy allows the sts:AssumeRole action"):
        cloud.run(roles.assume(call, arn, "states.amazonaws.com", "run"))


def test_confused_deputies_are_kept_out_by_conditions(aws):
    arn = aws.role("function", "lambda.amazonaws.com")
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    cloud = aws.running
    call = cloud.cloud.door.call(aws.account, aws.region)
    for account, works in ((aws.account, True), ("999999999999", False)):
        condition = {"StringEquals": {"aws:SourceAccount": account}}
        text = document(statement | {"Condition": condition})
        aws("iam").update_assume_role_policy(RoleName="function", PolicyDocument=text)
        asked = roles.assume(call, arn, "lambda.amazonaws.com", "fn")
        if works:
            assert cloud.run(asked).credentials
        else:
            with pytest.raises(AccessDenied):
                cloud.run(asked)


def test_another_accounts_role_needs_both_sides(aws, user):
    other = type(aws)(aws.running, "222200002222")
    iam = other("iam")
    name = f"shared-{aws.account}"
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(aws.account))["Role"]["Arn"]
    ask = {"RoleArn": arn, "RoleSessionName": "visit"}
    with pytest.raises(ClientError):
        user("sts").assume_role(**ask)
    may = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn})
    aws("iam").put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=may)
    made = user("sts").assume_role(**ask)["Credentials"]
    assert acting(aws, "sts", made).get_caller_identity()["Account"] == other.account
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust("333300003333"))
    with pytest.raises(ClientError):
        user("sts").assume_role(**ask)


def test_sessions_and_keys_outlive_a_restart(tmp_path, aws):
    def started():
        return type(aws)(type(aws.running)(tmp_path / "cloud"), aws.account)

    from_before = started()
    iam = from_before("iam")
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust(from_before.account))["Role"]
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    made = from_before("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="run")["Credentials"]
    from_before.running.stop()
    after = started()
    assert "worker/run" in acting(after, "sts", made).get_caller_identity()["Arn"]
    users = after("sts", key=key["AccessKeyId"], secret=key["SecretAccessKey"])
    assert users.get_caller_identity()["Arn"].endswith("user/ada")
    after.running.stop()
