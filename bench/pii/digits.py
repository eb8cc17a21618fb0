"""Check digits and letters, written down anew from the standards: the bench must not test checks with themselves.

One idea: a payload in, the check out. It may not know identifiers.
"""

import random
import string
from collections.abc import Iterable

DNI = "TRWAGMYFPDXBNJZSQVHLCKE"


def luhn(payload: str) -> str:
    """ISO/IEC 7812-1."""
    total = 0
    for place, digit in enumerate(reversed(payload)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def weighted(payload: Iterable[int | str], weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(payload, weights, strict=False))


def iban(country: str, account: str) -> str:
    """ISO 13616: the whole number, with its check digits."""
    number = "".join(str(int(sign, 36)) for sign in f"{account}{country}00")
    return f"{country}{98 - int(number) % 97:02}{account}"


def spanish_account(bank: str, account: str) -> str:
    """Código Cuenta Cliente: bank and branch (8), two control digits, account (10)."""
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
    first, second = (11 - weighted(part, weights) % 11 for part in ("00" + bank, account))
    return f"{bank}{ {10: 1, 11: 0}.get(first, first) }{ {10: 1, 11: 0}.get(second, second) }{account}"


def french_account(bank: str, branch: str, account: str) -> str:
    """Relevé d'identité bancaire, with its key."""
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    return f"{bank}{branch}{account}{key:02}"


ODD = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)) | dict(
    zip(
        string.ascii_uppercase,
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)


def italian(payload: str) -> str:
    """The control letter of a codice fiscale, and of an account number (CIN)."""
    total = 0
    for place, sign in enumerate(payload):
        total += ODD[sign] if place % 2 == 0 else int(sign) if sign.isdigit() else ord(sign) - 65
    return chr(65 + total % 26)


def cpf(payload: str) -> str:
    for length in (10, 11):
        check = 11 - weighted(payload, range(length, 1, -1)) % 11
        payload += str(check if check < 10 else 0)
    return payload


def cnpj(payload: str) -> str:
    for weights in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        check = 11 - weighted(payload, weights) % 11
        payload += str(check if check < 10 else 0)
    return payload


def icao(payload: str) -> str:
    """ICAO 9303: the check digit of machine-readable documents."""
    return str(sum(int(sign, 36) * weight for sign, weight in zip(payload, (7, 3, 1) * 9, strict=False)) % 10)


def german_tax(payload: str) -> str:
    """ISO 7064 MOD 11, 10."""
    product = 10
    for digit in payload:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def cif(letter: str, payload: str) -> str:
    """The control of a Spanish company's number; a letter for some kinds."""
    even = sum(map(int, payload[1::2]))
    odd = sum(sum(divmod(2 * int(digit), 10)) for digit in payload[::2])
    control = -(even + odd) % 10
    return "JABCDEFGHI"[control] if letter in "PQRSW" else str(control)


def vin(number: str) -> str:
    """49 CFR 565.15: the check digit in the ninth place."""
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    rest = sum((values.get(sign) or int(sign)) * weight for sign, weight in zip(number, weights, strict=True)) % 11
    return number[:8] + ("X" if rest == 10 else str(rest)) + number[9:]


def drawn(chance: random.Random, shape: str) -> str:
    """A text of a shape: 9 a digit, 8 one from 1 on, A a letter, X either, h a hexadecimal digit; the rest as it
    stands, {…} verbatim."""
    out, verbatim = "", False
    for sign in shape:
        if sign in "{}":
            verbatim = sign == "{"
        elif verbatim:
            out += sign
        else:
            out += chance.choice(SIGNS[sign]) if sign in SIGNS else sign
    return out


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SIGNS = {
    "h": "0123456789abcdef",
    "9": string.digits,
    "8": "123456789",
    "A": string.ascii_uppercase,
    "X": string.ascii_uppercase + string.digits,
}
