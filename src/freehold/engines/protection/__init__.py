"""Data protection policies: what is looked for in whose messages or logs, and what is done when it is found.

SNS and CloudWatch Logs speak dialects of one language. Its one idea: a document is read once into a policy, a value; a
dialect is a row that says what such a document may hold. It may not know topics, log groups, nor how anything is found.

    policy = parse('{"Name": "p", "Version": "2021-06-01", "Statement": [...]}', SNS)
    [one.operation for one in policy.statements if one.concerns(names_of("arn:aws:iam::111122223333:user/a"))]

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-policies.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html
"""

from freehold.engines.protection.dialects import LOGS, LOGS_MASK, SNS, Dialect, parse
from freehold.engines.protection.policies import (
    INBOUND,
    OUTBOUND,
    Audit,
    Deidentify,
    Deny,
    Destination,
    Policy,
    Statement,
    names_of,
)
from freehold.engines.protection.records import record
from freehold.engines.protection.shapes import BadPolicy

__all__ = [
    "INBOUND",
    "LOGS",
    "LOGS_MASK",
    "OUTBOUND",
    "SNS",
    "Audit",
    "BadPolicy",
    "Deidentify",
    "Deny",
    "Destination",
    "Dialect",
    "Policy",
    "Statement",
    "names_of",
    "parse",
    "record",
]
