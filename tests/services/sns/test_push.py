"""Platform applications and their endpoints: kept, checked, and reached by way of the outbox."""

import json

import pytest

SECRETS = {"PlatformPrincipal": "id", "PlatformCredential": "secret"}


@pytest.fixture
def sns(aws):
    return aws("sns")


@pytest.fixture
def application(sns):
    made = sns.create_platform_application(Name="shop", Platform="ADM", Attributes=SECRETS)
    return made["PlatformApplicationArn"]


@pytest.fixture
def device(sns, application):
    return sns.create_platform_endpoint(PlatformApplicationArn=application, Token="t")["EndpointArn"]


def test_secrets_are_never_shown(sns, application):
    assert application.endswith(":app/ADM/shop")
    sns.set_platform_application_attributes(
        PlatformApplicationArn=application, Attributes={"SuccessFeedbackSampleRate": "5"}
    )
    told = {"Enabled": "true", "SuccessFeedbackSampleRate": "5"}
    assert sns.get_platform_application_attributes(PlatformApplicationArn=application)["Attributes"] == told
    listed = sns.list_platform_applications()["PlatformApplications"]
    assert listed == [{"PlatformApplicationArn": application, "Attributes": told}]


@pytest.mark.parametrize(
    ("name", "platform", "attributes", "words"),
    [
        ("a", "AAA", SECRETS, "Platform Reason: AAA is not supported"),
        ("", "ADM", SECRETS, "cannot be empty"),
        ("a" * 257, "ADM", SECRETS, "at most 256"),
        ("@a", "ADM", SECRETS, "must contain only characters"),
        ("a", "ADM", {"PlatformPrincipal": "id"}, "PlatformPrincipal attribute provided without PlatformCredential"),
        ("a", "ADM", {"PlatformCredential": "id"}, "PlatformCredential attribute provided without PlatformPrincipal"),
        ("a", "ADM", {**SECRETS, "Other": ""}, "Invalid attribute name: Other"),
    ],
)
def test_what_no_application_is(sns, refused, name, platform, attributes, words):
    with refused("InvalidParameter", words):
        sns.create_platform_application(Name=name, Platform=platform, Attributes=attributes)


def test_attributes_are_asked_for(sns, refused, application, device):
    with refused("ValidationError", "Value null at 'attributes'"):
        sns.set_platform_application_attributes(PlatformApplicationArn=application, Attributes={})
    with refused("ValidationError", "Value null at 'attributes'"):
        sns.set_endpoint_attributes(EndpointArn=device, Attributes={})


def test_a_device_registers_once(sns, refused, application, device):
    again = sns.create_platform_endpoint(PlatformApplicationArn=application, Token="t")["EndpointArn"]
    assert again == device
    with refused("InvalidParameter", f"Endpoint {device} already exists with the same Token"):
        sns.create_platform_endpoint(PlatformApplicationArn=application, Token="t", CustomUserData="x")
    with refused("InvalidParameter", "at most 2048 bytes"):
        sns.set_endpoint_attributes(EndpointArn=device, Attributes={"CustomUserData": "x" * 2_049})
    sns.set_endpoint_attributes(EndpointArn=device, Attributes={"CustomUserData": "x"})
    known = {"Enabled": "true", "Token": "t", "CustomUserData": "x"}
    assert sns.get_endpoint_attributes(EndpointArn=device)["Attributes"] == known
    listed = sns.list_endpoints_by_platform_application(PlatformApplicationArn=application)["Endpoints"]
    assert listed == [{"EndpointArn": device, "Attributes": known}]


def test_what_is_gone(sns, refused, application, device):
    sns.delete_endpoint(EndpointArn=device)
    sns.delete_endpoint(EndpointArn=device)
    with refused("NotFound", "Endpoint does not exist"):
        sns.get_endpoint_attributes(EndpointArn=device)
    with refused("InvalidParameter", "No endpoint found for the target arn"):
        sns.publish(TargetArn=device, Message="a")
    sns.delete_platform_application(PlatformApplicationArn=application)
    with refused("NotFound", "PlatformApplication does not exist"):
        sns.list_endpoints_by_platform_application(PlatformApplicationArn=application)
    with refused("InvalidParameter", "Wrong number of slashes"):
        sns.get_endpoint_attributes(EndpointArn=application)


def test_what_is_pushed_goes_to_the_outbox(sns, refused, letters, application, device):
    texts = {"default": "a", "ADM": '{"data": {"text": "b"}}'}
    sns.publish(TargetArn=device, Message=json.dumps(texts), MessageStructure="json")
    [letter] = letters(1)
    assert (letter["medium"], letter["to"], letter["sender"], letter["body"]) == ("push", "t", "shop", texts["ADM"])
    sns.set_endpoint_attributes(EndpointArn=device, Attributes={"Enabled": "false"})
    with refused("EndpointDisabled"):
        sns.publish(TargetArn=device, Message="a")
    sns.set_platform_application_attributes(PlatformApplicationArn=application, Attributes={"Enabled": "false"})
    with refused("PlatformApplicationDisabled"):
        sns.publish(TargetArn=device, Message="a")


def test_a_device_hears_a_topic(talk, letters, device):
    topic = talk()
    topic.subscribe("application", device)
    topic.publish("a")
    assert letters(1)[0]["body"] == "a"
