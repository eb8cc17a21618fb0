"""The Ruby runtime: what a handler is given, and how its failures look."""

import re
import shutil

import pytest

from freehold.sandbox import FunctionSpec, Sandbox

from .workshop import Workshop, said, texts

pytestmark = pytest.mark.skipif(shutil.which("ruby") is None, reason="ruby is not on this machine")


def ruby(workshop: Workshop, source: str, **fields: object) -> FunctionSpec:
    return workshop.function({"app.rb": source}, **{"runtime": "ruby3.3", **fields})


def test_gives_back_what_the_handler_returns(workshop: Workshop) -> None:
    spec = ruby(workshop, "def handler(event:, context:)\n  { got: event, 'é' => 1 }\nend")
    result = workshop.invoke(spec, [1, "ü"])
    assert (result.status, said(result)) == ("ok", {"got": [1, "ü"], "é": 1})


def test_a_method_of_a_class_and_helpers_beside_it(workshop: Workshop) -> None:
    files = {
        "src/app.rb": "require_relative 'words'\nmodule Shop\n  class App\n    def self.run(event:, context:)\n"
        "      Words::HELLO + event\n    end\n  end\nend",
        "src/words.rb": "module Words\n  HELLO = 'hello '\nend",
    }
    spec = workshop.function(files, runtime="ruby3.3", handler="src/app.Shop::App.run")
    assert said(workshop.invoke(spec, "you")) == "hello you"


def test_context_and_log(workshop: Workshop) -> None:
    source = """
        require "logger"
        def handler(event:, context:)
          puts "one\\ntwo"
          print "no line end"
          Logger.new($stdout).info("logged")
          [context.aws_request_id, context.function_name, context.memory_limit_in_mb, context.invoked_function_arn,
           context.get_remaining_time_in_millis > 1000, ENV["AWS_REGION"], ENV["_X_AMZN_TRACE_ID"]]
        end
    """
    spec = ruby(workshop, source)

    async def scene(box: Sandbox) -> object:
        return await box.invoke(spec, b"{}", request_id="request-1", trace_id="Root=1")

    result = workshop.play(scene)
    assert said(result) == ["request-1", "hello", "256", spec.arn, True, "eu-west-1", "Root=1"]
    assert {"one\ntwo", "no line end"} <= set(texts(result))
    assert any(re.fullmatch(r"I, \[\S+ #\d+\]  INFO request-1 -- : logged", text) for text in texts(result))


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("raise ArgumentError, 'boom'", "error", "Function<ArgumentError>"),
        ("raise 'boom'", "error", "Function<RuntimeError>"),
        ("nil.boom", "error", "Function<NoMethodError>"),
        ("exit 3", "crash", "Runtime.ExitError"),
        ("Float::NAN", "error", "Function<JSON::GeneratorError>"),
    ],
)
def test_failures(workshop: Workshop, body: str, status: str, kind: str) -> None:
    result = workshop.invoke(ruby(workshop, f"def handler(event:, context:)\n  {body}\nend"))
    assert (result.status, result.error_type, said(result)["errorType"]) == (status, kind, kind)


def test_an_error_has_the_functions_own_trace(workshop: Workshop) -> None:
    result = workshop.invoke(ruby(workshop, "def handler(event:, context:)\n  raise 'boom'\nend"))
    answer = said(result)
    assert (answer["errorMessage"], len(answer["stackTrace"])) == ("boom", 1)
    assert answer["stackTrace"][0].endswith("app.rb:2:in `handler'")


@pytest.mark.parametrize(
    ("source", "handler", "kind"),
    [
        ("def (", "app.handler", "Init<SyntaxError>"),
        ("require 'x_y'", "app.handler", "Init<LoadError>"),
        ("", "gone.handler", "Init<LoadError>"),
        ("", "app", "Init<ArgumentError>"),
        ("raise 'no'", "app.handler", "Init<RuntimeError>"),
    ],
)
def test_a_function_that_can_not_get_ready(workshop: Workshop, source: str, handler: str, kind: str) -> None:
    result = workshop.invoke(ruby(workshop, source, handler=handler))
    assert (result.status, result.error_type) == ("init_error", kind)


def test_gems_and_libraries_of_layers(workshop: Workshop) -> None:
    layer = workshop.function({"ruby/lib/shared.rb": "SHARED = 'layer'"}).code
    source = "require 'shared'\ndef handler(event:, context:) = SHARED"
    assert said(workshop.invoke(ruby(workshop, source, layers=(layer,)))) == "layer"
