"""Programs that misuse the local APIs: each is contained and answered, and the next invocation works."""

import textwrap
from typing import Any

import pytest

from freehold.sandbox import Result, Sandbox

from .workshop import Workshop, said, texts

WIRE = """\
import socket, time
host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
def dial():
    line = socket.create_connection((host, int(port)))
    line.settimeout(5)
    return line
def hung_up_on(data, times=10_000):
    line = dial()
    try:
        for _ in range(times): line.sendall(data)
        while line.recv(65536): pass
        return True
    except TimeoutError:
        return False
    except OSError:
        return True
def serve():
    while True:
        request = next_id()
        call("POST", f"invocation/{request}/response", '"still here"')
"""


def misused(workshop: Workshop, deed: str, **fields: Any) -> tuple[Result, Result]:
    """An invocation in which a custom runtime does this deed, and the next one."""
    source = WIRE + "request = next_id()\n" + textwrap.dedent(deed) + "\nserve()\n"
    spec = workshop.bootstrap(source, **{"timeout_s": 20, **fields})

    async def scene(box: Sandbox) -> tuple[Result, Result]:
        first = await box.invoke(spec, b'"first"', request_id="first")
        return first, await box.invoke(spec, b'"second"', request_id="second")

    return workshop.play(scene)


def answered(deed: str) -> str:
    """A deed whose outcome is the answer."""
    return f"{textwrap.dedent(deed)}\ncall('POST', f'invocation/{{request}}/response', str(int(outcome)))"


@pytest.mark.parametrize(
    "deed",
    [
        'outcome = hung_up_on(b"\\x16\\x03\\x01\\x02\\x00 this is TLS\\r\\n\\r\\n")',
        'outcome = hung_up_on(b"GET / HTTP/1.1\\r\\nA: " + b"b" * 100_000)',
        'outcome = hung_up_on(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\n\\r\\n" * 100)',
        'outcome = hung_up_on(b"GET /2020-01-01/extension/event/next HTTP/1.1\\r\\n\\r\\n" * 1_000)',
    ],
)
def test_nonsense_and_floods_are_hung_up_on(workshop: Workshop, deed: str) -> None:
    first, second = misused(workshop, answered(deed))
    assert (said(first), said(second)) == (1, "still here")


def test_an_endless_body_is_not_read_to_its_end(workshop: Workshop) -> None:
    deed = """
        line = dial()
        line.sendall(f"POST /2018-06-01/runtime/invocation/{request}/response HTTP/1.1\\r\\n".encode())
        line.sendall(b"Transfer-Encoding: chunked\\r\\n\\r\\n")
        sent = 0
        try:
            while True:
                line.sendall(b"100000\\r\\n" + b"x" * (1 << 20) + b"\\r\\n")
                sent += 1
        except OSError:
            print("sent", sent < 80, flush=True)
    """
    first, second = misused(workshop, deed)
    assert first.error_type == "Function.ResponseSizeTooLarge" and "sent True" in texts(first)
    assert said(second) == "still here"


def test_a_length_that_is_never_sent(workshop: Workshop) -> None:
    deed = """
        line = dial()
        line.sendall(f"POST /2018-06-01/runtime/invocation/{request}/response HTTP/1.1\\r\\n".encode())
        line.sendall(b"Content-Length: 6000000000\\r\\n\\r\\nabc")
        call("POST", f"invocation/{request}/response", "1")
    """
    first, second = misused(workshop, deed)
    assert (said(first), said(second)) == (1, "still here")


def test_hundreds_of_parked_connections(workshop: Workshop) -> None:
    deed = """
        lines = []
        for at in range(400):
            line = dial()
            line.sendall(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nX: ")
            lines.append(line)
        for line in lines: line.setblocking(False)
        time.sleep(0.1)
        closed = 0
        for line in lines:
            try: closed += line.recv(1) == b""
            except BlockingIOError: pass
            except OSError: closed += 1
        outcome = closed >= 120
    """
    first, second = misused(workshop, answered(deed))
    assert (said(first), said(second)) == (1, "still here")


def test_answering_another_request_twice_and_late(workshop: Workshop) -> None:
    deed = """
        ids = ["", "second", "../first", request, request]
        told = [call("POST", f"invocation/{id}/response", "2")[0] for id in ids]
        print(told, flush=True)
        request = next_id()
        print(call("POST", "invocation/first/response", "3")[0], flush=True)
        call("POST", f"invocation/{request}/error", '{"errorType": "E"}')
    """
    first, second = misused(workshop, deed)
    assert said(first) == 2 and second.error_type == "E"
    assert "[400, 400, 404, 202, 403]" in texts(first) and "400" in texts(second)


def test_an_answer_after_the_deadline_is_not_heard(workshop: Workshop) -> None:
    late = """
        register("INVOKE", "SHUTDOWN")
        while True:
            event = next_event()
            if event["eventType"] == "SHUTDOWN":
                path = f"/2018-06-01/runtime/invocation/{request}/response"
                api.request("POST", path, '"late"')
                say(api.getresponse().status)
                sys.exit(0)
            request = event["requestId"]
    """
    code = "import time\ndef handler(event, context):\n    if event: time.sleep(60)\n    return 'fine'"
    spec = workshop.python(code, layers=(workshop.extensions(late),), timeout_s=2)

    async def scene(box: Sandbox) -> tuple[Result, Result]:
        return await box.invoke(spec, b"1", request_id="a"), await box.invoke(spec, b"0", request_id="b")

    first, second = workshop.play(scene)
    assert first.error_type == "Sandbox.Timedout" and said(second) == "fine"


def test_an_event_is_not_told_so_often_that_it_fills_memory(workshop: Workshop) -> None:
    spec_deed = answered('outcome = hung_up_on(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\n\\r\\n", 500)')
    source = WIRE + "request = next_id()\n" + spec_deed + "\nserve()\n"
    spec = workshop.bootstrap(source, timeout_s=30)

    async def scene(box: Sandbox) -> list[Any]:
        event = b'"' + b"x" * 5_000_000 + b'"'
        return [said(await box.invoke(spec, event, request_id=id)) for id in "ab"]

    assert workshop.play(scene) == [1, "still here"]


def test_an_extension_that_floods_its_log_and_its_apis(workshop: Workshop) -> None:
    flood = """
        register("INVOKE")
        while True:
            next_event()
            for _ in range(5_000): print("x" * 1_000)
            for _ in range(2_000): call("GET", "nowhere")
    """
    spec = workshop.python("def handler(e, c): return e", layers=(workshop.extensions(flood),), timeout_s=30)

    async def scene(box: Sandbox) -> list[Any]:
        return [said(await box.invoke(spec, event, request_id="r")) for event in (b"1", b"2")]

    assert workshop.play(scene) == [1, 2]
