"""How functions are named: by name, by ARN or by a part of it, with or without a qualifier.

One idea: every form is read into one `Ref`. It may not know whether what is named exists.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#lambda-Invoke-request-FunctionName
"""

import re
from typing import NamedTuple

from freehold.kernel import arns
from freehold.services.lambda_.errors import QualifierMismatch

LATEST = "$LATEST"

FORM = re.compile(
    r"(?:arn:aws[a-z-]*:lambda:)?(?:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?P<account>\d{12}):)?(?:function:)?"
    r"(?P<name>[\w.-]+)(?::(?P<qualifier>\$LATEST|[\w-]+))?"
)


class Ref(NamedTuple):
    """What a request calls a function; parts it leaves out are empty."""

    name: str
    qualifier: str = ""
    account: str = ""
    region: str = ""


def read(text: str, qualifier: str = "") -> Ref:
    """A FunctionName and a Qualifier. Raises QualifierMismatch if both name one and differ."""
    found = FORM.fullmatch(text)
    if not found:
        return Ref(text, qualifier)
    given = found["qualifier"] or ""
    if given and qualifier and given != qualifier:
        raise QualifierMismatch()
    return Ref(found["name"], qualifier or given, found["account"] or "", found["region"] or "")


def function_arn(region: str, account: str, name: str, qualifier: str = "") -> str:
    return arns.arn("lambda", region, account, f"function:{name}{':' + qualifier if qualifier else ''}")
