"""Custom runtimes: real compiled programs, and programs that can not be executed."""

import os
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from freehold.sandbox import FunctionSpec

from .workshop import Workshop, said, texts

GO = shutil.which("go") or shutil.which("/usr/local/go/bin/go")
CARGO = shutil.which("cargo") or shutil.which("cargo", path=str(Path.home() / ".cargo" / "bin"))
BUILDS = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "freehold-tests"

GO_FILES = {
    "go.mod": "module hello\n\ngo 1.21\n\nrequire github.com/aws/aws-lambda-go v1.49.0\n",
    "main.go": """\
package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type Order struct {
	Sku string `json:"sku"`
}

func handle(ctx context.Context, order Order) (map[string]string, error) {
	fmt.Println("order", order.Sku)
	if order.Sku == "" {
		return nil, fmt.Errorf("no sku")
	}
	told, _ := lambdacontext.FromContext(ctx)
	return map[string]string{"sold": order.Sku, "id": told.AwsRequestID}, nil
}

func main() { lambda.Start(handle) }
""",
}
RUST_FILES = {
    "Cargo.toml": """\
[package]
name = "hello"
version = "0.1.0"
edition = "2021"

[dependencies]
lambda_runtime = { version = "1", default-features = false }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt"] }
""",
    "src/main.rs": """\
use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde_json::{json, Value};

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let sku = event.payload["sku"].as_str().ok_or("no sku")?;
    println!("order {sku}");
    Ok(json!({"sold": sku, "id": event.context.request_id}))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}
""",
}


def built(language: str, files: dict[str, str], command: list[str], program: str) -> Path:
    """The program that `command` makes of these files, in a folder that is kept between test runs."""
    folder = BUILDS / language
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists() or place.read_text() != text:
            place.write_text(text)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{language} could not build it: {done.stderr.strip().splitlines()[-1]}")
    return folder / program


def sold(workshop: Workshop, program: Path, runtime: str, name: str = "bootstrap") -> None:
    spec = workshop.function({"x": ""}, runtime=runtime, handler=name)
    shutil.copy(program, spec.code / name)
    result = workshop.invoke(spec, {"sku": "a-1"})
    assert (result.status, said(result)) == ("ok", {"sold": "a-1", "id": "request-1"})
    assert "order a-1" in texts(result)
    failed = workshop.invoke(spec, {})
    assert (failed.status, said(failed)["errorMessage"]) == ("error", "no sku")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(GO is None, reason="go is not on this machine")
def test_a_program_in_go(workshop: Workshop) -> None:
    command = ["sh", "-c", f"{GO} mod tidy && CGO_ENABLED=0 {GO} build -tags lambda.norpc -o bootstrap ."]
    program = built("go", GO_FILES, command, "bootstrap")
    sold(workshop, program, "provided.al2023")
    sold(workshop, program, "go1.x", "main")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(CARGO is None, reason="cargo is not on this machine")
def test_a_program_in_rust(workshop: Workshop) -> None:
    program = built("rust", RUST_FILES, [str(CARGO), "build", "--release", "--quiet"], "target/release/hello")
    sold(workshop, program, "provided.al2023")


# A program of another machine: an ELF head that says so (AArch64 where this is x86-64, and the other way).
OTHER_MACHINE = 62 if os.uname().machine == "aarch64" else 183
FOREIGN = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHI", 2, OTHER_MACHINE, 1) + bytes(200)


def program(workshop: Workshop, content: bytes, mode: int = 0o755) -> FunctionSpec:
    spec = workshop.function({"x": ""}, runtime="provided.al2")
    (spec.code / "bootstrap").write_bytes(content)
    (spec.code / "bootstrap").chmod(mode)
    return spec


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (FOREIGN, 0o755, "exec format error"),
        (b"no program at all", 0o755, "exec format error"),
        (b"#!/bin/sh\n", 0o644, "permission denied"),
        (b"#!/no/such/interpreter\n", 0o755, "no such file or directory"),
    ],
)
def test_what_can_not_be_executed(workshop: Workshop, content: bytes, mode: int, words: str) -> None:
    result = workshop.invoke(program(workshop, content, mode))
    assert (result.status, result.error_type) == ("init_error", "Runtime.InvalidEntrypoint")
    assert said(result)["errorMessage"].endswith(f"/bootstrap: {words}")


@pytest.mark.parametrize("workshop", ["namespace"], indirect=True)
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not on this machine")
def test_sh_is_bash_as_on_amazon_linux(workshop: Workshop) -> None:
    spec = workshop.bootstrap("id = next_id()\ncall('POST', f'invocation/{id}/response', sys.argv[1])\nnext_id()")
    (spec.code / "bootstrap").rename(spec.code / "main")
    script = '#!/bin/sh\nset -euo pipefail\nsource ./words.sh\nfunction go () { exec ./main "${words[1]}"; }\ngo\n'
    for name, text in (("bootstrap", script), ("words.sh", "words=(never 7)\n")):
        (spec.code / name).write_text(text)
        (spec.code / name).chmod(0o755)
    assert workshop.invoke(spec).payload == b"7"


def test_a_custom_runtime_is_told_of_no_other(workshop: Workshop) -> None:
    source = (
        "id = next_id()\ncall('POST', f'invocation/{id}/response', str('AWS_EXECUTION_ENV' in os.environ))\nnext_id()"
    )
    assert workshop.invoke(workshop.bootstrap(source)).payload == b"False"


def test_no_program_at_all(workshop: Workshop) -> None:
    answer = said(workshop.invoke(workshop.function({"x": ""}, runtime="provided.al2")))
    words = "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"
    assert answer["errorMessage"] == f"RequestId: request-1 Error: {words}"
    answer = said(workshop.invoke(workshop.function({"x": ""}, runtime="go1.x", handler="main")))
    assert answer["errorMessage"].endswith("fork/exec /var/task/main: no such file or directory")


def test_a_runtime_that_is_not_run_says_what_to_do(workshop: Workshop) -> None:
    result = workshop.invoke(workshop.function({"x": ""}, runtime="python2.7"))
    assert "the language has come to its end" in said(result)["errorMessage"]
