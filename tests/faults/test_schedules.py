"""kill -9 while schedules fall due: each due time is delivered once.

FREEHOLD_SEED repeats a run; FREEHOLD_KILLS says how often it is killed.
"""

import json
import os
import random
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from tests.running import Freehold, wait_for

KILLS = int(os.environ.get("FREEHOLD_KILLS", "2"))
COUNT, SOON_S, LASTING_S = 60, 4, 4

pytestmark = pytest.mark.xdist_group("kill")


@pytest.fixture
def freehold(tmp_path):
    made = Freehold(tmp_path / "data")
    made.up()
    yield made
    made.down()


def role(freehold) -> str:
    iam = freehold.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    allow = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    made = iam.create_role(RoleName="clock", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName="clock", PolicyName="send", PolicyDocument=policy)
    return made


def drained(sqs, url: str) -> list[str]:
    bodies = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [message["Body"] for message in found]
    return bodies


def test_each_due_time_is_delivered_once(freehold):
    seed = int(os.environ.get("FREEHOLD_SEED") or random.SystemRandom().randrange(10**6))
    print(f"FREEHOLD_SEED={seed}")
    chance, scheduler, sqs = random.Random(seed), freehold.client("scheduler"), freehold.client("sqs", attempts=5)
    arn, began = role(freehold), time.time()
    url = sqs.create_queue(QueueName="due")["QueueUrl"]
    target = {"Arn": "arn:aws:sqs:us-east-1:000000000000:due", "RoleArn": arn}
    for number in range(COUNT):
        at = datetime.fromtimestamp(began + SOON_S + number * LASTING_S / COUNT, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        scheduler.create_schedule(
            Name=f"s{number}", ScheduleExpression=f"at({at})", FlexibleTimeWindow={"Mode": "OFF"},
            Target=target | {"Input": str(number)}, ActionAfterCompletion="DELETE",
        )  # fmt: skip
    time.sleep(max(0, began + SOON_S - time.time()))
    for _ in range(KILLS):
        time.sleep(chance.uniform(0, 1.5))
        freehold.kill()
        freehold.up()
    wait_for(lambda: not freehold.client("scheduler", attempts=5).list_schedules()["Schedules"], 60)
    assert Counter(drained(sqs, url)) == Counter(map(str, range(COUNT)))
