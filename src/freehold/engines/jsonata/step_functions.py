"""What Step Functions adds to JSONata's library, and what it takes away.

One idea: a table to give as `Setting.functions`. Follows AWS's "Transforming data with JSONata in Step Functions"
(transforming-data.html, "JSONata functions provided by Step Functions"). A generated range of one number is that
number, as AWS answers it; a partition is always an array of arrays.
"""

import hashlib
import math
from collections.abc import Mapping
from typing import Final

import msgspec

from freehold.engines.jsonata.callables import Function
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.texts import number_text
from freehold.engines.jsonata.values import UNDEFINED, Json, Sequence, number

ALGORITHMS: Final = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}

_decoder = msgspec.json.Decoder()


def _wrong(message: str) -> EvaluationFailed:
    return EvaluationFailed("D3142", message=message)


def partition(run: Run, values: Json, size: Json) -> Json:
    """The array in arrays of `size` items; the last may have fewer."""
    if values is UNDEFINED or size is UNDEFINED:
        return UNDEFINED
    if size < 1 or size != int(size):
        raise _wrong(f"The second argument of the partition function must be a positive integer, not {size}")
    run.spend_items(len(values))
    return [list(values[start : start + int(size)]) for start in range(0, len(values), int(size))]


def range_(run: Run, first: Json, last: Json, step: Json) -> Json:
    """The numbers from `first` to `last`, that included, by `step`, which may be negative."""
    if first is UNDEFINED or last is UNDEFINED or step is UNDEFINED:
        return UNDEFINED
    if not step:
        raise _wrong("The third argument of the range function must not be zero")
    count = (last - first) / step + 1
    if not count <= run.setting.range_max:
        raise EvaluationFailed("D2014", value=number_text(count), limit=run.setting.range_max)
    run.spend_items(max(0, int(count)))
    return Sequence([number(float(first + place * step)) for place in range(math.floor(count))])


def hash_(run: Run, value: Json, algorithm: Json) -> Json:
    """The digest of the string's UTF-8, in hexadecimal digits."""
    if value is UNDEFINED or algorithm is UNDEFINED:
        return UNDEFINED
    if algorithm not in ALGORITHMS:
        raise _wrong(f"The second argument of the hash function is none of {', '.join(ALGORITHMS)}")
    run.spend_text(len(value))
    data = value.encode("utf-8", "surrogatepass")
    return hashlib.new(ALGORITHMS[algorithm], data, usedforsecurity=False).hexdigest()


def random(run: Run, seed: Json = UNDEFINED) -> Json:
    """A number from 0 (included) to 1 (not); the same for the same seed, an integer."""
    return run.setting.random() if seed is UNDEFINED else seeded(int(seed))


def seeded(seed: int) -> float:
    """The first double of the 48-bit linear congruential generator that java.util.Random documents."""
    state = (seed ^ 0x5DEECE66D) % 2**48
    bits = 0
    for width in (26, 27):
        state = (state * 0x5DEECE66D + 11) % 2**48
        bits = (bits << width) + (state >> (48 - width))
    return bits / 2**53


def uuid(run: Run) -> Json:
    return run.setting.new_id()


def parse(run: Run, text: Json) -> Json:
    """The value of a JSON text."""
    if text is UNDEFINED:
        return UNDEFINED
    run.spend_text(len(text))
    try:
        return _decoder.decode(text)
    except msgspec.DecodeError as error:
        raise _wrong(f"The argument of the parse function is not JSON: {error}") from error


FUNCTIONS: Final[Mapping[str, Function | None]] = {
    "partition": Function(partition, "<an:a>"),
    "range": Function(range_, "<nnn:a>"),
    "hash": Function(hash_, "<ss:s>"),
    "random": Function(random, "<n?:n>", arity=0),
    "uuid": Function(uuid, "<:s>"),
    "parse": Function(parse, "<s:x>"),
    "eval": None,
}
