import pytest
from tests.engines.pii.marking import cases, marks, unmarked

from freehold.engines import pii
from freehold.engines.pii.identifiers import PROVEN, TABLE

TEXTS = {
    "CreditCardNumber": (
        "bill for cc «4007070753690781»",
        "«4539 1488 0343 6467»",
        "«374245455400126»",
        "4539148803436468",  # another check digit
        "4000000000006",  # an EAN too
        "4111111111111111",  # a public test
    ),
    "CreditCardMagneticStripe": ("«%B4539148803436467^DOE/JANE^30121011000?»",),
    "BankAccountNumber-GB": ("from «GB33BUKB20201555555555» to", "GB34BUKB20201555555555"),
    "BankAccountNumber-DE": ("«DE89 3704 0044 0532 0130 00»",),
    "CpfCode-BR": ("«529.982.247-25»", "529.982.247-26", "52998224725"),
    "Cnpj-BR": ("«11.222.333/0001-81»", "11222333000181"),
    "InseeCode-FR": ("«1 85 05 78 006 084 91»", "1850578006084", "1 85 05 78 006 084 36"),
    "NationalIdentificationNumber-ES": ("«12345678Z»", "12345678A"),
    "NieNumber-ES": ("«X1234567L»", "X1234567A"),
    "NationalIdentificationNumber-IT": ("«RSSMRA85T10A562S»", "RSSMRA85T10A562T"),
    "TaxId-DE": ("«86095742719»", "86095742718"),
    "Ssn-US": ("«536-90-4399»", "536904399", "000-90-4399", "536 90 4399"),
    "IndividualTaxIdentificationNumber-US": ("«912-71-1234»", "912-11-1234"),
    "VehicleIdentificationNumber": ("«1HGCM82633A004352»", "1HGCM82643A004352", "WVWZZZ1JZXW000001"),
    "PhoneNumber-US": (
        "at «905-674-3793x12»",
        "«(206) 555-0142»",
        "«206.555.0142»",
        "206 555 0142",
        "2065550142",
        "106-555-0142",
    ),
    "PhoneNumber-GB": ("«020 7946 0958»", "«079 2718 1155»", "02079460958"),
    "PhoneNumber-FR": ("«01.84.17.61.18»", "01 02 13 24 45", "0184176118"),
    "PhoneNumber-DE": ("«(030) 1234 5678»", "«030/12345678»", "0713/0724", "030 12345678"),
    "PhoneNumber-BR": ("«(64) 3591-3246»",),
    "PhoneNumber": (
        "answers at «0494 92 82 32»",
        "«056 590 36 33»",
        "«(08) 8747 6301»",
        "«0688 872 49 99»",
        "Phone: «467 3395»",
        "Phone:\n«60-56-85-91»",
        "mobile «432 03 163»",
        "467 3395",
        "mobile 2024-11-26",
        "phone 26.11.2024",
        "phone 12 34",
    ),
}


@pytest.mark.parametrize(("name", "marked"), cases(TEXTS))
def test_what_proves_itself_needs_no_keyword_where_keywords_are_optional(name, marked):
    assert marks(name, unmarked(marked), keywords_optional=True) == marked


@pytest.mark.parametrize(("name", "marked"), cases(TEXTS))
def test_unasked_they_need_one(name, marked):
    if "one" not in marked and "mobile" not in marked and "cc" not in marked:
        assert not pii.scanner([name]).find(unmarked(marked))


def test_a_keyword_tells_as_much_as_ever():
    text = "SSN 536904399, card 4539148803436467, NHS 943 476 5919, phone 206 555 0142"
    assert pii.scanner(pii.NAMES, keywords_optional=True).find(text) == pii.scanner(pii.NAMES).find(text)


def test_all_of_them_are_checked_and_of_a_managed_name():
    assert not [row for row in PROVEN if row.check is None]
    assert {row.name for row in PROVEN} <= {row.name for row in TABLE}
