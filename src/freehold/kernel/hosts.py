"""AWS's own domain names: what programs reach this cloud by that were written for AWS.

One idea: whoever answers, resolves or certifies such names reads the same list. It may not know services.

https://docs.aws.amazon.com/general/latest/gr/rande.html
"""

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
