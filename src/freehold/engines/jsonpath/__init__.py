"""JSONPath in the dialect of AWS Step Functions.

One idea: a path is compiled once and found many times. It knows JSON values and nothing of states or services.
"""

from .path import Path, PathSyntaxError, ReferencePath, Unwritable, compile_path, compile_reference
from .values import MISSING, Json, same

__all__ = [
    "MISSING",
    "Json",
    "Path",
    "PathSyntaxError",
    "ReferencePath",
    "Unwritable",
    "compile_path",
    "compile_reference",
    "same",
]
