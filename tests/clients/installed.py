"""Other people's clients, installed once a machine by their registries' own tools, into a cache that outlives a run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

CACHE = Path(os.environ.get("FREEHOLD_TEST_CACHE", "~/.cache/freehold-tests")).expanduser()
PIP = (sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check", "--upgrade")


def missing(what: str) -> NoReturn:
    """Whatever a developer's machine may lack, CI's may not."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def packages(name: str, *wanted: str) -> Path:
    """A folder of Python packages and what they need, to be put first in PYTHONPATH. One module of tests uses it."""
    place = CACHE / f"python3.{sys.version_info.minor}" / name
    mark = place / "wanted"
    if not mark.exists() or mark.read_text() != "\n".join(wanted):
        done = subprocess.run([*PIP, "--target", place, *wanted], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            missing(f"{name} can not be installed: {done.stderr}")
        mark.write_text("\n".join(wanted))
    return place


def program(name: str) -> str:
    """A program of Debian's, by its package's name."""
    if not shutil.which(name) and shutil.which("apt-get") and os.geteuid() == 0:
        for words in (("update",), ("install", "--yes", "--no-install-recommends", name)):
            subprocess.run(["apt-get", "--quiet", *words], capture_output=True, check=False)
    return shutil.which(name) or missing(f"{name} is not installed: apt-get install {name}")
