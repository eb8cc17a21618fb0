"""Numbers of registers of persons and taxpayers.

One idea: python-stdnum knows most sums; here are the sums that it has not, and the ranges never issued. It may not
know how texts are searched.
"""

from freehold.engines.pii.checks import Check, compact, valid

# Printed in advertisements and given to nobody: https://www.ssa.gov/history/ssn/misused.html
SSN_NEVER_ISSUED = {"078051120", "219099999"}

# Internal Revenue Manual 3.21.263: the fourth and fifth digit of an ITIN.
ITIN_GROUPS = {*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)}

# Months of birth in a NIR: known, unknown or foreign registers. Code officiel géographique and the décret 82-103.
NIR_MONTHS = {*range(1, 13), *range(20, 43), *range(50, 100)}

_NO_DIGITS = dict.fromkeys({*range(256)}.difference(map(ord, "0123456789")))

NUSS_PROVINCES = {*range(1, 54), 66}


def standard(module: str) -> Check:
    """The check of a module of python-stdnum, for which separators and case do not count."""
    check = valid(module)
    return lambda text: check(compact(text))


def digits(text: str) -> str:
    return text.translate(_NO_DIGITS)


def varied(text: str) -> bool:
    """Whether the digits are not all the same: such rows pass many sums, and stand in forms, not in registers."""
    return len(set(digits(text))) > 1


def cpf(text: str) -> bool:
    """Brazil, Cadastro de Pessoas Físicas: two sums mod 11; a row of one digit passes them but is never issued."""
    return varied(text) and standard("br.cpf")(text)


def cnpj(text: str) -> bool:
    """Brazil, Cadastro Nacional da Pessoa Jurídica, since July 2026 with letters (Instrução Normativa RFB 2.229)."""
    return varied(text) and standard("br.cnpj")(text)


def one_separator(text: str) -> bool:
    """Whether the groups are parted in one way throughout."""
    return len(set(text).intersection(" .-")) <= 1


def ssn(text: str) -> bool:
    """United States, Social Security: areas 000, 666 and 900 up, group 00 and serial 0000 are never issued."""
    number = digits(text)
    area, group, serial = number[:3], number[3:5], number[5:]
    return (
        one_separator(text)
        and area not in ("000", "666")
        and area < "900"
        and group != "00"
        and serial != "0000"
        and number not in SSN_NEVER_ISSUED
    )


def itin(text: str) -> bool:
    """United States, Individual Taxpayer Identification: area 900 up and the groups that the IRS gives out."""
    number = digits(text)
    return one_separator(text) and number[0] == "9" and int(number[3:5]) in ITIN_GROUPS


def nuss(text: str) -> bool:
    """Spain, Número de Usuario de la Seguridad Social: province (2), number (8), the rest of both divided by 97 (2)."""
    number = digits(text)
    province, serial, check = int(number[:2]), int(number[2:10]), int(number[10:])
    whole = province * (10_000_000 if serial < 10_000_000 else 100_000_000) + serial
    return province in NUSS_PROVINCES and serial > 0 and whole % 97 == check


def nir(text: str) -> bool:
    """France, the number of the INSEE's register: sex, year, month, department, commune, order, and a key mod 97.

    The key is often left out; what is left is told by its sex and month alone.
    """
    number = compact(text)
    if number[0] not in "123478" or int(number[3:5]) not in NIR_MONTHS:
        return False
    return len(number) == 13 or standard("fr.nir")(number)


def sin(text: str) -> bool:
    """Canada, Social Insurance Number: Luhn; numbers in 0 and 8 are not given to persons."""
    return one_separator(text) and standard("ca.sin")(text)


def spif(text: str) -> bool:
    """France, numéro fiscal de référence: the first ten digits mod 511 are the last three; rows of zeros are none."""
    return varied(text) and standard("fr.nif")(text)


def steuer_id(text: str) -> bool:
    """Germany, Identifikationsnummer (§ 139b AO): ISO 7064 mod 11,10, one digit of the first ten twice or thrice."""
    return standard("de.idnr")(text)


def utr(text: str) -> bool:
    """United Kingdom, Unique Taxpayer Reference: the first digit is the sum mod 11 of the others; a K may follow."""
    return varied(text) and standard("gb.utr")(text.rstrip("Kk"))


def fiscal_code(text: str) -> bool:
    """Italy, codice fiscale: of persons (16 characters with a day of birth) or of bodies (11 digits, Luhn)."""
    return varied(text) and standard("it.codicefiscale")(text)


def dni(text: str) -> bool:
    """Spain, Documento Nacional de Identidad: a letter tells the rest by 23; the noughts in front may be left out."""
    return valid("es.dni")(compact(text).zfill(9))


def nif(text: str) -> bool:
    """Spain, the fiscal number of a person: of a DNI, or in K, L or M for those who have none."""
    return dni(text) or (text[0] in "KLMklm" and valid("es.nif")(compact(text)))


def rg(text: str) -> bool:
    """Brazil, Registro Geral: each state has its own sum, so that only rows of one digit are told."""
    return varied(text)
