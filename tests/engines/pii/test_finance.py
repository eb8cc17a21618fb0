import pytest

from freehold.engines import pii
from freehold.engines.pii.identifiers.finance import TEST_NUMBERS

CARD = "4539148803436467"

TRACK_1, TRACK_2 = f"%B{CARD}^SMITH/JOHN^24122010000000000000?", f";{CARD}=24122010000000000000?"

FOUND = [
    ("CreditCardNumber", f"card {CARD}", CARD),
    ("CreditCardNumber", "Visa: 4539 1488 0343 6467.", "4539 1488 0343 6467"),
    ("CreditCardNumber", "pan=4539-1488-0343-6467;", "4539-1488-0343-6467"),
    ("CreditCardNumber", '{"cardNumber": "5425233430109903"}', "5425233430109903"),
    ("CreditCardNumber", '{"card_number":5425233430109903}', "5425233430109903"),
    ("CreditCardNumber", "AMEX 3742 454554 00126", "3742 454554 00126"),
    ("CreditCardNumber", "JCB 180045391488035", "180045391488035"),
    ("CreditCardNumber", "jcb 2131-453914-88034", "2131-453914-88034"),
    ("CreditCardNumber", "my credit cards: 4539148803436467", CARD),
    ("CreditCardNumber", "paid by 4539148803436467 (a debit card)", CARD),
    ("CreditCardNumber", "cc # 4539148803436467", CARD),
    ("CreditCardNumber", "diners-club 36700102000018", "36700102000018"),
    ("CreditCardSecurityCode", "cvv: 123", "123"),
    ("CreditCardSecurityCode", '"cvc2":"1234"', "1234"),
    ("CreditCardSecurityCode", "card verification value (CVV2) 987", "987"),
    ("CreditCardExpiration", "expiry 09/27", "09/27"),
    ("CreditCardExpiration", "expiration: 2027-09", "2027-09"),
    ("CreditCardExpiration", "exp date 9 / 2027", "9 / 2027"),
    ("CreditCardExpiration", "expires Sep 2027", "Sep 2027"),
    ("CreditCardExpiration", "exp 0927", "0927"),
    ("CreditCardMagneticStripe", f"swipe {TRACK_1}", TRACK_1),
    ("CreditCardMagneticStripe", f"magstripe {TRACK_2}", TRACK_2),
    ("BankAccountNumber-DE", "IBAN: DE89 3704 0044 0532 0130 00 AND MORE", "DE89 3704 0044 0532 0130 00"),
    ("BankAccountNumber-DE", "kontonummer de89370400440532013000", "de89370400440532013000"),
    ("BankAccountNumber-DE", "BLZ, Bankleitzahl 37040044 0532013000", "37040044 0532013000"),
    ("BankAccountNumber-ES", "iban ES91 2100 0418 4502 0005 1332", "ES91 2100 0418 4502 0005 1332"),
    ("BankAccountNumber-ES", "número cuenta cliente: 2100-0418-45-0200051332", "2100-0418-45-0200051332"),
    ("BankAccountNumber-FR", "compte bancaire FR14 2004 1010 0505 0001 3M02 606", "FR14 2004 1010 0505 0001 3M02 606"),
    ("BankAccountNumber-FR", "numéro de compte 20041 01005 0500013M026 06", "20041 01005 0500013M026 06"),
    ("BankAccountNumber-GB", "account number GB29NWBK60161331926819", "GB29NWBK60161331926819"),
    ("BankAccountNumber-GB", "account number 60-16-13 31926819", "60-16-13 31926819"),
    ("BankAccountNumber-IT", "numero di conto IT60 X054 2811 1010 0000 0123 456", "IT60 X054 2811 1010 0000 0123 456"),
    ("BankAccountNumber-IT", "bban X 05428 11101 000000123456", "X 05428 11101 000000123456"),
    ("BankAccountNumber-US", "checking account 000123456789", "000123456789"),
]  # fmt: skip

NOT_FOUND = [
    ("CreditCardNumber", "card 4539148803436468"),  # the check digit
    ("CreditCardNumber", "number 4539148803436467"),  # no keyword
    ("CreditCardNumber", "card " + "x" * 31 + " 4539148803436467"),  # too far
    ("CreditCardNumber", "card 94539148803436467"),  # a longer number
    ("CreditCardNumber", "card A4539148803436467"),  # a word
    ("CreditCardNumber", "card 4539148803436467-12"),
    ("CreditCardNumber", "card 4539148803436467.12"),
    ("CreditCardNumber", "card 9999999999999995"),  # no brand
    ("CreditCardNumber", "discard 4539148803436467"),  # no word of its own
    ("CreditCardSecurityCode", "cvv: 12345"),
    ("CreditCardSecurityCode", "123 before the cvv"),
    ("CreditCardExpiration", "expiry 13/27"),
    ("CreditCardExpiration", "expiration 09/27/2027"),
    ("CreditCardExpiration", "expiration 2027-09-27"),
    ("CreditCardMagneticStripe", "swipe %B4539148803436468^SMITH/JOHN^24122010000000000000?"),
    ("BankAccountNumber-DE", "iban DE89 3704 0044 0532 0130 01"),
    ("BankAccountNumber-DE", "iban GB29NWBK60161331926819"),
    ("BankAccountNumber-ES", "iban ES92 2100 0418 4502 0005 1332"),
    ("BankAccountNumber-FR", "compte bancaire 20041 01005 0500013M026 07"),
    ("BankAccountNumber-IT", "bban Y 05428 11101 000000123456"),
    ("BankAccountNumber-US", "bank account of 1234"),
]


@pytest.mark.parametrize(("name", "text", "expected"), FOUND, ids=[text for _, text, _ in FOUND])
def test_found(name, text, expected):
    assert [text[start:end] for _, start, end in pii.scanner([name]).find(text)] == [expected]


@pytest.mark.parametrize(("name", "text"), NOT_FOUND, ids=[text for _, text in NOT_FOUND])
def test_not_found(name, text):
    assert pii.scanner([name]).find(text) == []


@pytest.mark.parametrize("number", sorted(TEST_NUMBERS))
def test_public_test_numbers_are_never_reported(number):
    assert pii.scanner(["CreditCardNumber"]).find(f"credit card {number}") == []
