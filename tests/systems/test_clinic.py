"""System 2: the clinic, deployed by the real SAM CLI; its messages reach whom they may, and what is found is told."""

import gzip
import json
import shutil
import sys
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError
from tests.running import HOME, Freehold, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("clinic")]

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
AUDIT = "/aws/vendedlogs/clinicaudit"
ADDRESS, DRUG, NUMBER = "410 Terry Ave N, Seattle 98109, WA", "NDC: 0777-3105-02", "SSN: 123-12-1234"
PLAIN = "See you on Monday at ten."
FILE_AFTER_S = 61


class Clinic:
    """The deployed clinic."""

    def __init__(self, freehold: Freehold):
        self.freehold, self.folder = freehold, freehold.data.parent / "app"
        self.logs, self.s3 = freehold.client("logs"), freehold.client("s3")
        roles = self.deploy("roles")
        stack = self.deploy("topic")
        self.topic, self.bucket = stack["Topic"], stack["Records"]
        for name in ("scheduling", "billing"):
            parameters = ("--parameter-overrides", f"Department={name}", f"Runtime={RUNTIME}")
            self.deploy(name, "--role-arn", roles[name.capitalize()], *parameters)

    def deploy(self, name: str, *more: str) -> dict[str, str]:
        """Deploy a stack; its outputs."""
        done = self.freehold.run("sam", "deploy", "--config-env", name, *more, cwd=self.folder)
        assert done.returncode == 0, done.stdout + done.stderr
        stacks = self.freehold.client("cloudformation").describe_stacks(StackName=f"clinic-{name}")["Stacks"]
        assert stacks[0]["StackStatus"] == "CREATE_COMPLETE"
        return {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}

    def publish(self, message: str) -> str:
        return self.freehold.client("sns").publish(TopicArn=self.topic, Message=message)["MessageId"]

    def refused(self, message: str) -> bool:
        with pytest.raises(ClientError) as refusal:
            self.publish(message)
        error = refusal.value.response
        return (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == ("AuthorizationError", 403)

    def heard(self, department: str, **more) -> list[str]:
        """What a department has heard so far."""
        events = self.logs.filter_log_events(logGroupName=f"/clinic/{department}", filterPattern="heard", **more)
        return [event["message"].removeprefix("heard: ").rstrip() for event in events["events"]]

    def wait_until_heard(self, department: str, *messages: str) -> None:
        wait_for(lambda: {*messages} <= set(self.heard(department, unmask=True)))

    def records(self) -> list[dict]:
        return [json.loads(event["message"]) for event in self.logs.filter_log_events(logGroupName=AUDIT)["events"]]

    def files(self, prefix: str) -> list[bytes]:
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        return [self.s3.get_object(Bucket=self.bucket, Key=one["Key"])["Body"].read() for one in found]

    def advance(self, seconds: float) -> None:
        clock = Request(self.freehold.url + "/_freehold/clock", data=json.dumps({"advance": seconds}).encode())
        urlopen(clock, timeout=60).close()


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clinic")
    freehold = Freehold(folder / "data")
    freehold.up()
    shutil.copytree(HOME / "examples" / "clinic", folder / "app", ignore=shutil.ignore_patterns(".aws-sam"))
    yield Clinic(freehold)
    freehold.down()


def test_each_message_reaches_whom_it_may(clinic):
    assert clinic.refused(NUMBER)
    for message in (ADDRESS, DRUG, PLAIN):
        clinic.publish(message)
    for department, message in (("scheduling", DRUG), ("billing", ADDRESS)):
        clinic.wait_until_heard(department, message, PLAIN)
        clinic.publish(last := "And bring your card.")
        clinic.wait_until_heard(department, last)
        assert set(clinic.heard(department, unmask=True)) == {message, PLAIN, last}


def test_findings_are_told(clinic):
    """Of all messages 99 in 100 are audited; so one is said again until it is."""

    def found(name):
        return [one for record in clinic.records() for one in record["dataIdentifiers"] if one["name"] == name]

    assert wait_for(lambda: clinic.refused(NUMBER) and found("Ssn-US"))[0]["detections"] == [{"start": 5, "end": 15}]
    assert wait_for(lambda: clinic.publish(DRUG) and found("NationalDrugCode-US"))
    record = clinic.records()[-1]
    assert record["resourceArn"] == clinic.topic and record["callerPrincipal"] == "arn:aws:iam::000000000000:root"


def test_findings_are_filed_by_firehose_and_the_rest_beside_them(clinic):
    def filed(prefix):
        clinic.advance(FILE_AFTER_S)
        return b"".join(clinic.files(prefix))

    wait_for(lambda: clinic.refused(NUMBER) and b'"Ssn-US"' in filed("findings/"))
    wait_for(lambda: clinic.publish(PLAIN) and filed("AWSLogs/"))
    for text in map(gzip.decompress, clinic.files("AWSLogs/")):
        assert {str(json.loads(line)["dataIdentifiers"]) for line in text.splitlines()} == {"[]"}


def test_what_a_department_noted_is_masked(clinic):
    clinic.publish(ADDRESS)
    wait_for(lambda: "*" * len(ADDRESS) in clinic.heard("billing"))
    assert ADDRESS not in clinic.heard("billing")
    words = ("logs", "filter-log-events", "--log-group-name", "/clinic/billing", "--unmask")
    assert ADDRESS in json.dumps(clinic.freehold.aws(*words))


def test_a_department_is_closed_in_its_role(clinic):
    stacks = clinic.freehold.client("cloudformation")
    stacks.delete_stack(StackName="clinic-billing")
    stacks.get_waiter("stack_delete_complete").wait(StackName="clinic-billing", WaiterConfig={"Delay": 0.1})
    clinic.publish(PLAIN)
    sns = clinic.freehold.client("sns")
    assert len(sns.list_subscriptions_by_topic(TopicArn=clinic.topic)["Subscriptions"]) == 1
