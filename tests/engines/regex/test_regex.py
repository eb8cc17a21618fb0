"""Regular expressions: JavaScript's, by Python's `re` where it is harmless and by the machine everywhere."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines.regex import InvalidPattern, Pattern, Purse, Spent, compile, java
from freehold.engines.regex.machine import Machine
from freehold.engines.regex.parsing import Parser
from freehold.engines.regex.program import write
from freehold.engines.regex.translation import translate, ways

FOUND = {  # (pattern, flags, subject): the match and its captures, as ECMAScript has them
    (r"(\d+)-(\d+)", "", "a12-34b"): ["12-34", "12", "34"],
    (r"B", "i", "abc"): ["b"],
    (r"ẞ|é", "i", "É"): ["É"],
    (r"^b$", "", "a\nb"): None,
    (r"^b$", "m", "a\nb\nc"): ["b"],
    (r"a.b", "", "a\nb"): None,
    (r"[^]", "", "\n"): ["\n"],
    (r"[]", "", "a"): None,
    (r"[\d\-z]+", "", "a-9z"): ["-9z"],
    (r"[a-]+", "", "-a"): ["-a"],
    (r"\x41\u0042\cJ\t", "", "AB\n\t"): ["AB\n\t"],
    (r"a{2}", "", "aaa"): ["aa"],
    (r"a{,2}", "", "a{,2}"): ["a{,2}"],
    (r"x{2", "", "x{2"): ["x{2"],
    (r"a{2,3}?", "", "aaa"): ["aa"],
    (r"(?:a|ab)(?:c|bcd)(d*)", "", "abcd"): ["abcd", ""],
    (r"(a)|(b)", "", "b"): ["b", None, "b"],
    (r"(?:(a)|b)*", "", "ab"): ["ab", None],
    (r"(a*)*", "", "b"): ["", None],
    (r"(?<year>\d{4})-\k<year>", "", "2024-2024"): ["2024-2024", "2024"],
    (r"(a|b)\1", "", "abb"): ["bb", "b"],
    (r"(?=(a+))a*b\1", "", "baaabac"): ["aba", "a"],
    (r"(?!foo)...", "", "foobar"): ["oob"],
    (r"(?<=\$)\d+", "", "a1 $42"): ["42"],
    (r"(?<!\$)\b\d+", "", "$42 17"): ["17"],
    (r"(?<=(\d+)(\d+))$", "", "1053"): ["", "1", "053"],
    (r"\bfoo\B", "", "foo food"): ["foo"],
    (r"\w+\s\W", "", "ab\u00a0é"): ["ab\u00a0é"],
    (r"[^a](?:(?:.)*?|\d)*", "", "ccbc1\n"): ["ccbc1"],
}

INVALID = [
    "(",
    ")",
    "[a",
    "a**",
    "*",
    "{1}",
    "a{2,1}",
    "[b-a]",
    "\\",
    "(?<a>x)(?<a>y)",
    "(?z)",
    r"(a)\2",
    r"\p{L}",
    "^*",
]


def first(pattern, subject):
    """The first match and its captures, as texts."""
    found = pattern.search(subject)
    pairs = zip(found[::2], found[1::2], strict=True) if found else ()
    return [subject[start:end] if start >= 0 else None for start, end in pairs] or None


@pytest.mark.parametrize("pattern, flags, subject", FOUND)
def test_match(pattern, flags, subject):
    assert first(Pattern(pattern, flags), subject) == FOUND[pattern, flags, subject]


JAVA = [
    ("a.c", "abc", True),
    ("a.c", "abcd", False),
    ("a.c", "a\nc", False),
    ("(?s)a.c", "a\nc", True),
    ("(?i)ABC", "abc", True),
    ("(?i)(?s)A.C", "a\nc", True),
    (r"\AAllow\z", "Allow", True),
    (r"a\\z", r"a\z", True),
    ("a|b", "b", True),
    ("a|b", "ab", False),
    (r".*\[40\d\].*", "it said [404] twice", True),
]


@pytest.mark.parametrize("pattern, subject, found", JAVA)
def test_java_has_flags_in_front_and_edges_of_the_input(pattern, subject, found):
    assert java(pattern).found_in(subject) is found


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*)*x", "a*a*a*a*a*a*b"])
def test_no_pattern_holds_the_process(pattern):
    """Steps are counted, not seconds: what takes forever elsewhere is over within the purse."""
    compile(pattern).search("a" * 5_000 + "!", payer=Purse(2_000_000))


def test_what_refers_back_or_looks_ahead_ends_with_the_purse():
    with pytest.raises(Spent):
        compile("(?=(a+)+$)b").search("a" * 5_000 + "!")
    with pytest.raises(Spent):
        compile(r"(a*)*\1b").search("a" * 200, payer=Purse(100_000))
    with pytest.raises(Spent):
        compile("(a|b|ab)*c" * 20).search("ab" * 200_000)


@pytest.mark.parametrize("pattern", INVALID)
def test_what_is_no_pattern(pattern):
    with pytest.raises(InvalidPattern):
        Pattern(pattern, "")


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", r"\d", "^", "$", r"\b", r"\B"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        inner.map("({})".format),
        st.lists(inner, min_size=2, max_size=2).map(lambda options: f"(?:{'|'.join(options)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=600, deadline=None)
@given(PATTERNS, st.text("ab1 \n", max_size=8), st.sampled_from(["", "m", "i"]))
def test_both_ways_find_the_same(pattern, subject, flags):
    """Where Python is let run a pattern, the machine finds the same match and the same captures."""
    try:
        parser = Parser(pattern)
        node = parser.whole()
    except InvalidPattern:
        return
    found = Machine(write(node, parser.groups, flags), subject, Purse(10_000_000)).search(0)
    if ways(node, len(subject)) < 1_000_000:
        native = translate(node, flags).search(subject)
        assert found == (None if native is None else [place for group in native.regs for place in group])
    elif (native := re.search(pattern, subject, re.MULTILINE if "m" in flags else 0)) and not set("$^\n") & set(
        subject
    ):
        assert found is not None
