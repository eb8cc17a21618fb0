"""Conditions: what AWS refuses, in its words and order, and what holds for an item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.expressions import (
    KeyTest,
    Scope,
    ValidationException,
    compile_condition,
    compile_key_condition,
    compile_projection,
    compile_update,
    key_query,
    key_range,
)

KIND = "ConditionExpression"
OPERANDS = "Incorrect operand type for operator or function; operator"
COUNT = "Incorrect number of operands for operator or function; operator or function: "
DISTINCT = "The first operand must be distinct from the remaining operands for this operator or function; operator: "
BOUNDS = "lower bound operand: AttributeValue: {lower}, upper bound operand: AttributeValue: {upper}"
UNDEFINED_NAME = "An expression attribute name used in the document path is not defined; attribute name: "
UNDEFINED_VALUE = "An expression attribute value used in expression is not defined; attribute value: "
LIKE_A = {":a": {"S": "a"}, ":e": {"S": ""}, ":b": {"S": "b"}, ":n": {"N": "1"}, ":t": {"BOOL": True}, ":l": {"L": []}}


def refusal(text: str, names: dict | None = None, values: dict | None = None) -> str:
    with pytest.raises(ValidationException) as refused:
        compile_condition(KIND, text, Scope(names, values))
    assert refused.value.message.startswith(f"Invalid {KIND}: ")
    return refused.value.message.removeprefix(f"Invalid {KIND}: ")


@pytest.mark.parametrize(
    ("text", "token", "near"),
    [
        ("a x b", "x", "a x b"),
        ("INVALID SYNTAX HERE", "SYNTAX", "INVALID SYNTAX HERE"),
        ("a > 4", "4", "> 4"),
        ("a AND b", "AND", "a AND b"),
        ("a = b AND c", "<EOF>", "c"),
        ("a = : b", ":", "= : b"),
        ("a = b)", ")", "b)"),
        ("(size(a))[0] > a", "[", ")[0"),
        ("a = 'x'", "'", "= 'x"),
        ("a.0x = b", "0x", ".0x ="),
        ("in = b", "in", "in ="),
        ("(a = b) = c", "=", ") = c"),
        ("a between b or c", "or", "b or c"),
        ("not", "<EOF>", "not"),
    ],
)
def test_syntax_errors_show_the_token_and_its_neighbours(text: str, token: str, near: str) -> None:
    assert refusal(text) == f'Syntax error; token: "{token}", near: "{near}"'


@pytest.mark.parametrize("text", ["a=a and a > ((b))", "a=a AND ((a=a AND (a=a AND a=a)))", "((a=:x))"])
def test_redundant_parentheses(text: str) -> None:
    assert refusal(text) == "The expression has redundant parentheses;"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The expression can not be empty;"),
        ("a = " + "b" * 4096, "Expression size has exceeded the maximum allowed size; expression size: 4100"),
        (" or ".join(["a<b"] * 301), "The expression contains too many operators; operator count: 301"),
        (
            f"a in ({', '.join(['b'] * 101)})",
            "The IN operator is provided with too many operands; number of operands: 101",
        ),
        ("a=a and whatever((:x)) > a", "Invalid function name; function: whatever"),
        ("attRIbute_exIsts((views), #a)", "Invalid function name; function: attRIbute_exIsts"),
    ],
)
def test_expressions_refused_for_their_text(text: str, words: str) -> None:
    assert refusal(text) == words


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("a=a and attribute_exists((views), (#a)) > b", "attribute_exists"),
        ("size(contains(a, b)) > a", "contains"),
        ("size(things)", "size"),
        ("a=b and size(things)", "size"),
        ("a between b and attribute_exists(things)", "attribute_exists"),
        ("a in (b, attribute_exists(things))", "attribute_exists"),
    ],
)
def test_functions_out_of_place(text: str, function: str) -> None:
    assert refusal(text) == f"The function is not allowed to be used this way in an expression; function: {function}"


@pytest.mark.parametrize(
    ("text", "word"), [("attribute_exists(views, #a)", "views"), (":a < abOrT", "abOrT"), ("NAME = a", "NAME")]
)
def test_reserved_words(text: str, word: str) -> None:
    assert refusal(text) == f"Attribute name is a reserved keyword; reserved keyword: {word}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("attribute_exists(#P.RearView, :x) and a=a", UNDEFINED_NAME + "#P"),
        ("(a)between(b.c[45].#d)and(:x)", UNDEFINED_NAME + "#d"),
        ("begins_with(:hello, #x, #y)", UNDEFINED_VALUE + ":hello"),
    ],
)
def test_undefined_placeholders(text: str, words: str) -> None:
    assert refusal(text, {"#a": "a"}, LIKE_A) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("attribute_exists(c, d) and a=a", COUNT + "attribute_exists, number of operands: 2"),
        ("size(c, d) > b", COUNT + "size, number of operands: 2"),
        ("attribute_type(a, size(a)) and a=a", OPERANDS + " or function: attribute_type, operand type: N"),
        (
            "attribute_type(a, b)",
            OPERANDS + " or function: attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}",
        ),
        (
            "attribute_type(a, :a)",
            "Invalid attribute type name found; type: a, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
        ),
        ("begins_with(a, :n)", OPERANDS + " or function: begins_with, operand type: N"),
        ("begins_with(:l, a)", OPERANDS + " or function: begins_with, operand type: L"),
        ("size(size(a)) > :n", OPERANDS + " or function: size, operand type: N"),
        ("attribute_not_exists(size(:n))", OPERANDS + " or function: size, operand type: N"),
        (
            "attribute_not_exists(size(:a))",
            "Operator or function requires a document path; operator or function: attribute_not_exists",
        ),
        ("a < :t", OPERANDS + ": <, operand type: BOOL"),
        ("a between :l and :l", OPERANDS + ": BETWEEN, operand type: L"),
        ("#a <> a", DISTINCT + "<>, first operand: [a]"),
        ("contains(b[1].a, b[1].#a)", DISTINCT + "contains, first operand: [b, [1], a]"),
        (
            "a between :b and :a",
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
            + BOUNDS.format(lower="{S:b}", upper="{S:a}"),
        ),
        (
            "a between :n and :a",
            "The BETWEEN operator requires same data type for lower and upper bounds; "
            + BOUNDS.format(lower="{N:1}", upper="{S:a}"),
        ),
    ],
)
def test_operands_refused(text: str, words: str) -> None:
    assert refusal(text, {"#a": "a"}, LIKE_A) == words


ITEM = {
    "s": {"S": "hello"},
    "n": {"N": "10"},
    "b": {"B": b"\x01\x02\xff"},
    "t": {"BOOL": True},
    "u": {"NULL": True},
    "ss": {"SS": ["x", "y"]},
    "ns": {"NS": ["1", "2"]},
    "l": {"L": [{"S": "a"}, {"M": {"deep": {"N": "7"}}}, {"L": [{"S": "z"}]}]},
    "m": {"M": {"k.k": {"S": "v"}}},
}
VALUES = {
    ":s": {"S": "hello"}, ":he": {"S": "he"}, ":x": {"S": "x"}, ":a": {"S": "a"}, ":5": {"N": "5.0"},
    ":7": {"N": "7"}, ":9": {"N": "9"}, ":10": {"N": "1e1"}, ":2": {"N": "2"}, ":3": {"N": "3"},
    ":yx": {"SS": ["y", "x"]}, ":z": {"L": [{"S": "z"}]}, ":S": {"S": "S"}, ":L": {"S": "L"}, ":b": {"B": b"\x02"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("s = :s", True),
        ("n = :10", True),
        ("n > :9 and n < :s", False),
        ("n > :9", True),
        ("ss = :yx", True),
        ("s <> n", True),
        ("gone = s", False),
        ("gone <> s", True),
        ("gone < :9", False),
        ("l[1].deep = :7", True),
        ("(l[1]).deep = :7", True),
        ("l[9].deep = :7", False),
        ("m.#kk = :a", False),
        ("m.#kk <> :a", True),
        ("n between :9 and :10", True),
        ("n between :5 and :9", False),
        ("s in (:a, :x, :s)", True),
        ("gone in (:a)", False),
        ("attribute_exists(l[0]) and attribute_not_exists(l[3])", True),
        ("attribute_type(s, :S) and not attribute_type(s, :L)", True),
        ("begins_with(s, :he)", True),
        ("begins_with(n, :he)", False),
        ("contains(s, :he) and contains(ss, :x) and contains(ns, :2)", True),
        ("contains(l, :a) and contains(l, :z)", True),
        ("contains(b, :b) and not contains(n, :2)", True),
        ("size(s) = :5 and size(b) = :3 and size(ss) = :2 and size(l) = :3", True),
        ("size(n) = :2", False),
        ("((size(s)) < l[1].deep) OR (s = :a)", True),
        ("NOT s = :a AND n = :10", True),
        ("s = :s OR n = :9 AND s = :a", True),
        ("(s = :s OR n = :9) AND s = :a", False),
        ("not not s = :s", True),
        (":9 < n", True),
    ],
)
def test_what_holds(text: str, holds: bool) -> None:
    condition = compile_condition(KIND, text, Scope({"#kk": "k.k"}, VALUES))
    assert condition.holds(ITEM) is holds


def test_long_chains_of_parentheses_are_one_level() -> None:
    text = "a<b and (" * 98 + "a<b" + ")" * 98
    assert not compile_condition(KIND, text, Scope()).holds({})


def test_conditions_tell_the_paths_they_read() -> None:
    condition = compile_condition(KIND, "size(a.#b) > c[1]", Scope({"#b": "x.y"}))
    assert condition.paths == (("a", "x.y"), ("c", 1))


# Key conditions


def key_refusal(text: str) -> str:
    with pytest.raises(ValidationException) as refused:
        tests = compile_key_condition("KeyConditionExpression", text, Scope(None, LIKE_A))
        key_query(tests, (("h", "S"), ("r", "N")))
    return refused.value.message


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("h = :a", None),
        ("(:a = h)", None),
        ("h = :a and r < :n", KeyTest("<", ({"N": "1"},))),
        (":n <= r AND h = :a", KeyTest(">=", ({"N": "1"},))),
        ("h = :a and (r between :n and :n)", KeyTest("BETWEEN", ({"N": "1"}, {"N": "1"}))),
    ],
)
def test_key_conditions_are_data(text: str, sort: KeyTest | None) -> None:
    tests = compile_key_condition("KeyConditionExpression", text, Scope(None, LIKE_A))
    found = key_query(tests, (("h", "S"), ("r", "N")))
    assert found == (({"S": "a"},), key_range(sort) if sort else None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("h = :a or r = :n", "Invalid operator used in KeyConditionExpression: OR"),
        ("h <> :a", "Invalid operator used in KeyConditionExpression: <>"),
        ("contains(h, :a)", "Invalid operator used in KeyConditionExpression: contains"),
        ("h = :a and size(r) > :n", "KeyConditionExpressions cannot contain nested operations"),
        ("h.x = :a", "KeyConditionExpressions cannot have conditions on nested attributes"),
        ("h = r", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"),
        (":a = :b", "Invalid condition in KeyConditionExpression: No key attribute specified"),
        (
            ":a between h and :b",
            "Invalid condition in KeyConditionExpression: "
            "BETWEEN operator must have the key attribute as its first operand",
        ),
        ("h = :a and h = :b", "KeyConditionExpressions must only contain one condition per key"),
        ("h = :a and r = :n and x = :n", "Conditions can be of length 1 or 2 only"),
        ("r = :n", "Query condition missed key schema element: h"),
        ("h = :a and x = :n", "Query condition missed key schema element: r"),
        ("h > :a", "Query key condition not supported"),
        (
            "h = :n",
            "One or more parameter values were invalid: Condition parameter type does not match schema type",
        ),
        (
            "h = :e",
            "One or more parameter values are not valid. "
            "The AttributeValue for a key attribute cannot contain an empty string value. Key: h",
        ),
    ],
)
def test_key_conditions_refused(text: str, words: str) -> None:
    assert key_refusal(text) == words


# Any text at all

FRAGMENTS = [
    "a", "#a", ":a", ":n", "b.c[1]", "(", ")", ",", "=", "<>", "<", ">=", "+", "-", ".", "[", "]", "0", " ", "'",
    "AND", "or", "NOT", "between", "IN", "size(", "contains(", "attribute_exists(", "begins_with(", "set ", "remove ",
    "add ", "delete ", "if_not_exists(", "list_append(", "name",
]  # fmt: skip
texts = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(" ".join))


@given(texts)
def test_any_text_compiles_or_is_refused(text: str) -> None:
    for compiler in (compile_condition, compile_key_condition, compile_projection, compile_update):
        scope = Scope({"#a": "x"}, {":a": {"S": "a"}, ":n": {"N": "1"}})
        try:
            compiled = compiler("Expression", text, scope)
        except ValidationException:
            continue
        if compiler is compile_condition:
            assert compiled.holds(ITEM) in (True, False)


@pytest.mark.parametrize("text", ["(" * 4000, "not " * 1000 + "a=b", "size(" * 800, "a=" + "(" * 4000])
def test_deep_nesting_is_refused_and_harmless(text: str) -> None:
    words = refusal(text)
    assert "nested more than 160 levels deep" in words or "too many operators; operator count: 301" in words


def test_all_operators_may_nest() -> None:
    nested = "a<b " + "or (a<b and (a<b " * 74 + "))" * 74
    assert compile_condition(KIND, nested, Scope(None, None)).holds({"a": {"N": "1"}, "b": {"N": "2"}})
    assert "operator count: 301" in refusal("a<b " + "or (a<b " * 150 + ")" * 150)


def test_paths_are_bounded() -> None:
    assert refusal("a" + ".b" * 32 + " = c") == "The document path has too many nesting levels; nesting levels: 33"
    assert refusal("a[2147483648] = c") == "List index is not within the allowable range; index: [2147483648]"


def test_names_begin_with_a_letter() -> None:
    assert refusal("_a = b") == 'Syntax error; token: "_", near: "_a"'
