"""Filters of Describe operations: which records are asked for.

One idea: a kind of record has a table, a filter's name → what the record says; values may hold `*` and `?`. It may not
know requests' other members.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html
"""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from freehold.services.ec2 import errors

T = TypeVar("T")
Table = Mapping[str, Callable[[Any], Any]]
PAGE_MAX = 1_000


def chosen(found: Iterable[T], table: Table, filters: list[dict[str, Any]]) -> list[T]:
    """Those that every filter lets through. Raises WrongFilter for a name that is none."""
    return [one for one in found if all(_passes(one, table, each) for each in filters)]


def _passes(one: Any, table: Table, wanted: dict[str, Any]) -> bool:
    name, patterns = wanted.get("Name", ""), wanted.get("Values", [])
    if name.startswith("tag:"):
        told = [one.tags[name[4:]]] if name[4:] in one.tags else []
    elif name == "tag-key":
        told = list(one.tags)
    elif name in table:
        value = table[name](one)
        told = value if isinstance(value, list) else [_said(value)]
    else:
        raise errors.WrongFilter(name=name)
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for text in told for pattern in patterns)


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def page(found: list[T], key: Callable[[T], str], request: dict[str, Any]) -> tuple[list[T], dict[str, str]]:
    """A page of records in order of their keys, and the NextToken if there are more."""
    token, most = request.get("NextToken", ""), request.get("MaxResults", PAGE_MAX)
    found = [one for one in sorted(found, key=key) if key(one) > token]
    return found[:most], {"NextToken": key(found[most - 1])} if len(found) > most else {}
