"""Tags as requests give them.

It may not know what is tagged.
"""

from freehold.services.states.errors import TooManyTags

TAGS_MAX = 50


def from_pairs(pairs: list[dict[str, str]], resource: str) -> dict[str, str]:
    """The API's list of tags as {key: value}. Raises TooManyTags."""
    tags = {pair["key"]: pair.get("value", "") for pair in pairs}
    if len(tags) > TAGS_MAX:
        raise TooManyTags(limit=TAGS_MAX, resourceName=resource)
    return tags
