"""National registers: identity cards, social security, residence, elections. It may not know how texts are searched.

Keywords: AWS, «Keywords for national identification numbers» and the table of PII.
"""

from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.identifiers.passports import GERMAN
from freehold.engines.pii.issued.documents import icao
from freehold.engines.pii.issued.registers import dni, fiscal_code, nir, nuss, rg, sin, ssn
from freehold.engines.pii.writing import words, written

# Sex, year, month, department (2A and 2B are Corsica), commune, order, and a key that is often left out.
NIR = (
    "9-99-99-99-999-999",
    "9-99-99-99-999-999-99",
    "9999999999999-99",
    "9-99-99-2a-999-999",
    "9-99-99-2a-999-999-99",
    "9-99-99-2b-999-999",
    "9-99-99-2b-999-999-99",
)

# Cards begin in L to Z; before 2010 they had nine digits and their check digit.
_GERMAN_CARD = rf"(?i:[LMNPRTVWXYZ][{GERMAN}0-9]{{8}})\d?"

# Digits give way to letters where two persons would have the same code: omocodia.
_OMOCODE = "[0-9LMNPQRSTUV]"
FISCAL_CODE = rf"(?i:[A-Z]{{3}} ?[A-Z]{{3}} ?{_OMOCODE}{{2}}[ABCDEHLMPRST]{_OMOCODE}{{2}} ?[A-Z]{_OMOCODE}{{3}}[A-Z])"

ITALIAN = words(
    "codice fiscal, codice fiscale, dati anagrafici, ehic, health card, health insurance card, p. iva, partita i.v.a.",
    "personal data, tax code, tessera sanitaria",
)
CARD = words(
    "ausweisnummer, id number, identification number, identity number, insurance number, personal id",
    "personalausweis, personalausweisnummer",
)

TABLE = (
    *written(
        "RgNumber-BR",
        ("9.999.999", "9.999.999-9", "9.999.999-x", "99.999.999", "99.999.999-9", "99.999.999-x", "99999999-9"),
        words("registro geral, rg"),
        rg,
    ),
    *written(
        "InseeCode-FR",
        NIR,
        words(
            "assurance sociale, carte nationale d'identité, cni, code sécurité sociale",
            "french social security number, fssn#, insee, insurance number, national id number, nationalid#",
            "numéro d'assurance, sécurité sociale, sécurité sociale non., sécurité sociale numéro, social",
            "social security, social security number, socialsecuritynumber, ss#, ssn, ssn#",
        ),
        nir,
    ),
    Identifier("NationalIdentificationNumber-DE", _GERMAN_CARD, CARD, icao),
    *written("NationalIdentificationNumber-DE", ("9999999999",), CARD, icao),
    Identifier("NationalIdentificationNumber-IT", FISCAL_CODE, ITALIAN, fiscal_code),
    *written("NationalIdentificationNumber-IT", ("99999999999",), ITALIAN, fiscal_code),
    *written(
        "NationalIdentificationNumber-ES",
        ("9999999-A", "99999999-A", "9.999.999-A", "99.999.999-A"),
        words(
            "dni, dni#, dninúmero#, documento nacional de identidad, identidad único, identidadúnico#",
            "insurance number, national identification number, national identity, nationalid#, nationalidno#",
            "número nacional identidad, personal identification number, personal identity no, unique identity number",
            "uniqueid#",
        ),
        dni,
    ),
    *written("Ssn-US", ("999.99.9999",), words("social security, ss#, ssn"), ssn),
    *written(
        "Ssn-ES",
        ("99/99999999/99", "99-99999999-99"),
        words(
            "número de la seguridad social, social security no., social security no. número de la seguridad social",
            "social security number, socialsecurityno#, ssn, ssn#",
        ),
        nuss,
    ),
    *written(
        "SocialInsuranceNumber-CA",
        ("999-999-999",),
        words("canadian id, numéro d'assurance sociale, social insurance number, sin"),
        sin,
    ),
    *written(
        "PermanentResidenceNumber-CA",
        ("AA9999999", "AA9999999999"),
        words(
            "carte résident permanent, numéro carte résident permanent, numéro résident permanent",
            "permanent resident card, permanent resident card number, permanent resident no, permanent resident no.",
            "permanent resident number, pr no, pr no., pr non, pr number, résident permanent no.",
            "résident permanent non",
        ),
    ),
    # The letters of the polling district, then the elector, and after a slash who joined since.
    Identifier(
        "ElectoralRollNumber-GB",
        r"[A-Z]{2,3}\d?[ -]?\d{1,4}(?:/\d)?",
        words(
            "electoral#, electoral #, electoralnumber, electoral number, electoralroll#, electoral roll#",
            "electoral roll #, electoral roll no., electoral roll number, electoralrollno",
        ),
    ),
)
