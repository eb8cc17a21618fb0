"""Which interpreter a python runtime gets."""

import subprocess
import sys
from pathlib import Path

import pytest

from freehold.sandbox.runtimes.pythons import link_sdk, oldest_with_sdk, python_for, pythons

from .workshop import Workshop, said

HERE = sys.version_info.minor


def test_the_exact_one_where_it_is_found() -> None:
    assert pythons()[HERE] == python_for(HERE)
    for minor, program in pythons().items():
        told = subprocess.run([program, "-S", "-c", "import sys; print(sys.version_info[1])"], stdout=subprocess.PIPE)
        assert int(told.stdout) == minor


def test_else_the_nearest_newer_that_the_sdk_runs_on_else_our_own() -> None:
    fit = sorted(minor for minor in pythons() if minor >= oldest_with_sdk())
    assert python_for(0) == pythons()[fit[0]]
    assert python_for(999) == pythons()[HERE]


def test_links_are_made_once_and_mended(tmp_path: Path) -> None:
    link_sdk(tmp_path)
    names = {link.name for link in tmp_path.iterdir()}
    assert {"boto3", "botocore", "six.py"} <= names
    (tmp_path / "boto3").unlink()
    (tmp_path / "boto3").symlink_to("/nowhere")
    link_sdk(tmp_path)
    assert (tmp_path / "boto3" / "__init__.py").exists()


@pytest.mark.parametrize("minor", [minor for minor in sorted(pythons()) if minor >= oldest_with_sdk()])
def test_each_interpreter_runs_functions(workshop: Workshop, minor: int) -> None:
    source = "import logging, sys\ndef handler(e, c):\n    logging.warning('hi')\n    return sys.version_info[1]"
    assert said(workshop.invoke(workshop.python(source, runtime=f"python3.{minor}"))) == minor
