"""Vehicles. It may not know how texts are searched."""

from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.issued.documents import vin
from freehold.engines.pii.writing import words

TABLE = (
    # ISO 3779: no I, O or Q, the last four are digits.
    Identifier(
        "VehicleIdentificationNumber",
        r"[A-HJ-NPR-Za-hj-npr-z0-9]{13}\d{4}",
        words(
            "fahrgestellnummer, niv, numarul de identificare, numarul seriei de sasiu, serie sasiu, numer vin",
            "número de identificação do veículo, número de identificación de automóviles",
            "numéro d'identification du véhicule, vehicle identification number, vin, vin numeris",
        ),
        vin,
    ),
)
