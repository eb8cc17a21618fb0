import pytest

from freehold.engines.pii.writing import shape, shapes, words


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        (("999",), r"\d{3}"),
        (("A9",), r"[A-Za-z]\d"),
        (("u1XX-99",), r"[Uu]1[A-Za-z0-9]{2}[ -]?\d{2}"),
        (("9/9.9",), r"\d[ /]?\d[ .-]?\d"),
        (("99", "999", "9999"), r"\d{2,4}"),
        (("99", "9999"), r"\d{2}|\d{4}"),
        (("A9", "A99", "9"), r"\d|[A-Za-z]\d{1,2}"),
        (("99", "99"), r"\d{2}"),
        (("*+9",), r"[A-Za-z*]\+\d"),
    ],
)
def test_shapes_are_patterns(written, pattern):
    assert shape(*written) == pattern == "|".join(shapes(*written))


def test_words_are_each_once():
    assert words("ssn, ss#", "ssn, social security") == ("ssn", "ss#", "social security")
