"""Codes of places: postal codes and coordinates.

One idea: what the ranges of posts and of the globe allow. It may not know how texts are searched.
"""

import re

from freehold.engines.pii.issued.registers import digits

_DECIMAL = re.compile(r"[+-]?\d+\.\d+")
_BETWEEN = frozenset(" ,;/NSns°\xff")  # what is no letter of a known script is read as the last


def zip_code(text: str) -> bool:
    """United States: the lowest is 00501, Holtsville."""
    return digits(text)[:5] >= "00501" and digits(text)[5:] != "0000"


def cep(text: str) -> bool:
    """Brazil: the lowest region, São Paulo, begins at 01000-000."""
    return digits(text) >= "01000000"


def canadian_postcode(text: str) -> bool:
    """Canada: a colour of a style sheet (#E1B2C3) has the same shape."""
    return not text.startswith("#")


def coordinates(text: str) -> bool:
    """Latitude and longitude in decimal degrees, in this order."""
    latitude, longitude = (float(number) for number in _DECIMAL.findall(text))
    between = _DECIMAL.split(text)[1]
    return abs(latitude) <= 90 and abs(longitude) <= 180 and _BETWEEN.issuperset(between)
