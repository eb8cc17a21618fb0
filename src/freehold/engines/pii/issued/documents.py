"""Numbers printed on documents: passports, cards, driving licences and vehicles.

One idea: the issuer's own arithmetic, where it is published. It may not know how texts are searched.
"""

from string import ascii_uppercase, digits

from freehold.engines.pii.checks import compact, valid

# Letters count from A = 10, as in ICAO Doc 9303 part 3, 4.9, and on German licences.
VALUES = {character: value for value, character in enumerate(digits + ascii_uppercase)}

# ISO 3779 and 49 CFR 565.15: what a letter of a vehicle identification number counts, and each place weighs.
VIN_VALUES = {
    **VALUES,
    **dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)),
}
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_CHECKED = set("12345L")  # North America and China ask for the check digit; elsewhere its place is free.
VIN_SUM = "0123456789X"

NIE_LETTERS = "XYZ"


def has_digit(text: str) -> bool:
    """Whether there is a digit at all: where letters may stand for digits, words have the shape too."""
    return any(character in digits for character in text)


def mostly_digits(text: str) -> bool:
    return sum(character in digits for character in text) >= 3


def icao(text: str) -> bool:
    """A document number of nine, and perhaps its check digit: weights 7, 3, 1 mod 10 (ICAO Doc 9303 part 3)."""
    number = compact(text)
    total = sum(VALUES[character] * (7, 3, 1)[place % 3] for place, character in enumerate(number[:9]))
    return has_digit(number[:9]) and (len(number) == 9 or total % 10 == int(number[9]))


def german_licence(text: str) -> bool:
    """Germany: authority (4), running number (5), their sum with weights 9 to 1 mod 11, number of the issue."""
    number = compact(text)
    total = sum(VALUES[character] * (9 - place) for place, character in enumerate(number[:9]))
    return number[9] == VIN_SUM[total % 11]


def british_licence(text: str) -> bool:
    """Great Britain: surname (5, padded with 9), decade, month (+ 50 for women), day, year, initials, and three more.

    Northern Ireland has eight digits.
    """
    number = compact(text)
    if number.isdigit():
        return True
    surname, month, day = number[:5], int(number[6:8]) % 50, int(number[8:10])
    return surname.rstrip("9").isalpha() and int(number[6]) in (0, 1, 5, 6) and 1 <= month <= 12 and 1 <= day <= 31


def ontario_licence(text: str) -> bool:
    """Ontario: the last six digits are the day of birth, the month + 50 for women."""
    number = compact(text)
    month, day = int(number[11:13]), int(number[13:15])
    return (1 <= month <= 12 or 51 <= month <= 62) and 1 <= day <= 31


def spanish_licence(text: str) -> bool:
    """Spain: the number of the identity card, of a citizen (DNI) or of a foreigner (NIE)."""
    number = compact(text)
    return valid("es.nie" if number[0] in NIE_LETTERS else "es.dni")(number)


def finnish_licence(text: str) -> bool:
    """Finland: the personal identity code of its holder."""
    return valid("fi.hetu")(text.upper())


def swedish_licence(text: str) -> bool:
    """Sweden: the personal identity number of its holder."""
    return valid("se.personnummer")(text if text[-5] in "-+" else f"{text[:-4]}-{text[-4:]}")


def vin(text: str) -> bool:
    """A vehicle (ISO 3779): letters and digits, digits at the end; the check digit where the region asks for it."""
    number = text.upper()
    if number.isdigit() or not number[13:].isdigit() or number[0] == "0":
        return False
    if number[0] not in VIN_CHECKED:
        return True
    total = sum(VIN_VALUES[character] * weight for character, weight in zip(number, VIN_WEIGHTS, strict=True))
    return number[8] == VIN_SUM[total % 11]
