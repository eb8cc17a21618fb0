import pytest

from freehold.engines.pii.writing import shapes, words


@pytest.mark.parametrize(
    ("ways", "patterns"),
    [
        (("999",), [r"\d{3}"]),
        (("A9",), [r"[A-Za-z]\d"]),
        (("u1XX-99",), [r"[Uu]1[A-Za-z0-9]{2}[ -]\d{2}", r"[Uu]1[A-Za-z0-9]{2}\d{2}"]),
        (("9/9.9",), [r"\d[ /]\d[ .-]\d", r"\d{3}"]),
        (("9-99", "99-9", "999"), [r"\d[ -]\d{2}", r"\d{2}[ -]\d", r"\d{3}"]),
        (("99", "99"), [r"\d{2}"]),
        (("*+9",), [r"[A-Za-z*]\+\d"]),
    ],
)
def test_shapes_are_patterns(ways, patterns):
    assert shapes(*ways) == patterns


def test_words_are_each_once():
    assert words("ssn, ss#", "ssn, social security") == ("ssn", "ss#", "social security")
