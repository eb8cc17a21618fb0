"""Money: cards and bank accounts. It may not know how texts are searched.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-financial.html; ISO/IEC 7812
for cards, ISO/IEC 7813 for their stripes, the IBAN registry of ISO 13616 for accounts.
"""

from freehold.engines.pii.checks import Check, compact, digits, luhn, mod_97, valid
from freehold.engines.pii.grammar import Identifier

# First digits, from and to, and the lengths of the numbers of a brand.
BRANDS = (
    ("4", "4", (13, 16, 19)),  # Visa, Electron
    ("51", "55", (16,)),  # Mastercard
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),
    ("5019", "5019", (16,)),  # Dankort
    ("300", "305", (14, 16, 17, 18, 19)),  # Diners Club
    ("3095", "3095", (14, 16, 17, 18, 19)),
    ("36", "36", (14, 15, 16, 17, 18, 19)),
    ("38", "39", (14, 16, 17, 18, 19)),
    ("6011", "6011", (16, 17, 18, 19)),  # Discover
    ("644", "659", (16, 17, 18, 19)),
    ("3528", "3589", (16, 17, 18, 19)),  # JCB
    ("1800", "1800", (15,)),
    ("2131", "2131", (15,)),
    ("62", "62", (16, 17, 18, 19)),  # UnionPay, Discover
    ("81", "81", (16, 17, 18, 19)),  # UnionPay
)

# Reserved by the issuers for public testing; AWS reports none of them.
_TESTS = """
122000000000003 2222405343248877 2222990905257051 2223007648726984 2223577120017656 30569309025904 34343434343434
3528000700000000 3530111333300000 3566002020360505 36148900647913 36700102000000 371449635398431 378282246310005
378734493671000 38520000023237 4012888888881881 4111111111111111 4222222222222 4444333322221111 4462030000000000
4484070000000000 4911830000000 4917300800000000 4917610000000000 4917610000000000003 5019717010103742
5105105105105100 5111010030175156 5185540810000019 5200828282828210 5204230080000017 5204740009900014
5420923878724339 5454545454545454 5455330760000018 5506900490000436 5506900490000444 5506900510000234
5506920809243667 5506922400634930 5506927427317625 5553042241984105 5555553753048194 5555555555554444
5610591081018250 6011000990139424 6011000400000000 6011111111111117 630490017740292441 630495060000000000
6331101999990016 6759649826438453 6799990100000000019 76009244561
"""
TEST_NUMBERS = frozenset(_TESTS.split())

_CARD = (
    "account number", "american express", "amex", "bank card", "card", "card num", "card number", "cc #", "ccn",
    "check card", "credit", "credit card#", "dankort", "debit", "debit card", "diners club", "discover", "electron",
    "elo verification code", "japanese card bureau", "jcb", "mastercard", "mc", "pan", "payment account number",
    "payment card number", "pcn", "union pay", "visa",
)  # fmt: skip
_STRIPE = ("card data", "iso7813", "mag", "magstripe", "stripe", "swipe")
_CODE = (
    "card id", "card identification code", "card identification number", "card security code", "card validation code",
    "card validation number", "card verification data", "card verification value", "cvc", "cvc2", "cvv", "cvv2",
    "elo verification code",
)  # fmt: skip
_EXPIRY = ("exp", "exp d", "exp date", "exp m", "exp y", "expiration", "expiration date", "expires", "expiry")
_EXPIRY_MONTH = ("exp m", "exp month", "expiration month", "expiry month")
_EXPIRY_YEAR = ("exp y", "exp year", "expiration year", "expiry year")
_ACCOUNT = (
    "account code", "account number", "accountno#", "accountnumber#", "bban", "customer account id",
    "customer account number", "customer bank account id", "iban",
)  # fmt: skip
_ACCOUNTS = {
    "DE": ("bankleitzahl", "geheimzahl", "kartennummer", "kontonummer", "kreditkartennummer", "sepa"),
    "ES": (
        "código cuenta", "código cuenta bancaria", "cuenta cliente id", "número cuenta bancaria cliente",
        "número cuenta cliente",
    ),
    "FR": ("code bancaire", "compte bancaire", "numéro de compte"),
    "GB": ("sepa",),
    "IT": ("codice bancario", "conto bancario", "numero di conto"),
}  # fmt: skip
_ACCOUNT_US = tuple(
    f"{kind} {account}"
    for kind in ("bank", "checking", "chequing", "deposit", "savings")
    for account in ("account", "acct")
)

_MONTH = r"(?:0?[1-9]|1[0-2])"
_MONTH_NAME = (
    "(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:20[1-9]\d|[1-9]\d)"


def card(text: str) -> bool:
    """Whether a card may have the number: a brand's first digits and length, its check digit, and no public test."""
    number = "".join(filter(str.isdigit, text))
    if not luhn(number) or number in TEST_NUMBERS:
        return False
    return any(low <= number[: len(low)] <= high and len(number) in lengths for low, high, lengths in BRANDS)


def stripe(text: str) -> bool:
    """Whether the number on a stripe, which stands before the first separator, is a card's."""
    return luhn(text.replace("=", "^").partition("^")[0])


def _rib(text: str) -> bool:
    """The key of a French account: bank, branch, account (letters count as digits), key."""
    letters = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
    number = compact(text).translate(letters)
    return (89 * int(number[:5]) + 15 * int(number[5:10]) + 3 * int(number[10:21]) + int(number[21:])) % 97 == 0


def _cin(text: str) -> bool:
    """The check letter of an Italian account: odd places count by a table, even places by themselves."""
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    letter, *rest = (int(character, 36) for character in compact(text))
    values = [value - 10 if value > 9 else value for value in rest]
    return (sum(odd[value] for value in values[::2]) + sum(values[1::2])) % 26 == letter - 10


def _nonzero(text: str) -> bool:
    return any(digits(text))


def _grouped(country: str, bban: str) -> str:
    """An IBAN in groups of four or in one, given the rest of it in groups."""
    return rf"(?i){country}\d{{2}}" + "".join(rf"[ -]?{group}" for group in bban.split())


CARDS = (
    r"(?:[2-68]\d{3}|1800)\d{9,15}",
    r"[2-68]\d{3}(?:[ .-]\d{4}){3}(?:[ .-]?\d{1,3})?",
    r"(?:3\d{3}|1800|2131)[ .-]\d{6}[ .-]\d{4,5}",
)
TRACK_1 = r"%?B\d{13,19}\^[A-Za-z0-9 /.'-]+\^\d{7}[0-9A-Z ]*\??"  # of a magnetic stripe

_D4, _C4 = r"\d{4}", r"[A-Z0-9]{4}"
IBANS = {
    "DE": _grouped("DE", rf"{_D4} {_D4} {_D4} {_D4} \d\d"),
    "ES": _grouped("ES", " ".join([_D4] * 5)),
    "FR": _grouped("FR", rf"{_D4} {_D4} \d\d[A-Z0-9][A-Z0-9] {_C4} {_C4} [A-Z0-9]\d\d"),
    "GB": _grouped("GB", rf"[A-Z]{{4}} {_D4} {_D4} {_D4} \d\d"),
    "IT": _grouped("IT", rf"[A-Z]\d{{3}} {_D4} \d{{3}}[A-Z0-9] {_C4} {_C4} [A-Z0-9]{{3}}"),
}


def _bank(country: str, pattern: str, check: Check = mod_97) -> Identifier:
    return Identifier(f"BankAccountNumber-{country}", pattern, _ACCOUNT + _ACCOUNTS[country], check)


TABLE = (
    *(Identifier("CreditCardNumber", pattern, _CARD, card) for pattern in CARDS),
    Identifier("CreditCardMagneticStripe", TRACK_1, _STRIPE, stripe, near=90),
    Identifier("CreditCardMagneticStripe", r";?\d{13,19}=\d{7,}\??", _STRIPE, stripe, near=90),
    Identifier("CreditCardSecurityCode", r"\d{3,4}", _CODE, near=15, leads=True),
    Identifier("CreditCardExpiration", rf"{_MONTH} ?[/-] ?{_YEAR}", _EXPIRY),
    Identifier("CreditCardExpiration", rf"20\d\d ?[/-] ?{_MONTH}", _EXPIRY),
    Identifier("CreditCardExpiration", rf"{_MONTH_NAME}\.?[ /,-]{{0,2}}{_YEAR}", _EXPIRY),
    Identifier("CreditCardExpiration", r"(?:0[1-9]|1[0-2])(?:20)?[2-9]\d", _EXPIRY, near=12, leads=True),
    Identifier("CreditCardExpiration", _MONTH, _EXPIRY_MONTH, near=5, leads=True),
    Identifier("CreditCardExpiration", _YEAR, _EXPIRY_YEAR, near=5, leads=True),
    *(_bank(country, pattern) for country, pattern in IBANS.items()),
    _bank("DE", r"\d{8}[ /]\d{10}", _nonzero),
    _bank("ES", r"\d{4}[ -]?\d{4}[ -]?\d{2}[ -]?\d{10}", valid("es.ccc")),
    _bank("FR", r"(?i)\d{5}[ -]?\d{5}[ -]?[0-9A-Z]{11}[ -]?\d{2}", _rib),
    _bank("GB", r"\d{2}-\d{2}-\d{2}[ ,/]{1,2}\d{8}", _nonzero),
    _bank("IT", r"[A-Z] ?\d{5} ?\d{5} ?[0-9A-Z]{12}", _cin),
    Identifier("BankAccountNumber-US", r"\d{8,17}", _ACCOUNT_US, _nonzero),
)
