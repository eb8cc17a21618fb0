import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.engines.pii.marking import cases, marks, unmarked

from freehold.engines.pii.identifiers.phones import HOME
from freehold.engines.pii.issued.phones import COUNTRY_CODES, anywhere, number_of

TEXTS = {
    "PhoneNumber-US": (
        "«+1 206 555 0142»",
        "call «+1 (206) 555-0142», please",
        "«+12065550142»",
        "«1-800-253-0000»",
        "«+1.206.555.0142»",
        "phone: «206-555-0142»",
        "Fax «(206) 555-0142»",
        "mobile «206.555.0142»",
        "phone «206-555-0142x123»",
        "phone «(206)555-0142 ext. 12»",
        "«+1 206 555 0142 x1234»",
        "cell «2065550142»",
        '{"phone_number":"«2065550142»"}',
        "tel «1 206 555 0142»",
        "telephone «0012065550142»",
        "contact «011 1 206 555 0142»",
        "206-555-0142",
        "(206) 555-0142",
        "phone 106-555-0142",
        "phone 206-155-0142",
        "phone 555-0142",
        "phone 20655501423",
        "the microphone 2065550142",
        "phone " + "x" * 40 + " 206-555-0142",
        "phone +44 20 7946 0958",
        "phone 416-555-0142",
    ),
    "PhoneNumber-GB": (
        "«+44 20 7946 0958»",
        "«+44 (0)20 7946 0958»",
        "«+442079460958»",
        "«0044 20 7946 0958»",
        "Tel: «020 7946 0958»",
        "tel «(020) 7946 0958»",
        "mobile «07700 900123»",
        "mobile «07400 123 456»",
        "mobile «07400123456»",
        "phone «0161 496 0000»",
        "020 7946 0958",
        "tel 20 7946 0958",
        "tel 09999 999999",
        "+44 1 2345",
    ),
    "PhoneNumber-FR": (
        "«+33 6 12 34 56 78»",
        "«+33612345678»",
        "«+33 (0)1 42 68 53 00»",
        "«0033 6 12 34 56 78»",
        "tel «06 12 34 56 78»",
        "tel «06.12.34.56.78»",
        "telephone «0142685300»",
        "phone «0 800 123 456»",
        "06 12 34 56 78",
        "tel 6 12 34 56 78",
        "tel 00 12 34 56 78",
    ),
    "PhoneNumber-DE": (
        "«+49 30 901820»",
        "«+49 (0)30 901820»",
        "«+4915123456789»",
        "«+49 151 23456789»",
        "Tel. «030 901820»",
        "Tel. «030/901820»",
        "Tel. «(030) 90 18 20»",
        "Fax «0228 99680»",
        "mobile «0151-23456789»",
        "030 901820",
        "Tel. 30 901820",
    ),
    "PhoneNumber-ES": (
        "«+34 612 345 678»",
        "«+34612345678»",
        "«+34 91 411 11 11»",
        "tel «612 345 678»",
        "tel «612 34 56 78»",
        "tel «91 411 11 11»",
        "mobile «612345678»",
        "612 345 678",
        "tel 112 345 678",
    ),
    "PhoneNumber-IT": (
        "«+39 06 6710 1234»",
        "«+39 347 123 4567»",
        "«+393471234567»",
        "tel «06 67101234»",
        "cell «347 1234567»",
        "phone «02 1234 5678»",
        "06 67101234",
        "tel 47 1234567",
    ),
    "PhoneNumber-BR": (
        "«+55 11 98765-4321»",
        "«+5511987654321»",
        "«+55 (21) 2345-6789»",
        "celular «(11) 98765-4321»",
        "cel: «11987654321»",
        "Fone «(21) 2345-6789»",
        "móvel «11 98765 4321»",
        "telefone «0800 123 4567»",
        "número residencial «21 2345-6789»",
        "tel «(11) 98765-4321»",
        "(11) 98765-4321",
        "celular (11) 08765-4321",
        "celular (10) 98765-4321",
    ),
    "PhoneNumber": (
        "«+1 206 555 0142», «+44 20 7946 0958»; «+81 3-1234-5678»",
        "«+1 416 555 0142»",
        "phone «416-555-0142»",
        "phone «206-555-0142» or «(212) 555-0199»",
        "tel «06 12 34 56 78»",
        "celular «(11) 98765-4321»",
        "«+41 44 668 18 00»",
        "«+353 1 679 9000»",
        "+999 123 456 789",
        "206-555-0142",
        "order 004420794609 58",
        "sum +1234567",
        "sum +35236450.6",
        "id 0044207946095812345",
        "+1 206 555 01423",
    ),
}


@pytest.mark.parametrize(("name", "marked"), cases(TEXTS))
def test_telephone_numbers(name, marked):
    assert marks(name, unmarked(marked)) == marked


KINDS = [phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE]


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_numbers_of_every_country_are_found_by_their_country_code(region):
    for kind in KINDS:
        if example := phonenumbers.example_number_for_type(region, kind):
            for style in (phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.E164):
                marked = f"call «{phonenumbers.format_number(example, style)}» now"
                assert marks("PhoneNumber", unmarked(marked)) == marked


@pytest.mark.parametrize("region", sorted(HOME))
def test_numbers_are_found_near_a_keyword_as_their_country_writes_them(region):
    for kind in KINDS:
        example = phonenumbers.example_number_for_type(region, kind)
        marked = f"tel «{phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)}» now"
        assert marks(f"PhoneNumber-{region}", unmarked(marked)) == marked
        assert marks("PhoneNumber", unmarked(marked)) == marked


@example(region="DE", national="4930000")  # in a pattern of its kind, but in none of the plan as a whole
@given(region=st.sampled_from(sorted(COUNTRY_CODES)), national=st.text("0123456789", min_size=6, max_size=11))
def test_what_a_plan_has_is_what_libphonenumber_says(region, national):
    parsed = phonenumbers.PhoneNumber(
        int(COUNTRY_CODES[region]), int(national), italian_leading_zero=national[0] == "0"
    )
    said = phonenumbers.is_valid_number_for_region(parsed, region)
    if national[0] != "0" or (region == "IT" and national[1] != "0"):
        assert number_of(region)(f"+{COUNTRY_CODES[region]}{national}") == said
        assert anywhere(f"+{COUNTRY_CODES[region]}{national}") == phonenumbers.is_valid_number(parsed)
