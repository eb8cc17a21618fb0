"""Compressing a response that the client can take compressed. It may not know events.

One idea: one table, the codings of the standard library in order of preference. Brotli is not among them.

https://www.rfc-editor.org/rfc/rfc9110#field.accept-encoding
"""

from __future__ import annotations

BYTES_MIN = 32
NEVER = ("image/", "application/grpc", "text/event-stream")
CODINGS = {"gzip": 31, "deflate": 15}  # the window sizes by which zlib knows them


def compressed(accepted: str, headers: list[tuple[str, str]], content: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """The headers and the body, compressed where the client accepts a coding and the body is worth it."""
    told = dict(reversed(headers))
    coding = best(accepted)
    content_type = told.get("content-type", "")
    if not coding or len(content) < BYTES_MIN or "content-encoding" in told or content_type.startswith(NEVER):
        return headers, content
    import zlib  # only where it is wanted: imports count in a cold start

    packing = zlib.compressobj(6, zlib.DEFLATED, CODINGS[coding])
    kept = [pair for pair in headers if pair[0] not in ("content-length", "accept-ranges")]
    kept += [("content-encoding", coding), ("vary", "accept-encoding")]
    return kept, packing.compress(content) + packing.flush()


def best(accepted: str) -> str | None:
    """The coding to use for an Accept-Encoding header, None for none."""
    wishes = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        wishes[name.strip()] = _weight(weight)
    rest = wishes.get("*", 0.0)
    weighed = [(wishes.get(coding, rest), coding) for coding in CODINGS]
    most, chosen = max(weighed, key=lambda pair: pair[0])
    return chosen if most > 0 else None


def _weight(text: str) -> float:
    value = text.partition("q=")[2]
    try:
        return float(value) if value else 1.0
    except ValueError:
        return 0.0
