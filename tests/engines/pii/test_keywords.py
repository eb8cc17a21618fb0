import pytest

from freehold.engines import pii

NHS = pii.scanner(["NhsNumber-GB"])
CARD = pii.scanner(["CreditCardNumber"])
NUMBER = "4539148803436467"


@pytest.mark.parametrize(
    "keyword",
    [
        "card number",
        "CARD NUMBER",
        "card_number",
        "card-number",
        "cardnumber",
        "cardNumber",
        "CardNumber",
        "card\nnumber",
    ]
    + ["card numbers", "myCardNumber", "customer_card_number", "cardNumberOfJohn", "card’"],
)
def test_keywords_are_words_of_their_own_however_spelled(keyword):
    assert CARD.find(f"{keyword} {NUMBER}")
    assert CARD.find(f'{{"{keyword}":"{NUMBER}"}}')


@pytest.mark.parametrize("keyword", ["cardnumbering", "discard", "cardiology", "CARDS1", "wildcard", "écard", "cardé"])
def test_parts_of_words_are_no_keywords(keyword):
    assert not CARD.find(f"{keyword} {NUMBER}")


@pytest.mark.parametrize(("gap", "found"), [(1, True), (30, True), (31, False), (1000, False)])
def test_a_keyword_stands_at_most_thirty_characters_away(gap, found):
    assert bool(CARD.find(f"card{'.' * gap}{NUMBER}")) is found
    assert bool(CARD.find(f"{NUMBER}{'.' * gap}card")) is found


def test_each_number_needs_its_own_keyword():
    text = f"card {NUMBER}{' ' * 40}5425233430109903{' ' * 40}374245455400126 amex"
    assert [text[start:end] for _, start, end in CARD.find(text)] == [NUMBER, "374245455400126"]


def test_accents_do_not_count():
    accented, plain = "soins de santé 9698658215", "SOINS DE SANTE 9698658215"
    assert pii.scanner(["PersonalHealthNumber-CA"]).find(accented) == pii.scanner(["PersonalHealthNumber-CA"]).find(
        plain
    )
    assert pii.scanner(["PersonalHealthNumber-CA"]).find(plain)


def test_a_keyword_after_an_escaped_newline_is_one():
    assert NHS.find(r"Name: X\nNHS: 943 476 5919")
