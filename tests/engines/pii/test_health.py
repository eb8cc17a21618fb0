import pytest

from freehold.engines import pii

FOUND = [
    ("DrugEnforcementAgencyNumber-US", "DEA number AB1234563", "AB1234563"),
    ("DrugEnforcementAgencyNumber-US", "dea_registration: F91234563-012", "F91234563-012"),
    ("HealthcareProcedureCode-US", "hcpcs J1234", "J1234"),
    ("HealthcareProcedureCode-US", "Current Procedural Terminology 99213", "99213"),
    ("HealthInsuranceCardNumber-EU", "EHIC 80276012340123456789", "80276012340123456789"),
    ("HealthInsuranceCardNumber-EU", "sairaanhoitokortin 80 246 01234 0123456789", "80 246 01234 0123456789"),
    ("HealthInsuranceCardNumber-EU", "Krankenversicherungsnummer: A123456780", "A123456780"),
    ("HealthInsuranceClaimNumber-US", "hicn 123-45-6789A", "123-45-6789A"),
    ("HealthInsuranceClaimNumber-US", "HIC No. 123456789C1", "123456789C1"),
    ("HealthInsuranceClaimNumber-US", "hic# WCA 123456789", "WCA 123456789"),
    ("HealthInsuranceNumber-FR", "carte vitale 2 55 08 14 168 025 38", "2 55 08 14 168 025 38"),
    ("HealthInsuranceNumber-FR", "carte d’assuré social : 255081416802538", "255081416802538"),
    ("MedicareBeneficiaryNumber-US", "MBI 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
    ("MedicareBeneficiaryNumber-US", '{"medicareBeneficiary":"1eg4te5mk73"}', "1eg4te5mk73"),
    ("NationalDrugCode-US", "NDC: 0777-3105-02", "0777-3105-02"),
    ("NationalDrugCode-US", "ndc 50242-040-62", "50242-040-62"),
    ("NationalDrugCode-US", "ndc 12345-1234-1", "12345-1234-1"),
    ("NationalDrugCode-US", "national-drug-code 00777310502", "00777310502"),
    ("NationalInsuranceNumber-GB", "nino AB 12 34 56 C", "AB 12 34 56 C"),
    ("NationalInsuranceNumber-GB", "Insurance no. ab123456c", "ab123456c"),
    ("NationalProviderId-US", "NPI 1234567893", "1234567893"),
    ("NationalProviderId-US", "n.p.i: 1245319599", "1245319599"),
    ("NhsNumber-GB", "NHS 943 476 5919", "943 476 5919"),
    ("NhsNumber-GB", "nhs number 943-476-5919", "943-476-5919"),
    ("PersonalHealthNumber-CA", "PHN 9698 658 215", "9698 658 215"),
    ("PersonalHealthNumber-CA", "soins de santé: BOUF 9401 1419", "BOUF 9401 1419"),
]  # fmt: skip

NOT_FOUND = [
    ("DrugEnforcementAgencyNumber-US", "DEA number AB1234564"),
    ("DrugEnforcementAgencyNumber-US", "number AB1234563"),
    ("HealthcareProcedureCode-US", "hcpcs J12345"),
    ("HealthInsuranceCardNumber-EU", "EHIC 80999012340123456789"),  # no such country
    ("HealthInsuranceCardNumber-EU", "Krankenversicherungsnummer: A123456781"),
    ("HealthInsuranceClaimNumber-US", "hicn 000-45-6789A"),  # never issued
    ("HealthInsuranceClaimNumber-US", "hicn 666-45-6789A"),
    ("HealthInsuranceNumber-FR", "carte vitale 2 55 08 14 168 025 39"),
    ("MedicareBeneficiaryNumber-US", "MBI 1SG4-TE5-MK73"),  # no S in it
    ("MedicareBeneficiaryNumber-US", "mbit 1EG4-TE5-MK73"),
    ("NationalDrugCode-US", "NDC: 0777-310-02"),
    ("NationalInsuranceNumber-GB", "nino QQ123456C"),
    ("NationalInsuranceNumber-GB", "nino BG123456C"),
    ("NationalProviderId-US", "NPI 1234567890"),
    ("NationalProviderId-US", "NPI 1234567893-1"),
    ("NhsNumber-GB", "NHS 943 476 5918"),
    ("NhsNumber-GB", "NHS 999 000 0018"),  # a test range
    ("PersonalHealthNumber-CA", "soins de santé: BOUF 9499 1419"),
]


@pytest.mark.parametrize(("name", "text", "expected"), FOUND, ids=[text for _, text, _ in FOUND])
def test_found(name, text, expected):
    assert [text[start:end] for _, start, end in pii.scanner([name]).find(text)] == [expected]


@pytest.mark.parametrize(("name", "text"), NOT_FOUND, ids=[text for _, text in NOT_FOUND])
def test_not_found(name, text):
    assert pii.scanner([name]).find(text) == []
