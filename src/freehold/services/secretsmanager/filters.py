"""Filters and orders of lists of secrets.

One idea: a key is a row: what of a secret its values are compared with, and how. They may not know pages.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_search-secret.html
"""

import re
from collections.abc import Callable
from typing import Any

from freehold.services.secretsmanager.secrets import Secret

Test = Callable[[Secret, str], bool]
WORD = re.compile(r"[\s/_+=.@!:\-]+")


def _begins(read: Callable[[Secret], list[str]]) -> Test:
    return lambda secret, value: any(text.startswith(value) for text in read(secret))


def _words(read: Callable[[Secret], list[str]], split: re.Pattern[str]) -> Test:
    """Every word of the value begins some word of the text, in any case."""

    def holds(secret: Secret, value: str) -> bool:
        words = [word.lower() for text in read(secret) for word in split.split(text) if word]
        wanted = [word.lower() for word in split.split(value) if word]
        return all(any(word.startswith(one) for word in words) for one in wanted)

    return holds


def _tags(secret: Secret) -> dict[str, str]:
    return secret.tags or {}


KEYS: dict[str, Test] = {
    "name": _begins(lambda secret: [secret.name]),
    "description": _words(lambda secret: [secret.description], re.compile(r"\s+")),
    "tag-key": _begins(lambda secret: list(_tags(secret))),
    "tag-value": _begins(lambda secret: list(_tags(secret).values())),
    "primary-region": _begins(lambda secret: []),
    "owning-service": _begins(lambda secret: []),
    "all": _words(
        lambda secret: [secret.name, secret.description, *_tags(secret), *_tags(secret).values()], WORD
    ),
}  # fmt: skip
ORDERS: dict[str, Callable[[Secret], Any]] = {
    "created-date": lambda secret: secret.created_at,
    "last-accessed-date": lambda secret: secret.accessed_on or 0.0,
    "last-changed-date": lambda secret: secret.changed_at,
    "name": lambda secret: secret.name,
}


def chosen(secret: Secret, filters: list[dict[str, Any]]) -> bool:
    """Whether all filters hold, each for some of its values; a value behind `!` holds where it does not."""
    return all(any(_holds(secret, one["Key"], value) for value in one.get("Values", [])) for one in filters)


def _holds(secret: Secret, key: str, value: str) -> bool:
    test = KEYS[key]
    return not test(secret, value[1:]) if value.startswith("!") else test(secret, value)


def ordered(found: list[Secret], request: dict[str, Any]) -> list[Secret]:
    """By default the newest first."""
    key = ORDERS[request.get("SortBy", "created-date")]
    found = sorted(found, key=lambda secret: secret.name)
    return sorted(found, key=key, reverse=request.get("SortOrder", "desc") == "desc")
