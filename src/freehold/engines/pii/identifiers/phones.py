"""Telephone numbers: with a country code anywhere, without one near a keyword. It may not know how texts are searched.

Keywords: AWS, «Sensitive data types: Personally identifiable information (PII)», Phone number. Each country has the
groups in which it writes its numbers; whether they are numbers its numbering plan says (`issued.phones`). The kind
without a country takes all of these, and those of any country that show their country code.
"""

from itertools import chain

from freehold.engines.pii.checks import Check
from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.issued.phones import anywhere, number_of
from freehold.engines.pii.writing import words

KEYWORDS = words("cell, contact, fax, fax number, mobile, phone, phone number, tel, telephone, telephone number")
BRAZILIAN = words("cel, celular, fone, móvel, número residencial, numero residencial, telefone")

# How the country writes its numbers at home.
HOME = {
    "US": (r"(?:1[ .-]?)?(?:\([2-9]\d{2}\)[ .-]?|[2-9]\d{2}[ .-]?)[2-9]\d{2}[ .-]?\d{4}",),
    "BR": (
        r"(?:0?[1-9]{2}[ .-]?|\(0?[1-9]{2}\) ?)9?[ .]?\d{4}[ .-]?\d{4}",
        r"0[358]00[ .-]?\d{3}[ .-]?\d{3,4}",
    ),
    "DE": (r"(?:0[1-9]\d{1,4}|\(0[1-9]\d{1,4}\))[ ./-]{0,3}\d{2,8}(?:[ -]\d{2,5}){0,3}",),
    "ES": (
        r"[5-9]\d{2}(?:[ .-]?\d{3}){2}",
        r"[5-9]\d{2}(?:[ .-]\d{2}){3}",
        r"[89]\d[ .-]\d{3}[ .-]\d{2}[ .-]\d{2}",
    ),
    "FR": (r"0[1-9](?:[ .-]?\d{2}){4}", r"0[ .]?[89]\d{2}(?:[ .]?\d{3}){2}"),
    "GB": (r"(?:0[1-9]\d{1,4}|\(0[1-9]\d{1,4}\))[ -]?\d{2,4}[ -]?\d{3,4}(?:[ -]\d{3})?",),
    "IT": (
        r"(?:3\d{2}|800)[ .-]?\d{3}[ .-]?\d{3,4}",
        r"0\d{1,3}[ ./-]?\d{2,4}[ .-]?\d{2,4}(?:[ .-]\d{2,3})?",
    ),
}

# Abroad all are written alike: a plus, then digits parted as one likes. Exit codes (00, 011) need a gap behind the
# country code besides, for many numbers begin with noughts; and so does a 1 without plus.
_AFTER_PLUS, _AFTER_GAP = r"(?:[ ()./-]{0,2}\d){5,14}", r"[ .-]\(?\d(?:[ ()./-]{0,2}\d){5,13}"
ANY_CODE = r"[1-9]\d{0,2}"
CODES = {"US": "1", "BR": "55", "DE": "49", "ES": "34", "FR": "33", "GB": "44", "IT": "39"}
NORTH_AMERICAN = r"1[.-](?:\([2-9]\d{2}\) ?|[2-9]\d{2}[.-])[2-9]\d{2}[.-]\d{4}"
EXIT_CODE = r"00[1-9]\d{8,13}"

# Canada has no identifier of its own, and writes its numbers as the United States do.
PLANS = {country: (country, "CA") if country == "US" else (country,) for country in HOME}

# A number within a company that follows one of the network.
EXTENSION = r"(?: ?(?:[Xx]|[Ee]xt\.?) ?\d{1,5})?"


def _near_keywords(name: str, country: str, keywords: tuple[str, ...], check: Check) -> tuple[Identifier, ...]:
    return tuple(Identifier(name, f"(?:{pattern}){EXTENSION}", keywords, check) for pattern in HOME[country])


def _with_code(name: str, code: str, keywords: tuple[str, ...], check: Check) -> tuple[Identifier, ...]:
    patterns = [rf"\+{code}{_AFTER_PLUS}", rf"(?:00|011[ -]){code}{_AFTER_GAP}"]
    patterns += [NORTH_AMERICAN] if code in ("1", ANY_CODE) else []
    alone = (Identifier(name, f"(?:{pattern}){EXTENSION}", check=check, holds="0") for pattern in patterns)
    return (*alone, Identifier(name, EXIT_CODE, keywords, check))


def _of_country(country: str) -> tuple[Identifier, ...]:
    name, keywords, check = f"PhoneNumber-{country}", KEYWORDS + BRAZILIAN * (country == "BR"), number_of(country)
    return _near_keywords(name, country, keywords, check) + _with_code(name, CODES[country], keywords, check)


def _of_any() -> tuple[Identifier, ...]:
    name, keywords = "PhoneNumber", KEYWORDS + BRAZILIAN
    home = (_near_keywords(name, country, keywords, number_of(*PLANS[country])) for country in HOME)
    return (*chain.from_iterable(home), *_with_code(name, ANY_CODE, keywords, anywhere))


TABLE = (*chain.from_iterable(map(_of_country, HOME)), *_of_any())
