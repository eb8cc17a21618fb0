"""Personal data in texts, from a program: found, masked, removed, and none missed where pieces meet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold import pii

CARD = "card 4539 1488 0343 6467"
FOUND = [("CreditCardNumber", 5, 24)]
LINE = "nothing to see here, really\n"


def only_cards(pieces):
    return [tuple(finding) for finding in pii.find_in(pieces, ["CreditCardNumber"])]


def test_found_masked_removed():
    assert pii.find(CARD, ["CreditCardNumber"]) == FOUND
    assert pii.find(CARD, ["Ssn-US"]) == []
    assert pii.mask(CARD, only=["CreditCardNumber"]) == "card *******************"
    assert pii.mask(CARD, "#", ["CreditCardNumber"]) == "card ###################"
    assert pii.redact(CARD, ["CreditCardNumber"]) == "card "


def test_patterns_of_ones_own():
    assert pii.find("order AB-1234", [], {"Order": "[A-Z]{2}-[0-9]{4}"}) == [("Order", 6, 13)]
    with pytest.raises(pii.BadPattern):
        pii.find("", [], {"Order": "[A-"})
    with pytest.raises(KeyError):
        pii.find("", ["Nonsense"])


def test_what_is_no_text_is_looked_past():
    assert pii.find("\udcff\ud800 " + CARD, ["CreditCardNumber"]) == [("CreditCardNumber", 8, 27)]


def test_offsets_count_code_points():
    assert pii.find("🙂é " + CARD, ["CreditCardNumber"]) == [("CreditCardNumber", 8, 27)]


@settings(max_examples=300)
@given(data=st.data())
def test_no_seam_hides_or_doubles_anything(data):
    """Whatever the pieces, what is found and what is masked is as if the text had come whole."""
    parts = st.sampled_from([LINE, CARD, "é🙂", " ", "\n", "SSN: 123-45-6789 ", "x" * 50, "[", "{ "])
    text = "".join(data.draw(st.lists(parts, max_size=60)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(text)])]
    with pytest.MonkeyPatch.context() as patch:
        for name, size in (("WINDOW", 128), ("AHEAD", 64), ("BEHIND", 64)):
            patch.setattr(pii, name, size)
        looked = {
            "only": ["CreditCardNumber", "Ssn-US"],
            "custom": {"Square": r"\[[^\[]{0,60}", "Curly": r"\{[^\{]{9}"},
        }
        assert list(pii.find_in(pieces, **looked)) == pii.find(text, **looked)
        assert "".join(pii.mask_in(pieces, **looked)) == pii.mask(text, **looked)


def test_a_finding_without_end_is_told_in_parts():
    with pytest.MonkeyPatch.context() as patch:
        for name, size in (("WINDOW", 128), ("AHEAD", 64), ("BEHIND", 64)):
            patch.setattr(pii, name, size)
        pieces = ["a "] + ["1" * 100] * 10
        assert "".join(pii.mask_in(pieces, only=[], custom={"Row": "[0-9]+"})) == "a " + "*" * 1000


def test_each_text_for_itself():
    told = list(pii.each(["card\n", "4539 1488 0343 6467\n", CARD], pii.scanner(["CreditCardNumber"])))
    assert [(stretch.offset, stretch.findings) for stretch in told] == [(0, []), (5, []), (25, FOUND)]
