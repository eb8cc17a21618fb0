"""A signature: what a request says of who signed it, and the moment it names.

One idea: a value, of which any part may be empty or wrong. It may not know how it is read nor what it proves.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from freehold.wire import chunked

Headers = Sequence[tuple[str, str]]  # lower-case name; value one character a byte (latin-1), as ASGI servers decode it
ALGORITHM = "AWS4-HMAC-SHA256"
VERSION_2 = "AWS"
TERMINATOR = "aws4_request"
S3 = frozenset({"s3", "s3express", "s3-object-lambda", "s3-outposts"})
BASIC, ISO = "%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H:%M:%SZ"

STAMP = re.compile("[0-9]{8}T[0-9]{6}Z")


class Signature(NamedTuple):
    """What a request says of its signature; any part may be empty or wrong until `verify` returns.

    `amz_date` is `20130524T000000Z`; `expires` the seconds of X-Amz-Expires as text; `payload_hash` the signed claim
    on the body; `given` the parameters as they came. `algorithm` is `AWS` for Version 2 (see `sigv2`).
    """

    algorithm: str
    credential: str
    access_key: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    token: str | None
    amz_date: str
    expires: str | None
    presigned: bool
    payload_hash: str | None
    given: Mapping[str, str]

    @property
    def terminator(self) -> str:
        return self.credential.rpartition("/")[2]

    @property
    def signs_body(self) -> bool:
        """Whether the signature is over the body's digest, so that `verify` is to be given it."""
        return self.payload_hash not in (chunked.CLAIMS if self.service not in S3 else (None, *chunked.CLAIMS))

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/{TERMINATOR}"


def moment_of(stamp: str) -> float | None:
    """`20130524T000000Z` as epoch seconds, None for anything else."""
    return _moment(stamp) if STAMP.fullmatch(stamp) else None


@lru_cache(256)
def _moment(stamp: str) -> float | None:
    try:
        return datetime.strptime(stamp, BASIC).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def stamp(moment: float, form: str = BASIC) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime(form)
