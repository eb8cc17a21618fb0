"""Driving licences of countries that issue them from one register. It may not know how texts are searched.

One idea: a country a line, as it prints the number. Keywords: AWS, «Keywords for driver's license identification
numbers». Shapes: the models of Directive 2006/126/EC, annex I, as each state fills field 5 (or 4d).
"""

from freehold.engines.pii.checks import Check
from freehold.engines.pii.identifiers.states import ENGLISH
from freehold.engines.pii.issued.documents import (
    british_licence,
    finnish_licence,
    german_licence,
    mostly_digits,
    spanish_licence,
    swedish_licence,
)
from freehold.engines.pii.writing import words, written

GERMAN = words(
    "fuehrerschein, fuehrerschein- nr, fuehrerschein nr, fuehrerscheinnummer, fuhrerschein, führerschein",
    "fuhrerschein- nr, führerschein- nr, führerschein nr, fuhrerscheinnummer, führerscheinnummer",
)

KEYWORDS = {
    "AT": words("führerschein, fuhrerschein, führerschein republik österreich, fuhrerschein republik osterreich"),
    "BE": GERMAN + words("numéro permis conduire, permis de conduire, rijbewijs, rijbewijsnummer"),
    "BG": words(
        "превозно средство, свидетелство за управление на моторно, свидетелство за управление на мпс, сумпс",
        "шофьорска книжка",
    ),
    "CY": words("άδεια οδήγησης"),
    "CZ": words(
        "číslo licence, císlo licence řidiče, číslo řidičského průkazu, ovladače lic., povolení k jízdě",
        "povolení řidiče, řidiči povolení, řidičský prúkaz, řidičský průkaz",
    ),
    "DE": GERMAN,
    "DK": words("kørekort, kørekortnummer"),
    "EE": words("juhi litsentsi number, juhiloa number, juhiluba, juhiluba number"),
    "ES": words(
        "carnet conducer, el carnet de conducer, licencia conducer, licencia de manejo, número carnet conducer",
        "número de carnet de conducer, número de permiso conducer, número de permiso de conducer",
        "número licencia conducer, número permiso conducer, permiso conducción, permiso conducer",
        "permiso de conducción, carnet de conducir, licencia de conducir, permiso de conducir",
    ),
    "FI": words(
        "ajokortin numero, ajokortti, förare lic., körkort, körkort nummer, kuljettaja lic., permis de conduire",
    ),
    "FR": words("permis de conduire"),
    "GB": ENGLISH,
    "GR": words("δεια οδήγησης, άδεια οδήγησης, adeia odigisis"),
    "HR": words("vozačka dozvola"),
    "HU": words("illesztőprogramok lic, jogosítvány, jogsi, licencszám, vezető engedély, vezetői engedély"),
    "IE": words("ceadúnas tiomána"),
    "IT": words("patente di guida, patente di guida numero, patente guida, patente guida numero"),
    "LT": words("vairuotojo pažymėjimas"),
    "LU": words("fahrerlaubnis, führerschäin"),
    "LV": words(
        "autovadītāja apliecība, licences numurs, vadītāja apliecība, vadītāja apliecības numurs, vadītāja atļauja",
        "vadītāja licences numurs, vadītāji lic.",
    ),
    "MT": words("liċenzja tas-sewqan"),
    "NL": words("permis de conduire, rijbewijs, rijbewijsnummer"),
    "PL": words("numer licencyjny, prawo jazdy, zezwolenie na prowadzenie"),
    "PT": words(
        "carta de condução, carteira de habilitação, carteira de motorist, carteira de motorista",
        "carteira habilitação, carteira motorist, licença condução, licença de condução, número de licença",
        "número licença, permissão condução, permissão de condução",
    ),
    "RO": words("numărul permisului de conducere, permis de conducere"),
    "SE": words(
        "ajokortin numero, dlno#, ajokortti, drivere lic., förare lic., körkort, körkort nummer, körkortsnummer",
        "kuljettajat lic.",
    ),
    "SI": words("vozniško dovoljenje"),
    "SK": words(
        "číslo licencie, číslo vodičského preukazu, ovládače lic., povolenia vodičov, povolenie jazdu",
        "povolenie na jazdu, povolenie vodiča, vodičský preukaz",
    ),
}

SHAPES = {
    "AT": ("99999999",),
    "BE": ("9999999999",),
    "BG": ("999999999",),
    "CY": ("999999999999",),
    "CZ": ("eA-999999",),
    "DE": ("A99XXXXXXXX",),
    "DK": ("99999999",),
    "EE": ("eA999999",),
    "ES": ("99999999-A", "A-9999999-A", "A9999999-A"),
    "FI": ("999999-999X", "999999+999X", "999999A999X"),
    "FR": ("99AA99999", "99-99-99-999999", "999999999999"),
    "GB": ("AXXXX-999999-XXXXX", "AXXXX-999999-XXXXX-99", "AXXXX999999XXXXX 99", "99999999"),
    "GR": ("999999999",),
    "HR": ("99999999",),
    "HU": ("AA999999",),
    "IE": ("999-999-999", "999999AAAA"),
    "IT": ("AA9999999A", "u1XXXXXXXA"),
    "LT": ("99999999",),
    "LU": ("999999",),
    "LV": ("AA999999", "AAA999999"),
    "MT": ("AA-999-999",),
    "NL": ("9999999999",),
    "PL": ("99999/99/9999",),
    "PT": ("AA-99999-9", "AA-999999-9", "A-999999-9", "A-99999999-9"),
    "RO": ("A99999999", "A99999999A"),
    "SE": ("999999-9999", "999999+9999", "99999999-9999"),
    "SI": ("999999999",),
    "SK": ("A9999999", "99999999"),
}

CHECKS: dict[str, Check] = {
    "DE": german_licence,
    "ES": spanish_licence,
    "FI": finnish_licence,
    "GB": british_licence,
    "IT": mostly_digits,
    "SE": swedish_licence,
}

TABLE = tuple(
    row
    for country, ways in SHAPES.items()
    for row in written(f"DriversLicense-{country}", ways, KEYWORDS[country], CHECKS.get(country))
)
