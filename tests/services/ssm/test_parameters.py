"""Parameters: put, read by name, version, label and ARN, listed, labelled, removed."""

import pytest
from botocore.exceptions import ClientError
from tests.conftest import Aws, RunningCloud


@pytest.fixture
def ssm(aws):
    return aws("ssm")


@pytest.fixture
def put(ssm):
    def put(name, value="v", type_="String", **more):
        return ssm.put_parameter(Name=name, Value=value, Type=type_, **more)

    return put


def names(answer):
    return [parameter["Name"] for parameter in answer["Parameters"]]


def test_a_parameter_has_versions(ssm, put, aws):
    assert put("/app/db", "one", Description="where it is")["Version"] == 1
    with pytest.raises(ssm.exceptions.ParameterAlreadyExists, match="set the overwrite option"):
        put("/app/db", "two")
    answer = ssm.put_parameter(Name="/app/db", Value="two", Overwrite=True)
    assert (answer["Version"], answer["Tier"]) == (2, "Standard")
    told = ssm.get_parameter(Name="/app/db")["Parameter"]
    arn = f"arn:aws:ssm:us-east-1:{aws.account}:parameter/app/db"
    assert (told["Value"], told["Version"], told["ARN"], told["DataType"]) == ("two", 2, arn, "text")
    first = ssm.get_parameter(Name="/app/db:1")["Parameter"]
    assert (first["Value"], first["Selector"]) == ("one", ":1")
    assert ssm.get_parameter(Name=arn)["Parameter"]["Value"] == "two"
    assert ssm.get_parameter(Name=f"{arn}:1")["Parameter"]["Value"] == "one"
    with pytest.raises(ssm.exceptions.ParameterVersionNotFound, match="could not find version 3 of /app/db"):
        ssm.get_parameter(Name="/app/db:3")
    history = ssm.get_parameter_history(Name="/app/db")["Parameters"]
    assert [(one["Version"], one["Value"], one["Description"]) for one in history] == [
        (1, "one", "where it is"),
        (2, "two", "where it is"),
    ]


def test_a_name_of_one_level_is_found_by_its_arn(ssm, put):
    put("plain", "a")
    put("/rooted", "b")
    for name, value in (("plain", "a"), ("/rooted", "b")):
        arn = ssm.get_parameter(Name=name)["Parameter"]["ARN"]
        assert ssm.get_parameter(Name=arn)["Parameter"]["Value"] == value


def test_secret_values_are_sealed(ssm, put):
    put("/secret", "hush", "SecureString")
    sealed = ssm.get_parameter(Name="/secret")["Parameter"]["Value"]
    assert "hush" not in sealed
    assert ssm.get_parameter(Name="/secret", WithDecryption=True)["Parameter"]["Value"] == "hush"
    [told] = ssm.describe_parameters()["Parameters"]
    assert told["KeyId"] == "alias/aws/ssm"
    [old] = ssm.get_parameter_history(Name="/secret", WithDecryption=True)["Parameters"]
    assert (old["Value"], old["KeyId"]) == ("hush", "alias/aws/ssm")
    with pytest.raises(ssm.exceptions.InvalidKeyId):
        put("/other", "hush", "SecureString", KeyId="alias/mine")


def test_secret_values_are_sealed_by_keys_of_the_account(aws, ssm, put):
    kms = aws("kms")
    key, other = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    kms.create_alias(AliasName="alias/mine", TargetKeyId=key)
    put("/mine", "hush", "SecureString", KeyId="alias/mine")
    put("/long", "l" * 8_000, "SecureString", KeyId="alias/mine", Tier="Advanced")
    kms.update_alias(AliasName="alias/mine", TargetKeyId=other)
    assert ssm.get_parameter(Name="/long", WithDecryption=True)["Parameter"]["Value"] == "l" * 8_000
    arn = ssm.get_parameter(Name="/mine")["Parameter"]["ARN"]
    reads = {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": arn}
    decrypts = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key, "Condition": {
        "StringEquals": {"kms:EncryptionContext:PARAMETER_ARN": arn}}}  # fmt: skip
    half, whole = aws.as_role("ssm", "half", reads), aws.as_role("ssm", "whole", reads, decrypts)
    assert whole.get_parameter(Name="/mine", WithDecryption=True)["Parameter"]["Value"] == "hush"
    half.get_parameter(Name="/mine")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        half.get_parameter(Name="/mine", WithDecryption=True)
    kms.disable_key(KeyId=key)
    with pytest.raises(ssm.exceptions.InvalidKeyId):
        ssm.get_parameter(Name="/mine", WithDecryption=True)


@pytest.mark.parametrize(
    ("request_part", "code"),
    [
        ({"Name": "/ssm/x"}, "ValidationException"),
        ({"Name": "/aws/x"}, "AccessDeniedException"),
        ({"Name": "a/b"}, "ValidationException"),
        ({"Name": "/a b"}, "ValidationException"),
        ({"Name": "/a" * 16}, "HierarchyLevelLimitExceededException"),
        ({"Value": ""}, "ValidationException"),
        ({"Value": "x" * 4_097}, "ValidationException"),
        ({"Value": "x" * 8_193, "Tier": "Advanced"}, "ValidationException"),
        ({"AllowedPattern": "^\\d+$"}, "ParameterPatternMismatchException"),
        ({"AllowedPattern": "("}, "InvalidAllowedPatternException"),
        ({"AllowedPattern": "^(a+)+$"}, "InvalidAllowedPatternException"),
        ({"DataType": "TEXT"}, "ValidationException"),
        ({"KeyId": "alias/aws/ssm"}, "ValidationException"),
        ({"Tags": [{"Key": "a", "Value": "b"}], "Overwrite": True}, "ValidationException"),
        ({"Policies": '[{"Type": "Expiry"}]'}, "InvalidPolicyTypeException"),
    ],
)
def test_what_may_not_be_put(ssm, request_part, code):
    with pytest.raises(ClientError) as refusal:
        ssm.put_parameter(**({"Name": "/a", "Value": "v", "Type": "String"} | request_part))
    assert refusal.value.response["Error"]["Code"] == code


def test_type_and_tier_of_an_overwrite(ssm, put):
    with pytest.raises(ClientError, match="A parameter type is required when you create a parameter"):
        ssm.put_parameter(Name="/a", Value="v")
    assert put("/a", "x" * 5_000, Tier="Intelligent-Tiering")["Tier"] == "Advanced"
    assert ssm.put_parameter(Name="/a", Value="v", Overwrite=True)["Tier"] == "Advanced"
    with pytest.raises(ClientError, match="can't downgrade"):
        ssm.put_parameter(Name="/a", Value="v", Tier="Standard", Overwrite=True)
    with pytest.raises(ssm.exceptions.HierarchyTypeMismatchException):
        put("/a", "v", "StringList", Overwrite=True)


def test_several_at_once(ssm, put):
    put("/a")
    put("/b", "x,y", "StringList")
    answer = ssm.get_parameters(Names=["/b", "/a:1", "/c", "/a:7"])
    assert [one["Value"] for one in answer["Parameters"]] == ["x,y", "v"]
    assert answer["InvalidParameters"] == ["/c", "/a:7"]
    answer = ssm.delete_parameters(Names=["/a", "/c"])
    assert (answer["DeletedParameters"], answer["InvalidParameters"]) == (["/a"], ["/c"])
    ssm.delete_parameter(Name="/b")
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name="/b")
    assert put("/a")["Version"] == 1


def test_parameters_by_path(ssm, put):
    for name in ("/app/a", "/app/b", "/app/deep/c", "/apple", "top"):
        put(name)
    put("/app/z", "hush", "SecureString")

    def below(path, **more):
        pages = ssm.get_paginator("get_parameters_by_path").paginate(
            Path=path, PaginationConfig={"PageSize": 1}, **more
        )
        return [parameter["Name"] for page in pages for parameter in page["Parameters"]]

    assert below("/app") == ["/app/a", "/app/b", "/app/z"]
    assert below("/app/", Recursive=True) == ["/app/a", "/app/b", "/app/deep/c", "/app/z"]
    assert below("/") == ["/apple", "top"]
    secrets = [{"Key": "Type", "Values": ["SecureString"]}]
    assert below("/app", ParameterFilters=secrets) == ["/app/z"]
    [told] = ssm.get_parameters_by_path(Path="/app", ParameterFilters=secrets, WithDecryption=True)["Parameters"]
    assert told["Value"] == "hush"
    with pytest.raises(ClientError, match="must begin with a forward slash"):
        below("app")
    with pytest.raises(ssm.exceptions.InvalidFilterKey):
        below("/app", ParameterFilters=[{"Key": "Name", "Values": ["x"]}])
    with pytest.raises(ssm.exceptions.InvalidNextToken):
        ssm.get_parameters_by_path(Path="/", NextToken="?")


def test_parameters_are_described_through_filters(ssm, put):
    put("/app/one", Tags=[{"Key": "team", "Value": "web"}])
    put("/app/two", "a,b", "StringList", AllowedPattern="a.*", Tier="Advanced")
    put("other")

    def chosen(*filters):
        return names(ssm.describe_parameters(ParameterFilters=list(filters)))

    assert chosen() == ["/app/one", "/app/two", "other"]
    assert chosen({"Key": "Name", "Option": "Contains", "Values": ["two", "other"]}) == ["/app/two", "other"]
    assert chosen({"Key": "Path", "Values": ["/app"]}, {"Key": "Tier", "Values": ["Advanced"]}) == ["/app/two"]
    assert chosen({"Key": "tag:team", "Values": ["web"]}) == chosen({"Key": "tag:team"}) == ["/app/one"]
    assert names(ssm.describe_parameters(Filters=[{"Key": "Name", "Values": ["/app/o"]}])) == ["/app/one"]
    told = ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": ["/app/two"]}])["Parameters"][0]
    assert told["AllowedPattern"] == "a.*" and told["LastModifiedUser"].startswith("arn:aws:iam::")
    with pytest.raises(ssm.exceptions.InvalidFilterOption):
        chosen({"Key": "Tier", "Option": "BeginsWith", "Values": ["A"]})
    pages = ssm.get_paginator("describe_parameters").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["Parameters"]) for page in pages] == [2, 1]


def test_labels_point_to_versions(ssm, put):
    put("/a", "one")
    put("/a", "two", Overwrite=True)
    answer = ssm.label_parameter_version(Name="/a", ParameterVersion=1, Labels=["live", "old"])
    assert (answer["InvalidLabels"], answer["ParameterVersion"]) == ([], 1)
    assert ssm.get_parameter(Name="/a:live")["Parameter"]["Value"] == "one"
    ssm.label_parameter_version(Name="/a", Labels=["live"])
    assert ssm.get_parameter(Name="/a:live")["Parameter"]["Value"] == "two"
    assert [one["Labels"] for one in ssm.get_parameter_history(Name="/a")["Parameters"]] == [["old"], ["live"]]
    assert ssm.label_parameter_version(Name="/a", Labels=["1st", "ok"])["InvalidLabels"] == ["1st"]
    answer = ssm.unlabel_parameter_version(Name="/a", ParameterVersion=1, Labels=["old", "live"])
    assert (answer["RemovedLabels"], answer["InvalidLabels"]) == (["old"], ["live"])
    with pytest.raises(ssm.exceptions.ParameterVersionNotFound, match="could not find label old"):
        ssm.get_parameter(Name="/a:old")
    with pytest.raises(ssm.exceptions.ParameterVersionLabelLimitExceeded):
        for number in range(11):
            ssm.label_parameter_version(Name="/a", Labels=[f"label-{number}"])


def test_a_hundred_versions_are_kept(ssm, put):
    for _ in range(101):
        put("/a", Overwrite=True)
    pages = ssm.get_paginator("get_parameter_history").paginate(Name="/a", PaginationConfig={"PageSize": 40})
    assert [one["Version"] for page in pages for one in page["Parameters"]] == list(range(2, 102))
    ssm.label_parameter_version(Name="/a", ParameterVersion=2, Labels=["keep"])
    with pytest.raises(ssm.exceptions.ParameterMaxVersionLimitExceeded):
        put("/a", Overwrite=True)


def test_tags(ssm, put):
    put("/a", Tags=[{"Key": "one", "Value": "1"}])
    tagged = {"ResourceType": "Parameter", "ResourceId": "/a"}
    ssm.add_tags_to_resource(**tagged, Tags=[{"Key": "two", "Value": "2"}])
    ssm.remove_tags_from_resource(**tagged, TagKeys=["one"])
    assert ssm.list_tags_for_resource(**tagged)["TagList"] == [{"Key": "two", "Value": "2"}]
    with pytest.raises(ssm.exceptions.InvalidResourceId):
        ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/b")
    with pytest.raises(ClientError, match="does not implement"):
        ssm.list_tags_for_resource(ResourceType="Document", ResourceId="d")


def test_a_role_reads_what_it_may(aws, put):
    put("/app/db")
    put("/other")
    may = {
        "Effect": "Allow",
        "Action": "ssm:GetParameter*",
        "Resource": f"arn:aws:ssm:us-east-1:{aws.account}:parameter/app/*",
    }
    ssm = aws.as_role("ssm", "reader", may)
    assert ssm.get_parameter(Name="/app/db:1")["Parameter"]["Value"] == "v"
    with pytest.raises(ClientError) as refusal:
        ssm.get_parameter(Name="/other")
    assert refusal.value.response["Error"]["Code"] == "AccessDeniedException"


def test_parameters_are_put_three_times_a_second(tmp_path):
    running = RunningCloud(tmp_path / "cloud", frozen=True, limits=True)
    aws = Aws(running, "111122223333")
    client, put = aws("ssm"), {"Name": "/a", "Value": "v", "Type": "String", "Overwrite": True}
    for _ in range(3):
        client.put_parameter(**put)
    with pytest.raises(ClientError, match="ThrottlingException"):
        client.put_parameter(**put)
    aws.advance(1)
    client.put_parameter(**put)
    running.stop()
