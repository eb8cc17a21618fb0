"""Code signing configurations, and what they let in."""

import pytest
from tests.services.lambda_.conftest import zipped

PROFILE = "arn:aws:signer:us-east-1:111122223333:/signing-profiles/ours/0123456789"
CODE = {"ZipFile": zipped("def handler(e, c): return 1")}


def config(workshop, policy):
    made = workshop.client.create_code_signing_config(
        AllowedPublishers={"SigningProfileVersionArns": [PROFILE]},
        CodeSigningPolicies={"UntrustedArtifactOnDeployment": policy}, Description="ours",
    )  # fmt: skip
    return made["CodeSigningConfig"]["CodeSigningConfigArn"]


def test_unsigned_code_is_refused_where_signatures_are_enforced(workshop):
    arn = config(workshop, "Enforce")
    client = workshop.client
    with pytest.raises(client.exceptions.CodeVerificationFailedException):
        workshop.make(CodeSigningConfigArn=arn)
    workshop.make()
    client.put_function_code_signing_config(FunctionName="it", CodeSigningConfigArn=arn)
    with pytest.raises(client.exceptions.CodeVerificationFailedException):
        client.update_function_code(FunctionName="it", **CODE)
    client.delete_function_code_signing_config(FunctionName="it")
    assert "CodeSigningConfigArn" not in client.get_function_code_signing_config(FunctionName="it")
    client.update_function_code(FunctionName="it", **CODE)


def test_unsigned_code_is_let_in_where_it_is_only_warned_of(workshop):
    arn = config(workshop, "Warn")
    workshop.make(CodeSigningConfigArn=arn)
    client = workshop.client
    assert client.get_function_code_signing_config(FunctionName="it")["CodeSigningConfigArn"] == arn
    assert client.list_functions_by_code_signing_config(CodeSigningConfigArn=arn)["FunctionArns"]
    with pytest.raises(client.exceptions.ResourceConflictException):
        client.delete_code_signing_config(CodeSigningConfigArn=arn)


def test_a_configuration_is_changed_listed_tagged_and_removed(workshop):
    arn, client = config(workshop, "Warn"), workshop.client
    changed = client.update_code_signing_config(
        CodeSigningConfigArn=arn, CodeSigningPolicies={"UntrustedArtifactOnDeployment": "Enforce"}
    )["CodeSigningConfig"]
    assert (changed["Description"], changed["CodeSigningPolicies"]) == (
        "ours", {"UntrustedArtifactOnDeployment": "Enforce"},
    )  # fmt: skip
    assert client.list_code_signing_configs()["CodeSigningConfigs"] == [changed]
    client.tag_resource(Resource=arn, Tags={"a": "b"})
    assert client.list_tags(Resource=arn)["Tags"] == {"a": "b"}
    client.delete_code_signing_config(CodeSigningConfigArn=arn)
    with pytest.raises(client.exceptions.ResourceNotFoundException, match="can not be found"):
        client.get_code_signing_config(CodeSigningConfigArn=arn)
    with pytest.raises(client.exceptions.CodeSigningConfigNotFoundException):
        workshop.make(CodeSigningConfigArn=arn)
