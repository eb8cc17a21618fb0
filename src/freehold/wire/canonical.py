"""Canonical requests: what Signature Version 4 is over.

One idea: client and server bring a request to one form before they sign or verify it. S3 keeps keys as they are, the
others resolve paths. It may not know whose a signature is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote_to_bytes

Headers = Sequence[tuple[str, str]]  # lower-case name; value one character a byte

_PLAIN = re.compile("[A-Za-z0-9._~-]*")
_PLAIN_PATH = re.compile("/[A-Za-z0-9._~/-]*")
_SPACES = re.compile("[ \t]+")


def canonical_request(
    method: str, path: str, query: str, headers: Headers, names: Sequence[str], payload: str, *, is_s3: bool,
    presigned: bool,
) -> bytes:  # fmt: skip
    """What is signed of a request, of whose headers those of these names; `payload` is the digest of its body."""
    values = dict(headers)
    if len(values) < len(headers):
        values = _joined(headers)
    lines = "".join([f"{name}:{_plainly(values[name]) if name in values else ''}\n" for name in names])
    target = f"{method}\n{_canonical_path(path, is_s3)}\n{_canonical_query(query, presigned)}\n"
    return f"{target}{lines}\n{';'.join(names)}\n{payload}".encode("latin-1", "backslashreplace")


def _joined(headers: Headers) -> dict[str, str]:
    """Each header once, its values joined by commas."""
    values: dict[str, str] = {}
    for name, value in headers:
        values[name] = f"{values[name]},{_plainly(value)}" if name in values else _plainly(value)
    return values


def _plainly(value: str) -> str:
    """A header's value without spaces around it, and with one where there are several."""
    return _SPACES.sub(" ", value.strip(" \t")) if " " in value or "\t" in value else value


def _canonical_path(path: str, is_s3: bool) -> str:
    """S3 encodes a key once and keeps it as it is; the others resolve dots and slashes, and encode what is encoded."""
    if _PLAIN_PATH.fullmatch(path) and (is_s3 or ("//" not in path and "/." not in path)):
        return path
    if is_s3:
        return "/".join([_encoded(segment) for segment in path.split("/")]) or "/"
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return quote(f"/{'/'.join(kept)}{'/' if kept and path.endswith('/') else ''}", safe="/~")


def _canonical_query(query: str, presigned: bool) -> str:
    """Parameters sorted by their encoded names and values, without the signature itself."""
    pairs = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if pair and not (presigned and name == "X-Amz-Signature"):
            pairs.append((_encoded(name.replace("+", " ")), _encoded(value.replace("+", " "))))
    return "&".join([f"{name}={value}" for name, value in sorted(pairs)])


def _encoded(text: str) -> str:
    """Percent-encoded as RFC 3986 has it, however it was encoded before."""
    return text if _PLAIN.fullmatch(text) else quote(unquote_to_bytes(text), safe="~")
