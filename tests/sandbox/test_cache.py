"""What functions find beside them: what is there, what is fetched, and what is said of it."""

import subprocess
from pathlib import Path

import pytest

from freehold import cache, doctor
from freehold.config import Config


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "freehold"


def tool(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_what_is_missing_says_how_it_is_had(empty: Path, tmp_path: Path) -> None:
    found = {finding.what: finding for finding in doctor.examine(Config(data=tmp_path / "data", port=1))}
    for thing in cache.THINGS:
        finding = found[thing.name]
        assert not finding.well and finding.optional
        assert f"`freehold doctor --fix` fetches it with {thing.tool}" in finding.words


def test_each_tool_is_asked_for_what_is_wanted(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins write down where they were called, and leave what the real tools would."""
    tool(tmp_path / "bin", "npm", "mkdir -p node_modules/@aws-sdk/client-sts node_modules/aws-sdk")
    tool(tmp_path / "bin", "mvn", "/usr/bin/touch aws-lambda-java-runtime-interface-client-1.jar")
    tool(tmp_path / "bin", "pip", "mkdir -p pythonnet/runtime")
    monkeypatch.setattr(cache, "PIP", (str(tmp_path / "bin" / "pip"),))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    for thing in cache.THINGS:
        assert not thing.there()
        cache.fetch(thing)
        assert thing.there()
    assert '"aws-sdk": "^2"' in (empty / "nodejs-v2" / "package.json").read_text()
    assert '"@aws-sdk/client-sts": "^3"' in (empty / "nodejs" / "package.json").read_text()


def test_what_can_not_be_fetched_says_why(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("npm", "pip"):
        tool(tmp_path / "bin", name, "echo 'no such package' >&2; exit 1")
    monkeypatch.setattr(cache, "PIP", (str(tmp_path / "bin" / "pip"),))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(cache, "things", lambda: iter(cache.THINGS))  # no more than these
    told = dict(doctor.fix())
    assert {why for name, why in told.items() if "Java" not in name} == {"no such package"}
    assert told["Java runtime interface client"].startswith("mvn: ")
    with pytest.raises(subprocess.CalledProcessError):
        cache.fetch(cache.THINGS[0])
