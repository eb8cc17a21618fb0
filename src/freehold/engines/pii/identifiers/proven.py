"""What proves itself: numbers that are told without a keyword, by those who ask for that.

One idea: a row stands here if something else of its shape passes its check about once in a hundred times at most: by
long checksums, by ranges, or by groups in which hardly anything else is written. AWS demands keywords of all of them,
so a policy never sees these rows. It may not know how texts are searched.

Left out, as their checks pass too much that is none: numbers of ten digits (NHS, NPI), SIN, DEA, passports, licences.
"""

import re
from collections.abc import Iterator
from itertools import chain, cycle, product

from freehold.engines.pii.checks import Check, compact, mod_97, weighted
from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.identifiers.finance import CARDS, IBANS, TRACK_1, card, stripe
from freehold.engines.pii.identifiers.national import FISCAL_CODE, NIR
from freehold.engines.pii.identifiers.phones import BRAZILIAN, EXTENSION, KEYWORDS, PLANS
from freehold.engines.pii.issued.documents import VIN_CHECKED, vin
from freehold.engines.pii.issued.phones import dialled, number_of
from freehold.engines.pii.issued.registers import (
    cnpj,
    cpf,
    digits,
    dni,
    fiscal_code,
    itin,
    nir,
    ssn,
    standard,
    steuer_id,
)
from freehold.engines.pii.writing import shapes

# Telephone numbers as a country writes them, its trunk prefix or area code shown.
PHONES = {
    "US": (r"(?:1[ .-])?(?:\([2-9]\d{2}\) ?[2-9]\d{2}[ .-]|[2-9]\d{2}-[2-9]\d{2}-|[2-9]\d{2}\.[2-9]\d{2}\.)\d{4}",),
    "AT": (r"06\d{2}[ /-]\d{3} \d{2} \d{2,3}", r"\(?0[1-9]\d{0,3}\)?/\d{3} ?\d{2,3} ?\d{2}"),
    "AU": (r"\(0[2378]\) ?\d{4} \d{4}", r"04\d{2} \d{3} \d{3}"),
    "BE": (r"04\d{2}(?:[ .]\d{2}){3}", r"04\d{2}/\d{2}[ .]\d{2}[ .]\d{2}", r"0\d{1,2} \d{2,3} \d{2} \d{2}"),
    "BR": (r"\([1-9]{2}\) ?9?[ .]?\d{4}-\d{4}",),
    "CH": (r"0\d{2}[ /]\d{3} \d{2} \d{2}",),
    "DE": (r"\(0[1-9]\d{1,4}\) ?\d{2,4}(?: ?\d{2,4}){1,2}", r"0[1-9]\d{1,4}/\d{6,8}", r"01[567]\d{1,2} \d{3,4} \d{4}"),
    "FR": (r"0[1-9](?: \d{2}){4}", r"0[1-9](?:\.\d{2}){4}", r"0[1-9](?:-\d{2}){4}"),
    "GB": (r"\(?0\d{2,5}\)? \d{3,4} \d{3,4}", r"07\d{3}[ -]\d{6}"),
    "IT": (r"0\d{1,3}/\d{6,8}", r"\(0\d{1,3}\) ?\d{6,8}"),
    "NL": (r"06[ -]\d{8}", r"06[ -]\d{2}(?: \d{2}){3}", r"06[ -]\d{4} \d{4}", r"0\d{2}[ -]\d{3} \d{4}"),
}

# As the rest of the world writes its numbers at home, which only a keyword right before tells to be any.
ANYWHERE = r"(?:\(\d{1,4}\) ?\d{2,4}|\d{2,4})(?:[ -]\d{2,4}){1,4}"
RIGHT_BEFORE = 12  # characters


def _phones(country: str) -> Iterator[Identifier]:
    names = ("PhoneNumber", f"PhoneNumber-{country}") if country in PLANS else ("PhoneNumber",)
    issued = number_of(*PLANS.get(country, (country,)))
    for name, pattern in product(names, PHONES[country]):
        yield Identifier(name, f"(?:{pattern}){EXTENSION}", check=lambda text: issued(text) and not _drawn(text))


def _drawn(text: str) -> bool:
    """Whether five groups grow: as a lottery's numbers do, but one telephone number in a hundred."""
    groups = re.findall(r"\d+", text)
    return len(groups) == 5 and groups == sorted(set(groups))


def _card(text: str) -> bool:
    """A card's number that is none of GS1 (EAN, GTIN-14, SSCC), which stand on goods: weights 3 and 1 mod 10."""
    number = digits(text)
    sold = len(number) in (13, 14, 18) and weighted(map(int, reversed(number)), cycle((1, 3))) % 10 == 0
    return card(text) and not sold


def _vin(text: str) -> bool:
    """A vehicle of North America or China, which have a check digit."""
    return text[0] in VIN_CHECKED and vin(text)


def _whole_nir(text: str) -> bool:
    """A French number with its key."""
    return len(compact(text)) == 15 and nir(text)


def _rows(name: str, check: Check, *patterns: str) -> Iterator[Identifier]:
    return (Identifier(name, pattern, check=check) for pattern in patterns)


TABLE = (
    *_rows("CreditCardNumber", _card, *CARDS),
    *_rows("CreditCardMagneticStripe", stripe, TRACK_1),
    *(row for country, iban in IBANS.items() for row in _rows(f"BankAccountNumber-{country}", mod_97, iban)),
    *_rows("CpfCode-BR", cpf, *shapes("999.999.999-99")[:1]),
    *_rows("Cnpj-BR", cnpj, *shapes("99.999.999/9999-99")[:1]),
    *_rows("InseeCode-FR", _whole_nir, *shapes(*NIR)),
    *_rows("NationalIdentificationNumber-ES", dni, r"\d{8}-?[A-Z]"),
    *_rows("NieNumber-ES", standard("es.nie"), r"[XYZ]-?\d{7}-?[A-Z]"),
    *_rows("NationalIdentificationNumber-IT", fiscal_code, FISCAL_CODE),
    *_rows("TaxId-DE", steuer_id, *shapes("99-999-999-999")),
    *_rows("Ssn-US", ssn, r"\d{3}-\d{2}-\d{4}"),
    *_rows("IndividualTaxIdentificationNumber-US", itin, r"\d{3}-\d{2}-\d{4}"),
    *_rows("VehicleIdentificationNumber", _vin, r"[1-5L][A-HJ-NPR-Z0-9]{12}\d{4}"),
    *chain.from_iterable(map(_phones, PHONES)),
    Identifier("PhoneNumber", ANYWHERE, KEYWORDS + BRAZILIAN, dialled, near=RIGHT_BEFORE, leads=True),
)
