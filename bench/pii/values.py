"""Valid values of the identifiers whose numbers have a rule: each drawn by a seed.

One idea: a function from chance to a value. It may not know sentences.
"""

import base64
import random
import string
from collections.abc import Callable

from bench.pii.digits import (
    DNI,
    MONTHS,
    cif,
    cnpj,
    cpf,
    drawn,
    french_account,
    german_tax,
    iban,
    icao,
    italian,
    luhn,
    spanish_account,
    vin,
    weighted,
)

Value = Callable[[random.Random], str]


def shape(*shapes: str) -> Value:
    return lambda chance: drawn(chance, chance.choice(shapes))


def spaced(number: str, size: int, sign: str = " ") -> str:
    return sign.join(number[at : at + size] for at in range(0, len(number), size))


def credit_card(chance: random.Random) -> str:
    prefix = chance.choice(("4", "51", "55", "34", "37", "6011", "3528", "62"))
    length = 15 if prefix in ("34", "37") else 16
    payload = prefix + drawn(chance, "9" * (length - len(prefix) - 1))
    number = payload + luhn(payload)
    if length == 15:
        return chance.choice((number, f"{number[:4]} {number[4:10]} {number[10:]}"))
    return chance.choice((number, spaced(number, 4), spaced(number, 4, "-")))


def wrong_card(chance: random.Random) -> str:
    """The number of a card, its last digit another."""
    number = credit_card(chance)
    return number[:-1] + str((int(number[-1]) + chance.randint(1, 9)) % 10)


def ean(chance: random.Random) -> str:
    """GS1's number of an article sold in a shop."""
    payload = chance.choice(("40", "42", "30", "50", "00", "87", "62", "54")) + drawn(chance, "9" * 10)
    return payload + str(-weighted(payload, (1, 3) * 6) % 10)


def account(country: str) -> Value:
    def value(chance: random.Random) -> str:
        if country == "DE":
            rest = drawn(chance, "8" + "9" * 17)
        elif country == "ES":
            rest = spanish_account(drawn(chance, "8" + "9" * 7), drawn(chance, "9" * 10))
        elif country == "FR":
            rest = french_account(*(drawn(chance, "9" * count) for count in (5, 5, 11)))
        elif country == "GB":
            rest = drawn(chance, "AAAA" + "9" * 14)
        else:
            rest = drawn(chance, "9" * 22)
            rest = italian(rest) + rest
        number = iban(country, rest)
        return number if chance.random() < 0.6 else spaced(number, 4)

    return value


def nhs(chance: random.Random) -> str:
    while True:
        payload = drawn(chance, "8" + "9" * 8)
        check = 11 - weighted(payload, range(10, 1, -1)) % 11
        if check != 10:
            number = payload + str(check % 11)
            return chance.choice((number, f"{number[:3]} {number[3:6]} {number[6:]}"))


def npi(chance: random.Random) -> str:
    payload = "1" + drawn(chance, "9" * 8)
    return payload + luhn("80840" + payload)


def dea(chance: random.Random) -> str:
    digits = drawn(chance, "9" * 6)
    check = sum(map(int, digits[::2])) + 2 * sum(map(int, digits[1::2]))
    return chance.choice("ABFM") + chance.choice(string.ascii_uppercase) + digits + str(check % 10)


def mbi(chance: random.Random) -> str:
    letters = "ACDEFGHJKMNPQRTUVWXY"
    signs = [
        chance.choice({"8": "123456789", "9": string.digits, "A": letters, "X": letters + string.digits}[kind])
        for kind in "8AX9AX9AA99"
    ]
    number = "".join(signs)
    return chance.choice((number, f"{number[:4]}-{number[4:7]}-{number[7:]}"))


def sin(chance: random.Random) -> str:
    payload = drawn(chance, chance.choice("1234567") + "9" * 7)
    payload = chance.choice("1234567") + payload[1:]
    return chance.choice(("{}{}{}", "{} {} {}", "{}-{}-{}")).format(*_thirds(payload + luhn(payload)))


def _thirds(number: str) -> tuple[str, str, str]:
    return number[:3], number[3:6], number[6:]


def ssn(chance: random.Random) -> str:
    area = chance.choice([number for number in range(1, 899) if number != 666])
    return f"{area:03}-{chance.randint(1, 99):02}-{chance.randint(1, 9999):04}"


def itin(chance: random.Random) -> str:
    group = chance.choice((*range(50, 66), *range(70, 89), 90, 91, 92, 94, 95))
    return drawn(chance, f"{{9}}99-{{{group}}}-9998")


def nino(chance: random.Random) -> str:
    letters = chance.choice("ABCEHJKLMNPRSTWX") + chance.choice("ABCEHJKLMPRSTWX")
    number = letters + drawn(chance, "999999") + chance.choice("ABCD")
    return chance.choice((number, f"{number[:2]} {number[2:4]} {number[4:6]} {number[6:8]} {number[8]}"))


def dni(chance: random.Random) -> str:
    number = drawn(chance, "8" + "9" * 7)
    return number + chance.choice(("", "-")) + DNI[int(number) % 23]


def nie(chance: random.Random) -> str:
    kind, number = chance.choice("XYZ"), drawn(chance, "9" * 7)
    return f"{kind}{number}{DNI[int(str('XYZ'.index(kind)) + number) % 23]}"


def nif(chance: random.Random) -> str:
    number = drawn(chance, "9" * 7)
    return f"{chance.choice('KLM')}{number}{DNI[int(number) % 23]}"


def company(chance: random.Random) -> str:
    kind, number = chance.choice("ABEHPQS"), "28" + drawn(chance, "9" * 5)
    return kind + number + cif(kind, number)


def insee(chance: random.Random) -> str:
    born = f"{chance.choice('12')}{chance.randint(20, 99):02}{chance.randint(1, 12):02}"
    number = f"{born}{chance.randint(1, 95):02}{drawn(chance, '999999')}"
    number = number[:5] + number[5:7].replace("20", "21") + number[7:]
    key = f"{97 - int(number) % 97:02}"
    parts = number[0], number[1:3], number[3:5], number[5:7], number[7:10], number[10:13], key
    return chance.choice(("", " ")).join(parts)


def codice_fiscale(chance: random.Random) -> str:
    consonants = "BCDFGLMNPRSTVZ"
    letters = "".join(chance.choices(consonants, k=6))
    born = f"{chance.randint(0, 99):02}{chance.choice('ABCDEHLMPRST')}{chance.randint(1, 28):02}"
    payload = letters + born + chance.choice(("H501", "F205", "L219", "D612", "A944", "F839"))
    return payload + italian(payload)


def identity_card(first: str) -> Value:
    def value(chance: random.Random) -> str:
        signs = "".join(chance.choices("CFGHJKLMNPRTVWXYZ0123456789", k=7))
        payload = chance.choice(first) + chance.choice(string.digits) + signs
        return payload + chance.choice(("", icao(payload)))  # on the card without its check digit

    return value


def german_tax_id(chance: random.Random) -> str:
    digits = chance.sample(string.digits, 10)
    if digits[0] == "0":
        digits.reverse()
    digits[digits.index(digits[-1])] = digits[-1]
    where = chance.randint(1, 8)
    digits[where] = digits[9]  # one digit twice, one not at all
    payload = "".join(digits)
    number = payload + german_tax(payload)
    return chance.choice((number, f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:]}"))


def french_tax(chance: random.Random) -> str:
    payload = chance.choice("0123") + drawn(chance, "9" * 9)
    return f"{payload}{int(payload) % 511:03}"


def utr(chance: random.Random) -> str:
    payload = drawn(chance, "9" * 9)
    return "21987654321"[weighted(payload, (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11] + payload


def spanish_social(chance: random.Random) -> str:
    province, number = f"{chance.randint(1, 52):02}", drawn(chance, "8" + "9" * 7)
    return f"{province}/{number}/{int(province + number) % 97:02}"


def health_bc(chance: random.Random) -> str:
    while True:
        payload = "9" + drawn(chance, "9" * 8)
        check = 11 - weighted(payload[1:], (2, 4, 8, 5, 10, 9, 7, 3)) % 11
        if check < 10:
            return payload + str(check)


def rg(chance: random.Random) -> str:
    number = drawn(chance, "8" + "9" * 7)
    check = 11 - weighted(number, range(2, 10)) % 11
    return f"{number[:2]}.{number[2:5]}.{number[5:]}-{ {10: 'X', 11: '0'}.get(check, check) }"


def brazilian_person(chance: random.Random) -> str:
    number = cpf(drawn(chance, "9" * 9))
    return chance.choice((number, f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"))


def brazilian_company(chance: random.Random) -> str:
    number = cnpj(drawn(chance, "9" * 8) + "0001")
    return f"{number[:2]}.{number[2:5]}.{number[5:8]}/{number[8:12]}-{number[12:]}"


def vehicle(chance: random.Random) -> str:
    signs = "ABCDEFGHJKLMNPRSTUVWXYZ"
    start = chance.choice(("1HG", "2T1", "5YJ", "1FA", "4T1", "3VW", "1G1"))
    middle = "".join(chance.choices(signs + string.digits, k=5))
    return vin(
        f"{start}{middle}0{chance.choice('ABCDEFGHJKLMNPRSTVWXY')}{chance.choice(signs)}{drawn(chance, '999999')}"
    )


def british_licence(chance: random.Random) -> str:
    month = chance.choice((*range(1, 13), *range(51, 63)))  # a woman's has 50 added
    return drawn(chance, f"AAAAA9{{{month:02}{chance.randint(1, 28):02}}}9AA9AA")


def swedish_person(chance: random.Random) -> str:
    payload = f"{chance.randint(40, 99):02}{chance.randint(1, 12):02}{chance.randint(1, 28):02}{drawn(chance, '999')}"
    return f"{payload[:6]}-{payload[6:]}{luhn(payload)}"


def finnish_person(chance: random.Random) -> str:
    date = f"{chance.randint(1, 28):02}{chance.randint(1, 12):02}{chance.randint(40, 99):02}"
    serial = f"{chance.randint(2, 899):03}"
    return f"{date}-{serial}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(date + serial) % 31]}"


def mail(chance: random.Random) -> str:
    user = chance.choice(("jsmith", "maria.garcia", "info+test", "k_weber", "a.b.c", "user99", "O'Brien.pat"))
    host = chance.choice(("example.com", "mail.example.org", "posta.it", "shop-24.co.uk"))
    return f"{user}{chance.randint(1, 999)}@{host}"


def address(chance: random.Random) -> str:
    if chance.random() < 0.6:
        return ".".join(str(chance.randint(1, 254)) for _ in range(4))
    return ":".join(f"{chance.randint(1, 65535):x}" for _ in range(8))


def secret(chance: random.Random) -> str:
    return base64.b64encode(chance.randbytes(30)).decode()


def key(kind: str) -> Value:
    def value(chance: random.Random) -> str:
        lines = base64.b64encode(chance.randbytes(180)).decode()
        body = "\n".join(lines[at : at + 64] for at in range(0, len(lines), 64))
        return f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----"

    return value


def putty(chance: random.Random) -> str:
    public, private = (base64.b64encode(chance.randbytes(60)).decode() for _ in range(2))
    mac = "".join(chance.choices("0123456789abcdef", k=40))
    return (
        "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: imported-key\nPublic-Lines: 1\n"
        f"{public}\nPrivate-Lines: 1\n{private}\nPrivate-MAC: {mac}"
    )


def stripe(chance: random.Random) -> str:
    payload = "4" + drawn(chance, "9" * 14)
    until = f"{chance.randint(25, 31)}{chance.randint(1, 12):02}"
    return f"%B{payload}{luhn(payload)}^DOE/JANE^{until}101{drawn(chance, '999999')}?"


def date(chance: random.Random) -> str:
    year, month, day = chance.randint(1930, 2015), chance.randint(1, 12), chance.randint(1, 28)
    forms = (
        f"{month:02}/{day:02}/{year}",
        f"{year}-{month:02}-{day:02}",
        f"{MONTHS[month - 1]} {day}, {year}",
        f"{day:02}.{month:02}.{year}",
    )
    return chance.choice(forms)


def expiry(chance: random.Random) -> str:
    return f"{chance.randint(1, 12):02}/{chance.choice((chance.randint(25, 35), chance.randint(2025, 2035)))}"


def place(chance: random.Random) -> str:
    return f"{chance.uniform(-80, 80):.5f}, {chance.uniform(-170, 170):.5f}"


def ontario_licence(chance: random.Random) -> str:
    birth = f"{chance.randint(40, 99):02}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    number = drawn(chance, "A" + "9" * 8) + birth
    return spaced(number, 5, "-")
