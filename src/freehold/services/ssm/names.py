"""Names of parameters: what may be one, and how a request tells a parameter and a version of it.

One idea: a name is a path. It may not know which parameters there are.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
"""

import re
from typing import NamedTuple

from freehold.kernel import arns
from freehold.services.ssm import errors

LEVELS_MAX = 15
LAST = "\U0010ffff"  # sorts behind every continuation of a prefix
NAME = re.compile(r"[A-Za-z0-9_.\-/]+")


class Wanted(NamedTuple):
    """What a request asks for: the names it may mean, a version or label ("" for the latest), and the ARN's account
    and region."""

    names: tuple[str, ...]
    selector: str
    place: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def told(self) -> str:
        """The selector as answers show it."""
        return f":{self.selector}" if self.selector else ""


def wanted(text: str) -> Wanted:
    """A name or ARN, perhaps with `:version` or `:label`. An ARN does not tell whether a name of one level begins with
    a slash."""
    parts = arns.parse(text)
    name, _, selector = (parts.resource.removeprefix("parameter") if parts else text).partition(":")
    if not parts:
        return Wanted((name,), selector)
    names = (name, name[1:]) if name.count("/") == 1 else (name,)
    return Wanted(names, selector, (parts.account, parts.region))


def arn_of(region: str, account: str, name: str) -> str:
    """A parameter's ARN: its name stands behind one slash, whether it begins with one or not."""
    return arns.arn("ssm", region, account, f"parameter/{name.removeprefix('/')}")


def check_name(name: str) -> None:
    """Whether a parameter may be called so. Raises ValidationException and what else AWS says of names."""
    first = name.lstrip("/").lower()
    if first.startswith("aws"):
        raise errors.AccessDeniedException(name=name)
    if first.startswith("ssm") or not NAME.fullmatch(name) or name.endswith("/") or "//" in name:
        raise errors.NameMalformed()
    if "/" in name and not name.startswith("/"):
        raise errors.NameRelative()
    if name.count("/") > LEVELS_MAX:
        raise errors.HierarchyLevelLimitExceededException(most=LEVELS_MAX)


def check_path(path: str) -> None:
    if not path.startswith("/") or not NAME.fullmatch(path) or "//" in path:
        raise errors.PathMalformed()


def is_below(name: str, path: str, *, deep: bool) -> bool:
    """Whether a name stands below a path: directly, or `deep` at any level. All names stand below the root."""
    above, full = path.rstrip("/") + "/", "/" + name.removeprefix("/")
    return full.startswith(above) and (deep or "/" not in full[len(above) :])
