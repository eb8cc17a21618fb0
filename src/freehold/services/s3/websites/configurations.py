"""Website configurations: whether one may be set. It may not know what is served.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
"""

from typing import Any

from freehold.services.s3 import errors

SETTING = "WebsiteConfiguration"
RULES_MAX = 50
PROTOCOLS = ("http", "https")

ODD_SUFFIX = "The IndexDocument Suffix is not well formed"
NO_INDEX = "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty"
ALL_AND_MORE = "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules."
MANY_RULES = "{} routing rules provided, the number of routing rules in a website configuration is limited to 50."
ODD_PROTOCOL = (
    "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically."
)
BOTH_KEYS = "You can only define ReplaceKeyPrefix or ReplaceKey but not both."
NO_CONDITION = (
    "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be "
    "present."
)
ODD_CODE = "The provided HTTP redirect code ({}) is not valid. Valid codes are 3XX except 300."
ODD_ERROR = "The provided HTTP error code ({}) is not valid. Valid codes are 4XX or 5XX."


def checked(value: dict[str, Any]) -> dict[str, Any]:
    """The configuration as it is. Raises InvalidArgument, InvalidRequest, MalformedXML."""
    index, everything = value.get("IndexDocument"), value.get("RedirectAllRequestsTo")
    if everything and len(value) > 1:
        raise errors.InvalidArgument(
            reason=ALL_AND_MORE, ArgumentName="RedirectAllRequestsTo", ArgumentValue="not null"
        )
    if everything:
        _check_protocol(everything)
        return value
    if not index:
        raise errors.InvalidArgument(reason=NO_INDEX, ArgumentName="IndexDocument", ArgumentValue="null")
    if not index["Suffix"] or "/" in index["Suffix"]:
        raise errors.InvalidArgument(
            reason=ODD_SUFFIX, ArgumentName="IndexDocument", ArgumentValue=index["Suffix"]
        )  # fmt: skip
    rules = value.get("RoutingRules")
    if rules == []:
        raise errors.MalformedXML()
    if rules and len(rules) > RULES_MAX:
        raise errors.InvalidRequest(reason=MANY_RULES.format(len(rules)))
    for rule in rules or ():
        _check_rule(rule)
    return value


def _check_rule(rule: dict[str, Any]) -> None:
    redirect, condition = rule["Redirect"], rule.get("Condition")
    _check_protocol(redirect)
    if "ReplaceKeyPrefixWith" in redirect and "ReplaceKeyWith" in redirect:
        raise errors.InvalidRequest(reason=BOTH_KEYS)
    if condition is not None and not condition:
        raise errors.InvalidRequest(reason=NO_CONDITION)
    code = redirect.get("HttpRedirectCode", "301")
    if not (len(code) == 3 and code.isdecimal() and "300" < code < "400"):
        raise errors.InvalidRequest(reason=ODD_CODE.format(code))
    failed = (condition or {}).get("HttpErrorCodeReturnedEquals", "404")
    if not (len(failed) == 3 and failed.isdecimal() and "400" <= failed < "600"):
        raise errors.InvalidRequest(reason=ODD_ERROR.format(failed))


def _check_protocol(redirect: dict[str, Any]) -> None:
    if redirect.get("Protocol", PROTOCOLS[0]) not in PROTOCOLS:
        raise errors.InvalidRequest(reason=ODD_PROTOCOL)
