"""Driving licences of countries whose states and provinces issue them. It may not know how texts are searched.

One idea: a state a line, as it prints the number. Shapes: the licence formats of AAMVA's members (US, Canada) and
of Austroads (Australia). Rows of fewer than six digits, which some states once issued, are left out: any number would
be one.
Keywords: AWS, «Keywords for driver's license identification numbers».
"""

from freehold.engines.pii.issued.documents import mostly_digits, ontario_licence
from freehold.engines.pii.writing import words, written

ENGLISH = words(
    "dl#, dl:, dl :, dlno#, driver licence, driver licences, driver license, driver licenses, driver permit",
    "drivers lic., drivers licence, driver's licence, drivers licences, driver's licences, drivers license",
    "driver's license, drivers licenses, driver's licenses, drivers permit, driver's permit, drivers permit number",
    "driving licence, driving license, driving permit",
)

CANADIAN = (*ENGLISH, "permis de conduire")

UNITED_STATES = {
    "AL": ("9999999", "99999999"),
    "AK": ("9999999",),
    "AZ": ("A99999999", "999999999"),
    "AR": ("99999999", "999999999"),
    "CA": ("A9999999",),
    "CO": ("99-999-9999", "A999999"),
    "CT": ("999999999",),
    "DE": ("9999999",),
    "DC": ("9999999", "999999999"),
    "FL": ("A999-999-99-999-9",),
    "GA": ("9999999", "99999999", "999999999"),
    "HI": ("A99999999", "999999999"),
    "ID": ("AA999999A", "999999999"),
    "IL": ("A999-9999-9999", "A99999999999"),
    "IN": ("9999-99-9999", "999999999", "A999999999"),
    "IA": ("999AA9999", "999999999"),
    "KS": ("A99-99-9999", "999999999"),
    "KY": ("A99-999-999", "A999999999", "999999999"),
    "LA": ("9999999", "99999999", "999999999"),
    "ME": ("9999999", "9999999A", "99999999"),
    "MD": ("A-999-999-999-999", "AA9999999"),
    "MA": ("A99999999", "AA9999999", "999999999"),
    "MI": ("A-999-999-999-999", "A9999999999"),
    "MN": ("A999-999-999-999",),
    "MS": ("999-99-9999",),
    "MO": ("A999999", "A9999999", "A99999999", "A999999999", "A999999r", "99999999AA", "999999999A", "999999999"),
    "MT": ("A99999999", "9999999999999", "99999999999999", "999999999"),
    "NE": ("A999999", "A9999999", "A99999999"),
    "NV": ("9999999999", "999999999999", "x99999999"),
    "NH": ("99AAA99999", "AAA99999999"),
    "NJ": ("A9999-99999-99999",),
    "NM": ("99999999", "999999999"),
    "NY": ("999-999-999", "A9999999", "A999999999999999999", "99999999", "9999999999999999"),
    "NC": ("9999999", "99999999", "999999999", "9999999999", "99999999999", "999999999999"),
    "ND": ("AAA-99-9999", "999999999"),
    "OH": ("AA999999", "99999999"),
    "OK": ("A999999999", "999999999"),
    "OR": ("9999999", "99999999", "A999999"),
    "PA": ("99-999-999",),
    "RI": ("9999999", "99999999", "A999999"),
    "SC": ("999999", "9999999", "99999999", "999999999", "9999999999", "99999999999"),
    "SD": ("999999", "9999999", "99999999", "999999999", "9999999999", "999999999999"),
    "TN": ("9999999", "99999999", "999999999"),
    "TX": ("9999999", "99999999"),
    "UT": ("999999", "9999999", "99999999", "999999999", "9999999999"),
    "VT": ("99999999", "9999999A"),
    "VA": ("A99-99-9999", "A999999999", "A9999999999", "A99999999999", "999999999"),
    "WA": ("*******999XX", "wdlXXXXXXXXX"),
    "WV": ("9999999", "A999999", "AA999999"),
    "WI": ("A999-9999-9999-99",),
    "WY": ("999999-999", "9999999999"),
}

CANADA = {
    "AB": ("999999-999", "9999999", "99999999"),
    "BC": ("9999999",),
    "MB": ("AA-AA-AA-A999AA",),
    "NB": ("999999", "9999999"),
    "NL": ("A999999999",),
    "NS": ("AAAAA-999999999",),
    "PE": ("999999",),
    "QC": ("A9999-999999-99",),
    "SK": ("99999999",),
    "NT": ("999999",),
    "NU": ("999999",),
    "YT": ("999999",),
}

ONTARIO = "A9999-99999-99999"

AUSTRALIA = {
    "ACT": ("9999999", "99999999", "999999999", "9999999999"),
    "NSW": ("99999999", "9999AA", "999999"),
    "NT": ("999999", "9999999"),
    "QLD": ("99-999-999", "999-999-999"),
    "SA": ("A99999", "A999999"),
    "TAS": ("A999999", "9999999", "99999999"),
    "VIC": ("999-999-999", "9-999-999-999", "99999999"),
    "WA": ("999-9999", "9999999"),
}


def _all(states: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(way for ways in states.values() for way in ways)


TABLE = (
    *written("DriversLicense-US", _all(UNITED_STATES), ENGLISH, mostly_digits),
    *written("DriversLicense-CA", _all(CANADA), CANADIAN, mostly_digits),
    *written("DriversLicense-CA", (ONTARIO,), CANADIAN, ontario_licence),
    *written("DriversLicense-AU", _all(AUSTRALIA), ENGLISH, mostly_digits),
)
