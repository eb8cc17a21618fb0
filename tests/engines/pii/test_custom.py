import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines import pii
from freehold.engines.pii.custom import CHARACTERS, COMPILED_MAX, FOUND_MAX, REACH, Custom, compiled
from freehold.engines.pii.scanning import TOGETHER_MAX


def found(regex, text):
    return [text[start:end] for _, start, end in pii.scanner([], {"mine": regex}).find(text)]


@pytest.mark.parametrize(
    ("regex", "text", "expected"),
    [
        (r"Id-\d{9}", "Id-123456789 and Id-987654321", ["Id-123456789", "Id-987654321"]),
        (r"EID-\d{9}-US", "xEID-123456789-USx", ["EID-123456789-US"]),
        (r"[A-Z]{2}|\d\d", "AB 12 c", ["AB", "12"]),
        (r"^abc", "abc abc", ["abc"]),
        (r"abc$", "abc abc", ["abc"]),
        (r"a*", "baab", ["aa"]),
        (r"x.*", "x" * 10_000, ["x" * 10_000]),
        (r"\bid\b", "id idx id", ["id", "id"]),
        (r"\d{3}", "id １２３ or 456", ["１２３", "456"]),
    ],
)  # fmt: skip
def test_custom_patterns_match_as_they_say(regex, text, expected):
    assert found(regex, text) == expected


@pytest.mark.parametrize("regex", ["", "(a)", "a(?i)", "[", "a{2,1}", "*", "a" * 201, "é", "a!", "a{99}{99}{99}"])
def test_what_is_not_of_the_subset_is_refused(regex):
    with pytest.raises(pii.BadPattern):
        pii.scanner([], {"mine": regex})


def test_a_pattern_of_anything_finds_all_but_not_one_by_one():
    text = "a1" * 3 * FOUND_MAX
    matches = found("[a-z]", text)
    assert len(matches) == FOUND_MAX and matches[:-1] == ["a"] * (FOUND_MAX - 1)
    assert matches[-1] == text[2 * (FOUND_MAX - 1) :]
    assert found("[a-z]", "a1" * FOUND_MAX)[-1] == "a1"


def test_repeats_that_are_slow_to_search_for_are_refused():
    assert found(r"\w{1,40}@\w{1,40}", "to ann@example") == ["ann@example"]
    for regex in ("a{0,999}b", "[a-z]{1000}", "[a-z]{0,99}[a-y]{0,99}[a-x]{0,99}9"):
        with pytest.raises(pii.BadPattern):
            pii.scanner([], {"mine": regex})


def test_an_unknown_name_is_refused():
    with pytest.raises(KeyError):
        pii.scanner(["Ssn"])


class Counting:
    """A compiled pattern that counts the characters its searches may see."""

    def __init__(self, pattern):
        self.pattern, self.seen = pattern, 0

    def search(self, data, start, end):
        self.seen += min(end, len(data)) - start
        return self.pattern.search(data, start, end)


@pytest.mark.parametrize("regex", ["x|x.*y", "x*y", "x.*y|x.*z", "[^y]*|x", "x", "x{5}|x*z", "x.*"])
@pytest.mark.parametrize("size", [10_000, 40_000])
def test_no_pattern_sees_more_than_its_window_for_each_match(regex, size, monkeypatch):
    custom, counting = Custom(regex), Counting(compiled(regex))
    monkeypatch.setattr("freehold.engines.pii.custom.compiled", lambda regex: counting)
    list(custom.find(b"x" * size))
    assert counting.seen <= size * 4 * REACH


@given(st.text(sorted(CHARACTERS), min_size=1, max_size=40), st.text(max_size=200))
def test_any_pattern_is_refused_or_finds_places_of_the_text(regex, text):
    try:
        scanner = pii.scanner([], {"mine": regex})
    except pii.BadPattern:
        return
    ends = [0]
    for finding in scanner.find(text):
        assert ends[-1] <= finding.start < finding.end <= len(text)
        ends.append(finding.end)


def alive():
    return sum(type(one).__module__ == "re2" and hasattr(one, "programsize") for one in gc.get_objects())


def test_the_memory_of_patterns_is_bounded_whoever_holds_them():
    compiled.cache_clear()
    held_by_others = alive()
    scanners = [pii.scanner([], {"mine": f"case-{number}-[0-9]{{4}}"}) for number in range(3 * COMPILED_MAX)]
    for number, scanner in enumerate(scanners):
        assert [finding.name for finding in scanner.find(f"the case-{number}-1234")] == ["mine"]
    assert alive() - held_by_others == COMPILED_MAX


def test_texts_that_come_together_share_what_a_pattern_may_find():
    scanner = pii.scanner([], {"mine": "[a-z]", "other": "x"})
    alone = FOUND_MAX // 2
    texts = ["a1" * alone] * (TOGETHER_MAX // alone) + ["1a1a1x1", "none: 1"]
    found = scanner.find_each(texts)
    assert [len(findings) for findings in found[:-2]] == [alone] * (TOGETHER_MAX // alone)
    last = [(finding.name, finding.start, finding.end) for finding in found[-2]]
    assert last == [("mine", 1, 7), ("other", 5, 6)]
    assert [len(findings) for findings in scanner.find_each(texts[-2:])] == [4, 4]
