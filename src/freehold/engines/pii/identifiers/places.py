"""Places: postal codes and coordinates. It may not know how texts are searched.

Keywords: AWS, «Sensitive data types: Personally identifiable information (PII)». Its «zip code» is also met abbreviated
to zip where that is the name of a field; alone it names archives.
"""

from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.issued.places import canadian_postcode, cep, coordinates, zip_code
from freehold.engines.pii.writing import words, written

# Canada Post uses neither D, F, I, O, Q nor U, and W and Z not in front.
_FIRST, _LATER = "[ABCEGHJ-NPRSTVXY]", "[ABCEGHJ-NPRSTV-Z]"
_CANADIAN = rf"{_FIRST}\d{_LATER}[ -]?\d{_LATER}\d"
_CANADIAN_SMALL = rf"{_FIRST.lower()}\d{_LATER.lower()} \d{_LATER.lower()}\d"

TABLE = (
    *written(
        "ZipCode-US",
        ("99999", "99999-9999"),
        words('zip code, zip+4, zip:, zip=, "zip", zip/postal code'),
        zip_code,
    ),
    Identifier("PostalCode-CA", f"#?(?:{_CANADIAN}|{_CANADIAN_SMALL})", check=canadian_postcode, holds="0"),
    *written(
        "CepCode-BR",
        ("99999-999", "99.999-999"),
        words("cep, código de endereçamento postal, codigo de endereçamento postal, codigo de enderecamento postal"),
        cep,
    ),
    Identifier(
        "LatLong",
        r"[-+]?\d{1,2}\.\d{3,}[^\d.+-]{1,8}[-+]?\d{1,3}\.\d{3,}",
        words("coordinate, coordinates, lat long, latitude longitude, location, position"),
        coordinates,
    ),
)
