"""What each operation needs permission for."""

import pytest

from freehold.kernel.identity import root
from freehold.kernel.ids import Ids
from freehold.kernel.store import Seat
from freehold.services.logs import logs as catalogue

ACCOUNT = "111122223333"
GROUP = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/lambda/f"
CALLER = Seat(ACCOUNT, "us-east-1", 0.0, Ids(1), root(ACCOUNT))


@pytest.mark.parametrize(
    ("operation", "request_part", "needs"),
    [
        ("CreateLogGroup", {"logGroupName": "/aws/lambda/f"}, [("logs:CreateLogGroup", f"{GROUP}:log-stream:")]),
        (
            "PutLogEvents",
            {"logGroupName": "/aws/lambda/f", "logStreamName": "s"},
            [("logs:PutLogEvents", f"{GROUP}:log-stream:s")],
        ),
        ("FilterLogEvents", {"logGroupIdentifier": GROUP}, [("logs:FilterLogEvents", f"{GROUP}:log-stream:")]),
        ("TagResource", {"resourceArn": f"{GROUP}:*"}, [("logs:TagResource", GROUP)]),
    ],
)
def test_operations_need_what_they_need_in_aws(operation, request_part, needs):
    assert catalogue.find(operation).required(CALLER, request_part) == needs
