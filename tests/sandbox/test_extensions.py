"""The Extensions API as extensions meet it, and what they do to the phases of an environment."""

import asyncio
import json
import re
from typing import Any

import pytest

from freehold.sandbox import Result, Sandbox

from .workshop import Workshop, lives, only_processes, said, texts

HELLO = "def handler(event, context):\n    print('at work')\n    return event"
LISTENER = """
    register("INVOKE", "SHUTDOWN")
    while True:
        event = next_event()
        say(json.dumps(event))
        if event["eventType"] == "SHUTDOWN": sys.exit(0)
"""


def heard(result: Result, name: str = "ext1") -> list[Any]:
    """What an extension said in JSON, in order."""
    return [json.loads(text.removeprefix(name)) for text in texts(result) if text.startswith(f"{name} ")]


def test_an_extension_hears_of_each_invocation(workshop: Workshop) -> None:
    spec = workshop.python(HELLO, layers=(workshop.extensions(LISTENER),))

    async def scene(box: Sandbox) -> list[Result]:
        about = {"deadline_ms": 99, "trace_id": "Root=1-2-3;Parent=4;Sampled=1"}
        return [await box.invoke(spec, b"1", request_id=id, **about) for id in ("a", "b")]  # type: ignore[arg-type]

    first, second = workshop.play(scene)
    assert [said(first), said(second)] == [1, 1]
    assert heard(second) == [
        {
            "eventType": "INVOKE",
            "deadlineMs": 99,
            "requestId": "b",
            "invokedFunctionArn": spec.arn,
            "tracing": {"type": "X-Amzn-Trace-Id", "value": "Root=1-2-3;Parent=4;Sampled=1"},
        }
    ]
    assert texts(first)[0] == "EXTENSION\tName: ext1\tState: Ready\tEvents: [INVOKE, SHUTDOWN]"
    assert not any(text.startswith("EXTENSION") for text in texts(second))


def test_what_registering_says(workshop: Workshop) -> None:
    source = """
        status, plain = register()
        say(json.dumps([status, plain]))
        next_event()
    """
    feature = """
        status, plain = register("INVOKE", headers={"Lambda-Extension-Accept-Feature": "other, accountId"})
        say(json.dumps([status, plain]))
        while True: next_event()
    """
    result = workshop.invoke(workshop.python(HELLO, layers=(workshop.extensions(source, feature),)))
    about = {"functionName": "hello", "functionVersion": "$LATEST", "handler": "app.handler"}
    assert heard(result) == [[200, about]]
    assert heard(result, "ext2") == [[200, {"accountId": "111122223333", **about}]]


def test_an_invocation_lasts_until_every_extension_that_hears_of_it_is_done(workshop: Workshop) -> None:
    slow = """
        register("INVOKE")
        while True:
            next_event()
            time.sleep(0.2)
            say('"flushed"')
    """
    idle = "register(); say(json.dumps(next_event()))"
    spec = workshop.python(HELLO, layers=(workshop.extensions(slow, idle),))
    result = workshop.invoke(spec)
    assert heard(result) == ["flushed"] and heard(result, "ext2") == []
    assert result.duration_ms > 200


@pytest.mark.parametrize(
    ("handler", "reason", "status", "kind"),
    [
        ("import time; time.sleep(60)", "timeout", "timeout", "Sandbox.Timedout"),
        ("import os; os._exit(3)", "failure", "crash", "Runtime.ExitError"),
    ],
)
def test_a_failure_shuts_extensions_down_and_the_next_invocation_starts_them_again(
    workshop: Workshop, handler: str, reason: str, status: str, kind: str
) -> None:
    source = f"def handler(event, context):\n    if event: {handler}\n    return 'well'"
    spec = workshop.python(source, layers=(workshop.extensions(LISTENER),), timeout_s=2)

    async def scene(box: Sandbox) -> list[Result]:
        return [await box.invoke(spec, event, request_id="r") for event in (b"0", b"1", b"0")]

    _, failed, after = workshop.play(scene)
    assert (failed.status, failed.error_type) == (status, kind)
    farewell = heard(failed)[-1]
    assert farewell.pop("deadlineMs") > 1_600_000_000_000
    assert farewell == {"eventType": "SHUTDOWN", "shutdownReason": reason}
    assert said(after) == "well" and [event["eventType"] for event in heard(after)] == ["INVOKE"]
    assert "EXTENSION\tName: ext1\tState: Ready\tEvents: [INVOKE, SHUTDOWN]" in texts(after)


@only_processes
def test_spindown(workshop: Workshop) -> None:
    """The runtime is asked to go first, then each extension; one that wants no event is killed."""
    record = workshop.root / "record"
    note = f"""
        def note(*words):
            with open("{record}", "a") as file: print(*words, file=file)
    """
    told = (
        note
        + """
        register("SHUTDOWN")
        event = next_event()
        note(event["eventType"], event["shutdownReason"])
    """
    )
    deaf = (
        note
        + """
        register()
        note("deaf", os.getpid())
        next_event()
    """
    )
    source = (
        note
        + """
        import os, signal, sys
        request = next_id()
        signal.signal(signal.SIGTERM, lambda *_: (note("SIGTERM"), os._exit(0)))
        call("POST", f"invocation/{request}/response", "1")
        next_id()
    """
    )
    spec = workshop.bootstrap(source, layers=(workshop.extensions(told, deaf),))
    workshop.play(lambda box: box.invoke(spec, b"1", request_id="r"))
    lines = record.read_text().splitlines()
    assert lines[1:] == ["SIGTERM", "SHUTDOWN spindown"]
    assert not lives(int(lines[0].split()[1]))


@only_processes
def test_who_does_not_go_is_killed(workshop: Workshop) -> None:
    stubborn = """
        register("SHUTDOWN")
        while True: say(json.dumps([os.getpid(), next_event()["eventType"]])); time.sleep(0.01)
    """
    source = "import os\ndef handler(event, context): os._exit(1)"
    spec = workshop.python(source, layers=(workshop.extensions(stubborn),))
    result = workshop.invoke(spec)
    (pid, event) = heard(result)[0]
    assert event == "SHUTDOWN" and not lives(pid)


CRASHES = [
    ("sys.exit(0)", "Extension.Crash", "exit code 0"),
    ("register(); sys.exit(2)", "Extension.Crash", "exit status 2"),
    ("register(); os.kill(os.getpid(), 9)", "Extension.Crash", "signal: killed"),
    (
        'register(); say(call("POST", "init/error", {}, kind)[0]); sys.exit(1)',
        "Extension.InitError",
        "exit status 1",
    ),
    (
        'register(); call("POST", "exit/error", {}, kind); sys.exit(1)',
        "Extension.ExitError",
        "exit status 1",
    ),
]


@pytest.mark.parametrize(("source", "kind", "words"), CRASHES)
def test_an_extension_that_goes_fails_the_init(workshop: Workshop, source: str, kind: str, words: str) -> None:
    source = 'kind = {"Lambda-Extension-Function-Error-Type": "My.Kind"}; ' + source
    result = workshop.invoke(workshop.python(HELLO, layers=(workshop.extensions(source),)))
    message = f"RequestId: request-1 Error: {words}"
    assert said(result) == {"errorType": kind, "errorMessage": message}
    lines = texts(result)
    assert f"{message}\n{kind}" in lines
    phases = [line.split("\t")[1:] for line in lines if line.startswith("INIT_REPORT")]
    assert phases == [[f"Phase: {phase}", "Status: error", f"Error Type: {kind}"] for phase in ("init", "invoke")]
    assert lines[-1].endswith(f"\tStatus: error\tError Type: {kind}")
    if "init/error" in source:
        assert "ext1 202" in lines
        assert "EXTENSION\tName: ext1\tState: InitError\tEvents: []\tError Type: My.Kind" in lines


def test_an_extension_that_goes_fails_the_invocation(workshop: Workshop) -> None:
    source = 'register("INVOKE"); next_event(); sys.exit(1)'
    spec = workshop.python("import time\ndef handler(e, c): time.sleep(60)", layers=(workshop.extensions(source),))

    async def scene(box: Sandbox) -> list[Result]:
        return [await box.invoke(spec, b"1", request_id=id) for id in "ab"]

    for id, result in zip("ab", workshop.play(scene), strict=True):
        assert said(result) == {"errorType": "Extension.Crash", "errorMessage": f"RequestId: {id} Error: exit status 1"}


def test_an_answer_stands_though_an_extension_goes_after_it(workshop: Workshop) -> None:
    source = 'register("INVOKE"); next_event(); time.sleep(0.3); sys.exit(1)'
    result = workshop.invoke(workshop.python(HELLO, layers=(workshop.extensions(source),)), "said")
    assert (result.status, said(result)) == ("ok", "said")
    assert texts(result)[-1].endswith("\tStatus: error\tError Type: Extension.Crash")


def test_an_extension_that_never_registers_runs_into_the_limit(workshop: Workshop) -> None:
    spec = workshop.python(HELLO, layers=(workshop.extensions("time.sleep(60)"),), timeout_s=0.4)
    result = workshop.invoke(spec, init_max_s=0.3)
    assert result.error_type == "Sandbox.Timedout"
    states = [line.split("\t")[1:] for line in texts(result) if line.startswith("EXTENSION")]
    assert states == [["Name: ext1", "State: Started", "Events: []"]] * 2


def test_an_extension_that_never_asks_again_uses_up_the_time(workshop: Workshop) -> None:
    source = 'register("INVOKE"); next_event(); time.sleep(60)'
    spec = workshop.python(HELLO, layers=(workshop.extensions(source),), timeout_s=0.5)
    result = workshop.invoke(spec, "said")
    assert said(result) == "said"  # which the caller of AWS has by then
    assert texts(result)[-1].endswith("\tStatus: timeout")


def test_extensions_that_can_not_be_started(workshop: Workshop) -> None:
    layer = workshop.extensions("")
    (layer / "extensions" / "ext1").chmod(0o644)
    result = workshop.invoke(workshop.python(HELLO, layers=(layer,)))
    answer = said(result)
    assert answer["errorType"] == "Extension.LaunchError"
    assert re.fullmatch(
        r"RequestId: request-1 Error: fork/exec .*/extensions/ext1: permission denied", answer["errorMessage"]
    )
    assert "EXTENSION\tName: ext1\tState: LaunchError\tEvents: []\tError Type: PermissionDenied" in texts(result)
    many = workshop.extensions(*["register(); next_event()"] * 11)
    answer = said(workshop.invoke(workshop.python(HELLO, layers=(many,))))
    assert answer == {
        "errorType": "Extension.LaunchError",
        "errorMessage": "RequestId: request-1 Error: ErrTooManyExtensions",
    }


def test_ten_extensions_start_by_name(workshop: Workshop) -> None:
    source = "register(); say(json.dumps(time.time_ns())); next_event()"
    layer = workshop.extensions(**{f"e{at}": source for at in range(10)})
    result = workshop.invoke(workshop.python(HELLO, layers=(layer,), memory_mb=1024), 7)
    assert said(result) == 7
    names = [line.split("\t")[1] for line in texts(result) if line.startswith("EXTENSION")]
    assert names == [f"Name: e{at}" for at in range(10)]


def test_refusals(workshop: Workshop) -> None:
    source = """
        stranger = {"Lambda-Extension-Identifier": "12345678-1234-1234-1234-123456789012"}
        wrong = [
            refused("GET", "event/next"),
            refused("GET", "event/next", headers={"Lambda-Extension-Identifier": "x"}),
            refused("GET", "event/next", headers=stranger),
            refused("POST", "register", {"events": []}),
            refused("POST", "register", {"events": ["NAP"]}, {"Lambda-Extension-Name": ME}),
            refused("POST", "register", {"configurationKeys": ["a"]}, {"Lambda-Extension-Name": ME}),
            refused("POST", "register", {"events": ["SHUTDOWN"]}, {"Lambda-Extension-Name": "internal"}),
            refused("POST", "register", [], {"Lambda-Extension-Name": "internal"})[:2],
            call("GET", "nowhere")[0],
        ]
        for at in range(100):
            code, body = register(name=f"in{at}")
            if code != 200: break
        wrong.append([at, code, *body.values()])
        wrong.append(refused("POST", "register", {"events": []}, {"Lambda-Extension-Name": "in0"})[:2])
        register("INVOKE")
        wrong += [
            refused("POST", "register", {"events": []}, {"Lambda-Extension-Name": ME}),
            refused("POST", "init/error", {}),
            refused("POST", "exit/error", {}),
        ]
        say(json.dumps(wrong))
        os._exit(0)
    """
    result = workshop.invoke(workshop.python(HELLO, layers=(workshop.extensions(source),)))
    missing = "Missing Lambda-Extension-Identifier header"
    unknown = "Unknown extension 12345678-1234-1234-1234-123456789012"
    again = "State transition from Registered to Registered failed for extension ext1. "
    again += "Error: State transition is not allowed"
    keys = "configurationKeys are deprecated; use environment variables instead"
    internal = "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension"
    header = "Lambda-Extension-Function-Error-Type not found"
    assert [([status, *rest[::-1]]) if rest else status for status, *rest in map(_listed, heard(result)[0])] == [
        [403, "Extension.MissingExtensionIdentifier", missing],
        [403, "Extension.InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier"],
        [403, "Extension.UnknownExtensionIdentifier", unknown],
        [403, "Extension.InvalidExtensionName", "Empty extension name"],
        [403, "Extension.InvalidEventType", "NAP: ErrorInvalidEventType"],
        [403, "InvalidRequestFormat", keys],
        [403, "Extension.InvalidEventType", internal],
        [403, "the body is no JSON object with a list of events"],
        404,
        [9, "Extension.TooManyExtensions", "Extension limit (10) reached", 403],
        [403, "Extension limit (10) reached"],
        [403, "Extension.InvalidExtensionState", again],
        [403, "Extension.MissingHeader", header],
        [403, "Extension.MissingHeader", header],
    ]


def _listed(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]


def test_an_internal_extension(workshop: Workshop) -> None:
    source = """
        import json, threading
        root = "/2020-01-01/extension/"
        def ask(api, method, path, headers, body=None):
            api.request(method, root + path, body, headers)
            response = api.getresponse()
            return response.status, response.headers, response.read()
        inner = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        name = {"Lambda-Extension-Name": "inner"}
        status, told, body = ask(inner, "POST", "register", name, '{"events": ["INVOKE"]}')
        me = {"Lambda-Extension-Identifier": told["Lambda-Extension-Identifier"]}
        def listen():
            while True:
                print(ask(inner, "GET", "event/next", me)[2].decode(), flush=True)
        threading.Thread(target=listen, daemon=True).start()
        while True:
            request = next_id()
            late = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
            answer = ask(late, "POST", "register", {"Lambda-Extension-Name": "late"}, '{}')
            call("POST", f"invocation/{request}/response", answer[2])
    """
    result = workshop.invoke(workshop.bootstrap(source))
    assert said(result) == {
        "errorMessage": "Extension registration closed already",
        "errorType": "Extension.RegistrationClosed",
    }
    assert any(text.startswith('{"eventType":"INVOKE"') for text in texts(result))
    assert "EXTENSION\tName: inner\tState: Ready\tEvents: [INVOKE]" in texts(result)


def test_what_extensions_find_in_their_environment(workshop: Workshop) -> None:
    source = "register(); say(json.dumps([dict(os.environ), os.getcwd()])); next_event()"
    spec = workshop.python(HELLO, layers=(workshop.extensions(source),), environment={"MINE": "1", "_SECRET": "2"})
    env, cwd = heard(workshop.invoke(spec))[0]
    present = {"MINE", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME", "PATH", "TZ"}
    absent = {"_HANDLER", "_SECRET", "AWS_EXECUTION_ENV", "AWS_LAMBDA_LOG_STREAM_NAME", "LAMBDA_TASK_ROOT"}
    assert present <= set(env) and not absent & set(env)
    assert cwd == "/"


def test_environments_with_extensions_are_frozen_whole(workshop: Workshop) -> None:
    source = """
        register("INVOKE")
        ticks = 0
        def tick():
            global ticks
            while True: ticks += 1; time.sleep(0.001)
        threading.Thread(target=tick, daemon=True).start()
        while True:
            next_event()
            say(ticks)
    """
    spec = workshop.python("def handler(event, context): pass", layers=(workshop.extensions(source),))

    async def scene(box: Sandbox) -> tuple[int, int]:
        before = heard(await box.invoke(spec, b"1", request_id="a"))[0]
        await asyncio.sleep(0.2)
        return before, heard(await box.invoke(spec, b"1", request_id="b"))[0]

    before, after = workshop.play(scene)
    assert after - before < 100
