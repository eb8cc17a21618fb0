"""Names, ids and the small values of the kernel."""

import pickle
import re
import uuid

import pytest

from freehold.kernel import arns
from freehold.kernel.errors import AccessDenied
from freehold.kernel.ids import Ids
from freehold.kernel.resources import Want
from freehold.kernel.service import snake


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("SendMessage", "send_message"),
        ("ListMFADevices", "list_mfa_devices"),
        ("GetQueueUrl", "get_queue_url"),
        ("ListObjectsV2", "list_objects_v2"),
        ("CreateSAMLProvider", "create_saml_provider"),
    ],
)
def test_an_operation_is_a_function_of_its_name(name, function):
    assert snake(name) == function


def test_ids_repeat_with_a_seed_and_are_version_4():
    assert [Ids(7).uuid() for _ in range(2)] == [Ids(7).uuid()] * 2
    made = uuid.UUID(Ids().uuid())
    assert made.version == 4
    assert made.variant == uuid.RFC_4122
    assert re.fullmatch("[0-9a-f]{9}", Ids().hex(9))


def test_arns_come_apart_and_together():
    text = "arn:aws:states:us-east-1:123456789012:execution:machine:name"
    assert str(arns.parse(text)) == text
    assert arns.parse(text).resource == "execution:machine:name"
    assert arns.parse("order-queue") is None


def test_errors_travel_between_processes():
    error = AccessDenied(principal="p", action="a", resource="r", reason="because")
    again = pickle.loads(pickle.dumps(error))
    assert (again.message, again.values) == (error.message, error.values)


def test_made_names_are_within_the_limit_and_keep_their_suffix():
    want = Want("1", "r", "id", "s" * 100, "Logical" * 10, "ABCDEFGHIJKL", {})
    for longest in (30, 64, 80):
        assert len(want.name(longest=longest)) <= longest
        assert want.name(longest=longest).endswith("-ABCDEFGHIJKL")
    assert want.name("given") == "given"


def test_tags_are_told_apart_by_what_the_stack_and_the_template_had_before():
    old = {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}, {"Key": "team", "Value": "own"}]}
    new = {"Tags": {"b": 2, "c": True}}
    want = Want("1", "r", "id", "s", "L", "ABCDEFGHIJKL", new, old, tags={"team": "blue"}, old_tags={"stage": "test"})
    assert want.tagged(new) == {"team": "blue", "b": "2", "c": "true"}
    assert want.retagged() == (["stage", "a"], {"team": "blue", "b": "2", "c": "true"})
    assert want._replace(old=new, old_tags=want.tags).retagged() == ([], {})
