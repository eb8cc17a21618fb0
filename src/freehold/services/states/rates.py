"""How often AWS lets an account ask Step Functions, in us-east-1; held where the setting `limits` is on.

It may not know what the operations do.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

from freehold.kernel.limits import Rate

RATES = {
    "CreateActivity": Rate(100, 1),
    "CreateStateMachine": Rate(100, 1),
    "DeleteActivity": Rate(100, 1),
    "DeleteStateMachine": Rate(100, 1),
    "DescribeActivity": Rate(200, 1),
    "DescribeExecution": Rate(300, 15),
    "DescribeStateMachine": Rate(200, 20),
    "DescribeStateMachineForExecution": Rate(200, 1),
    "GetActivityTask": Rate(3_000, 500),
    "GetExecutionHistory": Rate(400, 20),
    "ListActivities": Rate(100, 10),
    "ListExecutions": Rate(200, 5),
    "ListStateMachines": Rate(100, 5),
    "ListTagsForResource": Rate(100, 1),
    "RedriveExecution": Rate(1_300, 300),
    "SendTaskFailure": Rate(3_000, 500),
    "SendTaskHeartbeat": Rate(3_000, 500),
    "SendTaskSuccess": Rate(3_000, 500),
    "StartExecution": Rate(1_300, 300),
    "StopExecution": Rate(1_000, 200),
    "TagResource": Rate(200, 1),
    "UntagResource": Rate(200, 1),
    "UpdateStateMachine": Rate(100, 1),
}
OPEN_MAX = 1_000_000  # executions of an account and region that run at once
