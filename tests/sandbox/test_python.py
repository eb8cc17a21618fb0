"""The Python runtime: what a handler is given, and how each of its failures looks to the caller and in the log."""

import json
import re

import pytest

from freehold.sandbox import Credentials, Result, Sandbox

from .workshop import Workshop, said, texts


def test_gives_back_what_the_handler_returns(workshop: Workshop) -> None:
    result = workshop.invoke(workshop.python("def handler(event, context): return {'got': event, 'é': 1}"), [1, "ü"])
    assert (result.status, result.cold, result.error_type) == ("ok", True, None)
    assert said(result) == {"got": [1, "ü"], "é": 1}
    assert result.init_ms and result.billed_ms >= result.duration_ms > 0 and result.max_memory_mb > 5


def test_context_is_complete(workshop: Workshop) -> None:
    source = """
        import os
        def handler(event, context):
            context.log("said")
            return {
                "plain": {k: v for k, v in vars(context).items() if isinstance(v, str)},
                "left": context.get_remaining_time_in_millis(),
                "title": context.client_context.client.app_title,
                "custom": context.client_context.custom,
                "pool": context.identity.cognito_identity_pool_id,
                "trace": os.environ["_X_AMZN_TRACE_ID"],
            }
    """
    told = json.dumps({"client": {"app_title": "till"}, "custom": {"a": 1}, "env": {}})
    identity = json.dumps({"cognitoIdentityId": "i", "cognitoIdentityPoolId": "p"})
    result = workshop.play(
        lambda box: box.invoke(
            workshop.python(source, timeout_s=9),
            b"{}",
            request_id="request-1",
            invoked_arn="arn:alias",
            trace_id="Root=1-2-3",
            client_context=told,
            cognito_identity=identity,
        )
    )
    answer = said(result)
    assert answer.pop("plain") == {
        "aws_request_id": "request-1",
        "invoked_function_arn": "arn:alias",
        "function_name": "hello",
        "function_version": "$LATEST",
        "memory_limit_in_mb": "256",
        "log_group_name": "/aws/lambda/hello",
        "log_stream_name": result.log_stream,
    }
    assert 7000 < answer.pop("left") <= 9000
    assert answer == {"title": "till", "custom": {"a": 1}, "pool": "p", "trace": "Root=1-2-3"}
    assert "said" in texts(result)


def test_finds_lambdas_variables_and_none_of_the_parents(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_PARENT", "x")
    spec = workshop.python(
        "import os, tempfile\ndef handler(e, c): return [dict(os.environ), os.getcwd(), tempfile.gettempdir()]",
        environment={"MINE": "1", "AWS_REGION": "mars", "TZ": "Europe/Rome"},
        endpoint_url="http://127.0.0.1:4566",
    )
    keys = Credentials("AKIA", "secret", "token")
    env, cwd, tmp = said(workshop.play(lambda box: box.invoke(spec, b"{}", request_id="r", credentials=keys)))
    expected = {
        "MINE": "1",
        "TZ": "Europe/Rome",
        "AWS_REGION": "eu-west-1",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
        "LAMBDA_TASK_ROOT": workshop.seen(spec),
        "_HANDLER": "app.handler",
    }
    assert {name: env.get(name) for name in expected} == expected
    assert "SECRET_OF_THE_PARENT" not in env
    assert cwd == workshop.seen(spec)
    own = "/tmp" if workshop.fitting == "namespace" else str(workshop.root / "sandbox" / "environments")
    assert tmp.startswith(own)


def test_boto3_is_at_hand_and_nothing_else_of_freehold(workshop: Workshop) -> None:
    source = """
        import boto3, importlib.util
        def handler(event, context):
            client = boto3.client("sqs")
            return [client.meta.region_name, importlib.util.find_spec("freehold"), importlib.util.find_spec("msgspec")]
    """
    assert said(workshop.invoke(workshop.python(source, timeout_s=30))) == ["eu-west-1", None, None]


def test_hooks_for_snapshots_can_be_registered(workshop: Workshop) -> None:
    source = """
        from snapshot_restore_py import register_after_restore, register_before_snapshot
        @register_before_snapshot
        def before(): raise RuntimeError("never")
        register_after_restore(before, 1, a=2)
        def handler(event, context): return "ready"
    """
    assert said(workshop.invoke(workshop.python(source))) == "ready"


def test_own_code_wins_over_layers_and_layers_over_the_runtime(workshop: Workshop) -> None:
    for layer, module in (("one", "shared"), ("two", "shared"), ("two", "six")):
        place = workshop.root / layer / "python" / f"{module}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"origin = '{layer}'")
    files = {"app.py": "import shared, six, mine\ndef handler(e, c): return [shared.origin, six.origin, mine.origin]"}
    layers = (workshop.root / "one", workshop.root / "two")
    assert said(workshop.invoke(workshop.function({**files, "mine.py": "origin = 'code'"}, layers=layers))) == [
        "two",
        "two",
        "code",
    ]


def test_an_exception_is_the_answer(workshop: Workshop) -> None:
    result = workshop.invoke(workshop.python("def handler(event, context):\n    raise KeyError('boom')"))
    answer = said(result)
    trace = answer.pop("stackTrace")
    assert answer == {"errorMessage": "'boom'", "errorType": "KeyError", "requestId": "request-1"}
    assert len(trace) == 1 and trace[0].endswith("app.py\", line 2, in handler\n    raise KeyError('boom')\n")
    assert (result.status, result.error_type) == ("error", "KeyError")
    event = next(text for text in texts(result) if text.startswith("[ERROR] KeyError: 'boom'\nTraceback"))
    assert "in handler" in event


def test_a_module_that_raises_is_traced_through_its_import(workshop: Workshop) -> None:
    answer = said(workshop.invoke(workshop.python("import json\njson.loads('nothing')")))
    trace = answer.pop("stackTrace")
    first, last = trace[0], trace[-1]
    assert not any("^" in line for line in trace)
    assert "/importlib/__init__.py" in first and "in import_module" in first and "raise JSONDecodeError" in last
    assert any("app.py" in line for line in trace) and not any("bootstrap.py" in line for line in trace)
    if workshop.fitting == "namespace":
        assert first.startswith('  File "/var/lang/lib/python3.') and last.startswith('  File "/var/lang/lib/python3.')


@pytest.mark.parametrize(
    ("source", "handler", "kind", "words"),
    [
        ("import x_y", "app.h", "Runtime.ImportModuleError", "Unable to import module 'app': No module named 'x_y'"),
        ("", "gone.h", "Runtime.ImportModuleError", "Unable to import module 'gone': No module named 'gone'"),
        ("", "app.h", "Runtime.HandlerNotFound", "Handler 'h' missing on module 'app'"),
        ("def (:", "app.handler", "Runtime.UserCodeSyntaxError",
         "Syntax error in module 'app': invalid syntax (app.py, line 1)"),
        ("1 / 0", "app.handler", "ZeroDivisionError", "division by zero"),
        ("", "time.sleep", "Runtime.BuiltInModuleConflict",
         "Cannot use built-in module time as a handler module"),
        ("", "app", "Runtime.MalformedHandlerName",
         "Bad handler 'app': not enough values to unpack (expected 2, got 1)"),
    ],
)  # fmt: skip
def test_a_function_that_can_not_get_ready(
    workshop: Workshop, source: str, handler: str, kind: str, words: str
) -> None:
    result = workshop.invoke(workshop.python(source, handler=handler))
    answer = said(result)
    assert (result.status, result.error_type) == ("init_error", kind)
    assert (answer["errorType"], answer["errorMessage"]) == (kind, words)
    reports = [text.split("\t") for text in texts(result) if text.startswith("INIT_REPORT")]
    assert [report[1:] for report in reports] == [
        [f"Phase: {phase}", "Status: error", f"Error Type: {kind if '.' in kind else 'Runtime.Unknown'}"]
        for phase in ("init", "invoke")
    ]


@pytest.mark.parametrize(
    ("value", "payload"),
    [
        ("float('nan')", b"NaN"),
        ("{'n': decimal.Decimal('1.10'), 's': '1.10'}", b'{"n": 1.10, "s": "1.10"}'),
        ("[decimal.Decimal(n) for n in ('1e400', '-0', 'NaN')]", b"[1E+400, -0, NaN]"),
        ("{'b': b'text'}", b'{"b": "text"}'),
        ("b'\\xff as it is'", b"\xff as it is"),
        ("(1, None, {None: True})", b'[1, null, {"null": true}]'),
        ("'\\ud800'", b'"\\ud800"'),
        ("10 ** 30", b"1" + b"0" * 30),
    ],
)
def test_odd_values_are_written_as_awss_runtime_writes_them(workshop: Workshop, value: str, payload: bytes) -> None:
    result = workshop.invoke(workshop.python(f"import decimal\ndef handler(event, context): return {value}"))
    assert (result.status, result.payload) == ("ok", payload)


@pytest.mark.parametrize(("runtime", "payload"), [("python3.11", b'"\\u00e9"'), ("python3.13", '"é"'.encode())])
def test_letters_beyond_ascii_are_escaped_up_to_python_3_11(workshop: Workshop, runtime: str, payload: bytes) -> None:
    source = "def handler(event, context): return 'é'"
    assert workshop.invoke(workshop.python(source, runtime=runtime)).payload == payload


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("{1}", "Object of type set is not JSON serializable"),
        ("datetime.datetime(2020, 1, 1)", "Object of type datetime is not JSON serializable"),
        ("(n for n in [1])", "Object of type generator is not JSON serializable"),
        ("{(1, 2): 3}", "keys must be str, int, float, bool or None, not tuple"),
        ("[b'\\xff']", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
)
def test_an_answer_without_json_form(workshop: Workshop, value: str, words: str) -> None:
    answer = said(workshop.invoke(workshop.python(f"import datetime\ndef handler(event, context): return {value}")))
    assert answer["errorType"] == "Runtime.MarshalError"
    assert answer["errorMessage"] == f"Unable to marshal response: {words}"


def test_what_can_not_be_read_of_a_request(workshop: Workshop) -> None:
    spec = workshop.python("def handler(event, context): return 1")

    async def scene(box: Sandbox) -> list[dict]:
        event = await box.invoke(spec, b"{", request_id="a")
        context = await box.invoke(spec, b"{}", request_id="b", client_context="{")
        return [said(event), said(context)]

    event, context = workshop.play(scene)
    assert event["errorType"] == "Runtime.UnmarshalError"
    assert event["errorMessage"].startswith("Unable to unmarshal input: Expecting property name")
    assert context["errorType"] == "Runtime.LambdaContextUnmarshalError"
    assert context["errorMessage"].startswith("Unable to parse Client Context JSON: ")


def test_work_that_goes_on_in_threads(workshop: Workshop) -> None:
    source = """
        import logging, threading
        def handler(event, context):
            threads = [threading.Thread(target=print, args=(f"thread {n}",)) for n in range(3)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            return context.aws_request_id
    """
    result = workshop.invoke(workshop.python(source))
    assert said(result) == "request-1"
    assert {f"thread {n}" for n in range(3)} <= set(texts(result))


def test_log_of_an_invocation(workshop: Workshop) -> None:
    source = """
        import logging, os, subprocess, sys
        logging.getLogger().setLevel(logging.INFO)
        print("loading")
        def handler(event, context):
            print("one\\ntwo")
            logging.info("a\\nb %s", 1)
            logging.debug("unheard")
            sys.stderr.write("err, no line end")
    """
    lines = texts(workshop.invoke(workshop.python(source)))
    assert lines[:4] == ["loading", "START RequestId: request-1 Version: $LATEST", "one", "two"]
    assert re.fullmatch(r"\[INFO\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\trequest-1\ta\nb 1", lines[4])
    assert lines[5:7] == ["err, no line end", "END RequestId: request-1"]
    figures = [
        r"REPORT RequestId: request-1",
        r"Duration: [\d.]+ ms",
        r"Billed Duration: \d+ ms",
        r"Memory Size: 256 MB",
    ]
    assert re.fullmatch("\t".join([*figures, r"Max Memory Used: \d+ MB", r"Init Duration: [\d.]+ ms", ""]), lines[7])


def test_log_as_json(workshop: Workshop) -> None:
    source = """
        import logging
        def handler(event, context):
            logging.debug("unheard")
            logging.getLogger("shop").warning("sold %s", "out", extra={"sku": "a-1"})
            logging.info({"whole": 1})
            try: 1 / 0
            except ZeroDivisionError: logging.exception("caught")
            print("plain")
            raise ValueError("boom")
    """
    environment = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO"}
    result = workshop.invoke(workshop.python(source, environment=environment))
    lines = texts(result)
    assert "plain" in lines
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one.pop("timestamp")) for one in told)
    warning, info, caught, failure = told[-4:]
    fixed = {"requestId": "request-1"}
    assert warning == {"level": "WARNING", "message": "sold out", "logger": "shop", "sku": "a-1", **fixed}
    assert info == {"level": "INFO", "message": {"whole": 1}, "logger": "root", **fixed}
    assert (caught["errorType"], caught["errorMessage"]) == ("ZeroDivisionError", "division by zero")
    assert caught["location"].endswith("app.py:handler:8") and "in handler" in caught["stackTrace"][0]
    trace = failure.pop("stackTrace")
    assert failure == {"level": "ERROR", "errorType": "ValueError", "errorMessage": "boom", **fixed}
    assert "in handler" in trace[0]


def test_log_level_of_a_plain_log(workshop: Workshop) -> None:
    source = "import logging\ndef handler(event, context):\n    logging.debug('fine')\n    logging.info('more')"
    lines = texts(workshop.invoke(workshop.python(source, environment={"AWS_LAMBDA_LOG_LEVEL": "TRACE"})))
    assert [line.rpartition("\t")[2] for line in lines if line.startswith("[")] == ["fine", "more"]


def test_output_of_its_children_is_logged(workshop: Workshop) -> None:
    source = "import subprocess\ndef handler(e, c): subprocess.run(['/bin/echo', 'from a child'], check=True)"
    assert "from a child" in texts(workshop.invoke(workshop.python(source)))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("os._exit(1)", "Runtime exited with error: exit status 1"),
        ("exit(3)", "Runtime exited with error: exit status 3"),
        ("sys.exit(0)", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ],
)
def test_a_runtime_that_exits(workshop: Workshop, statement: str, words: str) -> None:
    result = workshop.invoke(workshop.python(f"import os, sys\ndef handler(event, context): {statement}"))
    message = f"RequestId: request-1 Error: {words}"
    assert said(result) == {"errorType": "Runtime.ExitError", "errorMessage": message}
    assert result.status == "crash"
    assert f"{message}\nRuntime.ExitError" in texts(result)
    assert texts(result)[-1].endswith("\tStatus: error\tError Type: Runtime.ExitError")


def test_a_function_out_of_time(workshop: Workshop) -> None:
    source = "import time\ndef handler(event, context):\n    print('on my way')\n    time.sleep(60)"
    result = workshop.invoke(workshop.python(source, timeout_s=0.25))
    words = "Task timed out after 0.25 seconds"
    assert said(result) == {"errorType": "Sandbox.Timedout", "errorMessage": f"RequestId: request-1 Error: {words}"}
    assert result.status == "timeout" and 250 <= result.duration_ms < 1500
    lines = texts(result)
    assert "on my way" in lines and any(re.fullmatch(rf"\S+Z request-1 {words}", line) for line in lines)
    assert lines[-1].endswith("\tStatus: timeout")


def test_a_function_out_of_memory(workshop: Workshop) -> None:
    source = "def handler(event, context):\n    held = []\n    while True: held.append(bytearray(1 << 20))"
    result = workshop.invoke(workshop.python(source, memory_mb=64, timeout_s=20))
    message = "RequestId: request-1 Error: Runtime exited with error: signal: killed"
    assert said(result) == {"errorType": "Runtime.OutOfMemory", "errorMessage": message}
    assert (result.status, result.max_memory_mb) == ("memory", 64)


def test_memory_of_children_counts_and_what_is_shared_counts_once(workshop: Workshop) -> None:
    source = """
        import os, time
        shared = bytearray(40 << 20)
        def handler(size, context):
            for _ in range(3):
                if os.fork() == 0:
                    own = bytearray(size << 20)
                    time.sleep(0.3)
                    os._exit(0)
            for _ in range(3): os.wait()
    """
    spec = workshop.python(source, memory_mb=128, timeout_s=10)

    async def scene(box: Sandbox) -> list[str]:
        return [(await box.invoke(spec, size, request_id="r")).status for size in (b"1", b"60")]

    assert workshop.play(scene) == ["ok", "memory"]


def test_slow_init_is_repeated_on_the_functions_own_time(workshop: Workshop) -> None:
    source = """
        import os, pathlib, time
        mark = pathlib.Path(os.environ["TMPDIR"], "seen")
        if not mark.exists():
            mark.touch()
            time.sleep(60)
        def handler(event, context): return "ready at last"
    """
    result = workshop.invoke(workshop.python(source, timeout_s=30), init_max_s=2.0)  # loaded machines start slowly
    assert said(result) == "ready at last"
    assert result.init_ms is None and result.duration_ms > 10
    assert any(re.fullmatch(r"INIT_REPORT .*\tPhase: init\tStatus: timeout", text) for text in texts(result))


def test_an_answer_over_six_megabytes(workshop: Workshop) -> None:
    spec = workshop.python("def handler(size, context): return 'x' * size")

    async def scene(box: Sandbox) -> tuple[Result, Result, Result]:
        most = await box.invoke(spec, b"6291554", request_id="a")
        over = await box.invoke(spec, b"6291555", request_id="b")
        return most, over, await box.invoke(spec, b"1", request_id="c")

    most, over, after = workshop.play(scene)
    assert (most.status, len(most.payload)) == ("ok", 6291556)
    words = "Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes)."
    assert said(over) == {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": words}
    assert (after.status, after.cold) == ("ok", False)


def test_huge_output_does_not_hold_up_or_fill_the_platform(workshop: Workshop) -> None:
    source = "def handler(event, context):\n    for _ in range(80): print('x' * (1 << 20))\n    return 'done'"
    result = workshop.invoke(workshop.python(source, timeout_s=30))
    assert said(result) == "done"
    kept = sum(len(text) for text in texts(result))
    assert 60 << 20 < kept < 66 << 20
    assert max(len(text) for text in texts(result)) <= 262_144
    assert any("log events dropped" in text for text in texts(result))
