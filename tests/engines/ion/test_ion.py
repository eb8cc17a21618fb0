"""Ion text: items there and back, and what is no Ion."""

import pytest

from freehold.engines.ion import IonError, read, write, write_item

VALUES = [
    ({"S": 'a "quoted"\nline é'}, '"a \\"quoted\\"\\nline é"'),
    ({"N": "103"}, "103."),
    ({"N": "-1.5"}, "-1.5"),
    ({"B": b"\x00\x01"}, "{{AAE=}}"),
    ({"BOOL": True}, "true"),
    ({"NULL": True}, "null"),
    ({"L": [{"N": "1"}, {"S": "x"}]}, '[1.,"x"]'),
    ({"M": {"a": {"S": "1"}, "b c": {"BOOL": False}}}, '{a:"1","b c":false}'),
    ({"SS": ["a", "b"]}, '$dynamodb_SS::["a","b"]'),
    ({"NS": ["1", "2"]}, "$dynamodb_NS::[1.,2.]"),
    ({"BS": [b"\x01"]}, "$dynamodb_BS::[{{AQ==}}]"),
]


@pytest.mark.parametrize(("value", "text"), VALUES)
def test_values_go_there_and_back(value, text):
    assert write(value) == text
    assert read(text) == value


def test_an_item_is_a_struct():
    item = {"Id": {"N": "103"}, "null": {"S": "named like a word"}, "$x": {"S": ""}}
    assert write_item(item) == '{Id:103.,"null":"named like a word","$x":""}'
    assert read(f"$ion_1_0 {{Item:{write_item(item)}}}") == {"M": {"Item": {"M": item}}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6d2", {"N": "600"}),
        ("1e-3", {"N": "0.001"}),
        ("1_000", {"N": "1000"}),
        ("symbol", {"S": "symbol"}),
        ("'quoted symbol'", {"S": "quoted symbol"}),
        ("null.string", {"NULL": True}),
        (r'"\u00e9\x41\t"', {"S": "éA\t"}),
        ("other::[1]", {"L": [{"N": "1"}]}),
        ("[1,]", {"L": [{"N": "1"}]}),
    ],
)
def test_what_others_write_is_read(text, value):
    assert read(text) == value


@pytest.mark.parametrize(
    "text", ["", "{", "{a}", "[1 2]", '"open', "{{?}}", "{{\u00e9}}", "1 2", "$dynamodb_SS::[1]", "[" * 99]
)
def test_what_is_no_ion_is_refused(text):
    with pytest.raises(IonError):
        read(text)
