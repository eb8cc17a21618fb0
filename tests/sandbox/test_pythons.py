"""Which interpreter a python runtime gets."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from freehold.sandbox import Result, Sandbox, runtimes
from freehold.sandbox.runtimes import Shelf
from freehold.sandbox.runtimes.pythons import link_sdk, oldest_with_sdk, python_for, pythons

from .workshop import Workshop, only_processes, said, texts

HERE = sys.version_info.minor
SHELF = Shelf(Path("/nowhere"))
BOOTSTRAP = Path(runtimes.__file__).parent / "python" / "bootstrap.py"


def test_the_exact_one_where_it_is_found() -> None:
    choice = python_for(f"python3.{HERE}", SHELF)
    assert (choice.version, choice.program, choice.notice) == (HERE, pythons()[HERE], "")
    for minor, program in pythons().items():
        told = subprocess.run([program, "-S", "-c", "import sys; print(sys.version_info[1])"], stdout=subprocess.PIPE)
        assert int(told.stdout) == minor


def test_folders_of_path_that_can_not_be_looked_into_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    found = pythons()
    monkeypatch.setenv("PATH", f"/{'x' * 5_000}:{os.environ['PATH']}")  # the kernel refuses it, as it does a stranger's
    pythons.cache_clear()
    assert pythons() == found


def test_one_that_boto3_has_left_behind_is_passed_over_and_that_is_said() -> None:
    least, fit = oldest_with_sdk(), min(minor for minor in pythons() if minor >= oldest_with_sdk())
    choice = python_for("python3.0", SHELF)
    assert (choice.program, choice.version) == (pythons()[fit], fit)
    for minor in (minor for minor in pythons() if minor < least):
        notice = python_for(f"python3.{minor}", SHELF).notice
        assert notice == (
            f"python3.{minor} runs by Python 3.{fit}: Python 3.{minor} is here, "
            f"but the boto3 of this machine needs Python 3.{least}"
        )


def test_a_runtime_newer_than_all_gets_the_newest() -> None:
    newest = max(pythons())
    choice = python_for("python3.99", SHELF)
    assert choice.program == pythons()[newest]
    assert choice.notice == f"python3.99 runs by Python 3.{newest}: Python 3.99 is not on this machine"


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


PROBE = """
import decimal, json, logging, sys, threading
def handler(event, context):
    print("é printed", flush=True)
    logging.warning("two\\nlines")
    if event == "fail": raise KeyError("boom")
    if event == "odd": return {"n": decimal.Decimal("1.10"), "b": b"x"}
    if event == "set": return {1}
    return [sys.version_info[1], context.get_remaining_time_in_millis() > 0, repr(context)[:13]]
"""


@only_processes
@pytest.mark.parametrize("form", ["Text", "JSON"])
@pytest.mark.parametrize("minor", [minor for minor in sorted(pythons()) if minor >= 8])
def test_the_bootstrap_runs_by_every_python_since_3_8(workshop: Workshop, minor: int, form: str) -> None:
    """Also by those that boto3 has left behind: the bootstrap itself needs the standard library alone."""
    command = f"#!/bin/sh\nexec {pythons()[minor]} -S -s -u {BOOTSTRAP}"
    files = {"bootstrap": command, "app.py": PROBE}
    spec = workshop.function(files, runtime="provided.al2023", environment={"AWS_LAMBDA_LOG_FORMAT": form})

    async def scene(box: Sandbox) -> list[Result]:
        events = (b"null", b'"fail"', b'"odd"', b'"set"')
        return [await box.invoke(spec, event, request_id="r") for event in events]

    plain, failed, odd, unwritable = workshop.play(scene)
    assert said(plain) == [minor, True, "LambdaContext"]
    assert (said(failed)["errorType"], failed.status) == ("KeyError", "error")
    assert odd.payload == b'{"n": 1.10, "b": "x"}'
    assert said(unwritable)["errorType"] == "Runtime.MarshalError"
    lines = texts(plain)
    assert "é printed" in lines
    expected = {"Text": r"\[WARNING\]\t\S+Z\tr\ttwo\nlines", "JSON": r'\{"timestamp": .*"two\\nlines".*\}'}[form]
    assert any(re.fullmatch(expected, line, re.DOTALL) for line in lines)
