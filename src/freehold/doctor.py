"""The doctor: what this machine has of what the cloud needs.

One idea: each check is a row; what is missing says what to do. It may not change anything.
"""

import os
import shutil
import socket
import sys
from collections.abc import Callable
from typing import NamedTuple

from freehold.config import Config


class Finding(NamedTuple):
    what: str
    well: bool
    words: str
    optional: bool = False


def _python(config: Config) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", sys.version_info >= (3, 11), f"{version} (3.11 or newer is needed)")


def _data(config: Config) -> Finding:
    folder = config.data if config.data.exists() else config.data.parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    writable = os.access(folder, os.W_OK)
    words = (
        f"{config.data}, {free:.0f} GB free" if writable else f"{folder} is not writable; choose another with --data"
    )
    return Finding("data folder", writable and free > 1, words)


def _port(config: Config) -> Finding:
    with socket.socket() as probe:
        taken = probe.connect_ex((config.host, config.port)) == 0
    words = f"{config.port} answers (Freehold or another program)" if taken else f"{config.port} is free"
    return Finding("port", True, words)


def _node(config: Config) -> Finding:
    node = shutil.which("node")
    return Finding("node", bool(node), node or "not found; install Node.js to run nodejs functions", optional=True)


def _isolation(config: Config) -> Finding:
    words = "functions run as processes of their own, without namespaces: do not run code you do not trust"
    return Finding("isolation", True, words)


CHECKS: tuple[Callable[[Config], Finding], ...] = (_python, _data, _port, _node, _isolation)


def examine(config: Config) -> list[Finding]:
    return [check(config) for check in CHECKS]
