"""Numbers that could have been issued, made from random digits.

One idea: each is made from its issuer's description by arithmetic of its own, so that maker and check can only agree by
both being right. It may not know the engine.
"""

from collections.abc import Callable

from hypothesis import strategies as st

DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
GERMAN = "CFGHJKLMNPRTVWXYZ0123456789"
VIN = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def number(size: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=size, max_size=size)


def _made(size: int, check: Callable[[str], str]) -> st.SearchStrategy[str]:
    return number(size).filter(lambda digits: len(set(digits)) > 1).map(lambda digits: digits + check(digits))


def _eleven(digits: str, weights: list[int]) -> str:
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return "0" if rest < 2 else str(11 - rest)


def _cpf(digits: str) -> str:
    first = _eleven(digits, list(range(10, 1, -1)))
    return first + _eleven(digits + first, list(range(11, 1, -1)))


def _cnpj(digits: str) -> str:
    first = _eleven(digits, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
    return first + _eleven(digits + first, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])


def _luhn(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def _nuss(digits: str) -> str:
    serial = int(digits[2:])
    return f"{int(digits[:2] + (str(serial).zfill(7) if serial < 10**7 else digits[2:])) % 97:02}"


def _utr(digits: str) -> str:
    return "21987654321"[
        sum(int(digit) * weight for digit, weight in zip(digits, (6, 7, 8, 9, 10, 5, 4, 3, 2), strict=True)) % 11
    ]


def _mrz(serial: str) -> str:
    values = [int(character, 36) for character in serial]
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


def _licence(serial: str) -> str:
    rest = sum(int(character, 36) * (9 - place) for place, character in enumerate(serial)) % 11
    return "X" if rest == 10 else str(rest)


def _vin(text: str) -> str:
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    rest = (
        sum(int(values.get(character, character)) * weight for character, weight in zip(text, weights, strict=True))
        % 11
    )
    return text[:8] + ("X" if rest == 10 else str(rest)) + text[9:]


def _steuer_id(order: list[int], double: int) -> str:
    digits = [str(digit) for digit in order[:9]]
    digits.insert(double, digits[0])
    product = 10
    for digit in digits:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return "".join(digits) + str((11 - product) % 10)


_serial = st.tuples(st.sampled_from("CFGHJK"), st.text(GERMAN, min_size=7, max_size=7), st.sampled_from("0123456789"))
_nir = st.builds(
    lambda sex, year, month, rest: f"{sex}{year:02}{month:02}{rest}",
    st.sampled_from("12"),
    st.integers(0, 99),
    st.integers(1, 12),
    number(8),
)
_ssn = st.tuples(st.integers(1, 899).filter(lambda area: area != 666), st.integers(1, 99), st.integers(1, 9999))
_itin = st.tuples(st.integers(900, 999), st.sampled_from([*range(50, 66), *range(70, 89), *range(94, 100)]), number(4))
_vins = st.tuples(st.text("123456789", min_size=1, max_size=1), st.text(VIN, min_size=12, max_size=12), number(4))

# Identifier, a keyword for it, its numbers as their issuers write them.
ISSUED = {
    "CpfCode-BR": ("cpf", _made(9, _cpf).map(lambda n: f"{n[:3]}.{n[3:6]}.{n[6:9]}-{n[9:]}")),
    "Cnpj-BR": ("cnpj", _made(12, _cnpj).map(lambda n: f"{n[:2]}.{n[2:5]}.{n[5:8]}/{n[8:12]}-{n[12:]}")),
    "NationalIdentificationNumber-ES": ("dni", number(8).map(lambda n: n + DNI[int(n) % 23])),
    "NifNumber-ES": ("nif", number(8).map(lambda n: f"{n}-{DNI[int(n) % 23]}")),
    "NieNumber-ES": ("nie", st.tuples(st.sampled_from("XYZ"), number(7)).map(
        lambda n: f"{n[0]}{n[1]}{DNI[int(str('XYZ'.index(n[0])) + n[1]) % 23]}"
    )),
    "Ssn-ES": ("número de la seguridad social", st.tuples(st.integers(1, 52), number(8).filter(int)).map(
        lambda n: f"{n[0]:02}{n[1]}{_nuss(f'{n[0]:02}{n[1]}')}"
    )),
    "SocialInsuranceNumber-CA": ("sin", _made(8, _luhn).filter(lambda n: n[0] not in "08").map(
        lambda n: f"{n[:3]} {n[3:6]} {n[6:]}"
    )),
    "TaxId-GB": ("utr", number(9).map(lambda n: _utr(n) + n).filter(lambda n: len(set(n)) > 1)),
    "TaxId-FR": ("tin", st.tuples(st.sampled_from("0123"), number(9).filter(int)).map(
        lambda n: f"{n[0]}{n[1]}{int(n[0] + n[1]) % 511:03}"
    )),
    "TaxId-DE": ("steuer-id", st.builds(
        _steuer_id, st.permutations(range(10)).filter(lambda order: order[0] != 0), st.integers(1, 9)
    )),
    "InseeCode-FR": ("insee", _nir.map(lambda n: f"{n}{97 - int(n) % 97:02}")),
    "Ssn-US": ("ssn", _ssn.map(lambda n: f"{n[0]:03}-{n[1]:02}-{n[2]:04}")),
    "IndividualTaxIdentificationNumber-US": ("itin", _itin.map(lambda n: f"{n[0]}-{n[1]}-{n[2]}")),
    "PassportNumber-DE": ("reisepass", _serial.map("".join).map(lambda n: n + _mrz(n))),
    "DriversLicense-DE": ("führerschein", st.tuples(st.sampled_from("ABCDEFGHIJKLMNOP"), number(3), st.text(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=5, max_size=5
    )).map("".join).map(lambda n: f"{n}{_licence(n)}1")),
    "VehicleIdentificationNumber": ("vin", _vins.map("".join).filter(lambda n: not n.isdigit()).map(_vin)),
    "DateOfBirth": ("dob", st.dates().filter(lambda day: 1900 <= day.year < 2100).map(str)),
}  # fmt: skip

# Those whose sum tells any one digit that was changed.
SINGLE_DIGITS_TOLD = (
    "NationalIdentificationNumber-ES",
    "NifNumber-ES",
    "NieNumber-ES",
    "SocialInsuranceNumber-CA",
    "TaxId-DE",
    "InseeCode-FR",
    "PassportNumber-DE",
)
