"""Tags, as far as they are the same wherever they hang. It may not know what is tagged.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html
"""

from freehold.services.lambda_.errors import TooManyTags

TAGS_MAX = 50


def check(tags: dict[str, str]) -> dict[str, str]:
    """The tags, if they are not too many."""
    if len(tags) > TAGS_MAX:
        raise TooManyTags()
    return tags
