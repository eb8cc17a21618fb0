"""How parts of a URL are written, and which bodies are text. It may not know events.

One idea: two sets of bytes that stand for themselves, one for paths and one for query strings; all others are escaped.

https://url.spec.whatwg.org/#path-percent-encode-set
"""

from __future__ import annotations

UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
IN_PATHS = UNRESERVED + b"/%!$&'()*+,;=:@[]|\\"  # % as well: a path comes as it was written, or decoded; both go on

PATH = [chr(byte) if byte in IN_PATHS else f"%{byte:02X}" for byte in range(256)]
QUERY = [chr(byte) if byte in UNRESERVED else f"%{byte:02X}" for byte in range(256)]

TEXTUAL = ("text", "application/json", "application/javascript", "application/xml", "application/yaml")
TEXTUAL_ENDS = ("+json", "+xml", "+yaml")
UTF_8 = ("", "utf-8", "utf8", "us-ascii", "ascii")


def escaped(text: str, table: list[str]) -> str:
    """Text as part of a path or of a query string."""
    return "".join([table[byte] for byte in text.encode("utf-8", "surrogatepass")])


def pairs(arguments: list[tuple[str, str]]) -> str:
    """A query string of these arguments, in their order."""
    return "&".join(f"{escaped(name, QUERY)}={escaped(value, QUERY)}" for name, value in arguments)


def decoded(body: bytes, content_type: str | None, encoding: str | None, said: str | None) -> str | None:
    """A body as the text it is, None where its bytes must be kept as they are.

    `encoding` is its Content-Encoding, `said` its X-Lambda-Http-Content-Encoding. Text in other character sets than
    UTF-8 is kept as bytes, for its content type goes on saying which.
    """
    if encoding:
        return None
    kind, _, parameters = (content_type or "text").lower().partition(";")
    kind = kind.strip()
    if not (kind.startswith(TEXTUAL) or kind.endswith(TEXTUAL_ENDS) or said == "text"):
        return None
    charset = parameters.partition("charset=")[2].split(";")[0].strip(" \"'")
    if charset not in UTF_8:
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
