"""Which interpreter and which SDK a Node.js function gets."""

import shutil
from pathlib import Path

import pytest

from freehold import cache
from freehold.sandbox.runtimes import Shelf, nodes, notice_of
from freehold.sandbox.runtimes.start import NotStartable

from .workshop import Workshop, needs_node, said, texts

SDK_2 = next(thing for thing in cache.THINGS if thing.folder == "nodejs-v2")

# As it was written for nodejs14.x: the SDK's version 2, callbacks, context.done.
OLD = """
const AWS = require('aws-sdk');
const s3 = new AWS.S3({ endpoint: 'http://127.0.0.1:9', maxRetries: 0 });
exports.handler = function (event, context, callback) {
  context.callbackWaitsForEmptyEventLoop = false;
  s3.putObject({ Bucket: 'b', Key: event.key, Body: 'x' }, function (err, data) {
    if (event.done) return context.done(null, { failed: err.code });
    callback(err && event.strict ? err : null, { failed: err && err.code, version: AWS.VERSION.split('.')[0] });
  });
};
"""


def test_the_exact_one_else_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in (16, 18, 22):
        program = tmp_path / "nodes" / "node_modules" / f"node{version}" / "bin" / "node"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho v{version}.1.0\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", "/nowhere")
    shelf = Shelf(tmp_path / "python", tmp_path)
    wanted = {"nodejs12.x": 18, "nodejs18.x": 18, "nodejs20.x": 22, "nodejs22.x": 22, "nodejs24.x": 22}
    assert {runtime: nodes.node_for(runtime, shelf).version for runtime in wanted} == wanted
    assert notice_of("nodejs18.x", shelf) == ""
    assert notice_of("nodejs20.x", shelf) == "nodejs20.x runs by Node.js 22: Node.js 20 is not on this machine"


def test_no_interpreter_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    nodes.nodes.cache_clear()
    words = "runtime nodejs20.x can not be run: Node.js 18 or newer is not on this machine"
    with pytest.raises(NotStartable, match=words):
        nodes.node_for("nodejs20.x", Shelf(tmp_path))
    assert notice_of("nodejs20.x", Shelf(tmp_path)) == words
    nodes.nodes.cache_clear()


@needs_node
def test_the_notice_is_in_the_functions_log(workshop: Workshop) -> None:
    runtime = "nodejs12.x"
    result = workshop.invoke(workshop.node("exports.handler = async () => 1", "app.js", runtime=runtime))
    assert texts(result)[0] == f"INIT_NOTICE {notice_of(runtime, Shelf(workshop.root))}"


@pytest.mark.slow
@pytest.mark.timeout(300)
@needs_node
def test_a_nodejs14_function_with_the_old_sdk_and_callbacks(workshop: Workshop) -> None:
    if not SDK_2.there():
        if not shutil.which("npm"):
            pytest.skip("neither the SDK nor npm is on this machine")
        cache.fetch(SDK_2)
    environment = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    spec = workshop.node(OLD, "app.js", runtime="nodejs14.x", timeout_s=30, memory_mb=512, environment=environment)
    result = workshop.invoke(spec, {"key": "k"}, cache=cache.folder())
    assert said(result)["version"] == "2"
    assert set(said(workshop.invoke(spec, {"key": "k", "done": True}, cache=cache.folder()))) == {"failed"}
    failed = workshop.invoke(spec, {"key": "k", "strict": True}, cache=cache.folder())
    assert failed.status == "error"
