"""Tag sets of buckets and objects. It may not know whose they are.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from freehold.services.s3 import errors

OBJECT_MAX, BUCKET_MAX = 10, 50
KEY_MAX, VALUE_MAX = 128, 256
ALLOWED = re.compile(r"[\w\s+\-=.:/@]*")
RESERVED = "aws:"
SYSTEM = {
    OBJECT_MAX: "Your TagKey cannot be prefixed with aws:",
    BUCKET_MAX: "System tags cannot be added/updated by requester",
}
SYSTEM_NEW = (
    'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. '
    'Remove "aws:" from your tag keys and try again.'
)


def read(tag_set: Iterable[dict[str, str]], most: int) -> dict[str, str]:
    """{key: value} of a TagSet. Raises InvalidTag, or BadRequest's InvalidTag for too many."""
    pairs = [(tag["Key"], tag["Value"]) for tag in tag_set]
    if len(pairs) > most:
        whose = "Object" if most == OBJECT_MAX else "Bucket"
        raise errors.TooManyTags(reason=f"{whose} tags cannot be greater than {most}")
    if len({key for key, _ in pairs}) < len(pairs):
        twice = next(key for at, (key, _) in enumerate(pairs) if key in [other for other, _ in pairs[:at]])
        raise errors.InvalidTag(reason="Cannot provide multiple Tags with the same key", TagKey=twice)
    for key, value in pairs:
        if not key or len(key) > KEY_MAX or not ALLOWED.fullmatch(key):
            raise errors.InvalidTag(reason="The TagKey you have provided is invalid", TagKey=key)
        if len(value) > VALUE_MAX or not ALLOWED.fullmatch(value):
            raise errors.InvalidTag(reason="The TagValue you have provided is invalid", TagKey=key, TagValue=value)
    return dict(pairs)


def read_own(tag_set: Iterable[dict[str, str]], most: int) -> dict[str, str]:
    """As `read`, for tags that a person puts: they may not look like AWS's own."""
    found = read(tag_set, most)
    system = _system(found)
    if system:
        raise errors.InvalidTag(reason=SYSTEM[most], TagKey=system)
    return found


def read_new(tag_set: Iterable[dict[str, str]], most: int) -> dict[str, str]:
    """As `read_own`, for those that a new bucket gets, of which AWS speaks otherwise: of one key twice it says that it
    failed."""
    pairs = list(tag_set)
    if len({tag["Key"] for tag in pairs}) < len(pairs):
        raise errors.InternalError()
    found = read(pairs, most)
    if _system(found):
        raise errors.InvalidTag(reason=SYSTEM_NEW)
    return found


def _system(found: dict[str, str]) -> str | None:
    return next((key for key in found if key.lower().startswith(RESERVED)), None)


def read_header(text: str) -> dict[str, str]:
    """{key: value} of an x-amz-tagging header, which is written like a query string."""
    if not text:
        return {}
    pairs = parse_qsl(text, keep_blank_values=True)
    formed = all(part.count("=") <= 1 for part in text.split("&"))
    if not pairs or not formed or len(dict(pairs)) < len(pairs):
        raise errors.InvalidArgument(
            reason="The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters "
            "without tag name duplicates.",
            ArgumentName="x-amz-tagging",
            ArgumentValue=text,
        )
    return read_own([{"Key": key, "Value": value} for key, value in pairs], OBJECT_MAX)


def tag_set(found: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in found.items()]
