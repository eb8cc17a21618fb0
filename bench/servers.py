"""The compared servers: how each is started on loopback, and what its processes have used.

It may not know what is measured.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Peer(NamedTuple):
    """`package` is what pip installs into a virtual environment of its own, empty for ourselves, and npm where `node`
    says so; `health` a page that answers when the server is ready; `cases` how the names of those begin that it is
    there for; `key` and secret are the same."""

    name: str
    package: str
    command: tuple[str, ...]
    environment: dict[str, str]
    health: str = "/"
    cases: str = ""
    node: bool = False
    key: str = "test"


PEERS = (
    Peer("freehold", "", ("-m", "freehold", "up", "--port", "{port}", "--data", "{data}"), {}, "/_freehold/health"),
    Peer("ministack", "ministack", ("-m", "ministack"), {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": "{port}"}),
    Peer("moto", "moto[server]", ("-m", "moto.server", "-H", "127.0.0.1", "-p", "{port}"), {}),
    Peer(
        "dynalite", "dynalite", ("cli.js", "--host", "127.0.0.1", "--port", "{port}", "--createTableMs", "0"), {},
        cases="DynamoDB", node=True,
    ),
    Peer(
        "s3rver", "s3rver", ("bin/s3rver.js", "-d", "{data}", "-a", "127.0.0.1", "-p", "{port}", "--silent"), {},
        cases="S3", node=True, key="S3RVER",
    ),
)  # fmt: skip


class Server:
    """One running server: its port, and what its process tree has used so far."""

    def __init__(self, peer: Peer, root: Path, data: Path | None = None):
        self.name, self.peer = peer.name, peer
        self.port = free_port()
        data = data or root / f"data-{peer.name}-{self.port}"
        data.mkdir(parents=True, exist_ok=True)
        places = {"port": str(self.port), "data": str(data)}
        command = [*program_of(peer, root), *(word.format(**places) for word in peer.command[peer.node :])]
        environment = {**os.environ, **{name: value.format(**places) for name, value in peer.environment.items()}}
        start = time.monotonic()
        self.process = subprocess.Popen(
            command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not answers(self.port, peer.health):
            if self.process.poll() is not None or time.monotonic() - start > 60:
                raise RuntimeError(f"{self.name} did not start: {' '.join(command)}")
            time.sleep(0.005)
        self.started_s = time.monotonic() - start
        self.url = f"http://127.0.0.1:{self.port}"

    def tree(self) -> list[int]:
        """The server's processes: itself and everything below it."""
        found, ahead = [], [self.process.pid]
        while ahead:
            pid = ahead.pop()
            found.append(pid)
            with suppress(OSError):
                for task in Path(f"/proc/{pid}/task").iterdir():
                    ahead += map(int, (task / "children").read_text().split())
        return found

    def cpu_s(self) -> float:
        """User and system time of the tree, and of its children that have ended."""
        return sum(sum(map(int, stat(pid)[11:15])) for pid in self.tree()) / TICKS

    def memory_mb(self) -> float:
        return sum(int(stat(pid)[21]) for pid in self.tree()) * PAGE / 1e6

    def stop(self) -> None:
        with suppress(OSError):
            os.killpg(self.process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        with suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)


def stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["0"] * 50


def program_of(peer: Peer, root: Path) -> list[str]:
    """The interpreter that has the peer installed, and for node its script; made at first use."""
    if not peer.package:
        return [sys.executable]
    if peer.node:
        script = root / "npm" / "node_modules" / peer.package / peer.command[0]
        if not script.exists():
            subprocess.run(["npm", "install", "--silent", "--prefix", str(root / "npm"), peer.package], check=True)
        return ["node", str(script)]
    folder = root / f"venv-{peer.name}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", peer.package], check=True)
        (folder / "ready").touch()
    return [str(python)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int, path: str) -> bool:
    """Whether the server gives an answer to a plain request."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as probe:
            probe.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            return bool(probe.recv(1))
    except OSError:
        return False
