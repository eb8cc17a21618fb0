"""The library of JSONata: every function of https://docs.jsonata.org by its name, in one table."""

from collections.abc import Mapping
from typing import Final

from freehold.engines.jsonata.callables import Invocable
from freehold.engines.jsonata.functions import (
    arrays,
    encodings,
    higher_order,
    matching,
    numbers,
    objects,
    strings,
)

LIBRARY: Final[Mapping[str, Invocable]] = {
    **strings.FUNCTIONS,
    **matching.FUNCTIONS,
    **encodings.FUNCTIONS,
    **numbers.FUNCTIONS,
    **arrays.FUNCTIONS,
    **higher_order.FUNCTIONS,
    **objects.FUNCTIONS,
}
