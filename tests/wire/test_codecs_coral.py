"""What DynamoDB says of JSON that is not of its shape, and what it takes all the same."""

import pytest

from freehold.wire import models
from freehold.wire.codecs import coral, jsons
from freehold.wire.codecs.faults import SerializationException

MODEL = models.model("dynamodb")


def mend(operation: str, tree: object) -> object:
    use = MODEL.operations[operation].input
    assert use
    return coral.mend(use.target, tree)


@pytest.mark.parametrize(
    ("operation", "tree", "words"),
    [
        ("GetItem", {"TableName": True}, "TRUE_VALUE cannot be converted to String"),
        ("GetItem", {"TableName": 1.5}, "DECIMAL_VALUE cannot be converted to String"),
        ("GetItem", {"TableName": []}, "Unrecognized collection type class java.lang.String"),
        ("GetItem", {"TableName": {}}, "Start of structure or map found where not expected"),
        ("GetItem", {"ConsistentRead": "23"}, "Unexpected token received from parser"),
        ("GetItem", {"ConsistentRead": 23}, "NUMBER_VALUE cannot be converted to Boolean"),
        ("GetItem", {"Key": "23"}, "Unexpected field type"),
        (
            "GetItem", {"Key": []},
            "Unrecognized collection type java.util.Map<java.lang.String, "
            "com.amazonaws.dynamodb.v20120810.AttributeValue>",
        ),
        ("GetItem", {"Key": {"a": 23}}, "Unexpected value type in payload"),
        (
            "GetItem", {"Key": {"a": []}},
            "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue",
        ),
        ("GetItem", {"Key": {"a": {"B": 23}}}, "only base-64-encoded strings are convertible to bytes"),
        ("GetItem", {"Key": {"a": {"SS": "23"}}}, "Unexpected field type"),
        ("Scan", {"Limit": "23"}, "STRING_VALUE cannot be converted to Integer"),
        ("BatchGetItem", {"RequestItems": {"t": {"Keys": ["23"]}}}, coral.CAST),
        (
            "BatchWriteItem", {"RequestItems": []},
            "Unrecognized collection type java.util.Map<java.lang.String, "
            "java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>>",
        ),
    ],
)  # fmt: skip
def test_what_is_not_of_its_shape_is_refused_in_java_s_words(operation: str, tree: dict, words: str) -> None:
    with pytest.raises(SerializationException) as refused:
        mend(operation, tree)
    assert refused.value.message == words


@pytest.mark.parametrize("text", ["=+/=", "+/+="])
def test_bits_that_belong_to_no_byte_are_refused(text: str) -> None:
    use = MODEL.operations["GetItem"].input
    assert use
    with pytest.raises(SerializationException, match="Invalid last non-pad Base64 character dectected"):
        jsons.readers().structure(use.target)({"Key": {"a": {"B": text}}})


def test_words_are_taken_for_booleans() -> None:
    assert mend("GetItem", {"ConsistentRead": "yes", "Key": {"a": {"NULL": "no"}}, "more": 1}) == {
        "ConsistentRead": True,
        "Key": {"a": {"NULL": False}},
        "more": 1,
    }
