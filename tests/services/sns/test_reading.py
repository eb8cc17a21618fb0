"""What is left of texts, whatever stands in them."""

from hypothesis import given
from hypothesis import strategies as st

from freehold.engines import pii
from freehold.engines.protection import INBOUND, Deidentify, Deny, Statement
from freehold.services.sns.protection.reading import Reading

SEARCH = pii.scanner((), {"Odd": r"odd-[13579]", "Even": r"even-[02468]"})
WORDS = st.lists(st.sampled_from(["odd-1", "even-2", "odd-2", "plain", "\N{SNOWMAN}", "\N{GRINNING FACE}"]))
HIDDEN = {"odd-1": "Odd", "even-2": "Even"}


def find(texts):
    return [SEARCH.find(text) for text in texts]


def statement(operation, *identifiers):
    return Statement("", INBOUND, frozenset("*"), False, frozenset(identifiers), operation)


@given(WORDS)
def test_masks_keep_lengths_and_removals_the_rest(words):
    reading, text = Reading(find), " ".join(words)
    masked = reading.deidentified(text, [statement(Deidentify("#"), "Odd", "Even")])
    removed = reading.deidentified(text, [statement(Deidentify(""), "Odd"), statement(Deidentify("#"), "Odd", "Even")])
    if {*words} and {*words} <= HIDDEN.keys():
        assert masked == removed == ""
        return
    assert masked == " ".join("#" * len(word) if word in HIDDEN else word for word in words)
    assert removed == " ".join({"odd-1": "", "even-2": "######"}.get(word, word) for word in words)
    assert not reading.find(masked, ("Odd", "Even"))


@given(WORDS)
def test_denials_look_for_their_own_identifiers(words):
    reading, text = Reading(find), " ".join(words)
    assert reading.denied(text, [statement(Deny(), "Odd"), statement(Deidentify("#"), "Even")]) == ("odd-1" in words)
