"""The doctor: what this machine has of what the cloud needs.

One idea: each check is a row; what is missing says what to do, and `--fix` does what can be done without asking the
administrator. It may not change anything else.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from freehold.config import Config

# The clients of AWS's SDK for JavaScript v3 that a nodejs function finds beside it, as in AWS: those of services here.
SDK = (
    "client-api-gateway", "client-cloudformation", "client-cloudwatch", "client-cloudwatch-logs", "client-dynamodb",
    "client-iam", "client-lambda", "client-s3", "client-sfn", "client-sns", "client-sqs", "client-ssm", "client-sts",
    "lib-dynamodb", "util-dynamodb", "s3-request-presigner",
)  # fmt: skip


class Finding(NamedTuple):
    """What was looked at, whether all is well, and words that say what to do if not."""

    what: str
    well: bool
    words: str
    optional: bool = False


def node_sdk() -> Path:
    """Where the SDK for nodejs functions is kept, for all clouds of this user."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser()
    return cache / "freehold" / "nodejs"


def install_node_sdk() -> None:
    """Fetch the SDK with npm. Raises CalledProcessError with npm's words."""
    folder = node_sdk()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {f"@aws-sdk/{name}": "^3" for name in SDK}
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": wanted}))
    command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)


def _python(config: Config) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", sys.version_info >= (3, 11), f"{version} (3.11 or newer is needed)")


def _data(config: Config) -> Finding:
    folder = config.data
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    if not os.access(folder, os.W_OK):
        return Finding("data folder", False, f"{folder} is not writable; choose another with --data")
    return Finding("data folder", free > 1, f"{config.data}, {free:.0f} GB free (1 GB is needed)")


def _port(config: Config) -> Finding:
    with socket.socket() as probe:
        taken = probe.connect_ex((config.host, config.port)) == 0
    words = f"{config.port} answers (Freehold or another program)" if taken else f"{config.port} is free"
    return Finding("port", True, words)


def _node(config: Config) -> Finding:
    node = shutil.which("node")
    return Finding("node", bool(node), node or "not found; install Node.js to run nodejs functions", optional=True)


def _sdk(config: Config) -> Finding:
    there = (node_sdk() / "node_modules" / "@aws-sdk" / "client-sts").exists()
    words = str(node_sdk()) if there else "not there; `freehold doctor --fix` fetches it with npm"
    return Finding("AWS SDK for nodejs functions", there, words, optional=True)


def _isolation(config: Config) -> Finding:
    words = "functions run as processes of their own, without namespaces: do not run code you do not trust"
    return Finding("isolation", True, words)


CHECKS: tuple[Callable[[Config], Finding], ...] = (_python, _data, _port, _node, _sdk, _isolation)


def examine(config: Config) -> list[Finding]:
    return [check(config) for check in CHECKS]
