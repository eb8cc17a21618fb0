"""Tags of keys. They may not know keys."""

from typing import Any

from freehold.services.kms import errors

TAGS_MAX = 50
RESERVED = "aws:"


def read(given: list[dict[str, Any]]) -> dict[str, str]:
    """Tags as a request has them. Raises TagException."""
    found = {tag["TagKey"]: tag["TagValue"] for tag in given}
    if len(found) < len(given):
        raise errors.TagException(reason=errors.TAGS_TWICE)
    if any(name.lower().startswith(RESERVED) for name in found):
        raise errors.TagException(reason=errors.TAGS_OF_AWS)
    return check(found)


def check(tags: dict[str, str]) -> dict[str, str]:
    if len(tags) > TAGS_MAX:
        raise errors.TagException(reason=errors.TAGS_TOO_MANY)
    return tags


def listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": name, "TagValue": value} for name, value in tags.items()]
