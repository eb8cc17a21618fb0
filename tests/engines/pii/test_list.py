"""The table of identifiers beside AWS's list of them.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-data-identifiers.html and the pages below it.
"""

from freehold.engines import pii

COUNTRIES = {
    "BankAccountNumber": "DE ES FR GB IT US",
    "CepCode": "BR",
    "Cnpj": "BR",
    "CpfCode": "BR",
    "DriversLicense": "AT AU BE BG CA CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK US",
    "DrugEnforcementAgencyNumber": "US",
    "ElectoralRollNumber": "GB",
    "HealthInsuranceCardNumber": "EU",
    "HealthInsuranceClaimNumber": "US",
    "HealthInsuranceNumber": "FR",
    "HealthcareProcedureCode": "US",
    "IndividualTaxIdentificationNumber": "US",
    "InseeCode": "FR",
    "MedicareBeneficiaryNumber": "US",
    "NationalDrugCode": "US",
    "NationalIdentificationNumber": "DE ES IT",
    "NationalInsuranceNumber": "GB",
    "NationalProviderId": "US",
    "NhsNumber": "GB",
    "NieNumber": "ES",
    "NifNumber": "ES",
    "PassportNumber": "CA DE ES FR GB IT US",
    "PermanentResidenceNumber": "CA",
    "PersonalHealthNumber": "CA",
    "PhoneNumber": "BR DE ES FR GB IT US",
    "PostalCode": "CA",
    "RgNumber": "BR",
    "SocialInsuranceNumber": "CA",
    "Ssn": "ES US",
    "TaxId": "DE ES FR GB",
    "ZipCode": "US",
}

EVERYWHERE = """
    Address AwsSecretKey CreditCardExpiration CreditCardNumber CreditCardSecurityCode EmailAddress IpAddress LatLong
    Name OpenSshPrivateKey PgpPrivateKey PhoneNumber PkcsPrivateKey PuttyPrivateKey VehicleIdentificationNumber
"""

# Described among the types of data, without an ARN of their own.
WITHOUT_ARN = {"CreditCardMagneticStripe", "DateOfBirth"}


def test_the_table_knows_what_aws_lists():
    listed = {f"{name}-{country}" for name, countries in COUNTRIES.items() for country in countries.split()}
    assert listed | set(EVERYWHERE.split()) | WITHOUT_ARN == pii.NAMES
    assert pii.ARN == "arn:aws:dataprotection::aws:data-identifier/"
