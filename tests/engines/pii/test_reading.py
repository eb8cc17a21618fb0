import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines import pii
from freehold.engines.pii.reading import read

READ = [
    ("plain", b"plain"),
    ("１２３", b"123"),  # full width
    ("٤٥٦ ۷۸۹ १२", b"456 789 12"),  # Arabic, Persian, Devanagari
    ("1–2—3−4‐5", b"1-2-3-4-5"),
    ("1\u00a02\u20093\u30004", b"1 2 3 4"),
    ("1\u200b2\u00ad3\ufeff4", b"1234"),
    ("1\u31642\U000e01003\u1dc04", b"1234"),
    ("é É e\u0301 ß ø Ł", b"e E e s o l"),
    ("Ａ＠．", b"A@."),
    ("d’Or “x”", b'd\'Or "x"'),
    (r"a\nb\u0031\/", b"a\nb1/"),
    (r"\\nSSN", b"\\\nSSN"),  # a newline in JSON in JSON
    (r"\ud835\uDFCF\\ud835\\udfd0", rb"1\2"),  # digits beyond the first plane, the second in JSON in JSON
    (r"1\udb40\udd002\udfd03", b"12\xff3"),
    (r"\"1\"", rb"\"1\""),
    ("x²", b"x\xff"),  # no digit of a number
]


@pytest.mark.parametrize(("text", "data"), READ, ids=[ascii(text) for text, _ in READ])
def test_a_text_is_read_by_one_byte_a_character(text, data):
    assert read(text).data == data


def test_scripts_with_case_are_words_and_others_are_none():
    assert all(0x80 <= byte < 0xF0 for byte in read("άδειαпревозно").data)
    assert all(byte >= 0xF0 for byte in read("漢字🙂").data)


@given(st.text())
def test_each_place_has_an_origin(text):
    reading = read(text)
    assert len(reading.data) == len(reading.text)
    origins = [reading.origin(place) for place in range(len(reading.text) + 1)]
    assert origins == sorted(origins) and all(0 <= origin <= len(text) for origin in origins)


SSN = pii.scanner(["CreditCardNumber"])
SPELLINGS = [
    "4539148803436467",
    "４５３９１４８８０３４３６４６７",
    "٤٥٣٩-1488–0343−6467",
    "4539\u00a01488\u202f0343\u20096467",
    "4539\u200b1488\u200b0343\u200b6467",
    "4539148803436467\ufe0f",
]


@pytest.mark.parametrize("number", SPELLINGS, ids=ascii)
@pytest.mark.parametrize(
    "around", ["card {}.", "é “card”: {} né", "🙂\u200bcard\u200b {}🙂", "\u200b\u200bcard=\u200b{},"]
)
def test_offsets_are_code_points_of_the_text_as_given(number, around):
    text = around.format(number)
    (finding,) = SSN.find(text)
    assert text[finding.start : finding.end].strip("\u200b\ufe0f") == number.strip("\ufe0f")


@pytest.mark.parametrize("depth", range(4))
def test_json_in_json_is_read(depth):
    text = json.dumps({"note": "Zahlung\nCard: 4539148803436467", "é": 1})
    for _ in range(depth):
        text = json.dumps({"Message": text})
    assert [text[start:end] for _, start, end in SSN.find(text)] == ["4539148803436467"]


def test_what_is_encoded_is_not_found():
    assert SSN.find("card NDUzOTE0ODgwMzQzNjQ2Nw==") == []  # base64
    assert SSN.find("card %34%35%33%39%31%34%38%38%30%33%34%33%36%34%36%37") == []
