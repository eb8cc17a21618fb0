import pytest
from tests.engines.pii.marking import cases, marks, unmarked

TEXTS = {
    "EmailAddress": (
        "write to «jane.doe@example.com».",
        "«jane+news@mail.example.co.uk»,«o'hara_1@example.org»",
        '{"email": "«Jane.Doe@EXAMPLE.COM»"}',
        "mailto:«jane@example.museum»?subject=hi",
        "<«jane@xn--bcher-kva.example»>",
        "«a@b.co», «a@xn--d1acufc.xn--p1ai»",
        "jane.doe@example",
        "jane doe at example.com",
        "email=«jane@example.com»&x=1",
        "'«jane@example.com»'",
        "jane..doe@example.com",
        ".@example.com",
        "jane.@example.com",
        "logo@2x.png and icons@3x.webp",
        "@handle and #tag",
        "jane@-example.com",
        "jane@example..com",
    ),
    "DateOfBirth": (
        "DOB: «1985-03-07»",
        "date of birth «07/03/1985», sex f",
        "born, birthday «3/7/85»",
        "dob «07-03-1985»",
        "dob «7 3 1985»",
        "Birth Date: «7 March 1985»",
        "birthdate «7th of March 1985»",
        "date_of_birth: «Mar 7, 1985»",
        "dateOfBirth «March 7th, 1985»",
        "bday «07-Mar-1985»",
        "b-day «1985 Mar 7»",
        "dob «07MAR1985», «7thMar85»",
        '"dob":"«1985-03-07T00:00:00Z»"',
        "dob «19850307»",
        "dob «07031985»",
        "dob «29/02/2000»",
        "dob 1985-02-30",
        "dob 31/04/1985",
        "dob 29/02/1985",
        "dob 07/03-1985",
        "dob 1785-03-07",
        "dob 12345678",
        "on 1985-03-07",
        "dob " + "x" * 40 + " 1985-03-07",
        "the dobro of 1985-03-07",
    ),
}


@pytest.mark.parametrize(("name", "marked"), cases(TEXTS))
def test_persons(name, marked):
    assert marks(name, unmarked(marked)) == marked
