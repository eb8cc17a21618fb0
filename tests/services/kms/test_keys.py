"""Keys: their states, aliases, rotation, deletion and tags, by the cloud's own clock."""

import json

import pytest
from botocore.exceptions import ClientError
from tests.running import wait_for
from tests.services.kms.refusals import wrapped

DAY_S = 86_400


@pytest.fixture
def kms(aws):
    return aws("kms")


def refused(call, **request):
    with pytest.raises(ClientError) as refusal:
        call(**request)
    return refusal.value.response["Error"]["Code"]


def made(kms, **request):
    return kms.create_key(**request)["KeyMetadata"]["KeyId"]


def test_a_key_has_every_name_that_leads_to_it(kms):
    key = kms.create_key(Description="named")["KeyMetadata"]
    kms.create_alias(AliasName="alias/one", TargetKeyId=key["KeyId"])
    alias_arn = kms.list_aliases(KeyId=key["KeyId"])["Aliases"][0]["AliasArn"]
    for name in (key["KeyId"], key["Arn"], "alias/one", alias_arn):
        assert kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"] == key["Arn"]
    assert refused(kms.enable_key, KeyId="alias/one") == "NotFoundException"
    assert refused(kms.create_alias, AliasName="alias/one", TargetKeyId=key["KeyId"]) == "AlreadyExistsException"
    assert refused(kms.create_alias, AliasName="alias/aws/mine", TargetKeyId=key["KeyId"]) == "NotAuthorizedException"
    assert refused(kms.create_alias, AliasName="alias/a:b", TargetKeyId=key["KeyId"]) == "InvalidAliasNameException"
    assert refused(kms.describe_key, KeyId="alias/two") == "NotFoundException"
    assert refused(kms.describe_key, KeyId="arn:aws:s3:::bucket") == "InvalidArnException"


def test_an_alias_moves_between_keys_of_one_kind(kms):
    first, second, mac = made(kms), made(kms), made(kms, KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    kms.create_alias(AliasName="alias/moving", TargetKeyId=first)
    kms.update_alias(AliasName="alias/moving", TargetKeyId=second)
    assert kms.describe_key(KeyId="alias/moving")["KeyMetadata"]["KeyId"] == second
    assert refused(kms.update_alias, AliasName="alias/moving", TargetKeyId=mac) == "ValidationException"
    kms.delete_alias(AliasName="alias/moving")
    assert refused(kms.delete_alias, AliasName="alias/moving") == "NotFoundException"


def test_keys_of_aws_are_made_at_first_use(kms):
    told = kms.describe_key(KeyId="alias/aws/secretsmanager")["KeyMetadata"]
    assert told["KeyManager"] == "AWS"
    assert kms.describe_key(KeyId="alias/aws/secretsmanager")["KeyMetadata"]["KeyId"] == told["KeyId"]
    assert refused(kms.encrypt, KeyId="alias/aws/secretsmanager", Plaintext=b"not so") == "AccessDeniedException"
    assert refused(kms.describe_key, KeyId="alias/aws/nothing") == "NotFoundException"


def test_lists_come_in_pages(kms):
    ids = {made(kms) for _ in range(7)}
    pages = kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 3})
    assert {key["KeyId"] for page in pages for key in page["Keys"]} == ids
    for number in range(5):
        kms.create_alias(AliasName=f"alias/{number}", TargetKeyId=next(iter(ids)))
    pages = kms.get_paginator("list_aliases").paginate(PaginationConfig={"PageSize": 2})
    assert [one["AliasName"] for page in pages for one in page["Aliases"]] == [f"alias/{n}" for n in range(5)]
    assert refused(kms.list_keys, Marker="?") == "InvalidMarkerException"


def test_a_disabled_key_is_of_no_use_until_it_is_enabled(kms):
    key = made(kms)
    kms.disable_key(KeyId=key)
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x") == "DisabledException"
    kms.enable_key(KeyId=key)
    kms.encrypt(KeyId=key, Plaintext=b"x")


def test_deletion_waits_its_window_and_can_be_called_back(own_cloud):
    kms = own_cloud("kms")
    kept, lost = made(kms), made(kms)
    kms.create_alias(AliasName="alias/lost", TargetKeyId=lost)
    for key in (kept, lost):
        told = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        assert (told["KeyState"], told["PendingWindowInDays"]) == ("PendingDeletion", 7)
    assert refused(kms.encrypt, KeyId=lost, Plaintext=b"x") == "KMSInvalidStateException"
    assert refused(kms.schedule_key_deletion, KeyId=lost) == "KMSInvalidStateException"
    kms.cancel_key_deletion(KeyId=kept)
    assert refused(kms.cancel_key_deletion, KeyId=kept) == "KMSInvalidStateException"
    own_cloud.advance(7 * DAY_S + 1)
    assert refused(kms.describe_key, KeyId=lost) == "NotFoundException"
    assert refused(kms.describe_key, KeyId="alias/lost") == "NotFoundException"
    assert kms.describe_key(KeyId=kept)["KeyMetadata"]["KeyState"] == "Disabled"


def test_rotation_by_the_clock_keeps_old_ciphertexts_readable(own_cloud):
    kms = own_cloud("kms")
    key = made(kms)
    old = kms.encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    first = kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"]
    for turn in range(1, 4):
        own_cloud.advance(90 * DAY_S + 1)
        wait_for(lambda: len(kms.list_key_rotations(KeyId=key)["Rotations"]) == turn)  # noqa: B023
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"] != first
    assert kms.decrypt(CiphertextBlob=old) | {"ResponseMetadata": 0} == {
        "Plaintext": b"old", "KeyId": kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"], "KeyMaterialId": first,
        "EncryptionAlgorithm": "SYMMETRIC_DEFAULT", "ResponseMetadata": 0,
    }  # fmt: skip
    kms.disable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    own_cloud.advance(900 * DAY_S)
    rotations = kms.list_key_rotations(KeyId=key)["Rotations"]
    assert [one["RotationType"] for one in rotations] == ["AUTOMATIC"] * 3


def test_a_rotation_that_was_missed_is_made_up_for_once(own_cloud):
    kms = own_cloud("kms")
    key = made(kms)
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    kms.disable_key(KeyId=key)
    own_cloud.advance(300 * DAY_S)
    kms.enable_key(KeyId=key)
    assert len(kms.list_key_rotations(KeyId=key)["Rotations"]) == 1
    managed = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"]
    assert kms.get_key_rotation_status(KeyId=managed)["KeyRotationEnabled"]


def test_rotation_on_demand_has_a_limit(kms):
    key = made(kms)
    for _ in range(25):
        kms.rotate_key_on_demand(KeyId=key)
    assert refused(kms.rotate_key_on_demand, KeyId=key) == "LimitExceededException"
    everything = kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL", Limit=3)
    assert everything["Truncated"] and len(everything["Rotations"]) == 3
    mac = made(kms, KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    assert refused(kms.enable_key_rotation, KeyId=mac) == "UnsupportedOperationException"


def test_tags(kms):
    key = made(kms, Tags=[{"TagKey": "a", "TagValue": "1"}])
    kms.tag_resource(KeyId=key, Tags=[{"TagKey": "b", "TagValue": "2"}])
    kms.untag_resource(KeyId=key, TagKeys=["a"])
    assert kms.list_resource_tags(KeyId=key)["Tags"] == [{"TagKey": "b", "TagValue": "2"}]


def test_related_keys_read_each_others_ciphertexts(aws):
    east, west = aws("kms"), aws("kms", region="eu-west-1")
    key = made(east, MultiRegion=True)
    assert refused(east.replicate_key, KeyId=made(east), ReplicaRegion="eu-west-1") == "UnsupportedOperationException"
    east.replicate_key(KeyId=key, ReplicaRegion="eu-west-1", Description="there")
    assert refused(east.replicate_key, KeyId=key, ReplicaRegion="eu-west-1") == "AlreadyExistsException"
    sealed = east.encrypt(KeyId=key, Plaintext=b"both")["CiphertextBlob"]
    east.rotate_key_on_demand(KeyId=key)
    assert west.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"both"
    assert east.decrypt(CiphertextBlob=west.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"])["Plaintext"] == b"x"
    east.update_primary_region(KeyId=key, PrimaryRegion="eu-west-1")
    told = west.describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"]
    assert (told["MultiRegionKeyType"], told["ReplicaKeys"][0]["Region"]) == ("PRIMARY", "us-east-1")


def test_a_template_makes_changes_and_removes_keys(aws):
    cfn, kms = aws("cloudformation"), aws("kms")
    key = {"Type": "AWS::KMS::Key", "Properties": {"Description": "first", "EnableKeyRotation": True}}
    alias = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/made", "TargetKeyId": {"Ref": "Key"}}}
    arn = {"Value": {"Fn::GetAtt": ["Key", "Arn"]}}
    body = {"Resources": {"Key": key, "Alias": alias}, "Outputs": {"Arn": arn}}
    cfn.create_stack(StackName="keys", TemplateBody=json.dumps(body))
    cfn.get_waiter("stack_create_complete").wait(StackName="keys", WaiterConfig={"Delay": 0.1})
    told = kms.describe_key(KeyId="alias/made")["KeyMetadata"]
    assert kms.get_key_rotation_status(KeyId=told["KeyId"])["KeyRotationEnabled"]
    key["Properties"] |= {"Description": "second", "EnableKeyRotation": False, "Enabled": False}
    cfn.update_stack(StackName="keys", TemplateBody=json.dumps(body))
    cfn.get_waiter("stack_update_complete").wait(StackName="keys", WaiterConfig={"Delay": 0.1})
    after = kms.describe_key(KeyId="alias/made")["KeyMetadata"]
    assert (after["KeyId"], after["Description"], after["KeyState"]) == (told["KeyId"], "second", "Disabled")
    assert cfn.describe_stacks(StackName="keys")["Stacks"][0]["Outputs"][0]["OutputValue"] == told["Arn"]
    cfn.delete_stack(StackName="keys")
    cfn.get_waiter("stack_delete_complete").wait(StackName="keys", WaiterConfig={"Delay": 0.1})
    assert kms.describe_key(KeyId=told["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"


@pytest.fixture
def heard(own_cloud):
    """Hears what KMS tells: a function that gives the kind, the resources and the detail of the next event."""
    sqs, events = own_cloud("sqs"), own_cloud("events")
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    url = sqs.create_queue(QueueName="heard", Attributes={"Policy": policy})["QueueUrl"]
    events.put_rule(Name="heard", EventPattern=json.dumps({"source": ["aws.kms"]}))
    arn = f"arn:aws:sqs:us-east-1:{own_cloud.account}:heard"
    events.put_targets(Rule="heard", Targets=[{"Id": "q", "Arn": arn}])

    def take():
        [message] = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        told = json.loads(message["Body"])
        return told["detail-type"], told["resources"], told["detail"]

    return take


def test_rotation_and_deletion_are_told(own_cloud, heard):
    kms = own_cloud("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.rotate_key_on_demand(KeyId=key["KeyId"])
    assert heard() == ("KMS CMK Rotation", [key["Arn"]], {"key-id": key["KeyId"]})
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    own_cloud.advance(7 * 86_400)
    assert heard() == ("KMS CMK Deletion", [key["Arn"]], {"key-id": key["KeyId"]})


def test_imported_material_that_expires_is_told(own_cloud, heard):
    kms = own_cloud("kms")
    key = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]
    parameters = kms.get_parameters_for_import(
        KeyId=key["KeyId"], WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048"
    )
    ends_at = own_cloud.running.cloud.clock.now() + 3_600
    for later_s in (0, 1_800):  # what is imported anew lasts longer
        kms.import_key_material(
            KeyId=key["KeyId"], ImportToken=parameters["ImportToken"], ValidTo=ends_at + later_s,
            EncryptedKeyMaterial=wrapped(parameters["PublicKey"]),
        )  # fmt: skip
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
    own_cloud.advance(3_600)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
    own_cloud.advance(1_801)
    assert heard() == ("KMS Imported Key Material Expiration", [key["Arn"]], {"key-id": key["KeyId"]})
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingImport"
