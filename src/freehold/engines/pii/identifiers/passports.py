"""Passports. It may not know how texts are searched.

Keywords: AWS, «Keywords for passport numbers». Shapes: the registers of authentic travel documents of the issuers
(https://www.consilium.europa.eu/prado).
"""

from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.issued.documents import icao
from freehold.engines.pii.writing import words, written

# Germany spells its documents with letters that make no words: no vowels, no B, D, Q, S. Passports begin in C to K.
GERMAN = "CFGHJKLMNPRTVWXYZ"
_GERMAN_PASSPORT = rf"(?i:[CFGHJK][{GERMAN}0-9]{{8}})\d?"

TABLE = (
    *written(
        "PassportNumber-CA",
        ("AA999999", "A999999AA"),
        words("passeport, passeport#, passport, passport#, passportno, passportno#"),
    ),
    Identifier(
        "PassportNumber-DE",
        _GERMAN_PASSPORT,
        words(
            "ausstellungsdatum, ausstellungsort, geburtsdatum, passport, passports, reisepass, reisepass-nr",
            "reisepass–nr, reisepassnummer",
        ),
        icao,
    ),
    *written(
        "PassportNumber-ES",
        ("AAA999999", "AA999999", "A9999999"),
        words(
            "españa pasaporte, libreta pasaporte, número pasaporte, número de pasaporte, pasaporte, passport",
            "passport book, passport no, passport number, spain passport",
        ),
    ),
    *written(
        "PassportNumber-FR",
        ("99AA99999",),
        words(
            "numéro de passeport, passeport, passeport#, passeport #, passeportn °, passeport n °, passeportnon",
            "passeport non",
        ),
    ),
    *written(
        "PassportNumber-GB",
        ("999999999",),
        words(
            "passeport #, passeport n °, passeportnon, passeport non, passeportn °, passport #, passport no",
            "passport number, passport#, passportid",
        ),
    ),
    *written(
        "PassportNumber-IT",
        ("AA9999999",),
        words(
            "italian passport number, numéro passeport, numéro passeport italien, passaporto, passaporto italiana",
            "passaporto numero, passport number, repubblica italiana passaporto",
        ),
    ),
    # Books of nine digits, since 2021 of a letter and eight; cards of a C and eight.
    *written("PassportNumber-US", ("999999999", "A99999999"), words("passport, travel document")),
)
