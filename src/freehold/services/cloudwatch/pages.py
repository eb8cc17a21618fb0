"""Pages of lists: a token says where to go on. It may not know what is listed."""

from freehold import pages
from freehold.pages import T, write_token
from freehold.services.cloudwatch.errors import InvalidNextToken

__all__ = ["read_token", "write_token"]


def read_token(token: str, kind: type[T]) -> T:
    """What a token says. Raises InvalidNextToken."""
    return pages.read_token(token, kind, InvalidNextToken)
