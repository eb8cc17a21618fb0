"""Map Runs: what whoever carries out RunMap needs besides executions: readers, the children's inputs, results.

One idea: functions from texts to values and back, over the command RunMap. They start nothing, read no bucket and keep
no count; failures come as `Failure`, whose `error` and `cause` are MapRunFailed's.
"""

from .inputs import Child, inputs
from .readers import Part, listed, parts, read, rows
from .results import File, Outcome, details, exceeded, files, manifest, output

__all__ = [
    "Child",
    "File",
    "Outcome",
    "Part",
    "details",
    "exceeded",
    "files",
    "inputs",
    "listed",
    "manifest",
    "output",
    "parts",
    "read",
    "rows",
]
