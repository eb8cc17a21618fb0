"""Loose values become the types an API wants."""

import botocore.session
import pytest

from freehold.engines.cfn import InvalidTemplate, coerce


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        (coerce.boolean, "True", True),
        (coerce.boolean, False, False),
        (coerce.number, "5", 5),
        (coerce.number, "2.5", 2.5),
        (coerce.number, 3.0, 3),
        (coerce.integer, "30", 30),
        (coerce.text, 5, "5"),
        (coerce.text, True, "true"),
        (coerce.text, 1.5, "1.5"),
        (coerce.json_object, '{"a": 1}', {"a": 1}),
        (coerce.json_object, {"a": 1}, {"a": 1}),
        (coerce.json_text, {"a": [1]}, '{"a":[1]}'),
    ],
)
def test_what_is_forgiven(kind, value, result):
    assert kind(value, "P") == result


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (coerce.boolean, "yes", "must be of type Boolean"),
        (coerce.number, "x", "must be of type Number"),
        (coerce.number, True, "must be of type Number"),
        (coerce.number, "inf", "must be of type Number"),
        (coerce.integer, "1.5", "must be of type Integer"),
        (coerce.text, {}, "must be of type String"),
        (coerce.json_object, "[1]", "must be an object"),
    ],
)
def test_what_is_not(kind, value, words):
    with pytest.raises(InvalidTemplate) as refused:
        kind(value, "P")
    assert refused.value.message == f"Value of property P {words}"


def test_a_botocore_shape_says_the_types():
    model = botocore.session.get_session().get_service_model("lambda")
    shape = model.operation_model("CreateFunction").input_shape
    given = {"Timeout": "5", "Publish": "true", "Environment": {"Variables": {"N": 1}}, "Layers": "one", "Other": 1}
    assert coerce.shaped(given, shape) == {
        "Timeout": 5,
        "Publish": True,
        "Environment": {"Variables": {"N": "1"}},
        "Layers": ["one"],
        "Other": 1,
    }
