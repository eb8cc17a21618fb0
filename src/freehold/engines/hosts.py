"""AWS's own domain names: what programs reach this cloud by that were written for AWS.

One idea: whoever answers, resolves or certifies such names reads the same list. It may not know services.

https://docs.aws.amazon.com/general/latest/gr/rande.html
"""

from urllib.parse import urlsplit

SUFFIXES = (
    "amazonaws.com",
    "amazonaws.com.cn",
    "api.aws",
    "on.aws",
    "cloudfront.net",
    "amazoncognito.com",
)
_DOTTED = tuple(f".{suffix}" for suffix in SUFFIXES)


def is_aws(host: str) -> bool:
    """Whether a host name (lower case, no port) lies in a domain of AWS's."""
    return host.endswith(_DOTTED) or host in SUFFIXES


def shared(used_url: str, own_url: str) -> str:
    """How others reach a cloud that somebody reached by `used_url`: so too, unless that name leads them to AWS."""
    return own_url if is_aws(urlsplit(used_url).hostname or "") else used_url
