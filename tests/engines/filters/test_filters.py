"""Filter patterns: which messages each language chooses."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.filters import InvalidFilterPattern, compile_filter

ACCESS = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'
RECORD = (
    '{"eventType": "UpdateTrail", "ip": "123.123.1.2", "codes": [1, 22], "size": 1e3, "ok": true, "gone": null, '
    '"objects": [{"id": 1}, {"id": 2}], "dotted.name": "x", "n": 400}'
)


@pytest.mark.parametrize(
    ("pattern", "message", "chosen"),
    [
        ("", "anything", True),
        ("ERROR", "[ERROR 400] BAD REQUEST", True),
        ("ERROR", "error", False),
        ("ERROR REQUEST", "[ERROR 400] BAD REQUEST", True),
        ("ERROR GONE", "[ERROR 400] BAD REQUEST", False),
        ("?ERROR ?WARN", "WARN", True),
        ("?ERROR ?WARN", "INFO", False),
        ("ERROR -EXITING", "ERROR EXITING", False),
        ("ERROR -EXITING", "ERROR", True),
        ("?ERROR WARN", "ERROR", False),
        ('"INTERNAL SERVER"', "500 INTERNAL SERVER ERROR", True),
        ('"INTERNAL SERVER"', "SERVER INTERNAL", False),
        ('-"a \\"b\\""', 'a "b"', False),
        ("%AUTHORIZED$%", "UNAUTHORIZED", True),
        ("%[45][0-9]{2}% -%x.z%", "code 404", True),
    ],
)
def test_terms(pattern, message, chosen):
    assert compile_filter(pattern)(message) is chosen


@pytest.mark.parametrize(
    ("pattern", "chosen"),
    [
        ('{ $.eventType = "UpdateTrail" }', True),
        ('{ $.eventType = "Update*" }', True),
        ('{$.eventType!="Update*"}', False),
        ("{ $.eventType = %Trail$% }", True),
        ("{ $.ip = 123.123.* }", True),
        ("{ $.ip != 123.123.* }", False),
        ("{ $.codes[1] = 22 }", True),
        ("{ $.codes[7] = 22 }", False),
        ("{ $.objects[1].id = 2 }", True),
        ("{ $.size >= 1000 && $.size < 1e4 }", True),
        ("{ $.n = 4* }", True),
        ("{ $.n > 400 || ($.n <= 400 && $.ok IS TRUE) }", True),
        ("{ ($.n > 400 || $.n <= 400) && $.ok IS FALSE }", False),
        ("{ $.gone IS NULL }", True),
        ("{ $.nothing IS NULL }", False),
        ("{ $.nothing NOT EXISTS }", True),
        ("{ $.gone EXISTS }", True),
        ("{ $.nothing != 1 }", False),
        ("{ $.['dotted.name'] = x }", True),
    ],
)
def test_json(pattern, chosen):
    assert compile_filter(pattern)(RECORD) is chosen
    assert not compile_filter(pattern)("no JSON")


@pytest.mark.parametrize(
    ("pattern", "chosen"),
    [
        ("[ip, id, user, at, request, status, size]", True),
        ("[ip, id, user, at, request, status]", False),
        ("[ip, , user=frank, at, request =*.html*, status = 4*, size > 1000]", True),
        ("[..., size < 1000]", False),
        ("[ip=127.0.0.1, ..., size]", True),
        ("[..., status=404 || status=410, size]", True),
        ("[..., (status!=404 && status!=410), size]", False),
        ("[..., request=%^GET%, status, size]", True),
        ("[..., size, nothing, ip, id, user, at, request, status]", False),
    ],
)
def test_columns(pattern, chosen):
    assert compile_filter(pattern)(ACCESS) is chosen


@pytest.mark.parametrize(
    "pattern",
    [
        '"open', "a@b.example", "status=500", "{ $.a = 1", "[a, b", "{ a = 1 }", "{ $.a }", "{ $.a = }", "{ }",
        "{ $.a = 1 && }", "{ ($.a = 1 }", '{ $.a > "x" }', "{ $.a IS MAYBE }", "{ $.a = %(x)% }", "%[%",
        "[status = 4* && bytes > 1000]", "[..., a, ...]", "[a=]",
    ],
)  # fmt: skip
def test_invalid_patterns_are_refused(pattern):
    with pytest.raises(InvalidFilterPattern):
        compile_filter(pattern)


@given(st.text(string.printable, max_size=40))
def test_any_text_compiles_or_is_refused(pattern):
    try:
        compile_filter(pattern)('{"a": 1}')
    except InvalidFilterPattern as refusal:
        assert refusal.shape() == "InvalidParameterException"


@given(st.text(min_size=1), st.text(), st.text())
def test_a_quoted_phrase_is_found_wherever_it_stands(phrase, before, after):
    quoted = phrase.replace("\\", "\\\\").replace('"', '\\"')
    assert compile_filter(f'"{quoted}"')(before + phrase + after)


@pytest.mark.parametrize("pattern", ["%a*a*a*b%", '{ $.m = "*a*a*a*a*a*b" }', "%a+b%"])
def test_no_pattern_takes_long(pattern):
    message = "a" * 100_000
    compile_filter(pattern)(json.dumps({"m": message}) if pattern.startswith("{") else message)


def test_an_expression_has_few_repeats():
    with pytest.raises(InvalidFilterPattern):
        compile_filter("%a*a*a*a*b%")
