"""The library of JSONata: every function of https://docs.jsonata.org by its name, in one table."""

from collections.abc import Mapping
from typing import Final

from freehold.engines.jsonata.callables import Invocable
from freehold.engines.jsonata.functions import (
    arrays,
    encodings,
    higher_order,
    integers,
    matching,
    moments,
    number_pictures,
    numbers,
    objects,
    strings,
)

LIBRARY: Final[Mapping[str, Invocable]] = {
    **strings.FUNCTIONS,
    **matching.FUNCTIONS,
    **encodings.FUNCTIONS,
    **numbers.FUNCTIONS,
    **number_pictures.FUNCTIONS,
    **integers.FUNCTIONS,
    **moments.FUNCTIONS,
    **arrays.FUNCTIONS,
    **higher_order.FUNCTIONS,
    **objects.FUNCTIONS,
}
