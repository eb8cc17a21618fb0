"""What the tidy tests read: the code as text and as syntax trees."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "freehold"


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the package: its path below src/freehold, and its tree."""
    files = sorted(SOURCE.rglob("*.py"))
    return {str(file.relative_to(SOURCE)): ast.parse(file.read_text()) for file in files}


@pytest.fixture(scope="session")
def modules():
    return trees()
