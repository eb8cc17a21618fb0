"""The Runtime API as a custom runtime meets it, and runtimes that do not keep to it."""

import json
import re

from freehold.sandbox import Sandbox

from .workshop import Workshop, only_processes, said, texts

ECHO = """
    while True:
        status, headers, event = call("GET", "invocation/next")
        call("POST", "invocation/" + headers["Lambda-Runtime-Aws-Request-Id"] + "/response", event)
"""


def test_a_custom_runtime(workshop: Workshop) -> None:
    assert said(workshop.invoke(workshop.bootstrap(ECHO), {"a": 1})) == {"a": 1}


def test_what_next_and_response_say(workshop: Workshop) -> None:
    source = """
        import json
        status, headers, event = call("GET", "invocation/next")
        request = headers["Lambda-Runtime-Aws-Request-Id"]
        told = {name: value for name, value in headers.items() if name.startswith("Lambda-Runtime")}
        seen = [status, headers["Content-Type"], event.decode(), told]
        again = call("POST", "invocation/other/response", "1")
        seen += [again[0], json.loads(again[2])["errorType"]]
        again = call("POST", "init/error", "{}")
        seen += [again[0], json.loads(again[2])["errorType"]]
        again = call("GET", "invocation/next")
        seen += [again[0], again[2].decode(), again[1]["Lambda-Runtime-Aws-Request-Id"]]
        seen.append(call("GET", "nowhere")[0])
        print("ack", *call("POST", f"invocation/{request}/response", json.dumps(seen))[::2], flush=True)
        again = call("POST", f"invocation/{request}/response", "2")
        print("twice", again[0], json.loads(again[2])["errorType"], flush=True)
        call("GET", "invocation/next")
    """
    spec = workshop.bootstrap(source)
    result = workshop.play(
        lambda box: box.invoke(spec, b'{"x":1}', request_id="id-1", deadline_ms=77, trace_id="Root=1\r\nEvil: 1")
    )
    headers = {
        "Lambda-Runtime-Aws-Request-Id": "id-1",
        "Lambda-Runtime-Deadline-Ms": "77",
        "Lambda-Runtime-Invoked-Function-Arn": spec.arn,
        "Lambda-Runtime-Trace-Id": "Root=1  Evil: 1",
    }
    refusals = [400, "InvalidRequestID", 403, "InvalidStateTransition", 200, '{"x":1}', "id-1", 404]
    assert said(result) == [200, "application/json", '{"x":1}', headers, *refusals]
    assert 'ack 202 b\'{"status":"OK"}\\n\'' in texts(result)
    assert "twice 403 InvalidStateTransition" in texts(result)


def test_errors_reported_by_a_custom_runtime(workshop: Workshop) -> None:
    invoke = """
        request = next_id()
        kind = {"Lambda-Runtime-Function-Error-Type": "Own.Kind"}
        call("POST", f"invocation/{request}/error", '{"errorMessage": "m"}', kind)
        next_id()
    """
    result = workshop.invoke(workshop.bootstrap(invoke))
    assert (result.status, result.error_type, said(result)) == ("error", "Own.Kind", {"errorMessage": "m"})
    init = """call("POST", "init/error", '{"errorMessage": "no", "errorType": "Own.Init"}'); sys.exit(1)"""
    result = workshop.invoke(workshop.bootstrap(init))
    assert (result.status, result.error_type) == ("init_error", "Own.Init")


def test_an_answer_stands_whatever_the_runtime_does_after_it(workshop: Workshop) -> None:
    for after in ("sys.exit(7)", "import time; time.sleep(60)"):
        source = f"""
            request = next_id()
            call("POST", f"invocation/{{request}}/response", '"said"')
            {after}
        """
        result = workshop.invoke(workshop.bootstrap(source, timeout_s=0.5))
        assert (result.status, said(result)) == ("ok", "said")


def test_a_chunked_answer_and_413(workshop: Workshop) -> None:
    source = """
        request = next_id()
        status, _, body = call("POST", f"invocation/{request}/response", iter([b"x" * 1_000_000] * 7))
        print(status, body.decode(), flush=True)
        next_id()
    """
    result = workshop.invoke(workshop.bootstrap(source))
    assert result.error_type == "Function.ResponseSizeTooLarge"
    assert "(7000000 bytes)" in said(result)["errorMessage"]
    assert any(text.startswith("413") and "RequestEntityTooLarge" in text for text in texts(result))


def test_a_runtime_that_talks_nonsense_is_hung_up_on(workshop: Workshop) -> None:
    source = """
        import socket
        host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
        line = socket.create_connection((host, int(port)))
        line.sendall(b"not http at all\\r\\n\\r\\n")
        assert line.recv(10) == b""
        request = next_id()
        call("POST", f"invocation/{request}/response", '"still fine"')
        next_id()
    """
    assert said(workshop.invoke(workshop.bootstrap(source))) == "still fine"


def test_a_runtime_that_asks_and_never_listens_is_hung_up_on(workshop: Workshop) -> None:
    source = """
        import socket
        host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
        request = next_id()
        endings = []
        get = b"GET / HTTP/1.1\\r\\n"
        for flood in ((get + b"\\r\\n") * 1000, b"GET /" + b"x" * 100_000, get + b"A: b\\r\\n" * 9999):
            line = socket.create_connection((host, int(port)))
            line.settimeout(5)
            try:
                while True: line.sendall(flood)
            except ConnectionError:
                endings.append(1)
        call("POST", f"invocation/{request}/response", str(len(endings)))
        next_id()
    """
    assert said(workshop.invoke(workshop.bootstrap(source, timeout_s=30))) == 3


def test_a_runtime_that_comes_back_on_another_connection(workshop: Workshop) -> None:
    source = """
        import socket
        host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
        line = socket.create_connection((host, int(port)))
        request = next_id()
        call("POST", f"invocation/{request}/response", "1")
        request = next_id()
        call("POST", f"invocation/{request}/response", "2")
        next_id()
    """
    spec = workshop.bootstrap(source)

    async def scene(box: Sandbox) -> list[bytes]:
        return [(await box.invoke(spec, b"{}", request_id=name)).payload for name in "ab"]

    assert workshop.play(scene) == [b"1", b"2"]


def test_nothing_to_start(workshop: Workshop) -> None:
    missing = workshop.invoke(workshop.function({"x": ""}, runtime="provided.al2023"))
    words = "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"
    assert said(missing) == {
        "errorType": "Runtime.InvalidEntrypoint",
        "errorMessage": f"RequestId: request-1 Error: {words}",
    }
    spec = workshop.function({"bootstrap": "#!/bin/sh"}, runtime="provided.al2")
    (spec.code / "bootstrap").chmod(0o644)
    refused = said(workshop.invoke(spec))["errorMessage"]
    assert refused == f"RequestId: request-1 Error: fork/exec {workshop.seen(spec)}/bootstrap: permission denied"
    unknown = workshop.invoke(workshop.function({"x": ""}, runtime="cobol85"))
    assert (unknown.status, unknown.error_type) == ("init_error", "Runtime.InvalidEntrypoint")


def test_bootstrap_from_a_layer(workshop: Workshop) -> None:
    layer = workshop.bootstrap(ECHO).code
    assert said(workshop.invoke(workshop.function({"x": ""}, runtime="provided.al2023", layers=(layer,)), 5)) == 5


@only_processes
def test_the_walls_of_the_process_fitting(workshop: Workshop) -> None:
    source = """
        import json, resource
        fds = sorted(int(fd) for fd in os.listdir("/proc/self/fd"))
        request = next_id()
        status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
        answer = [fds[:4], len(fds) < 8, os.getsid(0) == os.getpid(), status["NoNewPrivs"].strip(),
            resource.getrlimit(resource.RLIMIT_FSIZE)[0] >> 20, resource.getrlimit(resource.RLIMIT_CORE)[0]]
        call("POST", f"invocation/{request}/response", json.dumps(answer))
        next_id()
    """
    result = workshop.invoke(workshop.bootstrap(source, ephemeral_mb=700))
    assert said(result) == [[0, 1, 2, 3], True, True, "1", 700, 0]


def test_report_is_well_formed_json_for_odd_errors(workshop: Workshop) -> None:
    source = """
        request = next_id()
        call("POST", f"invocation/{request}/error", b"\\xff not json")
        next_id()
    """
    result = workshop.invoke(workshop.bootstrap(source))
    assert (result.status, result.error_type, result.payload) == ("error", "Runtime.Unknown", b"\xff not json")
    assert re.search(r"Duration: [\d.]+ ms", texts(result)[-1])
    assert json.dumps(texts(result))
