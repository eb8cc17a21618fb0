"""Functions, their versions and aliases, through boto3."""

import base64
import errno
import hashlib
import os
import sys
from urllib.request import urlopen

import pytest
from botocore.exceptions import ClientError
from tests.sandbox.images import Packed, laid_out, layer, with_python
from tests.sandbox.workshop import CLIENT

from .conftest import TALKATIVE, zipped

ACCESS_POINT = "arn:aws:elasticfilesystem:us-east-1:111122223333:access-point/fsap-0123456789abcdef0"
OTHER = TALKATIVE.replace("heard", "listened to")


def test_a_function_is_told_as_it_was_made(workshop):
    made = workshop.make(Description="words", Environment={"Variables": {"COLOUR": "red"}}, Tags={"team": "a"})
    assert (made["State"], made["Version"], made["CodeSize"]) == ("Pending", "$LATEST", len(zipped(TALKATIVE)))
    assert made["CodeSha256"] == base64.b64encode(hashlib.sha256(zipped(TALKATIVE)).digest()).decode()
    found = workshop.client.get_function(FunctionName=made["FunctionArn"])
    assert found["Configuration"]["State"] == "Active"
    assert found["Configuration"]["Environment"] == {"Variables": {"COLOUR": "red"}}
    assert found["Tags"] == {"team": "a"}
    assert urlopen(found["Code"]["Location"]).read() == zipped(TALKATIVE)


def test_every_form_of_a_name_means_the_same(workshop):
    workshop.make()
    account, region = workshop.aws.account, workshop.aws.region
    arn = f"arn:aws:lambda:{region}:{account}:function:it"
    for name in ("it", f"{account}:function:it", "function:it", arn, f"{arn}:$LATEST", "it:$LATEST"):
        assert workshop.client.get_function_configuration(FunctionName=name)["FunctionName"] == "it"


def test_what_does_not_exist_is_not_found(workshop):
    with pytest.raises(ClientError) as refused:
        workshop.client.get_function(FunctionName="none")
    error = refused.value.response["Error"]
    arn = f"arn:aws:lambda:{workshop.aws.region}:{workshop.aws.account}:function:none"
    assert (error["Code"], error["Message"]) == ("ResourceNotFoundException", f"Function not found: {arn}")


def test_a_name_is_taken_once(workshop):
    workshop.make()
    with pytest.raises(workshop.client.exceptions.ResourceConflictException, match="Function already exist: it"):
        workshop.make()


@pytest.mark.parametrize(
    "settings, words",
    [
        (
            {"Environment": {"Variables": {"AWS_REGION": "x", "A1": "y"}}},
            "Reserved keys used in this request: AWS_REGION",
        ),
        ({"Environment": {"Variables": {"BIG": "x" * 5000}}}, "exceeded the 4KB limit"),
        ({"Runtime": "python2.7"}, "python2.7 is no longer supported"),
    ],
)
def test_settings_that_cannot_be_are_refused(workshop, settings, words):
    with pytest.raises(workshop.client.exceptions.InvalidParameterValueException, match=words):
        workshop.make(**settings)


@pytest.mark.parametrize(
    "region, account, code, words",
    [
        ("us-east-1", "", "InvalidParameterValueException", "Layer version .* does not exist"),
        ("eu-west-3", "", "InvalidParameterValueException", "expected to be in region us-east-1"),
        ("us-east-1", "999999999999", "AccessDeniedException", "no resource-based policy allows"),
        ("eu-west-3", "999999999999", "AccessDeniedException", "no resource-based policy allows"),
    ],
)
def test_a_layer_that_is_not_there_or_not_shared(workshop, region, account, code, words):
    arn = f"arn:aws:lambda:{region}:{account or workshop.aws.account}:layer:none:1"
    with pytest.raises(ClientError, match=words) as refused:
        workshop.make(Layers=[arn])
    assert refused.value.response["Error"]["Code"] == code


def refusal(ask, **request):
    """The code and the words of a refusal."""
    with pytest.raises(ClientError) as refused:
        ask(**request)
    return refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]


def test_what_layers_fit_is_checked_at_once(workshop):
    client = workshop.client
    wrong = {"CompatibleRuntimes": ["never"], "CompatibleArchitectures": ["vax"]}
    told = refusal(client.publish_layer_version, LayerName="wrong", Content={"ZipFile": zipped("")}, **wrong)
    assert told[0] == "ValidationException"
    assert told[1].startswith("2 validation errors detected: Value '[never]' at 'compatibleRuntimes' failed")
    assert "Value '[vax]' at 'compatibleArchitectures'" in told[1]
    told = refusal(client.list_layers, CompatibleRuntime="never")
    assert told[1].startswith("1 validation error detected: Value 'never' at 'compatibleRuntime' failed to satisfy")
    told = refusal(client.get_layer_version, LayerName="wrong", VersionNumber=0)
    assert told == ("InvalidParameterValueException", "Layer Version Cannot be less than 1")


def test_what_is_missing_is_told_as_each_operation_tells_it(workshop):
    client, missing = workshop.client, "ResourceNotFoundException"
    none = "Function does not exist"
    assert refusal(client.create_function_url_config, FunctionName="no", AuthType="NONE") == (missing, none)
    assert refusal(client.list_function_url_configs, FunctionName="no") == (missing, none)
    assert refusal(client.remove_permission, FunctionName="no", StatementId="s")[1].startswith("No policy found for: ")
    assert refusal(client.get_function, FunctionName="no", Qualifier="live")[1].endswith(":function:no:live")
    workshop.make()
    place = {"FunctionName": "it", "Qualifier": "live"}
    assert refusal(client.create_function_url_config, **place, AuthType="NONE") == (missing, none)
    assert refusal(client.update_function_url_config, **place) == (missing, none)
    assert refusal(client.get_function_url_config, **place) == (missing, "The resource you requested does not exist.")
    words = "You must specify at least one of error handling or destination setting."
    assert refusal(client.update_function_event_invoke_config, FunctionName="it")[1] == words
    bucket = {"OnSuccess": {"Destination": "arn:aws:s3:::told"}}
    told = refusal(client.put_function_event_invoke_config, FunctionName="it", DestinationConfig=bucket)
    assert "DestinationConfig(onSuccess=OnSuccess(destination=arn:aws:s3:::told), onFailure=null)" in told[1]
    given = {"FunctionName": "it", "StatementId": "s", "Action": "lambda:*", "Principal": "arn:aws:iam::12:role/x"}
    assert refusal(client.add_permission, **given)[1].startswith("The provided principal was invalid")


def test_a_role_must_trust_lambda(workshop):
    stranger = workshop.aws.role("stranger", "states.amazonaws.com")
    with pytest.raises(workshop.client.exceptions.InvalidParameterValueException, match="cannot be assumed by Lambda"):
        workshop.make(role=stranger)


def test_code_must_be_a_zip(workshop):
    with pytest.raises(workshop.client.exceptions.InvalidParameterValueException, match="Could not unzip"):
        workshop.client.create_function(
            FunctionName="it", Role=workshop.role(), Runtime="python3.12", Handler="x.y", Code={"ZipFile": b"no zip"}
        )


def test_code_may_lie_in_a_bucket(workshop):
    s3 = workshop.aws("s3")
    s3.create_bucket(Bucket=f"code-{workshop.aws.account}")
    code = {"S3Bucket": f"code-{workshop.aws.account}", "S3Key": "it.zip"}
    settings = {"FunctionName": "it", "Role": workshop.role(), "Runtime": "python3.12", "Handler": "index.handler"}
    with pytest.raises(workshop.client.exceptions.InvalidParameterValueException, match="S3 Error Code: NoSuchKey"):
        workshop.client.create_function(Code=code, **settings)
    s3.put_object(Bucket=code["S3Bucket"], Key=code["S3Key"], Body=zipped("def handler(e, c): return 'bucket'"))
    workshop.client.create_function(Code=code, **settings)
    assert workshop.invoke()[1] == "bucket"


def test_an_update_changes_what_runs(workshop):
    made = workshop.make(Environment={"Variables": {"A1": "1"}})
    updated = workshop.client.update_function_code(FunctionName="it", ZipFile=zipped("def handler(e, c): return 2"))
    assert updated["LastUpdateStatus"] == "InProgress"
    workshop.client.get_waiter("function_updated_v2").wait(FunctionName="it")
    assert workshop.invoke()[1] == 2
    assert updated["RevisionId"] != made["RevisionId"]
    changed = workshop.client.update_function_configuration(FunctionName="it", MemorySize=256, Environment={})
    assert changed["MemorySize"] == 256
    assert "Environment" not in changed


def test_an_update_may_insist_on_a_revision(workshop):
    workshop.make()
    old = workshop.client.get_function_configuration(FunctionName="it")["RevisionId"]
    workshop.client.update_function_configuration(FunctionName="it", Timeout=5, RevisionId=old)
    with pytest.raises(workshop.client.exceptions.PreconditionFailedException):
        workshop.client.update_function_configuration(FunctionName="it", Timeout=6, RevisionId=old)


def test_a_version_keeps_its_code_and_its_number(workshop):
    workshop.make()
    first = workshop.client.publish_version(FunctionName="it", Description="first")
    assert (first["Version"], first["Description"]) == ("1", "first")
    assert workshop.client.publish_version(FunctionName="it")["Version"] == "1"
    workshop.client.update_function_code(FunctionName="it", ZipFile=zipped("def handler(e, c): return 2"), Publish=True)
    assert workshop.invoke(Qualifier="1")[1]["version"] == "1"
    assert workshop.invoke(Qualifier="2")[1] == 2
    listed = workshop.client.list_versions_by_function(FunctionName="it")["Versions"]
    assert [one["Version"] for one in listed] == ["$LATEST", "1", "2"]
    workshop.client.delete_function(FunctionName="it", Qualifier="2")
    workshop.client.update_function_code(FunctionName="it", ZipFile=zipped(OTHER))
    assert workshop.client.publish_version(FunctionName="it")["Version"] == "3"


def test_an_alias_leads_to_a_version_or_two(workshop):
    workshop.make(Publish=True)
    workshop.client.update_function_code(FunctionName="it", ZipFile=zipped(OTHER), Publish=True)
    made = workshop.client.create_alias(FunctionName="it", Name="live", FunctionVersion="1")
    answer, payload = workshop.invoke(Qualifier="live")
    assert (answer["ExecutedVersion"], payload["version"]) == ("1", "1")
    assert payload["arn"] == made["AliasArn"]
    workshop.client.update_alias(FunctionName="it", Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 1.0}})
    assert workshop.invoke(name="it:live")[0]["ExecutedVersion"] == "2"
    with pytest.raises(workshop.client.exceptions.ResourceConflictException):
        workshop.client.delete_function(FunctionName="it", Qualifier="1")
    workshop.client.delete_alias(FunctionName="it", Name="live")
    with pytest.raises(workshop.client.exceptions.ResourceNotFoundException, match="Cannot find alias arn"):
        workshop.client.get_alias(FunctionName="it", Name="live")


def test_lists_come_in_pages(workshop):
    for name in ("one", "two", "three"):
        workshop.make(name=name)
    pages = workshop.client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 2})
    assert [[one["FunctionName"] for one in page["Functions"]] for page in pages] == [["one", "three"], ["two"]]


def test_a_deleted_function_is_gone_whole(workshop):
    workshop.make(Publish=True)
    workshop.client.create_alias(FunctionName="it", Name="live", FunctionVersion="1")
    workshop.client.delete_function(FunctionName="it")
    assert workshop.client.list_functions()["Functions"] == []
    workshop.make()
    assert workshop.client.list_aliases(FunctionName="it")["Aliases"] == []


def test_tags(workshop):
    arn = workshop.make()["FunctionArn"]
    workshop.client.tag_resource(Resource=arn, Tags={"a": "1", "b": "2"})
    workshop.client.untag_resource(Resource=arn, TagKeys=["a"])
    assert workshop.client.list_tags(Resource=arn)["Tags"] == {"b": "2"}


def test_layers_lie_beside_the_code(workshop):
    layer = workshop.client.publish_layer_version(
        LayerName="shared", Content={"ZipFile": zipped("WORD = 'shared'", "python/words.py")},
        CompatibleRuntimes=["python3.12"],
    )  # fmt: skip
    assert layer["Version"] == 1
    workshop.make("import words\ndef handler(e, c): return words.WORD", Layers=[layer["LayerVersionArn"]])
    assert workshop.invoke()[1] == "shared"
    assert workshop.client.list_layers()["Layers"][0]["LatestMatchingVersion"]["Version"] == 1
    assert (
        workshop.client.list_layer_versions(LayerName="shared", CompatibleRuntime="nodejs20.x")["LayerVersions"] == []
    )
    workshop.client.delete_layer_version(LayerName="shared", VersionNumber=1)
    with pytest.raises(workshop.client.exceptions.ResourceNotFoundException):
        workshop.client.get_layer_version_by_arn(Arn=layer["LayerVersionArn"])
    assert workshop.invoke()[1] == "shared"


def test_permissions_are_statements(workshop):
    workshop.make()
    workshop.client.add_permission(
        FunctionName="it", StatementId="s", Action="lambda:InvokeFunction", Principal="sns.amazonaws.com",
        SourceArn="arn:aws:sns:us-east-1:123456789012:topic",
    )  # fmt: skip
    policy = workshop.client.get_policy(FunctionName="it")["Policy"]
    assert '"Service":"sns.amazonaws.com"' in policy
    assert '"ArnLike":{"AWS:SourceArn":"arn:aws:sns:us-east-1:123456789012:topic"}' in policy
    with pytest.raises(workshop.client.exceptions.ResourceConflictException):
        workshop.client.add_permission(FunctionName="it", StatementId="s", Action="lambda:*", Principal="*")
    workshop.client.remove_permission(FunctionName="it", StatementId="s")
    with pytest.raises(workshop.client.exceptions.ResourceNotFoundException):
        workshop.client.get_policy(FunctionName="it")


def test_a_function_that_is_being_changed_is_not_changed_again(workshop):
    """What settles a version is a promise: as long as it is not kept, the version is InProgress."""
    workshop.make()
    room = workshop.aws.running.cloud.door.room("lambda")
    kept = room.internals["settle"]
    room.internals["settle"] = kept._replace(run=lambda call, tx, request: None)
    try:
        changed = workshop.client.update_function_configuration(FunctionName="it", Timeout=9)
        assert (changed["State"], changed["LastUpdateStatus"]) == ("Active", "InProgress")
        conflict = workshop.client.exceptions.ResourceConflictException
        with pytest.raises(conflict, match="An update is in progress for resource: arn:aws:lambda"):
            workshop.client.update_function_code(FunctionName="it", ZipFile=zipped(OTHER))
        with pytest.raises(conflict):
            workshop.client.publish_version(FunctionName="it")
        told = workshop.client.get_function_configuration(FunctionName="it")
        assert (told["LastUpdateStatus"], told["LastUpdateStatusReasonCode"]) == ("InProgress", "Creating")
    finally:
        room.internals["settle"] = kept


def test_tags_are_few_and_make_another_revision(workshop):
    made = workshop.make()
    before = workshop.client.get_function_configuration(FunctionName="it")["RevisionId"]
    workshop.client.tag_resource(Resource=made["FunctionArn"], Tags={"a": "b"})
    assert workshop.client.get_function_configuration(FunctionName="it")["RevisionId"] != before
    with pytest.raises(workshop.client.exceptions.InvalidParameterValueException, match="exceeds resource tag limit"):
        workshop.client.tag_resource(Resource=made["FunctionArn"], Tags={str(n): "" for n in range(50)})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"Runtime": "cobol85"}, "Value cobol85 at 'runtime' failed to satisfy constraint"),
        ({"Runtime": "python2.7"}, "python2.7 is no longer supported for creating or updating"),
        ({"SnapStart": {"ApplyOn": "PublishedVersions"}, "Runtime": "python3.11"}, "python3.11 is not supported for"),
        ({"PackageType": "Image"}, "Please don't provide Runtime when the intended function PackageType is Image."),
    ],
)  # fmt: skip
def test_settings_that_aws_refuses(workshop, settings, words):
    with pytest.raises(workshop.client.exceptions.InvalidParameterValueException, match=words):
        workshop.make(**settings)


def test_a_runtime_that_published_applications_name_is_taken(workshop):
    assert workshop.make(Runtime="nodejs14.x")["Runtime"] == "nodejs14.x"


IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop:1"
ANSWERING = """
import json
while True:
    id = next_id()
    call("POST", f"invocation/{id}/response", json.dumps(sys.argv[1:]))
"""


def of_image(workshop, **settings):
    client = (CLIENT.format(python=os.path.realpath(sys.executable)) + ANSWERING).encode()
    code = layer(("var/task/serve", client))
    place = workshop.aws.running.config.data / "oci" / "shop"
    if not place.exists():
        laid_out(Packed(with_python(), code, Entrypoint=["/var/task/serve"], Cmd=["first"]), place, "1")
    made = workshop.client.create_function(
        FunctionName="it", Role=workshop.role(), PackageType="Image", Code={"ImageUri": IMAGE}, Timeout=10, **settings
    )
    workshop.client.get_waiter("function_active_v2").wait(FunctionName="it")
    return made


def test_a_function_of_an_image(workshop):
    of_image(workshop, ImageConfig={"Command": ["app.handler"]})
    found = workshop.client.get_function(FunctionName="it")
    assert (found["Code"]["RepositoryType"], found["Code"]["ImageUri"]) == ("ECR", IMAGE)
    assert "@sha256:" in found["Code"]["ResolvedImageUri"]
    assert found["Configuration"]["ImageConfigResponse"]["ImageConfig"] == {"Command": ["app.handler"]}
    told = workshop.invoke()[1]
    assert told == ["app.handler"] or told["errorMessage"].endswith("needs the namespace fitting")


def test_an_image_is_not_exchanged_for_a_zip_and_must_be_there(workshop):
    of_image(workshop)
    invalid = workshop.client.exceptions.InvalidParameterValueException
    with pytest.raises(invalid, match="packageType Image"):
        workshop.client.update_function_code(FunctionName="it", ZipFile=zipped(OTHER))
    with pytest.raises(invalid, match=r"Source image .*none:1 does not exist"):
        workshop.client.update_function_code(FunctionName="it", ImageUri=IMAGE.replace("shop", "none"))


def test_snapshots_are_told_of_as_aws_does(workshop):
    workshop.make(SnapStart={"ApplyOn": "PublishedVersions"})
    version = workshop.client.publish_version(FunctionName="it")
    assert version["SnapStart"] == {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"}
    told = workshop.client.get_function_configuration(FunctionName="it")["SnapStart"]
    assert told == {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"}


@pytest.mark.parametrize(
    "given",
    [
        {"FileSystemConfigs": [{"Arn": ACCESS_POINT, "LocalMountPath": "/mnt/files"}]},
        {"TenancyConfig": {"TenantIsolationMode": "PER_TENANT"}},
    ],
)
def test_what_is_not_done_is_refused(workshop, given):
    with pytest.raises(ClientError, match="NotImplemented"):
        workshop.make(**given)
    workshop.make()
    if "FileSystemConfigs" in given:
        with pytest.raises(ClientError, match="NotImplemented"):
            workshop.client.update_function_configuration(FunctionName="it", **given)


def test_a_function_is_placed_in_a_network(workshop):
    ec2, client = workshop.aws("ec2"), workshop.client
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="fn", Description="d", VpcId=vpc)["GroupId"]
    place = {"SubnetIds": [subnet], "SecurityGroupIds": [group]}
    told = {"VpcId": vpc, "Ipv6AllowedForDualStack": False, **place}
    assert workshop.make(VpcConfig=place)["VpcConfig"] == told
    assert workshop.invoke({"n": 1})[1]["event"] == {"n": 1}
    none = {"SubnetIds": [], "SecurityGroupIds": []}
    changed = client.update_function_configuration(FunctionName="it", VpcConfig=none)
    assert changed["VpcConfig"] == {"VpcId": "", "Ipv6AllowedForDualStack": False, **none}


@pytest.mark.parametrize(
    "given, words",
    [
        ({"SubnetIds": ["subnet-0123456789abcdef0"]}, "SubnetIds and SecurityIds must coexist"),
        (
            {"SubnetIds": ["subnet-0123456789abcdef0"], "SecurityGroupIds": ["sg-0123456789abcdef0"]},
            "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. "
            "EC2 Error Message: The subnet ID 'subnet-0123456789abcdef0' does not exist",
        ),
    ],
)
def test_a_network_must_be_there(workshop, given, words):
    with pytest.raises(workshop.client.exceptions.InvalidParameterValueException, match=words):
        workshop.make(VpcConfig=given)


CONNECTING = """
import socket
def handler(event, context):
    with socket.socket() as line:
        line.settimeout(5)
        return line.connect_ex((event["host"], event["port"]))
"""


def test_security_groups_say_whom_a_function_may_reach(workshop):
    if not workshop.aws.running.cloud.sandbox.transparent:
        pytest.skip("cells have no networks of their own on this machine: see freehold doctor")
    ec2 = workshop.aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="fn", Description="d", VpcId=vpc)["GroupId"]
    ec2.revoke_security_group_egress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    )
    workshop.make(CONNECTING, VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": [group]})
    assert workshop.invoke({"host": "192.0.2.7", "port": 443})[1] == errno.ENETUNREACH
    assert workshop.invoke({"host": "127.0.0.1", "port": 443})[1] == 0
