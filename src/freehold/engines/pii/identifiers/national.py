"""National registers: identity cards, social security, residence, elections. It may not know how texts are searched.

Keywords: AWS, «Keywords for national identification numbers» and the table of PII.
"""

from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.identifiers.passports import GERMAN
from freehold.engines.pii.issued.documents import icao
from freehold.engines.pii.issued.registers import dni, fiscal_code, nir, nuss, rg, sin, ssn
from freehold.engines.pii.writing import shape, words

# Cards begin in L to Z; before 2010 they had nine digits and their check digit.
_GERMAN_CARD = rf"(?i:[LMNPRTVWXYZ][{GERMAN}0-9]{{8}})\d?|\d{{10}}"

_NIR_PLACE = r"(?:\d{2}|2[ABab])"
_NIR = rf"[123478] ?\d{{2}} ?\d{{2}} ?{_NIR_PLACE} ?\d{{3}} ?\d{{3}}(?: ?\d{{2}})?"

# Digits give way to letters where two persons would have the same code: omocodia.
_OMOCODE = "[0-9LMNPQRSTUVlmnpqrstuv]"
_FISCAL_CODE = (
    rf"[A-Za-z]{{3}} ?[A-Za-z]{{3}} ?{_OMOCODE}{{2}}[ABCDEHLMPRSTabcdehlmprst]{_OMOCODE}{{2}} ?"
    rf"[A-Za-z]{_OMOCODE}{{3}}[A-Za-z]"
)

TABLE = (
    Identifier("RgNumber-BR", r"\d{1,2}\.\d{3}\.\d{3}(?:-?[\dXx])?|\d{7,8}-?[\dXx]", words("registro geral, rg"), rg),
    Identifier(
        "InseeCode-FR",
        _NIR,
        words(
            "assurance sociale, carte nationale d'identité, cni, code sécurité sociale",
            "french social security number, fssn#, insee, insurance number, national id number, nationalid#",
            "numéro d'assurance, sécurité sociale, sécurité sociale non., sécurité sociale numéro, social",
            "social security, social security number, socialsecuritynumber, ss#, ssn, ssn#",
        ),
        nir,
    ),
    Identifier(
        "NationalIdentificationNumber-DE",
        _GERMAN_CARD,
        words(
            "ausweisnummer, id number, identification number, identity number, insurance number, personal id",
            "personalausweis, personalausweisnummer",
        ),
        icao,
    ),
    Identifier(
        "NationalIdentificationNumber-IT",
        rf"{_FISCAL_CODE}|\d{{11}}",
        words(
            "codice fiscal, codice fiscale, dati anagrafici, ehic, health card, health insurance card, p. iva",
            "partita i.v.a., personal data, tax code, tessera sanitaria",
        ),
        fiscal_code,
    ),
    Identifier(
        "NationalIdentificationNumber-ES",
        r"\d{7,8}[ -]?[A-Za-z]|\d{1,2}\.\d{3}\.\d{3}[ -]?[A-Za-z]",
        words(
            "dni, dni#, dninúmero#, documento nacional de identidad, identidad único, identidadúnico#",
            "insurance number, national identification number, national identity, nationalid#, nationalidno#",
            "número nacional identidad, personal identification number, personal identity no, unique identity number",
            "uniqueid#",
        ),
        dni,
    ),
    Identifier(
        "Ssn-US",
        shape("999.99.9999"),
        words("social security, ss#, ssn"),
        ssn,
    ),
    Identifier(
        "Ssn-ES",
        shape("99/99999999/99", "99-99999999-99"),
        words(
            "número de la seguridad social, social security no., social security no. número de la seguridad social",
            "social security number, socialsecurityno#, ssn, ssn#",
        ),
        nuss,
    ),
    Identifier(
        "SocialInsuranceNumber-CA",
        shape("999-999-999"),
        words("canadian id, numéro d'assurance sociale, social insurance number, sin"),
        sin,
    ),
    Identifier(
        "PermanentResidenceNumber-CA",
        shape("AA9999999", "AA9999999999"),
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
