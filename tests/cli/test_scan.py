"""`freehold scan`: what it prints, masks and passes over, and how it exits."""

import io
import json
import os
import subprocess
import sys
from typing import NamedTuple

import pytest

from freehold.cli import main
from freehold.cli.sources import Progress

CARD = "4539 1488 0343 6467"
TEXT = f"hello\nmy card: {CARD}, thanks\n"


class Done(NamedTuple):
    """What a run said, and its exit status."""

    status: int
    printed: bytes
    complaints: str

    @property
    def output(self):
        return self.printed.decode()

    @property
    def complaint(self):
        """The one line that a run says that did not go well."""
        assert self.status == 2, self
        [line] = self.complaints.splitlines()
        return line


@pytest.fixture
def scan(tmp_path, monkeypatch, capfdbinary):
    """Runs the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(*words, input=""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(input.encode())))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as exit:
            main(["scan", *words])
        printed, complaints = capfdbinary.readouterr()
        return Done(exit.value.code, printed, complaints.decode())

    return run


@pytest.fixture
def notes(tmp_path, scan):
    path = tmp_path / "notes.txt"
    path.write_text(TEXT)
    return path


def test_findings_are_told_by_place_and_shape(scan, notes):
    done = scan("notes.txt")
    assert (done.status, done.output) == (1, "notes.txt:2:10: CreditCardNumber #### #### #### ####\n")
    assert scan("--show", "notes.txt").output.endswith(f" {CARD}\n")
    assert scan("--color", "notes.txt").output.startswith("\x1b[35mnotes.txt\x1b[0m:")


def test_in_json(scan, notes):
    done = scan("--json", "notes.txt", "-", input="é " + TEXT)
    first, second = map(json.loads, done.output.splitlines())
    assert first == {
        "file": "notes.txt", "line": 2, "column": 10, "start": 15, "end": 34, "name": "CreditCardNumber",
    }  # fmt: skip
    assert (second["file"], second["start"], done.status) == ("-", 17, 1)
    assert json.loads(scan("--json", "--show", "notes.txt").output)["value"] == CARD


def test_masked(scan, notes, tmp_path):
    done = scan("--mask", "notes.txt")
    assert (done.status, done.output) == (0, TEXT.replace(CARD, "*" * 19))
    assert scan("--mask-with", "#", "notes.txt").output == TEXT.replace(CARD, "#" * 19)


def test_a_masked_file_differs_in_what_was_masked_alone(scan, tmp_path):
    for name, head, encoding in (("a", b"\xfe\xfa\r\n\xc3", "utf-8"), ("b", b"\xff\xfe", "utf-16-le")):
        (tmp_path / name).write_bytes(head + TEXT.encode(encoding))
        masked = TEXT.replace(CARD, "*" * 19).encode(encoding)
        assert scan("--mask", name).printed == head + masked


def test_nothing_found(scan):
    assert (scan("-", input="hello\n").status, scan("-", input="").status) == (0, 0)


def test_exit_zero_is_for_reports(scan, notes):
    assert scan("--exit-zero", "notes.txt").status == 0


def test_what_to_look_for(scan, notes):
    assert "CreditCardNumber" in scan("--list").output.splitlines()
    assert scan("--list", "--only", "creditcardn*,ssn-us").output.splitlines()[0] == "CreditCardNumber"
    assert scan("--only", "Ssn-US", "notes.txt").status == 0
    assert scan("--except", "CreditCard*", "notes.txt").status == 0
    arn = "arn:aws:dataprotection::aws:data-identifier/CreditCardNumber"
    assert scan("--only", arn, "notes.txt").status == 1
    assert "CreditCardNumber is" in scan("--only", "CreditCardNumer", "notes.txt").complaint
    assert "--list" in scan("--only", "?", "notes.txt").complaint


def test_patterns_of_ones_own(scan, notes):
    done = scan("--custom", "Greeting=hel+o", "--only", "Ssn-US", "notes.txt")
    assert done.output == "notes.txt:1:1: Greeting xxxxx\n"
    assert "NAME=REGEX" in scan("--custom", "hello", "notes.txt").complaint
    assert "cannot look for" in scan("--custom", "Bad=[a-", "notes.txt").complaint


def test_keywords_may_be_optional(scan):
    bill = f"bill {CARD} and GB33BUKB20201555555555"
    assert scan("-", input=bill).output == ""
    told = scan("--keywords-optional", "-", input=bill)
    assert told.status == 1
    assert [line.split()[1] for line in told.output.splitlines()] == ["CreditCardNumber", "BankAccountNumber-GB"]
    assert scan("--keywords-optional", "--mask", "--only", "CreditCard*", "-", input=bill).output == bill.replace(
        CARD, "*" * len(CARD)
    )


def test_folders(scan, tmp_path):
    for path in ("b/one.txt", "a.txt", ".git/packed", ".env"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(TEXT)
    (tmp_path / "b" / "image.png").write_bytes(b"\x89PNG\0" + TEXT.encode())
    (tmp_path / "b" / "link").symlink_to(tmp_path / "a.txt")
    done = scan(".")
    assert [line.split(":")[0] for line in done.output.splitlines()] == ["./.env", "./a.txt", "./b/one.txt"]
    assert (done.status, done.complaints) == (1, "freehold: binary files in folders, not looked through: 1\n")


def test_what_goes_wrong_is_one_line(scan, notes, tmp_path):
    (tmp_path / "image.png").write_bytes(b"\x89PNG\0")
    assert "nothing to read" in scan().complaint
    assert scan("nowhere").complaint == "freehold: nowhere: No such file or directory"
    assert scan("image.png").complaint == "freehold: image.png: is binary"
    assert "not folders" in scan("--mask", ".").complaint
    assert "one character" in scan("--mask-with", "ab", "notes.txt").complaint
    assert "take one of them" in scan("--mask", "--json", "notes.txt").complaint
    assert "notes.txt:2:10" in scan("nowhere", "notes.txt").output


def test_a_finding_moves_no_cursor(scan, tmp_path):
    (tmp_path / "a").write_bytes(b"a\x1b[2Jb")
    assert "\x1b" not in scan("--show", "--custom", "Odd=a.{1,9}b", "--only", "Ssn-US", "a").output


def test_a_long_text_in_little_memory(tmp_path):
    """Places are right far behind the first window, and memory does not grow with the text."""
    filler = "nothing to see here, really; nothing at all\n" * 200_000
    (tmp_path / "long").write_text(filler + TEXT)
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_DATA, (400 << 20,) * 2); "
    limited += "from freehold.cli import main; main(['scan', '--json', '--only', 'CreditCardNumber', sys.argv[1]])"
    done = subprocess.run([sys.executable, "-c", limited, str(tmp_path / "long")], capture_output=True, text=True)
    found = json.loads(done.stdout)
    assert (found["line"], found["column"], found["start"]) == (200_002, 10, len(filler) + 15)


def test_several_processes_find_the_same(scan, tmp_path):
    line = f"nothing to see here, {TEXT}"
    (tmp_path / "long").write_text(line * 60_000)
    told = [scan("--jobs", str(jobs), "--json", "--only", "CreditCardNumber", "long") for jobs in (1, 2)]
    assert told[0] == told[1]
    assert told[0].output.count("\n") == 60_000


def test_lines_of_a_stream_are_told_at_once():
    words = [sys.executable, "-m", "freehold", "scan", "--line-buffered", "--mask", "--only", "CreditCardNumber", "-"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(3):
            process.stdin.write(f"card {CARD}\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"card {'*' * 19}\n"
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_closed_pipe_is_no_error(notes):
    words = f"{sys.executable} -m freehold scan {notes} {notes} | head -c 1"
    done = subprocess.run(["bash", "-c", words], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("/", "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full disk at hand")
def test_a_full_disk_is_trouble_and_no_finding(notes):
    with open("/dev/full", "wb") as full:
        words = (sys.executable, "-m", "freehold", "scan", "--mask", str(notes))
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (2, "freehold: standard output: No space left on device\n")


def test_how_far_it_is_is_told_to_those_who_watch(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(Progress, "SILENT_S", -1)
    monkeypatch.setattr(Progress, "EVERY_S", -1)
    progress = Progress(4_000_000)
    progress.advance(1_000_000)
    assert "25% of 4.0 MB at " in capsys.readouterr().err
    progress.clear()
    progress.clear()
    assert capsys.readouterr().err == "\r\x1b[K"
    Progress(0).advance(1_500_000)
    assert "1.5 MB at " in capsys.readouterr().err
