"""Postal addresses in text: found whole, in the forms of the eight countries, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.pii.addresses import find
from freehold.engines.pii.addresses.reading import WINDOW

WHOLE = {
    "US": (
        "410 Terry Ave N, Seattle 98109, WA",
        "410 Terry Ave N, Seattle, WA 98109",
        "410 TERRY AVE N SEATTLE WA 98109",
        "410 terry ave n, seattle wa 98109",
        "1600 Pennsylvania Avenue NW, Washington, DC 20500, USA",
        "350 5th Ave Apt 4B\nNew York, NY 10118-0110",
        "1600 Broadway, New York, NY 10019",
        "PO Box 1234, Austin, TX 78701",
        "1 Microsoft Way, Redmond, Washington 98052",
    ),
    "CA": ("123 Main St W, Toronto, ON M5V 3L9", "99 Rideau Street, Ottawa, Ontario K1N 5X4"),
    "GB": (
        "10 Downing Street, London SW1A 2AA",
        "12 The Grove, London N6 6JT",
        "Flat 2, 15a High Street, Little Milton, Oxford OX44 7PX",
    ),
    "AU": (
        "12 George St, Sydney NSW 2000",
        "5/12 George Street, Parramatta NSW 2150",
        "Unit 5, 12 Smith Road, Richmond VIC 3121, Australia",
    ),
    "DE": (
        "Hauptstraße 12, 10115 Berlin",
        "Berliner Str. 12a, D-10115 Berlin, Germany",
        "Unter den Linden 77, 10117 Berlin",
        "Am Markt 5\n60311 Frankfurt am Main",
        "Karl-Marx-Allee 33 10178 Berlin",
    ),
    "ES": (
        "Calle Mayor 12, 28013 Madrid",
        "C/ Gran Vía, 28, 3º B, 28013 Madrid",
        "Avda. de la Constitución 3, 41001 Sevilla, España",
    ),
    "FR": ("12 rue de la Paix, 75002 Paris", "12 bis, avenue Victor Hugo, 75116 Paris Cedex 16"),
    "IT": (
        "Via Roma 12, 00184 Roma (RM)",
        "Piazza del Duomo, 1 - 20122 Milano MI",
        "Via Appia Nuova n. 12, 00183 Roma",
    ),
}
AROUND = ("{}", "Please ship it to {}.", '{{"address": "{}"}}', "Where: {}\nWhen: soon")

NONE = (
    "Order 12 from Main Street Store, Invoice 98109",
    "We have 20000 Customers in 10115 Berlin",
    "call 12345 now",
    "410 Terry Ave N, Seattle",
    "Seattle 98109, WA",
    "total 12 street 12345",
    "Reference 410, Batch 7, WA 98109",
    "12 May 2024, Invoice 10115",
    "Model GT40 2AB",
    "in 2019 Paris had 12 million visitors",
)


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in find(text)]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("address", [address for addresses in WHOLE.values() for address in addresses])
def test_an_address_is_found_whole(address, around):
    assert found(around.format(address)) == [address]


@pytest.mark.parametrize("text", NONE)
def test_what_lacks_a_street_a_town_or_a_code_is_none(text):
    assert found(text) == []


def test_the_values_of_an_object_are_found_without_its_keys():
    text = '{"street":"410 Terry Ave N","city":"Seattle","state":"WA","zip":"98109"}'
    assert found(text) == ["410 Terry Ave N", "Seattle", "WA", "98109"]
    assert found('{"street": "Hauptstr. 5", "zip": "10115", "city": "Berlin"}') == ["Hauptstr. 5", "10115", "Berlin"]


def test_what_follows_a_town_is_left():
    assert found("Hauptstraße 12, 10115 Berlin Herr Müller kommt") == ["Hauptstraße 12, 10115 Berlin"]


def test_several_addresses_are_found():
    assert len(found("from 410 Terry Ave N, Seattle 98109, WA to 10 Downing Street, London SW1A 2AA")) == 2


@given(st.text())
def test_any_text_can_be_read(text):
    spans = list(find(text))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


PIECES = (
    *("410", "Terry", "Ave", "N", ",", "Seattle", "98109", "WA", "Hauptstraße", "10115", "rue", "de", "Via"),
    *('","a":"', "\n", "SW1A 2AA", "2000"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_order_of_parts_can_be_read(parts):
    text = " ".join(parts)
    last = 0
    for start, end in find(text):
        assert last <= start < end <= len(text)
        last = end


def test_no_code_is_read_further_back_than_the_window():
    """So the work is linear in the text: a street farther away than WINDOW is none."""
    assert found("410 Terry Ave N" + ", Seattle" * (WINDOW // 4) + " 98109, WA") == []


@pytest.mark.parametrize(
    "piece", ("\n12345 Berlin", "12345 Aa-", '","a":"98109', "Main Street 12345 ", "1-", "A1 1AA ")
)
def test_a_long_text_of_one_piece_is_read_in_one_pass(piece):
    """Were all that stands before a code read again for each, this would take minutes."""
    assert not [span for span in find(piece * (32_768 // len(piece))) if span[1] - span[0] > 2 * WINDOW]
