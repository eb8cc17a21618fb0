from itertools import cycle, repeat

import pytest
from tests.engines.pii.marking import cases, marks, unmarked

from freehold.engines.pii.identifiers.licences import CHECKS, KEYWORDS, SHAPES
from freehold.engines.pii.identifiers.states import AUSTRALIA, CANADA, UNITED_STATES

TEXTS = {
    "DriversLicense-AT": ("Führerschein «12345678»", "fuhrerschein_republik_osterreich «12345678»", "12345678"),
    "DriversLicense-AU": (
        "Driver Licence «12345678»",
        "driver's licence: «123 456 789»",
        "driving licence «S12345»",
        "dl# «1234AB»",
        "driver license 12345",
        "licence 12345678",
    ),
    "DriversLicense-BE": ("rijbewijs «1234567890»", "Numéro permis conduire «1234567890»", "rijbewijs 123456789"),
    "DriversLicense-BG": ("Шофьорска книжка «123456789»", "СУМПС: «123456789»", "книжка 123456789"),
    "DriversLicense-CA": (
        "driver's licence «A1234-56789-51231»",
        "Permis de conduire : «P1234-123456-12»",
        "drivers license «123456-789»",
        "driver permit «AB-CD-EF-G123HI»",
        "driver licence «B123456789»",
        "driver licence «SMITH-123456789»",
        "DL: «1234567»",
        "driver's licence A1234-56789-99991",
        "driver's licence 12345",
        "1234567",
    ),
    "DriversLicense-CY": ("Άδεια οδήγησης «123456789012»", "ΑΔΕΙΑ ΟΔΗΓΗΣΗΣ «123456789012»", "123456789012"),
    "DriversLicense-CZ": ("řidičský průkaz «EA 123456»", "povolení řidiče «ej123456»", "řidičský průkaz AA123456"),
    "DriversLicense-DE": (
        "Führerschein «B072RRE2I55»",
        "Fuehrerscheinnummer: «b072rre2i55»",
        "Führerschein-Nr «B072RRE2I55»",
        "Führerschein B072RRE2I65",
        "B072RRE2I55",
    ),
    "DriversLicense-DK": ("kørekort «12345678»", "Kørekortnummer: «12345678»", "12345678"),
    "DriversLicense-EE": ("juhiluba «ET123456»", "juhiloa number «EA123456»", "juhiluba AA123456"),
    "DriversLicense-ES": (
        "permiso de conducción «12345678Z»",
        "licencia de manejo «X1234567L»",
        "carnet de conducir «12345678-Z»",
        "permiso de conducción 12345678A",
        "12345678Z",
    ),
    "DriversLicense-FI": ("ajokortti «131052-308T»", "körkort «131052A308T»", "ajokortti 131052-308U", "131052-308T"),
    "DriversLicense-FR": (
        "permis de conduire «13AA00002»",
        "Permis de conduire : «921075800123»",
        "permis de conduire «92 10 75 800123»",
        "13AA00002",
    ),
    "DriversLicense-GB": (
        "driving licence «MORGA753116SM9IJ»",
        "driver's licence: «MORGA 753116 SM9IJ 35»",
        "driving license «FO999512018AB9XY»",
        "DL: «12345678»",
        "driving licence MORGA773116SM9IJ",
        "driving licence MORGA753416SM9IJ",
        "MORGA753116SM9IJ",
    ),
    "DriversLicense-GR": ("Άδεια οδήγησης «123456789»", "adeia odigisis «123456789»", "123456789"),
    "DriversLicense-HR": ("Vozačka dozvola «12345678»", "vozacka_dozvola «12345678»", "12345678"),
    "DriversLicense-HU": ("jogosítvány «AB123456»", "Vezetői engedély: «AB123456»", "jogsi 12345678"),
    "DriversLicense-IE": ("ceadúnas tiomána «123456789»", "Ceadunas Tiomana «123456ABCD»", "123456789"),
    "DriversLicense-IT": (
        "patente di guida «RM1234567X»",
        "Patente guida numero «U1H92F842N»",
        "patente di guida U1ABCDEFGH",
        "RM1234567X",
    ),
    "DriversLicense-LT": ("vairuotojo pažymėjimas «12345678»", "Vairuotojo pazymejimas «12345678»", "12345678"),
    "DriversLicense-LU": ("Fahrerlaubnis «123456»", "Führerschäin: «123456»", "123456"),
    "DriversLicense-LV": ("vadītāja apliecība «AB123456»", "licences numurs «ABC123456»", "AB123456"),
    "DriversLicense-MT": ("liċenzja tas-sewqan «AB 123 456»", "licenzja tas sewqan «AB123456»", "AB 123 456"),
    "DriversLicense-NL": ("Rijbewijsnummer «1234567890»", "rijbewijs: «1234567890»", "1234567890"),
    "DriversLicense-PL": ("prawo jazdy «12345/67/8901»", "numer licencyjny «12345/67/8901»", "12345/67/8901"),
    "DriversLicense-PT": (
        "carta de condução «L-123456 7»",
        "Licença de condução «AV-123456 7»",
        "carteira de motorista «L-12345678 9»",
        "L-123456 7",
    ),
    "DriversLicense-RO": ("permis de conducere «B00123456»", "Permis de conducere «D00123456X»", "B00123456"),
    "DriversLicense-SE": (
        "körkort «640823-3234»",
        "Körkortsnummer: «19640823-3234»",
        "körkort 640823-3235",
        "640823-3234",
    ),
    "DriversLicense-SI": ("vozniško dovoljenje «123456789»", "Voznisko dovoljenje «123456789»", "123456789"),
    "DriversLicense-SK": ("vodičský preukaz «A1234567»", "povolenie vodiča «12345678»", "A1234567"),
    "DriversLicense-US": (
        "driver's license «D1234567»",  # California
        "Driver’s License: «A123-456-78-901-0»",  # Florida
        "drivers license «A123-4567-8901»",  # Illinois
        "DL# «S12-34-5678»",  # Kansas
        "DL: «123 456 789»",  # New York
        "driverLicense=«A1234 56789 01234»",  # New Jersey
        "drivers lic. «12345678»",  # Texas
        "driver license «SMITHJA123B4»",  # Washington, until 2018
        "driver license «LEE**J*123BC»",
        "driving permit «WDLABCD456DG»",
        "driver license «12ABC34567»",  # New Hampshire
        "driver license no. «TL545796»",  # Ohio
        "driver's license 12345",
        "driver's license ABCDEFGHIJKL",
        "D1234567",
        "driver's license" + " " * 31 + "D1234567",
    ),
}


@pytest.mark.parametrize(("name", "marked"), cases(TEXTS))
def test_driving_licences(name, marked):
    assert marks(name, unmarked(marked)) == marked


STATES = {
    ("US", "driver's license"): UNITED_STATES,
    ("CA", "permis de conduire"): CANADA,
    ("AU", "driving licence"): AUSTRALIA,
}
WAYS = [
    *(
        (country, keyword, way)
        for (country, keyword), states in STATES.items()
        for ways in states.values()
        for way in ways
    ),
    *(
        (country, KEYWORDS[country][-1], way)
        for country, ways in SHAPES.items()
        for way in ways
        if country not in CHECKS
    ),
]


def example(way: str, separator: str) -> str:
    digits, letters = cycle("4815162342"), cycle("FREHOLD")
    signs = {"9": digits, "A": letters, "X": cycle("F4"), "*": cycle("F*"), "-": repeat(separator)}
    signs["/"] = repeat(separator.replace("-", "/"))
    return "".join(next(signs[sign]) if sign in signs else sign.upper() for sign in way)


@pytest.mark.parametrize(("country", "keyword", "way"), WAYS)
def test_licences_are_found_as_their_issuers_print_them(country, keyword, way):
    for separator in ("-", " ", ""):
        marked = f"{keyword}: «{example(way, separator)}»."
        assert marks(f"DriversLicense-{country}", unmarked(marked)) == marked


def test_all_states_are_there():
    assert (len(UNITED_STATES), len(CANADA) + len(["Ontario"]), len(AUSTRALIA)) == (51, 13, 8)
