"""Functions of container images, run in cells whose root is the image."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from freehold.sandbox import FunctionSpec
from freehold.sandbox.fittings import choice
from freehold.sandbox.images import layout, prepare
from freehold.sandbox.spec import Image

from .images import Packed, laid_out, layer, with_python
from .workshop import CLIENT, Workshop, said, texts

PYTHON = os.path.realpath(sys.executable)

ANSWER = """
import json, socket
def looked(path):
    try: return sorted(os.listdir(path))
    except OSError as error: return error.strerror
def tried(path):
    try: open(path, "w").write("x")
    except OSError as error: return error.strerror
    return "written"
while True:
    id = next_id()
    told = {
        "argv": sys.argv, "cwd": os.getcwd(), "root": looked("/"), "task": looked("/var/task"), "host": looked("/root"),
        "writing": [tried("/tmp/x"), tried("/var/task/x"), tried("/x"), tried("/etc/hosts")],
        "variables": {name: os.environ.get(name) for name in ("OF_IMAGE", "OF_BOTH", "PATH", "LAMBDA_TASK_ROOT")},
        "devices": looked("/dev"), "pids": len([name for name in looked("/proc") if name.isdigit()]),
        "hosts": open("/etc/hosts").read()[:9], "uid": os.getuid(),
    }
    print("said", flush=True)
    call("POST", f"invocation/{id}/response", json.dumps(told))
"""


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    folder = tmp_path_factory.mktemp("image")
    client = (CLIENT.format(python=PYTHON) + ANSWER).encode()
    code = layer(("var/task/app.py", b"x"), ("var/task/serve", client), ("usr/local/bin/serve", "/var/task/serve"))
    packed = Packed(
        with_python(), code, Entrypoint=["serve"], Cmd=["app.handler"], WorkingDir="/var/task",
        Env=["OF_IMAGE=1", "OF_BOTH=image", "PATH=/usr/local/bin"],
    )  # fmt: skip
    return prepare(layout(laid_out(packed, folder / "layout")), "x86_64", folder / "shelf")


@pytest.fixture
def run(workshop: Workshop, image: Image) -> Iterator[Any]:
    if choice.refusal():
        pytest.skip("the kernel gives no namespaces here")

    def of(changed: dict[str, Any], **fields: Any) -> FunctionSpec:
        this = msgspec.structs.replace(image, **changed)
        base = workshop.function({"x": ""}, runtime="", handler="", timeout_s=10, **fields)
        return msgspec.structs.replace(base, code=this.root / "var/task", image=this)

    yield lambda changed={}, **fields: workshop.invoke(of(changed, **fields), fitting="namespace")


def test_an_image_is_the_root_of_its_function(run: Any) -> None:
    result = run(environment={"OF_BOTH": "function"})
    told = said(result)
    assert told["argv"] == ["/usr/local/bin/serve", "app.handler"] and told["cwd"] == "/var/task"
    assert told["task"] == ["app.py", "serve"]
    expected = {"OF_IMAGE": "1", "OF_BOTH": "function", "PATH": "/usr/local/bin", "LAMBDA_TASK_ROOT": "/var/task"}
    assert told["variables"] == expected
    assert "said" in texts(result)


def test_an_image_is_read_only_and_all_there_is(run: Any) -> None:
    told = said(run())
    assert told["writing"] == ["written", *["Read-only file system"] * 3]
    assert told["uid"] != 0 and told["pids"] == 2 and "sda" not in told["devices"] and "null" in told["devices"]
    assert told["hosts"] == "127.0.0.1"
    outside = {"home", "boot", "srv", "media", "sys", "work"}
    assert not outside & set(told["root"])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"entrypoint": (), "command": ()}, "the container image has neither ENTRYPOINT nor CMD"),
        ({"entrypoint": ("/gone",)}, "fork/exec /gone: no such file or directory"),
        ({"entrypoint": ("gone",)}, 'exec: "gone": executable file not found in $PATH'),
        ({"entrypoint": ("./app.py",)}, "fork/exec /var/task/app.py: exec format error"),
        ({"working_dir": "/gone"}, "chdir /gone: no such file or directory"),
    ],
)
def test_what_an_image_may_say_wrong(run: Any, changed: dict, words: str) -> None:
    result = run(changed)
    assert (result.status, result.error_type) == ("init_error", "Runtime.InvalidEntrypoint")
    assert said(result)["errorMessage"].endswith(words)


def test_the_process_fitting_runs_no_images(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    spec = workshop.function({"x": ""}, runtime="", handler="")
    spec = msgspec.structs.replace(spec, image=Image(root=tmp_path, command=("/run",)))
    result = workshop.invoke(spec, fitting="process")
    assert said(result)["errorMessage"].endswith("a container image needs the namespace fitting")
