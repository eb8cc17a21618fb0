"""The `aws` command line, in processes that have read its code already.

One idea: of the second that a command takes, most is spent on importing the program. One process does that once; each
command is a fork of it, and runs what the script `aws` runs, with arguments, variables and files of its own. It may
not know who is asked.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["awscli.clidriver", "awscli.handlers", "s3transfer.manager", "tests.awscli"])


def run(words: tuple[str, ...], cwd: Path, env: dict[str, str], timeout_s: float) -> subprocess.CompletedProcess:
    """What `aws` said to these words, as text. Raises TimeoutExpired."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = _forks.Process(target=_main, args=(words, cwd, env, out, err))
        process.start()
        process.join(timeout_s)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(("aws", *words), timeout_s, out.read_bytes(), err.read_bytes())
        return subprocess.CompletedProcess(("aws", *words), process.exitcode, out.read_text(), err.read_text())


def _main(words: tuple[str, ...], cwd: Path, env: dict[str, str], out: Path, err: Path) -> None:
    import awscli.clidriver

    os.chdir(cwd)
    own = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"]}  # was set by the import: where its models are
    os.environ.clear()
    os.environ.update(env | own)
    for descriptor, path, flags in ((0, os.devnull, os.O_RDONLY), (1, out, os.O_WRONLY), (2, err, os.O_WRONLY)):
        os.dup2(os.open(path, flags | os.O_CREAT), descriptor)
    sys.argv = ["aws", *words]
    sys.exit(awscli.clidriver.main())
