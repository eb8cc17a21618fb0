"""Health: numbers of patients, insurances, drugs and those who give them. It may not know how texts are searched.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-phi.html; 21 CFR 207.33 for
drug codes, 45 CFR 162.406 for providers, CMS's format of the Medicare beneficiary identifier, Decision S1 of 2009 of
the Administrative Commission for the European card.
"""

from freehold.engines.pii.checks import compact, digits, luhn, luhn_after, valid, weighted
from freehold.engines.pii.grammar import Identifier

_DEA = ("dea number", "dea registration")
_HCPCS = ("cpt code", "current procedural terminology", "hcpcs", "healthcare common procedure coding system")
_EHIC = (
    "assicurazione sanitaria numero", "carta assicurazione numero", "carte d'assurance maladie",
    "carte européenne d'assurance maladie", "ceam", "ehic", "ehic#", "finland health insurance card",
    "finlandehicnumber#", "finska sjukförsäkringskort", "gesundheitskarte", "health card", "health card number",
    "health insurance card", "health insurance number", "hälsokort", "insurance card number",
    "krankenversicherungskarte", "krankenversicherungsnummer", "medical account number", "numero conto medico",
    "numéro d'assurance maladie", "numéro de carte d'assurance", "numéro de compte medical",
    "número de cuenta médica", "número de seguro de salud", "número de tarjeta de seguro", "sairaanhoitokortin",
    "sairausvakuutuskortti", "sairausvakuutusnumero", "sjukförsäkring nummer", "sjukförsäkringskort",
    "suomen sairausvakuutuskortti", "suomi ehic-numero", "tarjeta de salud", "terveyskortti",
    "tessera sanitaria assicurazione numero", "versicherungsnummer",
)  # fmt: skip
_HICN = ("health insurance claim number", "hic no", "hic no.", "hic number", "hic#", "hicn", "hicn#.", "hicno#")
_VITALE = ("carte d'assuré social", "carte vitale", "insurance card")
_MBI = ("mbi", "medicare beneficiary")
_NDC = ("national drug code", "ndc")
_NINO = (
    "insurance no.", "insurance number", "insurance#", "national insurance number", "nationalinsurance#",
    "nationalinsurancenumber", "nin", "nino",
)  # fmt: skip
_NPI = ("hipaa", "n.p.i", "national provider", "npi")
_NHS = ("national health service", "nhs")
_PHN = ("canada healthcare number", "msp number", "personal healthcare number", "phn", "soins de santé")

# ISO 3166-1 numbers of the countries that issue the European card.
_CARD_COUNTRIES = (
    "040|056|100|191|196|203|208|233|246|250|276|300|348|352|372|380|428|438|440|442|470|528|578|616|620|642|703|705"
    "|724|752|756|826"
)

_NEVER_NINO = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
_RAILROAD = r"(?:A|CA|H|JA|MA|MH|PA|PD|PH|WA|WCA|WCD|WCH|WD|WH)"

# The letters and digits of a Medicare beneficiary identifier: none that look like others.
_C, _A, _AN, _N = "[1-9]", "[AC-HJKMNP-RT-Y]", "[0-9AC-HJKMNP-RT-Y]", r"\d"


def _dea(text: str) -> bool:
    """The last digit is that of the sum of the odd places and twice the even ones."""
    *number, check = digits(text[2:])[:7]
    return weighted(number, (1, 2, 1, 2, 1, 2)) % 10 == check


def _social_security(text: str) -> bool:
    """Whether the Social Security Administration can have given out the number."""
    number = "".join(filter(str.isdigit, text))
    area, group, serial = number[:3], number[3:5], number[5:9]
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def _kvnr(text: str) -> bool:
    """The check digit of a German insured person: the letter counts as its place in the alphabet, two digits."""
    *counted, check = digits(f"{ord(compact(text)[0]) - 64:02}") + digits(text)
    return sum(sum(divmod(digit * weight, 10)) for digit, weight in zip(counted, (1, 2) * 5)) % 10 == check


def _nino(text: str) -> bool:
    return compact(text)[:2] not in _NEVER_NINO


def _nhs(text: str) -> bool:
    """MOD 11; numbers from 999 on are for tests alone."""
    return not text.startswith("999") and valid("gb.nhs")(text)


def _ramq(text: str) -> bool:
    """Whether the digits of a Québec number begin with a birthday; women's months have 50 added."""
    month, day = (int(compact(text)[place : place + 2]) for place in (6, 8))
    return 1 <= (month - 50 if month > 50 else month) <= 12 and 1 <= day <= 31


_FRENCH = r"[1-478] ?\d\d ?\d\d ?(?:\d\d|2[ABab]) ?\d{3} ?\d{3} ?\d\d"

TABLE = (
    Identifier("DrugEnforcementAgencyNumber-US", r"[A-HJ-MPRSTUX][A-Z9]-?\d{7}(?:-[A-Z0-9]{1,9})?", _DEA, _dea),
    Identifier("HealthcareProcedureCode-US", r"[A-EGHJ-MP-V]\d{4}", _HCPCS),
    Identifier("HealthcareProcedureCode-US", r"\d{4}[0-9FTU]", _HCPCS),
    Identifier(
        "HealthInsuranceCardNumber-EU",
        rf"80[ -]?(?:{_CARD_COUNTRIES})[ -]?\d{{5}}[ -]?\d{{5}}[ -]?\d{{5}}",
        _EHIC,
    ),
    Identifier("HealthInsuranceCardNumber-EU", r"(?i)[A-Z] ?\d{3} ?\d{3} ?\d{3}", _EHIC, _kvnr),
    Identifier("HealthInsuranceClaimNumber-US", r"\d{3}-?\d\d-?\d{4}[ -]?[A-FJKMTW][A-Z0-9]?", _HICN, _social_security),
    Identifier("HealthInsuranceClaimNumber-US", rf"{_RAILROAD}[ -]?\d{{6}}(?:\d{{3}})?", _HICN),
    Identifier("HealthInsuranceNumber-FR", _FRENCH, _VITALE, valid("fr.nir")),
    Identifier("MedicareBeneficiaryNumber-US", rf"(?i){_C}{_A}{_AN}{_N}[ -]?{_A}{_AN}{_N}[ -]?{_A}{_A}{_N}{_N}", _MBI),
    Identifier("NationalDrugCode-US", r"\d{4}-\d{4}-\d\d|\d{5}-\d{3}-\d\d|\d{5}-\d{4}-\d\d?|\d{10,11}", _NDC),
    Identifier(
        "NationalInsuranceNumber-GB",
        r"(?i)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[A-D]?",
        _NINO,
        _nino,
    ),
    Identifier("NationalProviderId-US", r"[12]\d{9}", _NPI, luhn_after("80840")),
    Identifier("NhsNumber-GB", r"\d{3}[ -]?\d{3}[ -]?\d{4}", _NHS, _nhs),
    Identifier("PersonalHealthNumber-CA", r"9\d{3}[ -]?\d{3}[ -]?\d{3}", _PHN, valid("ca.bc_phn")),
    Identifier("PersonalHealthNumber-CA", r"[1-9]\d{3}[ -]?\d{3}[ -]?\d{3}(?:[ -]?[A-Z]{2})?", _PHN, luhn),
    Identifier("PersonalHealthNumber-CA", r"\d{3}[ -]?\d{3}[ -]?\d{3}|\d{5}-\d{4}", _PHN),
    Identifier("PersonalHealthNumber-CA", r"(?i)[A-Z]{4}[ -]?\d{4}[ -]?\d{4}", _PHN, _ramq),
)
