"""Health: numbers of patients, insurances, drugs and those who give them. It may not know how texts are searched."""

from freehold.engines.pii.grammar import Identifier

TABLE = (
    Identifier("NationalDrugCode-US", r"\d{4,5}-\d{3,4}-\d{1,2}", ("national drug code", "ndc")),
    # A place holder until the table of people is here.
    Identifier("Ssn-US", r"\d{3}-\d{2}-\d{4}", ("social security", "ssn")),
)
