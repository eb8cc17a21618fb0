"""Values: admission, canonical numbers, sizes, equality, order and key encoding."""

from decimal import Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.expressions import (
    KeyTest,
    ValidationException,
    admit,
    admit_item,
    check_item_key,
    check_key,
    compare,
    encode_key,
    equal,
    item_size,
    key_range,
    numbers,
    read_units,
    write_units,
)

INVALID = "One or more parameter values were invalid: "


@st.composite
def number_texts(draw: st.DrawFn) -> str:
    """Every number DynamoDB can hold, in plain or exponent notation."""
    digits = draw(st.integers(-(10**38) + 1, 10**38 - 1))
    exponent = draw(st.integers(-130, 125 - len(str(abs(digits))) + 1))
    written = Decimal(digits).scaleb(exponent, Context(prec=38))
    return draw(st.sampled_from([f"{written:f}", f"{written:e}", f"{digits}E{exponent}"]))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1.0", "1"),
        ("1e3", "1000"),
        ("-0", "0"),
        ("0e999999", "0"),
        ("+007.50", "7.5"),
        (".5", "0.5"),
        ("1E-3", "0.001"),
        ("-12.340e1", "-123.4"),
        ("9" * 38 + "e88", "9" * 38 + "0" * 88),
        ("1e-130", "0." + "0" * 129 + "1"),
        ("0" * 50 + "1", "1"),
    ],
)
def test_numbers_come_back_in_plain_notation(text: str, canonical: str) -> None:
    assert numbers.canonical(text) == canonical


@given(number_texts())
def test_canonical_numbers_keep_their_value_and_are_settled(text: str) -> None:
    canonical = numbers.canonical(text)
    assert Decimal(canonical) == Decimal(text)
    assert numbers.canonical(canonical) == canonical


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
        ({"a": ""}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
        (
            {"S": "a", "N": "1"},
            "Supplied AttributeValue has more than one datatypes set, "
            "must contain exactly one of the supported datatypes",
        ),
        ({"S": "a", "N": "b"}, "The parameter cannot be converted to a numeric value: b"),
        ({"N": ""}, "The parameter cannot be converted to a numeric value"),
        ({"N": "1 "}, "The parameter cannot be converted to a numeric value: 1 "),
        ({"N": "٣"}, "The parameter cannot be converted to a numeric value: ٣"),
        ({"N": "1e126"}, "Number overflow. Attempting to store a number with magnitude larger than supported range"),
        (
            {"N": "1e-" + "9" * 5000},
            "Number underflow. Attempting to store a number with magnitude smaller than supported range",
        ),
        ({"N": "1" * 39}, "Attempting to store more than 38 significant digits in a Number"),
        ({"NULL": False}, INVALID + "Null attribute value types must have the value of true"),
        ({"SS": []}, INVALID + "An string set  may not be empty"),
        ({"NS": []}, INVALID + "An number set  may not be empty"),
        ({"BS": []}, INVALID + "Binary sets should not be empty"),
        ({"SS": ["a", "a"]}, INVALID + "Input collection [a, a] contains duplicates."),
        ({"BS": [b"a", b"a"]}, INVALID + "Input collection [YQ==, YQ==]of type BS contains duplicates."),
        ({"NS": ["1", "1.0"]}, "Input collection contains duplicates"),
        ({"M": {"a": {"L": [{"N": "b"}]}}}, "The parameter cannot be converted to a numeric value: b"),
    ],
)
def test_what_may_not_be_stored(value: dict, words: str) -> None:
    with pytest.raises(ValidationException) as refused:
        admit(value)
    assert (refused.value.message, refused.value.shape(), refused.value.status) == (words, "ValidationException", 400)


def test_admission_settles_numbers_at_every_depth() -> None:
    assert admit_item({"a": {"L": [{"M": {"b": {"NS": ["1.0", "2e1"]}}}]}}) == {
        "a": {"L": [{"M": {"b": {"NS": ["1", "20"]}}}]}
    }


@pytest.mark.parametrize(("depth", "stored"), [(32, True), (33, False)])
def test_lists_and_maps_nest_32_deep(depth: int, stored: bool) -> None:
    value: dict = {"S": "x"}
    for _ in range(depth):
        value = {"L": [value]}
    if stored:
        assert admit(value) == value
    else:
        with pytest.raises(ValidationException, match="Nesting Levels have exceeded supported limits"):
            admit(value)


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"a": {"S": "xyz"}}, 4),
        ({"é": {"S": "é"}}, 4),
        ({"a": {"N": "0"}}, 2),
        ({"a": {"N": "1"}}, 3),
        ({"a": {"N": "-1"}}, 4),
        ({"a": {"N": "12"}}, 3),
        ({"a": {"N": "123"}}, 4),
        ({"a": {"N": "1.2"}}, 4),
        ({"a": {"N": "1000"}}, 3),
        ({"a": {"N": "9" * 38}}, 21),
        ({"a": {"B": b"123"}}, 4),
        ({"a": {"BOOL": True}}, 2),
        ({"a": {"NULL": True}}, 2),
        ({"a": {"SS": ["a", "bc"]}}, 4),
        ({"a": {"L": []}}, 4),
        ({"a": {"L": [{"S": "a"}, {"S": "b"}]}}, 8),
        ({"a": {"M": {"bb": {"S": "c"}}}}, 8),
    ],
)
def test_sizes(item: dict, size: int) -> None:
    assert item_size(item) == size


def test_capacity_units() -> None:
    assert [read_units(size, consistent=True) for size in (0, 4096, 4097)] == [1, 1, 2]
    assert [read_units(size, consistent=False) for size in (1, 4096, 4097)] == [0.5, 0.5, 1]
    assert read_units(4097, consistent=True, transactional=True) == 4
    assert [write_units(size) for size in (0, 1024, 1025)] == [1, 1, 2]
    assert write_units(1025, transactional=True) == 4


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ({"SS": ["a", "b"]}, {"SS": ["b", "a"]}, True),
        ({"L": [{"NS": ["1", "2"]}]}, {"L": [{"NS": ["2", "1"]}]}, True),
        ({"M": {"a": {"SS": ["a", "b"]}}}, {"M": {"a": {"SS": ["b", "a"]}}}, True),
        ({"M": {"a": {"S": "x"}}}, {"M": {"b": {"S": "x"}}}, False),
        ({"L": [{"S": "a"}, {"S": "b"}]}, {"L": [{"S": "b"}, {"S": "a"}]}, False),
        ({"S": "1"}, {"N": "1"}, False),
    ],
)
def test_equality(left: dict, right: dict, same: bool) -> None:
    assert equal(left, right) is same


def test_values_of_two_types_have_no_order() -> None:
    assert not compare("<", {"S": "a"}, {"N": "1"})
    assert not compare(">=", {"BOOL": True}, {"BOOL": True})


@given(number_texts(), number_texts())
def test_encoded_numbers_order_as_numbers(left: str, right: str) -> None:
    ours, theirs = encode_key({"N": left}), encode_key({"N": right})
    assert (ours < theirs) == (Decimal(left) < Decimal(right))
    assert (ours == theirs) == (Decimal(left) == Decimal(right))


@given(st.text(), st.text())
def test_encoded_strings_order_as_values_do(left: str, right: str) -> None:
    assert (encode_key({"S": left}) < encode_key({"S": right})) == compare("<", {"S": left}, {"S": right})


@given(st.sampled_from(["=", "<", "<=", ">", ">="]), number_texts(), number_texts())
def test_key_ranges_hold_the_numbers_that_pass(operator: str, bound: str, text: str) -> None:
    low, high = key_range(KeyTest(operator, ({"N": bound},)))
    passes = Decimal(text) == Decimal(bound) if operator == "=" else compare(operator, {"N": text}, {"N": bound})
    assert (low <= encode_key({"N": text}) and (high is None or encode_key({"N": text}) < high)) == passes


@given(st.binary(max_size=3), st.binary(max_size=5))
def test_prefix_ranges_hold_what_begins_with_the_prefix(prefix: bytes, key: bytes) -> None:
    low, high = key_range(KeyTest("begins_with", ({"B": prefix},)))
    assert (low <= key and (high is None or key < high)) == key.startswith(prefix)


def test_between_takes_both_ends() -> None:
    low, high = key_range(KeyTest("BETWEEN", ({"S": "b"}, {"S": "d"})))
    assert [low <= key and key < high for key in (b"a", b"b", b"c", b"d", b"d\x00")] == [False, True, True, True, False]


SCHEMA = (("h", "S"), ("r", "B"))


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"h": {"S": "a"}}, INVALID + "Missing the key r in the item"),
        ({"h": {"N": "1"}}, INVALID + "Type mismatch for key h expected: S actual: N"),
        ({"h": {"S": "x" * 2049}}, INVALID + "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
        (
            {"h": {"S": "a"}, "r": {"B": b"x" * 1025}},
            INVALID + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
        ),
        (
            {"h": {"S": ""}},
            "One or more parameter values are not valid. "
            "The AttributeValue for a key attribute cannot contain an empty string value. Key: h",
        ),
    ],
)
def test_items_whose_keys_are_refused(item: dict, words: str) -> None:
    with pytest.raises(ValidationException) as refused:
        check_item_key(item, SCHEMA)
    assert refused.value.message == words


@pytest.mark.parametrize(
    "key", [{}, {"h": {"S": "a"}}, {"h": {"S": "a"}, "x": {"B": b"a"}}, {"h": {"S": "a"}, "r": {"S": "a"}}]
)
def test_keys_must_match_the_schema(key: dict) -> None:
    with pytest.raises(ValidationException, match="The provided key element does not match the schema"):
        check_key(key, SCHEMA)
