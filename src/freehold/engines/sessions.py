"""Access keys, secrets and session tokens: what a cloud mints, and knows again without having written it down.

One idea: everything is derived from one master secret. A token carries its own claims under a keyed digest; an access
key tells its account and that this cloud made it; a secret follows from what it belongs to. So a session costs no
record, survives a restart, and any node that holds the master secret can verify it. It may not know who is behind the
claims, where the master secret is kept, nor the time: whoever asks compares `expires_at`.

Tokens can be read by those who hold them, and not changed. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
"""

import hmac
import zlib
from base64 import b32decode, b32encode, b64decode, b64encode, urlsafe_b64encode
from typing import Any

import msgspec

PERMANENT, TEMPORARY = "AKIA", "ASIA"
SECRET_LENGTH = 40
CHANCE_BYTES = 3
MASTER_BYTES = 32

_KEY_LENGTH = 20
_ACCOUNT_BYTES = 5  # twelve decimal digits fit in forty bits
_MARK_BYTES = 2
_SEAL_BYTES = 32


def access_key(master: bytes, prefix: str, account: str, chance: bytes) -> str:
    """A key id of twenty characters: the prefix, then account, chance (CHANCE_BYTES) and a mark of this cloud."""
    body = int(account).to_bytes(_ACCOUNT_BYTES, "big") + chance
    return prefix + b32encode(body + _mark(master, prefix, body)).decode()


def minted(master: bytes, key: str) -> bool:
    """Whether this cloud made a key, be it still valid or not (wrong once in 65,536 keys of others)."""
    body = _body(key)
    return body is not None and hmac.compare_digest(body[-_MARK_BYTES:], _mark(master, key[:4], body[:-_MARK_BYTES]))


def account_of(key: str) -> str:
    """The account that a key minted by this module tells."""
    body = _body(key)
    return f"{int.from_bytes(body[:_ACCOUNT_BYTES], 'big'):012d}" if body else ""


def secret(master: bytes, *belongs_to: str) -> str:
    """The secret access key of a key id, or of a key id and its session's token."""
    digest = _digest(master, "secret", "\n".join(belongs_to).encode())
    return b64encode(digest).decode()[:SECRET_LENGTH]


def seal(master: bytes, claims: dict[str, Any]) -> str:
    """A token that carries `claims`: values of JSON's kinds."""
    body = zlib.compress(msgspec.msgpack.encode(claims))
    return urlsafe_b64encode(_digest(master, "token", body) + body).decode()


def unseal(master: bytes, token: str) -> dict[str, Any] | None:
    """The claims of a token that was sealed with this master secret; None for anything else."""
    try:
        sealed = b64decode(token, b"-_", validate=True)
    except ValueError:
        return None
    digest, body = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
    if not hmac.compare_digest(digest, _digest(master, "token", body)):
        return None
    return msgspec.msgpack.decode(zlib.decompress(body), type=dict[str, Any])


def _body(key: str) -> bytes | None:
    if len(key) != _KEY_LENGTH:
        return None
    try:
        return b32decode(key[4:])
    except ValueError:
        return None


def _mark(master: bytes, prefix: str, body: bytes) -> bytes:
    return _digest(master, "key", prefix.encode() + body)[:_MARK_BYTES]


def _digest(master: bytes, purpose: str, body: bytes) -> bytes:
    """Digests for one purpose say nothing about another's."""
    return hmac.digest(master, purpose.encode() + b"\0" + body, "sha256")
