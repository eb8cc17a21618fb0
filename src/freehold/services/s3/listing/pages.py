"""Listings: keys in order, by prefix, delimiter and page.

One idea: a page is a walk over a range that leaps behind every common prefix it meets, so a prefix of a million keys
costs one step. It may not know what is listed: records with a key.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
"""

import base64
import binascii
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from freehold.services.s3 import errors

LAST = chr(sys.maxunicode)
BEHIND = LAST * 1_025  # a text that no key can reach
SURROGATES = (0xD800, 0xE000)

FEW, GROWTH = 2, 8  # records read where groups may be, and how many times more if they show none

Fetch = Callable[[str, tuple | None, int], list[Any]]  # (lowest key, behind this place, at most) → records in order


class Page(NamedTuple):
    """What a page shows. `last` is the last key or common prefix on it; `record` the last record, if that was last."""

    records: list[Any]
    groups: list[str]
    truncated: bool
    last: str = ""
    record: Any = None


def page(fetch: Fetch, prefix: str, delimiter: str, after: tuple | None, most: int) -> Page:
    """At most `most` keys and common prefixes behind the place `after`, whose first value is a key.

    A common prefix that `after` lies in is not shown again.
    """
    records: list[Any] = []
    groups: list[str] = []
    last, record = "", None
    low, few = prefix, FEW if delimiter else most + 1
    within = group_of(after[0], prefix, delimiter) if after else ""
    if within:
        low, after = successor(within), None
    while most:
        left = most - len(records) - len(groups)
        found = _ahead(partial(fetch, low, after), few, left + 1, prefix, delimiter)
        for each in found:
            if not each.key.startswith(prefix):
                return Page(records, groups, False, last, record)
            if len(records) + len(groups) == most:
                return Page(records, groups, True, last, record)
            group = group_of(each.key, prefix, delimiter) if delimiter else ""
            if group:
                groups.append(group)
                last, record, low, after, few = group, None, successor(group), None, FEW
                break
            records.append(each)
            last, record = each.key, each
        else:
            break  # fewer than asked for: the end
    return Page(records, groups, False, last, record)


def _ahead(fetch: Callable[[int], list[Any]], few: int, most: int, prefix: str, delimiter: str) -> list[Any]:
    """What comes next: at most `most`, or enough to see a group or the end, behind which all is read in vain."""
    while few < most:
        found = fetch(few)
        over = len(found) < few or not found[-1].key.startswith(prefix)
        if over or (delimiter and any(group_of(each.key, prefix, delimiter) for each in found)):
            return found
        few *= GROWTH
    return fetch(most)


def group_of(key: str, prefix: str, delimiter: str) -> str:
    """The common prefix that a key counts under: up to the first delimiter behind the prefix; '' if there is none."""
    if not delimiter or not key.startswith(prefix):
        return ""
    end = key.find(delimiter, len(prefix))
    return key[: end + len(delimiter)] if end >= 0 else ""


def successor(prefix: str) -> str:
    """The first text behind all that begin with this one."""
    kept = prefix.rstrip(LAST)
    if not kept:
        return BEHIND
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(SURROGATES[1] if following == SURROGATES[0] else following)


def token(last: str) -> str:
    """An opaque continuation token of the last thing shown."""
    return base64.urlsafe_b64encode(last.encode()).decode()


def read_token(text: str) -> str:
    """Raises InvalidArgument for what is no token."""
    try:
        return base64.b64decode(text.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        raise errors.InvalidArgument(
            reason="The continuation token provided is incorrect", ArgumentName="continuation-token"
        ) from None
