"""Who may use functions and layers: other accounts, and principals whom only the function's own policy lets in."""

import pytest
from botocore.exceptions import ClientError
from tests.services.lambda_.conftest import zipped


def denied(ask, **request):
    with pytest.raises(ClientError) as refused:
        ask(**request)
    return refused.value.response["Error"]["Code"] == "AccessDeniedException"


def share(workshop, action, principal, **more):
    workshop.client.add_permission(FunctionName="it", StatementId="s", Action=action, Principal=principal, **more)


def test_another_account_does_what_the_policy_shares(workshop, stranger):
    arn = workshop.make()["FunctionArn"]
    other = stranger("lambda")
    assert denied(other.get_function, FunctionName=arn)
    share(workshop, "lambda:*", stranger.account)
    assert other.get_function(FunctionName=arn)["Configuration"]["FunctionArn"] == arn
    other.create_alias(FunctionName=arn, Name="theirs", FunctionVersion="$LATEST")
    other.tag_resource(Resource=arn, Tags={"a": "b"})
    assert workshop.client.list_tags(Resource=arn)["Tags"] == {"a": "b"}
    assert other.invoke(FunctionName=arn)["StatusCode"] == 200
    other.update_function_code(FunctionName=arn, ZipFile=zipped("def handler(e, c): return 'theirs'"))
    workshop.client.get_waiter("function_updated_v2").wait(FunctionName="it")
    assert workshop.invoke()[1] == "theirs"


def test_another_account_never_does_what_accounts_do_not_share(workshop, stranger):
    arn = workshop.make()["FunctionArn"]
    share(workshop, "lambda:*", stranger.account)
    other = stranger("lambda")
    assert denied(other.update_function_configuration, FunctionName=arn, Timeout=9)
    assert denied(other.create_function_url_config, FunctionName=arn, AuthType="NONE")


def test_a_functions_policy_is_enough_for_its_own_account(workshop):
    arn = workshop.make()["FunctionArn"]
    client = workshop.aws.as_role("lambda", "poor")
    assert denied(client.invoke, FunctionName="it")
    share(workshop, "lambda:InvokeFunction", f"arn:aws:iam::{workshop.aws.account}:role/poor")
    assert client.invoke(FunctionName=arn)["StatusCode"] == 200
    assert denied(client.get_function, FunctionName="it")


def test_naming_the_account_gives_its_principals_nothing(workshop):
    workshop.make()
    share(workshop, "lambda:InvokeFunction", workshop.aws.account)
    assert denied(workshop.aws.as_role("lambda", "poor").invoke, FunctionName="it")


def test_what_is_done_to_anothers_layer_never_touches_ones_own(workshop, stranger):
    own, other = workshop.client, stranger("lambda")
    made = other.publish_layer_version(LayerName="same", Content={"ZipFile": zipped("")})
    own.publish_layer_version(LayerName="same", Content={"ZipFile": zipped("")})
    there = {"LayerName": made["LayerArn"], "VersionNumber": 1}
    assert denied(own.delete_layer_version, **there)
    assert denied(own.list_layer_versions, LayerName=made["LayerArn"])
    assert denied(own.publish_layer_version, LayerName=made["LayerArn"], Content={"ZipFile": zipped("")})
    assert denied(own.get_layer_version_policy, **there)
    shared = {"StatementId": "s", "Action": "lambda:GetLayerVersion", "Principal": "*"}
    assert denied(own.add_layer_version_permission, **there, **shared)
    assert denied(own.get_layer_version, **there)
    other.add_layer_version_permission(LayerName="same", VersionNumber=1, **shared)
    assert own.get_layer_version(**there)["LayerVersionArn"] == made["LayerVersionArn"]
    assert own.get_layer_version(LayerName="same", VersionNumber=1)
