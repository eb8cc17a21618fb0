"""Names of people: where full names stand in a text.

One idea: runs of capitalised words, and values behind keys, are candidates; a chain of states over a gazetteer decides
which of their words are a given name and a family name. A full name needs both; a title before it is not part of it.
It may not know what is done with what is found.

Detection follows AWS's own bounds: full names in Latin script.
https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-pii.html
"""

from collections.abc import Iterable

from freehold.engines.pii.names.chain import names
from freehold.engines.pii.names.fields import fields
from freehold.engines.pii.names.runs import runs


def find(text: str) -> Iterable[tuple[int, int]]:
    """Where full names stand: code points, the end exclusive, in order and apart."""
    found = [span for run in runs(text) for span in names(run)]
    found += fields(text)
    found.sort(key=lambda span: (span[0], -span[1]))
    last = 0
    apart = []
    for start, end in found:
        if start >= last:
            apart.append((start, end))
            last = end
    return apart
