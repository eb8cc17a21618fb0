"""The Node.js runtime: its kinds of handlers, modules and failures."""

import json
import re
from pathlib import Path

import pytest

from freehold.sandbox import Sandbox

from .workshop import Workshop, needs_node, said, texts

pytestmark = needs_node

NEVER_SETTLED = (
    "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise "
    "that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes"
)


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
        ("app.mjs", "app.handler", "await null; export const handler = (event, context) => context.succeed([event])"),
        ("app.mjs", "app.default", "export default async (event) => [event]"),
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


def test_callbacks_ended_with_nodejs_24(workshop: Workshop) -> None:
    source = "exports.handler = async (event, context, callback) => 1"
    result = workshop.invoke(workshop.node(source, "app.js", runtime="nodejs24.x"))
    assert (result.status, result.error_type) == ("init_error", "Runtime.CallbackHandlerDeprecated")
    assert said(workshop.invoke(workshop.node(source, "app.js", runtime="nodejs22.x"))) == 1


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
    expected = [rf"{moment}\trequest-1\tINFO\thi there {{ a: 1 }}", rf"{moment}\trequest-1\tERROR\ttwo\nlines"]
    told = [text for text in texts(result) if "\trequest-1\t" in text]
    assert all(re.fullmatch(form, text) for form, text in zip(expected, told, strict=True))


def test_log_as_json(workshop: Workshop) -> None:
    source = """
        exports.handler = async (event, context) => {
          console.debug("unheard");
          console.info("sold %s", "out");
          console.log({ sku: "a-1" });
          console.warn("caught", new RangeError("far"));
          console.error(new TypeError("odd"));
          console.fatal(1n);
          throw Object.assign(new Error("boom"), { code: 7 });
        };
    """
    environment = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO"}
    result = workshop.invoke(workshop.node(source, "app.js", environment=environment))
    told = [json.loads(line) for line in texts(result) if line.startswith("{")]
    assert all(re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{3}Z", one.pop("timestamp")) for one in told)
    assert {one.pop("requestId") for one in told} == {"request-1"}
    info, whole, warn, error, fatal, failure = told
    assert info == {"level": "INFO", "message": "sold out"}
    assert whole == {"level": "INFO", "message": {"sku": "a-1"}}
    assert (warn["level"], warn["errorType"], warn["errorMessage"]) == ("WARN", "RangeError", "far")
    assert (error["level"], error["message"]["errorType"]) == ("ERROR", "TypeError")
    assert fatal == {"level": "FATAL", "message": "1n"}
    assert (failure["message"]["errorMessage"], failure["message"]["code"]) == ("boom", 7)


def test_log_of_a_failure(workshop: Workshop) -> None:
    result = workshop.invoke(workshop.node("exports.handler = async () => { throw new TypeError('boom') }", "app.js"))
    line = next(text for text in texts(result) if "Invoke Error" in text)
    head, _, told = line.partition("Invoke Error \t")
    assert head.endswith("\trequest-1\tERROR\t")
    error = json.loads(told)
    assert (error["errorType"], error["errorMessage"], error["stack"][0]) == ("TypeError", "boom", "TypeError: boom")


def test_packages_of_the_platform_and_of_layers(workshop: Workshop) -> None:
    def package(folder: Path, name: str, text: str) -> None:
        (folder / name).mkdir(parents=True)
        (folder / name / "package.json").write_text('{"exports": {"import": "./x.mjs", "require": "./x.cjs"}}')
        (folder / name / "x.mjs").write_text(f"export default '{text} imported'")
        (folder / name / "x.cjs").write_text(f"module.exports = '{text} required'")

    package(workshop.root / "cache" / "nodejs" / "node_modules", "@aws-sdk/client-x", "sdk")
    package(workshop.root / "layer" / "nodejs" / "node_modules", "tool", "layer")
    esm = "import x from '@aws-sdk/client-x'; import y from 'tool'; export const handler = async () => [x, y]"
    cjs = "const x = require('@aws-sdk/client-x'), y = require('tool'); exports.handler = async () => [x, y]"
    for source, name, verb in ((esm, "app.mjs", "imported"), (cjs, "app.cjs", "required")):
        spec = workshop.node(source, name, layers=(workshop.root / "layer",))
        result = workshop.invoke(spec, cache=workshop.root / "cache")
        assert said(result) == [f"sdk {verb}", f"layer {verb}"]


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("import 'x-y'; export const handler = 1", "Error", "Cannot find package 'x-y'"),
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
    ("handler", "kind", "words"),
    [
        ("gone.handler", "Runtime.ImportModuleError", "Error: Cannot find module 'gone'"),
        ("app", "Runtime.MalformedHandlerName", "Bad handler"),
        ("../app.handler", "Runtime.MalformedHandlerName", "'../app.handler' is not a valid handler name."),
    ],
)
def test_a_handler_name_that_leads_nowhere(workshop: Workshop, handler: str, kind: str, words: str) -> None:
    result = workshop.invoke(workshop.node("exports.handler = 1", "app.js", handler=handler))
    assert (result.status, result.error_type) == ("init_error", kind)
    assert said(result)["errorMessage"].startswith(words)


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
        ("async () => { await new Promise(() => {}) }", "error", "Runtime.NodeJsExit", NEVER_SETTLED),
        ("() => process.exit(5)", "crash", "Runtime.ExitError",
         "RequestId: request-1 Error: Runtime exited with error: exit status 5"),
    ],
)  # fmt: skip
def test_failures(workshop: Workshop, body: str, status: str, kind: str, words: str) -> None:
    result = workshop.invoke(workshop.node(f"exports.handler = {body}", "app.js"))
    answer = said(result)
    assert (result.status, answer["errorType"], answer["errorMessage"]) == (status, kind, words)


# Response streaming. What is asked of the platform is read from a Runtime API that writes down what it hears.


@pytest.mark.parametrize(
    ("body", "payload"),
    [
        ("stream.write('a'); stream.write(Buffer.from('b')); stream.end('c')", b"abc"),
        ("stream.write({ a: 1 }); stream.end()", b'{"a":1}'),
        ("stream.end()", b""),
        ("setTimeout(() => stream.end('late'), 20)", b"late"),
        ("await pipeline(Readable.from(['x', 'y']), stream)", b"xy"),
        ("stream.write('x'.repeat(2 ** 20)); stream.end()", b"x" * 2**20),
        ("const s = awslambda.HttpResponseStream.from(stream, { statusCode: 201 }); s.write('made'); s.end()",
         b'{"statusCode":201}' + bytes(8) + b"made"),
        ("awslambda.HttpResponseStream.from(stream, { statusCode: 204 }).end()", b'{"statusCode":204}' + bytes(8)),
    ],
)  # fmt: skip
def test_streamed_answers(workshop: Workshop, body: str, payload: bytes) -> None:
    result = workshop.invoke(workshop.node(STREAMING % body))
    assert (result.status, result.payload) == ("ok", payload)


STREAMING = """
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
export const handler = awslambda.streamifyResponse(async (event, stream, context) => { %s });
"""


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("throw new TypeError('boom')", "TypeError"),
        ("stream.write('half'); throw new TypeError('boom')", "TypeError"),
        ("stream.write('half')", "string"),
        ("stream.write('half'); await new Promise(() => {})", "Runtime.NodeJsExit"),
        ("stream.destroy(new RangeError('gone'))", "RangeError"),
        ("stream.write('a'); stream.setContentType('text/plain')", "Runtime.InvalidStreamingOperation"),
        ("await pipeline(Readable.from((function* () { yield 'a'; throw new RangeError('no') })()), stream)",
         "RangeError"),
        ("stream.write('half'); setTimeout(() => { throw new EvalError('stray') }); await new Promise(() => {})",
         "EvalError"),
    ],
)  # fmt: skip
def test_streams_that_break_off(workshop: Workshop, body: str, kind: str) -> None:
    result = workshop.invoke(workshop.node(STREAMING % body))
    assert (result.status, result.error_type) == ("error", kind)


def test_streaming_needs_a_promise(workshop: Workshop) -> None:
    source = "exports.handler = awslambda.streamifyResponse((event, stream) => { stream.end() })"
    result = workshop.invoke(workshop.node(source, "app.js"))
    assert any("Streaming does not support non-async handlers." in text for text in texts(result))


def test_a_streaming_function_goes_on_after_a_broken_stream(workshop: Workshop) -> None:
    spec = workshop.node(STREAMING % "stream.write('half'); if (event) throw new Error('boom'); stream.end()")

    async def scene(box: Sandbox) -> list[tuple[str, bool]]:
        results = [await box.invoke(spec, event, request_id="r") for event in (b"1", b"0")]
        return [(result.status, result.cold) for result in results]

    assert workshop.play(scene) == [("error", True), ("ok", False)]
