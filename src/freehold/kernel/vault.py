"""The vault: what seals secrets where they lie.

One idea: one master key, in a file of its own beside the data (0600, made at first use), so that a copy of the database
alone opens nothing; without the file nothing that was sealed can be opened again. A sealed secret is bound to its place
and opens nowhere else. It may not know what is sealed.

AES-256-GCM, NIST SP 800-38D.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from freehold.kernel.ids import Ids

KEY_BYTES, NONCE_BYTES = 32, 12


class Unopened(Exception):
    """What was sealed is not of this place, or the master key is another."""


class Vault:
    """`path` is the master key's file; None for a key that is forgotten with the process."""

    def __init__(self, path: Path | None, ids: "Ids"):
        self.path, self.ids = path, ids
        self._made: Any = None

    def seal(self, secret: bytes, place: str) -> bytes:
        nonce = self.ids.bytes(NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, secret, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Raises Unopened."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
        except InvalidTag as fault:
            raise Unopened(f"{place}: sealed elsewhere, or under another master key") from fault

    def _cipher(self) -> Any:
        if self._made is None:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # nobody who has no secrets waits for it

            self._made = AESGCM(self._key())
        return self._made

    def _key(self) -> bytes:
        """The file's key. It is whole on disk before anything is sealed under it; of two makers the first wins."""
        if self.path is None:
            return self.ids.bytes(KEY_BYTES)
        if not self.path.exists():
            draft = self.path.with_name(f"{self.path.name}.{self.ids.hex(16)}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(self.ids.bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            self._publish(draft, self.path)
        key = self.path.read_bytes()
        if len(key) != KEY_BYTES:
            raise Unopened(f"{self.path} is no master key")
        return key

    def _publish(self, draft: Path, path: Path) -> None:
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
