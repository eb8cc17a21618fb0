"""Chance: every identifier, token and random number of the cloud comes from here.

One idea: with a seed the whole cloud repeats itself; without one, it draws from the operating system. It may not know
what its identifiers name.
"""

import random
import string

LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Ids:
    def __init__(self, seed: int | None = None):
        self._random: random.Random = random.SystemRandom() if seed is None else random.Random(seed)

    def uuid(self) -> str:
        """A version 4 UUID."""
        value = self._random.getrandbits(128)
        value = (value & ~(0xF000 << 64 | 0xC000 << 48)) | 4 << 76 | 8 << 60
        digits = f"{value:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def text(self, length: int, alphabet: str = LOWER) -> str:
        number, letters = self._random.getrandbits(8 * length + 64), []
        for _ in range(length):
            number, place = divmod(number, len(alphabet))
            letters.append(alphabet[place])
        return "".join(letters)

    def hex(self, length: int) -> str:
        return f"{self._random.getrandbits(4 * length):0{length}x}"

    def bytes(self, length: int) -> bytes:
        return self._random.getrandbits(8 * length).to_bytes(length, "big") if length else b""

    def random(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()
