"""Secrets through the door: values, labels, lists, deletion, passwords, policies and tags."""

import json
import string

import pytest
from botocore.exceptions import ClientError

DAY_S = 86_400


@pytest.fixture
def sm(aws):
    return aws("secretsmanager")


def refused(call, **request):
    with pytest.raises(ClientError) as refusal:
        call(**request)
    return refusal.value.response["Error"]["Code"]


def labels(sm, name):
    return sm.describe_secret(SecretId=name)["VersionIdsToStages"]


def test_a_secret_is_found_by_name_and_by_its_arn_whole_or_not(sm):
    arn = sm.create_secret(Name="shop/db", SecretString="s")["ARN"]
    for name in ("shop/db", arn, arn[:-7]):
        assert sm.get_secret_value(SecretId=name)["SecretString"] == "s"
    assert refused(sm.get_secret_value, SecretId=arn[:-6] + "aaaaaa") == "ResourceNotFoundException"
    assert refused(sm.get_secret_value, SecretId="b c") == "ValidationException"
    assert refused(sm.create_secret, Name="shop/db", SecretString="t") == "ResourceExistsException"


def test_the_same_token_makes_one_version(sm):
    token = "t" * 32
    first = sm.create_secret(Name="once", SecretString="s", ClientRequestToken=token)
    assert sm.create_secret(Name="once", SecretString="s", ClientRequestToken=token)["ARN"] == first["ARN"]
    again = {"SecretId": "once", "ClientRequestToken": token}
    assert sm.put_secret_value(SecretString="s", **again)["VersionStages"] == ["AWSCURRENT"]
    assert refused(sm.put_secret_value, SecretString="other", **again) == "ResourceExistsException"
    assert refused(sm.put_secret_value, SecretId="once") == "InvalidRequestException"
    assert (
        refused(sm.update_secret, SecretId="once", SecretString="a", SecretBinary=b"b") == "InvalidParameterException"
    )


def test_labels_move_and_the_previous_version_is_remembered(sm):
    one = sm.create_secret(Name="moving", SecretString="1")["VersionId"]
    two = sm.put_secret_value(SecretId="moving", SecretBinary=b"2", VersionStages=["AWSPENDING", "mine"])["VersionId"]
    assert sm.get_secret_value(SecretId="moving", VersionStage="mine")["SecretBinary"] == b"2"
    move = {"SecretId": "moving", "VersionStage": "AWSCURRENT"}
    assert refused(sm.update_secret_version_stage, **move, MoveToVersionId=two) == "InvalidParameterException"
    assert refused(sm.update_secret_version_stage, **move, RemoveFromVersionId=one) == "InvalidParameterException"
    sm.update_secret_version_stage(**move, MoveToVersionId=two, RemoveFromVersionId=one)
    assert labels(sm, "moving") == {one: ["AWSPREVIOUS"], two: ["AWSCURRENT", "AWSPENDING", "mine"]}
    sm.update_secret_version_stage(SecretId="moving", VersionStage="mine", RemoveFromVersionId=two)
    three = sm.update_secret(SecretId="moving", SecretString="3")["VersionId"]
    assert labels(sm, "moving") == {two: ["AWSPREVIOUS"], three: ["AWSCURRENT"]}
    listed = sm.list_secret_version_ids(SecretId="moving", IncludeDeprecated=True)["Versions"]
    assert {one_["VersionId"] for one_ in listed} == {one, two, three}
    assert refused(sm.get_secret_value, SecretId="moving", VersionId=one, VersionStage="AWSCURRENT") == (
        "InvalidRequestException"
    )


def test_deletion_waits_and_can_be_called_back(own_cloud):
    sm = own_cloud("secretsmanager")
    for name in ("kept", "lost"):
        sm.create_secret(Name=name, SecretString="s")
        sm.delete_secret(SecretId=name, RecoveryWindowInDays=7)
    assert refused(sm.get_secret_value, SecretId="lost") == "InvalidRequestException"
    assert refused(sm.create_secret, Name="lost", SecretString="s") == "InvalidRequestException"
    assert sm.list_secrets()["SecretList"] == []
    assert len(sm.list_secrets(IncludePlannedDeletion=True)["SecretList"]) == 2
    sm.restore_secret(SecretId="kept")
    own_cloud.advance(7 * DAY_S + 1)
    assert refused(sm.describe_secret, SecretId="lost") == "ResourceNotFoundException"
    assert sm.get_secret_value(SecretId="kept")["SecretString"] == "s"
    assert refused(sm.delete_secret, SecretId="kept", RecoveryWindowInDays=3) == "InvalidParameterException"
    both = {"RecoveryWindowInDays": 9, "ForceDeleteWithoutRecovery": True}
    assert refused(sm.delete_secret, SecretId="kept", **both) == "InvalidParameterException"


def test_lists_are_filtered_ordered_and_paged(sm):
    for number, word in enumerate(("apple pie", "Banana", "cherry")):
        sm.create_secret(Name=f"fruit/{number}", Description=word, Tags=[{"Key": word[0], "Value": str(number)}])
    names = lambda **request: [one["Name"] for one in sm.list_secrets(**request)["SecretList"]]  # noqa: E731
    assert names(SortBy="name", SortOrder="asc") == ["fruit/0", "fruit/1", "fruit/2"]
    assert names(Filters=[{"Key": "description", "Values": ["pie"]}]) == ["fruit/0"]
    assert names(Filters=[{"Key": "all", "Values": ["ban"]}]) == ["fruit/1"]
    assert names(Filters=[{"Key": "tag-key", "Values": ["!c"]}], SortBy="name") == ["fruit/1", "fruit/0"]
    pages = sm.get_paginator("list_secrets").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["SecretList"]) for page in pages] == [2, 1]
    assert refused(sm.list_secrets, NextToken="?") == "InvalidNextTokenException"


def test_values_are_read_in_batches(sm):
    for name in "abc":
        sm.create_secret(Name=name, SecretString=name)
    told = sm.batch_get_secret_value(SecretIdList=["a", "none", "c"])
    assert [one["SecretString"] for one in told["SecretValues"]] == ["a", "c"]
    assert told["Errors"][0]["ErrorCode"] == "ResourceNotFoundException"
    told = sm.batch_get_secret_value(Filters=[{"Key": "name", "Values": ["b"]}])
    assert [one["SecretString"] for one in told["SecretValues"]] == ["b"]
    assert refused(sm.batch_get_secret_value) == "InvalidRequestException"


def test_passwords_are_of_what_is_wanted(sm):
    made = sm.get_random_password(PasswordLength=40, ExcludePunctuation=True, IncludeSpace=True)["RandomPassword"]
    assert len(made) == 40 and set(made) <= set(string.ascii_letters + string.digits + " ") and " " in made
    only = {"ExcludeLowercase": True, "ExcludeUppercase": True, "ExcludePunctuation": True, "ExcludeCharacters": "0123"}
    assert set(sm.get_random_password(**only)["RandomPassword"]) <= set("456789")
    nothing = {**only, "ExcludeNumbers": True}
    assert refused(sm.get_random_password, **nothing) == "InvalidParameterException"
    assert refused(sm.get_random_password, PasswordLength=2) == "InvalidParameterException"


def test_policies_are_checked(sm):
    sm.create_secret(Name="guarded", SecretString="s")
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everybody]})
    blocked = {"SecretId": "guarded", "ResourcePolicy": policy, "BlockPublicPolicy": True}
    assert refused(sm.put_resource_policy, **blocked) == "PublicPolicyException"
    assert not sm.validate_resource_policy(ResourcePolicy=policy)["PolicyValidationPassed"]
    bad = {"SecretId": "guarded", "ResourcePolicy": "{}"}
    assert refused(sm.put_resource_policy, **bad) == "MalformedPolicyDocumentException"


def test_replicas_are_refused_plainly(sm):
    wanted = {"Name": "far", "SecretString": "s", "AddReplicaRegions": [{"Region": "eu-west-1"}]}
    assert refused(sm.create_secret, **wanted) == "NotImplemented"


def test_who_may_read_needs_the_key_too(aws, sm):
    kms = aws("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    sm.create_secret(Name="sealed", SecretString="s", KmsKeyId=key)
    arn = sm.describe_secret(SecretId="sealed")["ARN"]
    reads = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": arn}
    decrypts = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key, "Condition": {
        "StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
                         "kms:EncryptionContext:SecretARN": arn}}}  # fmt: skip
    assert refused(aws.as_role("secretsmanager", "half", reads).get_secret_value, SecretId="sealed") == (
        "AccessDeniedException"
    )
    whole = aws.as_role("secretsmanager", "whole", reads, decrypts)
    assert whole.get_secret_value(SecretId="sealed")["SecretString"] == "s"
    assert refused(whole.put_secret_value, SecretId="sealed", SecretString="t") == "AccessDeniedException"
    kms.disable_key(KeyId=key)
    assert refused(sm.get_secret_value, SecretId="sealed") == "DecryptionFailure"
    assert refused(sm.put_secret_value, SecretId="sealed", SecretString="t") == "EncryptionFailure"
    kms.enable_key(KeyId=key)
    sm.update_secret(SecretId="sealed", KmsKeyId="alias/aws/secretsmanager")
    reader = aws.as_role("secretsmanager", "reader", reads)
    assert reader.get_secret_value(SecretId="sealed")["SecretString"] == "s"


def test_a_secrets_policy_lets_in_and_keeps_out(aws, sm):
    sm.create_secret(Name="shared", SecretString="s")
    guest = aws.as_role("secretsmanager", "guest")
    assert refused(guest.get_secret_value, SecretId="shared") == "AccessDeniedException"
    let_in = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{aws.account}:role/guest"},
              "Action": "secretsmanager:GetSecretValue", "Resource": "*"}  # fmt: skip
    keep_out = {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:PutSecretValue", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [let_in, keep_out]})
    sm.put_resource_policy(SecretId="shared", ResourcePolicy=policy)
    assert guest.get_secret_value(SecretId="shared")["SecretString"] == "s"
    assert refused(sm.put_secret_value, SecretId="shared", SecretString="t") == "AccessDeniedException"


def test_other_accounts_read_what_is_sealed_by_a_key_they_may_use(aws, sm):
    stranger = "999999999997"
    guest, kms = aws("secretsmanager", key=stranger), aws("kms")
    let_in = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{stranger}:root"}, "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [let_in | {"Action": "secretsmanager:*"}]}
    arn = sm.create_secret(Name="lent", SecretString="s")["ARN"]
    assert refused(guest.describe_secret, SecretId=arn) == "AccessDeniedException"
    sm.put_resource_policy(SecretId=arn, ResourcePolicy=json.dumps(policy))
    assert guest.describe_secret(SecretId=arn)["Name"] == "lent"
    assert refused(guest.get_secret_value, SecretId=arn) == "InvalidRequestException"
    key = kms.create_key()["KeyMetadata"]
    sm.update_secret(SecretId=arn, KmsKeyId=key["KeyId"])
    assert refused(guest.get_secret_value, SecretId=arn) == "AccessDeniedException"
    own = let_in | {"Action": "kms:*", "Principal": {"AWS": f"arn:aws:iam::{aws.account}:root"}}
    used = let_in | {"Action": ["kms:Decrypt", "kms:GenerateDataKey"]}
    kms.put_key_policy(KeyId=key["Arn"], Policy=json.dumps({"Version": "2012-10-17", "Statement": [own, used]}))
    assert guest.get_secret_value(SecretId=arn)["SecretString"] == "s"
    guest.put_secret_value(SecretId=arn, SecretString="t")
    assert sm.get_secret_value(SecretId="lent")["SecretString"] == "t"
    assert guest.list_secrets()["SecretList"] == []


def test_a_template_makes_secrets_and_refers_to_them(aws, sm):
    cfn = aws("cloudformation")
    template = {"SecretStringTemplate": '{"user": "ann"}', "GenerateStringKey": "password", "PasswordLength": 20}
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "made", "GenerateSecretString": template}}
    reference = {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:user}}"}
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "user", "Type": "String", "Value": reference}}
    statement = {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:DeleteSecret", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    guarded = {"SecretId": {"Ref": "Secret"}, "ResourcePolicy": document}
    policy = {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": guarded}
    body = {"Resources": {"Secret": secret, "Parameter": parameter, "Policy": policy}}
    cfn.create_stack(StackName="secrets", TemplateBody=json.dumps(body))
    cfn.get_waiter("stack_create_complete").wait(StackName="secrets", WaiterConfig={"Delay": 0.1})
    first = sm.get_secret_value(SecretId="made")
    assert len(json.loads(first["SecretString"])["password"]) == 20
    assert aws("ssm").get_parameter(Name="user")["Parameter"]["Value"] == "ann"
    secret["Properties"]["Description"] = "described"
    cfn.update_stack(StackName="secrets", TemplateBody=json.dumps(body))
    cfn.get_waiter("stack_update_complete").wait(StackName="secrets", WaiterConfig={"Delay": 0.1})
    assert sm.get_secret_value(SecretId="made")["VersionId"] == first["VersionId"]
    assert sm.describe_secret(SecretId="made")["Description"] == "described"
    secret["Properties"] = {"Name": "made", "SecretString": "plain"}
    parameter["Properties"]["Value"] = "u"
    cfn.update_stack(StackName="secrets", TemplateBody=json.dumps(body))
    cfn.get_waiter("stack_update_complete").wait(StackName="secrets", WaiterConfig={"Delay": 0.1})
    assert sm.get_secret_value(SecretId="made")["SecretString"] == "plain"
    cfn.delete_stack(StackName="secrets")
    cfn.get_waiter("stack_delete_complete").wait(StackName="secrets", WaiterConfig={"Delay": 0.1})
    assert refused(sm.describe_secret, SecretId="made") == "ResourceNotFoundException"


def test_a_tag_has_a_key(aws):
    keeper = aws("secretsmanager")
    keeper.create_secret(Name="s")
    for ask in (
        lambda: keeper.tag_resource(SecretId="s", Tags=[{"Value": "a"}]),
        lambda: keeper.create_secret(Name="t", Tags=[{"Value": "a"}]),
    ):
        with pytest.raises(keeper.exceptions.InvalidParameterException, match="must have a key"):
            ask()
