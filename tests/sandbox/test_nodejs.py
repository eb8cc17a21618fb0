"""The Node.js runtime: its kinds of handlers, modules and failures."""

import re
from pathlib import Path

import pytest

from .workshop import Workshop, needs_node, said, texts

pytestmark = needs_node


@pytest.mark.parametrize(
    ("name", "handler", "source"),
    [
        ("app.mjs", "app.handler", "export const handler = async (event) => [event]"),
        ("app.js", "app.handler", "exports.handler = async (event) => [event]"),
        ("app.cjs", "app.handler", "exports.handler = (event, context, callback) => callback(null, [event])"),
        ("app.js", "app.handler", "exports.handler = (event, context) => context.succeed([event])"),
        ("app.js", "app.handler", "exports.handler = (event, context) => context.done(null, [event])"),
        ("src/app.js", "src/app.handler", "exports.handler = async (event) => [event]"),
        ("app.js", "app.deep.handler", "exports.deep = { handler: async (event) => [event] }"),
        ("app.mjs", "app.handler", "await null; export default { handler: async (event) => [event] }"),
    ],
)
def test_kinds_of_handlers(workshop: Workshop, name: str, handler: str, source: str) -> None:
    assert said(workshop.invoke(workshop.node(source, name, handler=handler), {"a": "ü"})) == [{"a": "ü"}]


def test_js_in_a_package_of_type_module(workshop: Workshop) -> None:
    files = {"package.json": '{"type": "module"}', "app.js": "export const handler = async () => import.meta.url"}
    assert said(workshop.invoke(workshop.function(files, runtime="nodejs20.x"))).endswith("/app.js")


def test_callback_waits_for_what_was_begun(workshop: Workshop) -> None:
    source = """
        exports.handler = (event, context, callback) => {
          context.callbackWaitsForEmptyEventLoop = event.patient;
          setTimeout(() => console.log("late work"), 60);
          callback(null, "done");
        };
    """
    patient = workshop.invoke(workshop.node(source, "app.js"), {"patient": True})
    hasty = workshop.invoke(workshop.node(source, "app.js"), {"patient": False})
    assert said(patient) == said(hasty) == "done"
    assert any("late work" in text for text in texts(patient))
    assert not any("late work" in text for text in texts(hasty))


def test_a_handler_that_says_nothing_answers_null(workshop: Workshop) -> None:
    spec = workshop.node("exports.handler = () => { setTimeout(() => {}, 10) }", "app.js")
    assert workshop.invoke(spec).payload == b"null"
    assert workshop.invoke(workshop.node("exports.handler = async () => {}", "app.js")).payload == b"null"


def test_context_and_log(workshop: Workshop) -> None:
    source = """
        export const handler = async (event, context) => {
          console.log("hi %s", "there", { a: 1 });
          console.error("two\\nlines");
          return [context.getRemainingTimeInMillis() > 1000, context.functionName, context.memoryLimitInMB,
            context.awsRequestId, context.invokedFunctionArn, context.logGroupName, process.env.AWS_REGION];
        };
    """
    spec = workshop.node(source)
    result = workshop.invoke(spec)
    assert said(result) == [True, "hello", "256", "request-1", spec.arn, "/aws/lambda/hello", "eu-west-1"]
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(rf"{moment}\trequest-1\tINFO\thi there {{ a: 1 }}", texts(result)[1])
    assert re.fullmatch(rf"{moment}\trequest-1\tERROR\ttwo\nlines", texts(result)[2])


def test_packages_of_the_platform_and_of_layers(workshop: Workshop) -> None:
    def package(folder: Path, name: str, text: str) -> None:
        (folder / name).mkdir(parents=True)
        (folder / name / "package.json").write_text('{"exports": {"import": "./x.mjs", "require": "./x.cjs"}}')
        (folder / name / "x.mjs").write_text(f"export default '{text} imported'")
        (folder / name / "x.cjs").write_text(f"module.exports = '{text} required'")

    package(workshop.root / "sdk", "@aws-sdk/client-x", "sdk")
    package(workshop.root / "layer" / "nodejs" / "node_modules", "tool", "layer")
    esm = "import x from '@aws-sdk/client-x'; import y from 'tool'; export const handler = async () => [x, y]"
    cjs = "const x = require('@aws-sdk/client-x'), y = require('tool'); exports.handler = async () => [x, y]"
    for source, name, verb in ((esm, "app.mjs", "imported"), (cjs, "app.cjs", "required")):
        spec = workshop.node(source, name, layers=(workshop.root / "layer",))
        result = workshop.invoke(spec, node_modules=workshop.root / "sdk")
        assert said(result) == [f"sdk {verb}", f"layer {verb}"]


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("import 'x-y'; export const handler = 1", "Runtime.ImportModuleError", "Cannot find package 'x-y'"),
        ("export const other = 1", "Runtime.HandlerNotFound", "app.handler is undefined or not exported"),
        ("export const handler = 1", "Runtime.HandlerNotFound", "app.handler is not a function"),
        ("export const = 1", "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected token"),
        ("throw new RangeError('no')", "RangeError", "no"),
    ],
)
def test_a_function_that_can_not_get_ready(workshop: Workshop, source: str, kind: str, words: str) -> None:
    result = workshop.invoke(workshop.node(source))
    assert (result.status, result.error_type) == ("init_error", kind)
    assert words in said(result)["errorMessage"]


@pytest.mark.parametrize(
    ("body", "status", "kind", "words"),
    [
        ("async () => { throw new TypeError('boom') }", "error", "TypeError", "boom"),
        ("() => { throw new TypeError('boom') }", "error", "TypeError", "boom"),
        ("(e, c, callback) => callback('plain')", "error", "string", "plain"),
        ("async () => 1n", "error", "Error", "Unable to stringify response body"),
        ("() => setTimeout(() => { throw new Error('stray') })", "error", "Error", "stray"),
        ("() => { Promise.reject(new Error('lost')); setTimeout(() => {}, 1000) }",
         "error", "Runtime.UnhandledPromiseRejection", "Error: lost"),
        ("() => process.exit(5)", "crash", "Runtime.ExitError",
         "RequestId: request-1 Error: Runtime exited with error: exit status 5"),
    ],
)  # fmt: skip
def test_failures(workshop: Workshop, body: str, status: str, kind: str, words: str) -> None:
    result = workshop.invoke(workshop.node(f"exports.handler = {body}", "app.js"))
    answer = said(result)
    assert (result.status, answer["errorType"], answer["errorMessage"]) == (status, kind, words)
