"""Fixtures of the sandbox tests."""

from pathlib import Path

import pytest

from .workshop import Workshop


@pytest.fixture(params=["process", "namespace"])
def workshop(tmp_path: Path, request: pytest.FixtureRequest) -> Workshop:
    return Workshop(tmp_path, request.param)
