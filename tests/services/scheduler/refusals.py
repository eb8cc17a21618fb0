"""How each error that EventBridge Scheduler declares is brought about."""

from tests.services.refusal import Refusal

GROUP = ("create_schedule_group", {"Name": "g"})


def schedule(at, **more):
    target = {"Arn": at.arn("sqs", "q"), "RoleArn": f"arn:aws:iam::{at.account}:role/r"}
    usual = {"Name": "s", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}}
    return usual | {"Target": target} | more


REFUSALS = (
    Refusal("create_schedule_group", "ConflictException", {"Name": "g"}, (GROUP,)),
    Refusal("get_schedule", "ResourceNotFoundException", {"Name": "s"}),
    Refusal("delete_schedule", "ResourceNotFoundException", {"Name": "s"}),
    Refusal("get_schedule_group", "ResourceNotFoundException", {"Name": "g"}),
    Refusal("delete_schedule_group", "ResourceNotFoundException", {"Name": "g"}),
    Refusal("list_schedules", "ResourceNotFoundException", {"GroupName": "g"}),
    Refusal("create_schedule", "ValidationException", lambda at: schedule(at, ScheduleExpression="rate(0 days)")),
    Refusal("create_schedule_group", "ServiceQuotaExceededException", {"Name": "h"}, (GROUP,),
            small=("groups.GROUPS_MAX", 2)),
    Refusal("create_schedule_group", "ThrottlingException", {"Name": "g"}, tuple(
        ("create_schedule_group", {"Name": f"g{n}"}) for n in range(10)
    ), limits=True),
)  # fmt: skip
