"""Data protection policies: what is one, what is not, and whom its statements concern."""

import json

import pytest

from freehold.engines import protection
from freehold.engines.protection import LOGS, SNS, BadPolicy, Deidentify, Deny, names_of, parse

ADDRESS = "arn:aws:dataprotection::aws:data-identifier/IpAddress"
ROLE = "arn:aws:iam::111122223333:role/clinic/Billing"
GROUP = {"CloudWatchLogs": {"LogGroup": "/aws/vendedlogs/audit"}}
AUDIT = {"Audit": {"SampleRate": 99, "FindingsDestination": GROUP}}


def statement(**changes):
    made = {"DataDirection": "Inbound", "Principal": ["*"], "DataIdentifier": [ADDRESS], "Operation": {"Deny": {}}}
    return {name: value for name, value in (made | changes).items() if value is not None}


def policy(*statements, **changes):
    made = {"Name": "__example", "Version": "2021-06-01", "Statement": [*statements] or [statement()]}
    return {name: value for name, value in (made | changes).items() if value is not None}


def custom(*pairs, **changes):
    identifiers = [{"Name": name, "Regex": regex} for name, regex in pairs]
    return policy(**changes, Configuration={"CustomDataIdentifier": identifiers})


def logs(first=None, second=None, identifiers=(ADDRESS, ADDRESS)):
    operations = (first or {"Audit": {"FindingsDestination": {}}}, second or {"Deidentify": {"MaskConfig": {}}})
    statements = [{"DataIdentifier": [one], "Operation": how} for one, how in zip(identifiers, operations, strict=True)]
    return {"Name": "p", "Version": "2021-06-01", "Statement": statements}


def test_a_policy_is_a_value():
    destination = {"Firehose": {"DeliveryStream": "s"}, "S3": {"Bucket": "b-1"}, **GROUP}
    audit = {"Audit": {"SampleRate": "7", "NoFindingsDestination": destination}}
    read = parse(
        json.dumps(
            custom(
                ("EmployeeId", r"EID-\d{9}-US"),
                Description="d",
                Statement=[
                    statement(Sid="a", Operation=audit),
                    statement(DataIdentifier=["EmployeeId"], Principal=["111122223333", ROLE]),
                    statement(Operation={"Deidentify": {"MaskConfig": {"MaskWithCharacter": "#"}}}),
                    statement(Operation={"Deidentify": {"RedactConfig": {}}}, DataDirection="Outbound"),
                ],
            )
        ),
        SNS,
    )
    assert (read.name, read.description, read.custom) == ("__example", "d", {"EmployeeId": r"EID-\d{9}-US"})
    assert read.managed == {"IpAddress"}
    first, second, third, fourth = read.statements
    assert (first.sid, first.operation.percent, first.operation.findings) == ("a", 7, protection.Destination())
    assert first.operation.no_findings == ("/aws/vendedlogs/audit", "s", "b-1")
    assert second.identifiers == {"EmployeeId"}
    assert second.principals == {"arn:aws:iam::111122223333:root", ROLE}
    assert (second.operation, third.operation) == (Deny(), Deidentify("#"))
    assert (fourth.operation, fourth.direction) == (Deidentify(""), "Outbound")


@pytest.mark.parametrize(
    ("statements", "names", "concerned"),
    [
        ({"Principal": ["*"]}, names_of("events.amazonaws.com"), True),
        ({"Principal": ["111122223333"]}, names_of("arn:aws:iam::111122223333:user/a"), True),
        ({"Principal": ["arn:aws:iam::111122223333:root"]}, names_of("arn:aws:iam::111122223333:user/a"), True),
        ({"Principal": ["111122223333"]}, names_of("arn:aws:iam::444455556666:user/a"), False),
        ({"Principal": ["arn:aws:iam::111122223333:user/a"]}, names_of("arn:aws:iam::111122223333:user/b"), False),
        ({"Principal": [ROLE]}, names_of("arn:aws:sts::111122223333:assumed-role/Billing/x", ROLE), True),
        ({"Principal": [ROLE]}, names_of("arn:aws:sts::111122223333:assumed-role/Other/x", "other"), False),
        ({"Principal": None, "NoPrincipal": [ROLE]}, names_of(ROLE), False),
        ({"Principal": None, "NoPrincipal": [ROLE]}, names_of("arn:aws:iam::111122223333:user/a"), True),
        ({"Principal": None, "NoPrincipal": ["*"]}, names_of(ROLE), False),
    ],
)
def test_a_statement_concerns_those_it_names(statements, names, concerned):
    [read] = parse(json.dumps(policy(statement(**statements))), SNS).statements
    assert read.concerns(names) == concerned


MASK = {"Deidentify": {"MaskConfig": {"MaskWithCharacter": "##"}}}
FAULTS = [
    ("{", "Policy must be valid JSON"),
    (json.dumps(policy(Description="x" * 30_720)), "at most 30720 characters"),
    ([], "Policy must be a JSON object"),
    (policy(Name=None), "Policy must have a Name"),
    (policy(Name="a b"), "Policy Name can only include alphanumeric characters, hyphens (-) and underscores (_)"),
    (policy(Name=1), "Policy Name must be a string"),
    (policy(Version="2012-10-17"), "Policy Version must be 2021-06-01"),
    (policy(Statement=[]), "Policy Statement must be a non-empty list"),
    (policy(Statement={}), "Policy Statement must be a non-empty list"),
    (policy(Id="x"), "Policy has an unknown element Id"),
    (policy(statement(DataDirection="Inbxound")), "Statement DataDirection must be either Inbound or Outbound"),
    (policy(statement(DataDirection=None)), "Statement must have a DataDirection"),
    (policy(statement(Principal=None)), "Statement must have either a Principal or a NoPrincipal"),
    (policy(statement(NoPrincipal=["*"])), "Statement must have either a Principal or a NoPrincipal"),
    (policy(statement(Principal="*")), "Statement Principal must be a non-empty list"),
    (policy(statement(Principal=["sns.amazonaws.com"])), "Statement Principal must be *"),
    (policy(statement(DataIdentifier=[ADDRESS + "x"])), "Statement DataIdentifier IpAddressx is not supported"),
    (policy(statement(DataIdentifier=["IpAddress"])), "Statement DataIdentifier IpAddress is not supported"),
    (policy(statement(DataIdentifier=[])), "Statement DataIdentifier must be a non-empty list"),
    (policy(statement(Operation={})), "Statement Operation must be one of Audit, Deidentify or Deny"),
    (
        policy(statement(Operation={"Deny": {}, **AUDIT})),
        "Statement Operation must be one of Audit, Deidentify or Deny",
    ),
    (policy(statement(Operation={"Deny": {"a": 1}})), "Statement Operation Deny has an unknown element a"),
    (policy(statement(Operation=AUDIT, DataDirection="Outbound")), "requires the DataDirection Inbound"),
    (policy(statement(Operation=AUDIT), statement(Operation=AUDIT)), "Only one Statement may have the Operation Audit"),
    (policy(statement(Operation={"Audit": {"SampleRate": 9}})), "FindingsDestination or a NoFindingsDestination"),
    (policy(statement(Operation={"Audit": {"SampleRate": 9, "FindingsDestination": {}}})), "must have a FindingsD"),
    (policy(statement(Operation={"Deidentify": {}})), "Deidentify must be one of MaskConfig or RedactConfig"),
    (policy(statement(Operation={"Deidentify": {"MaskConfig": {}}})), "MaskConfig must have a MaskWithCharacter"),
    (policy(statement(Operation=MASK)), "MaskWithCharacter must be one letter, digit, space or punctuation mark"),
    (custom(("a b", "x")), "CustomDataIdentifier Name can only include"),
    (custom(("a" * 129, "x")), "CustomDataIdentifier Name must have at most 128 characters"),
    (custom(("a", "x"), ("a", "y")), "CustomDataIdentifier Name a is not unique"),
    (custom(("IpAddress", "x")), "IpAddress is that of a managed data identifier"),
    (custom(("a", "(x)")), "Regex has a character that no custom data identifier may have"),
    (custom(("a", "x" * 201)), "CustomDataIdentifier Regex must have at most 200 characters"),
    (custom(("a", "[x")), "CustomDataIdentifier Regex of a is not a valid regular expression"),
    (custom(*((f"a{number}", "x") for number in range(11))), "CustomDataIdentifier must have at most 10 members"),
    *(
        (policy(statement(Operation={"Audit": {"SampleRate": rate, "FindingsDestination": GROUP}})), "between 0 and 99")
        for rate in (100, -1, "x", 1.5, True, None, "", "9" * 9_000, 10**4_000)
    ),
    *(
        (policy(statement(Operation={"Audit": {"SampleRate": 9, "FindingsDestination": place}})), words)
        for place, words in (
            ({"CloudWatchLogs": {"LogGroup": "audit"}}, "LogGroup must start with /aws/vendedlogs/"),
            ({"CloudWatchLogs": {}}, "CloudWatchLogs must have a LogGroup"),
            ({"Firehose": {"DeliveryStream": ""}}, "DeliveryStream must be the name of a stream"),
            ({"S3": {"Bucket": "B"}}, "Bucket must be the name of a bucket"),
            ({"SQS": {}}, "FindingsDestination has an unknown element SQS"),
        )
    ),
]


@pytest.mark.parametrize(("document", "words"), FAULTS)
def test_each_rule_has_its_words(document, words):
    with pytest.raises(BadPolicy) as refusal:
        parse(document if isinstance(document, str) else json.dumps(document), SNS)
    assert words in refusal.value.reason


def test_logs_audit_and_mask():
    read = parse(json.dumps(logs(first={"Audit": {"FindingsDestination": {"S3": {"Bucket": "b-1"}}}})), LOGS)
    audit, mask = read.statements
    assert audit.operation == (100, ("", "", "b-1"), ("", "", ""))
    assert mask.operation == Deidentify("*")
    assert parse(json.dumps({"Statement": logs()["Statement"]}), LOGS).name == ""


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (logs(first=AUDIT), "Audit has an unknown element SampleRate"),
        (logs(first={"Audit": {}}), "Audit must have a FindingsDestination"),
        (logs(second={"Deidentify": {"MaskConfig": {"MaskWithCharacter": "#"}}}), "MaskConfig has an unknown element"),
        (logs(second={"Deidentify": {"RedactConfig": {}}}), "Deidentify must be MaskConfig"),
        (logs(second={"Deny": {}}), "Operation must be one of Audit or Deidentify"),
        (logs(second={"Audit": {"FindingsDestination": {}}}), "Statement must be two"),
        (logs(identifiers=(ADDRESS, ADDRESS.replace("IpAddress", "Ssn-US"))), "must be the same"),
        (policy(), "Statement has an unknown element"),
    ],
)
def test_each_rule_of_logs_has_its_words(document, words):
    with pytest.raises(BadPolicy) as refusal:
        parse(json.dumps(document), LOGS)
    assert words in refusal.value.reason
