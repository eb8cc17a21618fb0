"""A workshop for sandbox tests: writes function code, describes it, runs it in real processes."""

import asyncio
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvloop

from freehold.sandbox import FunctionSpec, Result, Sandbox

PYTHON = f"python3.{sys.version_info.minor}"
only_processes = pytest.mark.parametrize("workshop", ["process"], indirect=True)
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not on this machine")


class Workshop:
    """Makes functions and runs them in one Sandbox."""

    def __init__(self, root: Path, fitting: str) -> None:
        self.root = root
        self.fitting = fitting
        self.count = 0

    def seen(self, spec: FunctionSpec) -> str:
        """Where the function sees its code."""
        return "/var/task" if self.fitting == "namespace" else str(spec.code)

    def folder(self, files: dict[str, str]) -> Path:
        """A folder of these files, all of which may be executed."""
        self.count += 1
        folder = self.root / f"code{self.count}"
        for name, text in files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(textwrap.dedent(text))
            place.chmod(0o755)
        return folder

    def function(self, files: dict[str, str], **fields: Any) -> FunctionSpec:
        """A function of these files; `fields` override the description."""
        code = self.folder(files)
        arn = "arn:aws:lambda:eu-west-1:111122223333:function:hello"
        told = {"runtime": PYTHON, "handler": "app.handler", "name": "hello", "arn": arn, "region": "eu-west-1"}
        return FunctionSpec(**{"key": f"function{self.count}", "code": code, "memory_mb": 256, **told, **fields})

    def python(self, source: str, **fields: Any) -> FunctionSpec:
        """A Python function with its handler in app.py."""
        return self.function({"app.py": source}, **fields)

    def node(self, source: str, name: str = "app.mjs", **fields: Any) -> FunctionSpec:
        """A Node.js function with its handler in one file."""
        return self.function({name: source}, **{"runtime": "nodejs20.x", **fields})

    def bootstrap(self, source: str, **fields: Any) -> FunctionSpec:
        """A custom runtime: a program that has `call(method, path, body, headers)` → (status, headers, body)."""
        text = CLIENT.format(python=os.path.realpath(sys.executable)) + textwrap.dedent(source)
        return self.function({"bootstrap": text}, **{"runtime": "provided.al2023", **fields})

    def extensions(self, *sources: str, **named: str) -> Path:
        """A layer of external extensions, called ext1, ext2 … or by name. Each has what EXTENSION_CLIENT defines."""
        all_named = {**{f"ext{at}": source for at, source in enumerate(sources, 1)}, **named}
        head = EXTENSION_CLIENT.format(python=os.path.realpath(sys.executable))
        return self.folder({f"extensions/{name}": head + textwrap.dedent(text) for name, text in all_named.items()})

    def play(self, scene: Callable[[Sandbox], Coroutine[Any, Any, Any]], **settings: Any) -> Any:
        """Run a coroutine with a Sandbox, on the event loop the server uses."""

        async def act() -> Any:
            box = Sandbox(self.root / "sandbox", **{"fitting": self.fitting, **settings})
            try:
                return await scene(box)
            finally:
                await box.close()

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(act())

    def invoke(self, spec: FunctionSpec, event: Any = None, **settings: Any) -> Result:
        """Run a function once."""
        return self.play(lambda box: box.invoke(spec, json.dumps(event).encode(), request_id="request-1"), **settings)


CLIENT = """\
#!{python} -S
import http.client, os, sys
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
def call(method, path, body=None, headers={{}}):
    api.request(method, "/2018-06-01/runtime/" + path, body, headers)
    response = api.getresponse()
    return response.status, response.headers, response.read()
def next_id():
    return call("GET", "invocation/next")[1]["Lambda-Runtime-Aws-Request-Id"]
"""


EXTENSION_CLIENT = """\
#!{python} -S
import http.client, json, os, socket, sys, threading, time
ME = os.path.basename(__file__)
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
identity = {{}}
def say(*words):
    print(ME, *words, flush=True)
def call(method, path, body=None, headers={{}}, root="/2020-01-01/extension/"):
    api.request(method, root + path, None if body is None else json.dumps(body), {{**identity, **headers}})
    response = api.getresponse()
    return response.status, response.headers, response.read()
def refused(*arguments, **named):
    status, headers, body = call(*arguments, **named)
    return [status, *json.loads(body).values()]
def register(*events, name=ME, headers={{}}):
    status, told, body = call("POST", "register", {{"events": events}}, {{"Lambda-Extension-Name": name, **headers}})
    if status == 200:
        identity["Lambda-Extension-Identifier"] = told["Lambda-Extension-Identifier"]
    return status, json.loads(body)
def next_event():
    status, told, body = call("GET", "event/next")
    return json.loads(body)
"""


def texts(result: Result) -> list[str]:
    """The log of a result without its moments and line ends."""
    return [text.rstrip("\n") for _, text in result.log]


def said(result: Result) -> Any:
    """The payload as JSON."""
    return json.loads(result.payload)


def lives(pid: int) -> bool:
    """Whether a process is there and no corpse."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def outside(pid: int, near: int | None) -> int:
    """The machine's name for a process by the name that a program in the same cell as process `near` has for it."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            names = status.read_text().split("NSpid:")[1].split("\n")[0].split()
            if int(names[-1]) == pid and near is not None and _cell(int(names[0])) == _cell(near):
                return int(names[0])
    raise ProcessLookupError(pid)


def _cell(pid: int) -> str:
    return os.readlink(f"/proc/{pid}/ns/pid")
