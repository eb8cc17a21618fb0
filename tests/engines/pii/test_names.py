"""Full names in text: found whole and without what stands around them; what only looks like a name is none."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.pii.names import find
from freehold.engines.pii.names.gazetteer import levels
from freehold.engines.pii.names.lexicon import SPELLINGS

# The text, and the names it holds.
PEOPLE = (
    ("The patient John Smith was admitted.", "John Smith"),
    ("Dear Dr. Maria Garcia Lopez,", "Maria Garcia Lopez"),
    ("Mrs. Anne-Marie O'Neill called", "Anne-Marie O'Neill"),
    ("signed by José Ramírez García", "José Ramírez García"),
    ("Herr Jürgen Müller aus Berlin", "Jürgen Müller"),
    ("Vincent van Gogh and Ludwig van Beethoven", "Vincent van Gogh", "Ludwig van Beethoven"),
    ("Contact Juan de la Cruz today", "Juan de la Cruz"),
    ("Patient: Johnson, Robert", "Johnson, Robert"),
    ("PATIENT: MARY JOHNSON ADMITTED", "MARY JOHNSON"),
    ("J. R. R. Tolkien wrote it", "J. R. R. Tolkien"),
    ("my name is Elizabeth M. Hanson", "Elizabeth M. Hanson"),
    ("This is Robert Brown's card", "Robert Brown"),
    ("Martin Luther King Jr. said", "Martin Luther King Jr"),
    ("the patient John Smith J. III, 52", "John Smith J. III"),
    ('{"patient": "john smith", "ward": "B"}', "john smith"),
    ('{"customerName":"Sarah Connor","id":12}', "Sarah Connor"),
    ("name=Thomas Wright status=open", "Thomas Wright"),
    ("Best regards,\nPeter Clark", "Peter Clark"),
    ("Best regards,\\nPeter Clark\\nSales", "Peter Clark"),
    ("I'm Naomi Ryan, nice to meet you", "Naomi Ryan"),
    ("From: Laura Bianchi <laura@example.com>", "Laura Bianchi"),
    ("Emma Wilson and James Taylor were married", "Emma Wilson", "James Taylor"),
)

NOBODY = (
    "Order Summary for Invoice Number 12",
    "She lives in New York and San Francisco",
    "We flew from Los Angeles to Buenos Aires on Monday",
    "Deutsche Bank and Wells Fargo announced a merger",
    "He wears Calvin Klein and drinks Jack Daniels",
    "Harborview Medical Center, Seattle",
    "The Martin Luther King Boulevard is closed",
    "Amazon Web Services and Visual Studio Code",
    "Happy New Year and Merry Christmas",
    "Dear Customer, Thank You for Your Order",
    "Hi Mary, how are you",
    "CAN I SPEAK TO A REAL PERSON?!",
    "Error Report: Access Denied",
    "April May June",
    "Stanford University and King College",
    "Parkinson Disease was ruled out",
    "IBAN GB49AHER72277635787006",
    '{"status": "ORDER PLACED", "city": "Santa Barbara"}',
)


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in find(text)]


@pytest.mark.parametrize(("text", "names"), [(text, list(names)) for text, *names in PEOPLE])
def test_full_names_are_found(text, names):
    assert found(text) == names


@pytest.mark.parametrize("sign", string.punctuation.replace("_", ""))
def test_a_sign_before_a_name_is_no_word(sign):
    """`<John Smith>`, `[John Smith]`, `: John Smith`: no word stands before these."""
    for text in (f"{sign}John Smith", f"{sign} John Smith", f"to {sign}{sign}John Smith"):
        assert found(text) == ["John Smith"], text


@pytest.mark.parametrize("text", NOBODY)
def test_what_is_no_person_is_not_found(text):
    assert found(text) == []


def test_a_name_in_two_cases_is_one_name():
    assert found("Müller, JÜRGEN") == ["Müller, JÜRGEN"]


@pytest.mark.parametrize(
    "text",
    (
        '{"firstName": "Xiu", "age": 12, "lastName": "Qwrty"}',
        '{"LAST_NAME":"Qwrty","FIRST_NAME":"Xiu"}',
        "first_name=Xiu&last_name=Qwrty",
        "Vorname: Xiu\nNachname: Qwrty",
    ),
)
def test_a_name_in_two_fields_is_found_in_both(text):
    assert sorted(found(text)) == ["Qwrty", "Xiu"]


def test_no_word_of_a_text_is_kept_but_those_everybody_knows():
    assert found("the patient Mary Qwrtyson said") == ["Mary Qwrtyson"]
    find("signed by J.J.Mary Smith.Smith")
    assert "Mary" in SPELLINGS
    assert not {"Qwrtyson", "J.J.Mary", "Smith.Smith"} & SPELLINGS.keys()


def test_half_a_name_is_none():
    assert found('{"firstName": "Xiu", "age": 12}') == []
    assert found('{"firstName": "Xiu"' + " " * 300 + ', "lastName": "Qwrty"}') == []


def test_a_value_and_a_run_of_it_are_one_finding():
    assert found('{"name": "juan Carlos Pérez"}') == ["juan Carlos Pérez"]


def test_the_gazetteer_knows_what_a_word_can_be():
    assert levels()["john"][0] == "3"
    assert levels()["garcia"][1] == "3"
    assert levels()["order"][:3] == "003"
    assert levels()["seattle"][3] == "3"


@given(st.text())
def test_any_text_can_be_read(text):
    apart(text)


def apart(text: str) -> None:
    """Spans lie in the text, in order, and do not overlap."""
    last = 0
    for start, end in find(text):
        assert last <= start < end <= len(text)
        last = end


WORDS = (
    *("John", "smith", "Smith", "van", "de", "Dr.", "M.", ",", "O'Neill", "al-Rashid"),
    *("name:", '"name":"', "JOSÉ", "\\n", "'s", "St.", "-"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=30), st.sampled_from((" ", "", ", ")))
def test_any_order_of_words_can_be_read(words, between):
    apart(between.join(words))


@pytest.mark.parametrize(
    "piece", ("O'", "A-", "J.", "John Smith ", "name: a ", "ame is ", 'firstName":"', "A,", "J\u0301", "Aa ")
)
def test_a_long_text_of_one_piece_is_read_in_one_pass(piece):
    """Were a letter read again from every place before it, this would take minutes."""
    apart(piece * (32_768 // len(piece)))
