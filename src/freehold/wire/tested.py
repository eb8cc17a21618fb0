"""What DynamoDB tests of its inputs otherwise than its model says, and what it calls that.

One idea: a name of a table may be an ARN, which no length or pattern in the model allows for, so names are held to the
rules that they always had and ARNs to none. This module is data only.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
"""

import re
from collections.abc import Callable
from typing import Any

NAME = re.compile(r"[a-zA-Z0-9_.-]+")
NAME_MIN, NAME_MAX = 3, 255


def _is_arn(name: str) -> bool:
    return name.startswith("arn:")


def _fits(name: str) -> bool:
    return _is_arn(name) or NAME.fullmatch(name) is not None


# Tests in the place of a shape's own, by service and shape.
TESTS: dict[str, dict[str, list[tuple[Callable[[Any], Any], str]]]] = {
    "dynamodb": {
        "TableArn": [
            (
                lambda name: len(name) <= NAME_MAX or _is_arn(name),
                f"Member must have length less than or equal to {NAME_MAX}",
            ),
            (lambda name: len(name) >= NAME_MIN, f"Member must have length greater than or equal to {NAME_MIN}"),
            (_fits, f"Member must satisfy regular expression pattern: {NAME.pattern}"),
        ]
    }
}

# What lists of allowed values are told as, in AWS's order, which is not the model's.
WORDS: dict[str, dict[str, str]] = {
    "dynamodb": {
        shape: f"Member must satisfy enum value set: [{values}]"
        for shape, values in {
            "ReturnValue": "ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW",
            "Select": "SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES",
            "ConditionalOperator": "OR, AND",
            "ScalarAttributeType": "B, N, S",
            "ComparisonOperator": "IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, "
            "CONTAINS",
            "ProjectionType": "ALL, INCLUDE, KEYS_ONLY",
        }.items()
    }
}
