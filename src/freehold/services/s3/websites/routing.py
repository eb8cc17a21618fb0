"""Routing: which redirect a website's rules have for a key, and where it leads.

It may not know objects: only the key asked for, and the status with which it was not found.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

Rule = dict[str, Any]


class Site(NamedTuple):
    """How a website was reached: its scheme and host, with a port, and what stands before keys, usually '/'."""

    scheme: str
    host: str
    start: str = "/"


class Redirect(NamedTuple):
    status: int
    location: str


def chosen(rules: Sequence[Rule], key: str, status: int | None = None) -> Rule | None:
    """The first rule for a key: of those for errors if it ended in one of this status, else of the others."""
    for rule in rules:
        condition = rule.get("Condition", {})
        failed = condition.get("HttpErrorCodeReturnedEquals")
        if (failed is None) != (status is None) or (failed and failed != str(status)):
            continue
        if key.startswith(condition.get("KeyPrefixEquals", "")):
            return rule
    return None


def redirect(site: Site, rule: Rule, key: str) -> Redirect:
    """Where a rule sends those who ask for a key."""
    to = rule["Redirect"]
    if "ReplaceKeyWith" in to:
        key = to["ReplaceKeyWith"]
    elif "ReplaceKeyPrefixWith" in to:
        prefix = rule.get("Condition", {}).get("KeyPrefixEquals", "")
        key = to["ReplaceKeyPrefixWith"] + key.removeprefix(prefix)
    return Redirect(int(to.get("HttpRedirectCode", "301")), located(site, to, key))


def located(site: Site, to: dict[str, Any], key: str) -> str:
    """The address of a key at the host and by the protocol that a redirect gives, or at the site's own."""
    host, start = to.get("HostName", site.host), "/" if "HostName" in to else site.start
    return f"{to.get('Protocol', site.scheme)}://{host}{start}{quote(key, safe='/~')}"
