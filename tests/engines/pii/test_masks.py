from freehold.engines import pii

TEXT = "card 4539 1488 0343 6467, NDC: 0777-3105-02"


def test_findings_are_found_masked_and_redacted():
    found = pii.scanner(["CreditCardNumber", "NationalDrugCode-US"]).find(TEXT)
    assert [(finding.name, TEXT[finding.start : finding.end]) for finding in found] == [
        ("CreditCardNumber", "4539 1488 0343 6467"),
        ("NationalDrugCode-US", "0777-3105-02"),
    ]
    assert pii.masked(TEXT, found, "#") == "card ###################, NDC: ############"
    assert pii.redacted(TEXT, found) == "card , NDC: "
