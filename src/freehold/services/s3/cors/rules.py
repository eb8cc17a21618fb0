"""Rules of a cross-origin configuration: whether they may be set, which of them a request fits, what it is told.

It may not know requests: only an origin, a method and the names of headers.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
"""

from collections.abc import Sequence
from typing import Any

from freehold.services.s3 import errors

SETTING = "CORSConfiguration"
ANY = "*"
METHODS = {"GET", "PUT", "HEAD", "POST", "DELETE"}
RULES_MAX = 100
VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"

ODD_METHOD = "Found unsupported HTTP method in CORS config. Unsupported method is {}"
MANY_WILDCARDS = '{} "{}" can not have more than one wildcard.'
EXPOSED_WILDCARD = 'ExposeHeader "{}" contains wildcard. We currently do not support wildcard for ExposeHeader.'

Rule = dict[str, Any]


def checked(value: dict[str, Any]) -> dict[str, Any]:
    """The configuration as it is. Raises MalformedXML, InvalidRequest."""
    if not 0 < len(value["CORSRules"]) <= RULES_MAX:
        raise errors.MalformedXML()
    for rule in value["CORSRules"]:
        _check(rule)
    return value


def _check(rule: Rule) -> None:
    odd = next((method for method in rule["AllowedMethods"] if method not in METHODS), None)
    if odd is not None:
        raise errors.InvalidRequest(reason=ODD_METHOD.format(odd))
    for name, member in (("AllowedOrigin", "AllowedOrigins"), ("AllowedHeader", "AllowedHeaders")):
        many = next((each for each in rule.get(member, ()) if each.count(ANY) > 1), None)
        if many is not None:
            raise errors.InvalidRequest(reason=MANY_WILDCARDS.format(name, many))
    exposed = next((each for each in rule.get("ExposeHeaders", ()) if ANY in each), None)
    if exposed is not None:
        raise errors.InvalidRequest(reason=EXPOSED_WILDCARD.format(exposed))


def fitting(rules: Sequence[Rule], origin: str, method: str, headers: Sequence[str]) -> Rule | None:
    """The first rule that lets pages of an origin use a method with these headers (lower-case names)."""
    return next((rule for rule in rules if _fits(rule, origin, method, headers)), None)


def _fits(rule: Rule, origin: str, method: str, headers: Sequence[str]) -> bool:
    if method not in rule["AllowedMethods"] or not _any(rule["AllowedOrigins"], origin):
        return False
    allowed = [name.lower() for name in rule.get("AllowedHeaders", ())]
    return all(_any(allowed, name) for name in headers)


def _any(patterns: Sequence[str], text: str) -> bool:
    """Whether a text is one of the patterns, of which each may have one wildcard."""
    for pattern in patterns:
        start, wild, end = pattern.partition(ANY)
        if text == pattern or (
            wild and text.startswith(start) and text.endswith(end) and len(text) >= len(start) + len(end)
        ):
            return True
    return False


def told(rule: Rule, origin: str, headers: Sequence[str]) -> list[tuple[str, str]]:
    """The headers by which a browser learns what the rule allows. A wildcard for all allows no credentials."""
    everyone = ANY in rule["AllowedOrigins"]
    found = {
        "Access-Control-Allow-Origin": ANY if everyone else origin,
        "Access-Control-Allow-Methods": ", ".join(rule["AllowedMethods"]),
        "Access-Control-Allow-Headers": ", ".join(headers),
        "Access-Control-Expose-Headers": ", ".join(rule.get("ExposeHeaders", ())),
        "Access-Control-Max-Age": str(rule["MaxAgeSeconds"]) if "MaxAgeSeconds" in rule else "",
        "Access-Control-Allow-Credentials": "" if everyone else "true",
        "Vary": VARY,
    }
    return [(name, value) for name, value in found.items() if value]
