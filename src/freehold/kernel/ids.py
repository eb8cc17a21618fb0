"""Chance: every identifier, token and random number of the cloud comes from here.

One idea: with a seed the whole cloud repeats itself; without one, it draws from the operating system. It
may not know what its identifiers name.
"""

import os
import random
import string
from collections.abc import Callable

LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
VERSION_4, OTHERS = 0x4 << 76 | 0x2 << 62, 0xF << 76 | 0x3 << 62  # of UUIDs, and the bits that say so (RFC 9562, 4)


class Ids:
    def __init__(self, seed: int | None = None):
        chance = random.SystemRandom() if seed is None else random.Random(seed)
        self.random: Callable[[], float] = chance.random  # a number in [0, 1)
        self.bytes: Callable[[int], bytes] = os.urandom if seed is None else chance.randbytes

    def uuid(self) -> str:
        """A version 4 UUID."""
        digits = f"{int.from_bytes(self.bytes(16)) & ~OTHERS | VERSION_4:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def text(self, length: int, alphabet: str = LOWER) -> str:
        number, letters = int.from_bytes(self.bytes(length + 8)), []
        for _ in range(length):
            number, place = divmod(number, len(alphabet))
            letters.append(alphabet[place])
        return "".join(letters)

    def hex(self, length: int) -> str:
        return self.bytes((length + 1) // 2).hex()[:length]
