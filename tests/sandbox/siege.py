"""A siege: hostile functions, run in cells by a Freehold of its own, whoever it runs as.

Run as a program it reads {"folder", "attacks": [{"name", "source", "events", "fields"}]} and writes, by name, what each
event came to and whether an honest function was served after it. Attacks find in their event what they aim at.
"""

import asyncio
import json
import os
import socket
import sys
import textwrap
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvloop

from freehold.sandbox import FunctionSpec, Sandbox

IDLE_S = 0.3
SECRET = "only-the-first-tenant-knows"
HONEST = "def handler(event, context): return 'at your service'"
PRELUDE = """
import ctypes, errno, json, os, signal, socket, subprocess, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def tried(act, *words):
    try:
        return act(*words)
    except Exception as error:
        return errno.errorcode.get(getattr(error, "errno", None), type(error).__name__)
def called(number, *words):
    if libc.syscall(ctypes.c_long(number), *words) >= 0: return "done"
    return errno.errorcode[ctypes.get_errno()]
def read(path):
    with open(path, "rb") as file: return file.read(64).decode("latin-1")
"""


class Siege:
    """One Sandbox, and what of the machine attacks aim at."""

    def __init__(self, folder: Path, box: Sandbox) -> None:
        self.folder, self.box = folder, box
        self.secret = folder / "secret"
        self.secret.write_text("of Freehold")
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.abstract = socket.socket(socket.AF_UNIX)
        self.abstract.bind(f"\0siege-{os.getpid()}")
        self.abstract.listen()
        self.target = {
            "paths": [str(self.secret), str(folder / "sandbox"), "/etc/shadow", "/root", "/home", "/sys", "/boot"],
            "port": self.tcp.getsockname()[1],
            "abstract": f"siege-{os.getpid()}",
            "pid": os.getpid(),
        }

    def spec(self, name: str, source: str, fields: dict[str, Any]) -> FunctionSpec:
        code = self.folder / name.replace("/", "_")
        code.mkdir()
        (code / "app.py").write_text(PRELUDE + textwrap.dedent(source))
        runtime = f"python3.{sys.version_info.minor}"
        layers = tuple(self.folder / layer for layer in fields.get("layers", ()))
        told = {"memory_mb": 256, "timeout_s": 20, **fields, "layers": layers}
        return FunctionSpec(
            key=name,
            runtime=runtime,
            handler="app.handler",
            code=code,
            name=name,
            arn=f"arn:{name}",
            region="r",
            **told,
        )

    async def attack(self, name: str, source: str, events: list[Any], fields: dict[str, Any]) -> list[dict[str, Any]]:
        """What each event came to. Between two of them the environment is idle for a while."""
        spec, outcomes = self.spec(name, source, fields), []
        for at, event in enumerate(events):
            if at:
                await asyncio.sleep(IDLE_S)
            payload = json.dumps({**self.target, "event": event}).encode()
            result = await self.box.invoke(spec, payload, request_id=f"request-{at}")
            answer = json.loads(result.payload or b"null")
            size = sum(len(text) for _, text in result.log)
            log = [text[:500] for _, text in result.log][:200]
            outcomes.append({"status": result.status, "answer": answer, "log": log, "log_size": size})
        honest = await self.box.invoke(self.honest, b"{}", request_id="honest")
        outcomes.append({"status": honest.status, "answer": json.loads(honest.payload), "log": []})
        await self.box.retire(name)
        return outcomes


async def besiege(folder: Path, attacks: list[dict[str, Any]]) -> dict[str, Any]:
    box = Sandbox(folder / "sandbox", "namespace")
    siege = Siege(folder, box)
    siege.honest = siege.spec("honest", HONEST, {"environment": {"SECRET": SECRET}})
    try:
        return {attack["name"]: await siege.attack(**attack) for attack in attacks}
    finally:
        await box.close()
        siege.tcp.close()
        siege.abstract.close()


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    with suppress(BrokenPipeError):
        json.dump(uvloop.run(besiege(Path(asked["folder"]), asked["attacks"])), sys.stdout)
