"""Documents tell the truth: what they say commands print, commands print."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.running import BIN, HOME

VISIT = """\
Dear Dr. Rossi,
the patient's SSN is 536-90-4399, her card 4539 1488 0343 6467.
Write to maria.lopez@example.org or 410 Terry Ave N, Seattle 98109, WA.
"""
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [path for path in sorted((HOME / "docs").glob("*.md")) if re.search("```(console|pycon)", path.read_text())]


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(page.read_text()) if kind == language]


def commands(page: Path) -> list[tuple[str, str]]:
    """Each command of a page's consoles, and what it prints."""
    told = "".join(blocks(page, "console"))
    return [(words, printed) for words, printed in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", told, re.MULTILINE)]


@pytest.fixture
def folder(tmp_path):
    """Where a page's commands are run, with the files that they name, and `freehold` on the path."""
    (tmp_path / "visit.txt").write_text(VISIT)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "freehold").write_text(f'#!/bin/sh\nexec {sys.executable} -m freehold "$@"\n')
    (tmp_path / "bin" / "freehold").chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_print_what_is_told(page, folder):
    environment = {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{BIN}{os.pathsep}{os.environ['PATH']}"}
    for words, printed in commands(page):
        done = subprocess.run(
            ["bash", "-c", words], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
        )
        assert done.stdout + done.stderr == printed, words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_python_answers_what_is_told(page):
    session = doctest.DocTestParser().get_doctest("".join(blocks(page, "pycon")), {}, page.stem, str(page), 0)
    complaints: list[str] = []
    doctest.DocTestRunner(verbose=False).run(session, out=complaints.append)
    assert not complaints, "".join(complaints)


def test_there_are_pages_with_commands():
    assert PAGES and all(commands(page) or blocks(page, "pycon") for page in PAGES)
