"""Answers that stream: to callers that take them while they arrive, and to callers that want them whole."""

import asyncio
import base64
import json
import textwrap
from typing import Any

import pytest

from freehold.sandbox import FunctionSpec, Sandbox, Stream
from freehold.sandbox.runtime_api import STREAM_BYTES_MAX

from .workshop import Workshop, only_processes, said, texts

STREAMER = """\
import json, socket, threading, time
host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
class Answer:
    def __init__(self, request, headers={}, mode="streaming"):
        self.line = socket.create_connection((host, int(port)))
        head = {"Lambda-Runtime-Function-Response-Mode": mode, "Transfer-Encoding": "chunked", **headers}
        lines = [f"POST /2018-06-01/runtime/invocation/{request}/response HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in head.items()]
        self.line.sendall(("\\r\\n".join(lines) + "\\r\\n\\r\\n").encode())
    def send(self, data):
        self.line.sendall(b"%x\\r\\n%s\\r\\n" % (len(data), data))
    def end(self, trailers={}):
        lines = "".join(f"{name}: {value}\\r\\n" for name, value in trailers.items())
        self.line.sendall(b"0\\r\\n" + lines.encode() + b"\\r\\n")
        return self.line.recv(65536)
"""
INTEGRATION = "application/vnd.awslambda.http-integration-response"


def streamer(workshop: Workshop, source: str, **fields: Any) -> FunctionSpec:
    """A custom runtime that has `Answer`."""
    return workshop.bootstrap(STREAMER + textwrap.dedent(source), **fields)


def stream(workshop: Workshop, source: str, take: Any = None, **fields: Any) -> tuple[Stream, list[bytes]]:
    """Stream one invocation of a custom runtime; what came, and the stream after its end."""
    spec = streamer(workshop, source, **fields)

    async def scene(box: Sandbox) -> tuple[Stream, list[bytes]]:
        stream = await box.stream(spec, b'"event"', request_id="r")
        chunks = [chunk async for chunk in stream]
        await stream.ended()
        return stream, chunks

    return workshop.play(take or scene)


@only_processes
def test_chunks_arrive_while_the_function_works(workshop: Workshop) -> None:
    source = """
        request = next_id()
        answer = Answer(request, {"Content-Type": "text/plain"})
        answer.send(b"first")
        while not os.path.exists(os.environ["TMPDIR"] + "/go"): time.sleep(0.005)
        answer.send(b"second")
        answer.end()
        next_id()
    """
    spec = streamer(workshop, source)

    async def scene(box: Sandbox) -> None:
        stream = await box.stream(spec, b"{}", request_id="r")
        assert stream.content_type == "text/plain"
        assert await anext(stream) == b"first" and stream.result is None
        (box._folder / box.environments()[0].id / "tmp" / "go").touch()
        assert [chunk async for chunk in stream] == [b"second"]
        result = await stream.ended()
        assert (result.status, result.payload, result.error_type) == ("ok", b"", None)

    workshop.play(scene)


def test_http_integration_responses_are_passed_on_as_they_are(workshop: Workshop) -> None:
    prelude = json.dumps({"statusCode": 201, "headers": {"a": "b"}, "cookies": ["c=d"]})
    source = f"""
        answer = Answer(next_id(), {{"Content-Type": "{INTEGRATION}"}})
        answer.send(b'{prelude}' + bytes(8))
        answer.send(b"body")
        print(answer.end().split(b"\\r\\n")[0].decode(), flush=True)
        next_id()
    """
    ended, chunks = stream(workshop, source)
    assert (ended.content_type, b"".join(chunks)) == (INTEGRATION, prelude.encode() + bytes(8) + b"body")
    assert ended.result and ended.result.content_type == INTEGRATION
    assert "HTTP/1.1 202 Accepted" in texts(ended.result)


def test_a_stream_that_breaks_off_says_so_in_its_trailers(workshop: Workshop) -> None:
    report = {"errorType": "Late", "errorMessage": "half way"}
    told = base64.b64encode(json.dumps(report).encode()).decode()
    source = f"""
        kind, body = "Lambda-Runtime-Function-Error-Type", "Lambda-Runtime-Function-Error-Body"
        answer = Answer(next_id(), {{"Trailer": kind + ", " + body}})
        answer.send(b"half")
        answer.end({{kind: "Function.Late", body: "{told}"}})
        next_id()
    """
    ended, chunks = stream(workshop, source)
    assert chunks == [b"half"]
    assert ended.result and (ended.result.status, ended.result.error_type) == ("error", "Function.Late")
    assert said(ended.result) == report


@pytest.mark.parametrize(
    ("deed", "status", "kind"),
    [
        ("os._exit(1)", "error", "Runtime.TruncatedResponse"),
        ("answer.line.close(); next_id()", "error", "Runtime.TruncatedResponse"),
        ("time.sleep(60)", "timeout", "Sandbox.Timedout"),
    ],
)
def test_a_stream_that_ends_too_soon(workshop: Workshop, deed: str, status: str, kind: str) -> None:
    source = f"""
        answer = Answer(next_id())
        answer.send(b"half")
        {deed}
    """
    ended, chunks = stream(workshop, source, timeout_s=1)
    assert chunks == [b"half"]
    assert ended.result and (ended.result.status, ended.result.error_type) == (status, kind)


def test_a_runtime_that_does_not_stream_gives_one_chunk(workshop: Workshop) -> None:
    source = """
        request = next_id()
        call("POST", f"invocation/{request}/response", '"whole"', {"Content-Type": "application/json"})
        next_id()
    """
    ended, chunks = stream(workshop, source)
    assert (ended.content_type, chunks) == ("application/json", [b'"whole"'])
    assert ended.result and ended.result.payload == b'"whole"'


def test_a_failure_before_the_first_chunk(workshop: Workshop) -> None:
    source = """
        request = next_id()
        call("POST", f"invocation/{request}/error", '{"errorType": "E", "errorMessage": "m"}')
        next_id()
    """
    ended, chunks = stream(workshop, source)
    assert (ended.content_type, chunks) == ("", [])
    assert ended.result and (ended.result.error_type, said(ended.result)["errorMessage"]) == ("E", "m")


def test_a_caller_that_wants_all_gets_all(workshop: Workshop) -> None:
    source = """
        request = next_id()
        answer = Answer(request, {"Content-Type": "text/html"})
        for part in b"abc": answer.send(bytes([part]))
        answer.end()
        answer = Answer(next_id())
        for _ in range(7): answer.send(b"x" * 1_000_000)
        print(answer.end().split(b"\\r\\n")[0].decode(), flush=True)
        answer = Answer(next_id(), mode="odd")
        print(answer.end().split(b"\\r\\n\\r\\n")[1].decode(), flush=True)
        next_id()
    """
    spec = streamer(workshop, source)

    async def scene(box: Sandbox) -> None:
        whole = await box.invoke(spec, b"{}", request_id="a")
        assert (whole.payload, whole.content_type) == (b"abc", "text/html")
        large = await box.invoke(spec, b"{}", request_id="b")
        assert large.error_type == "Function.ResponseSizeTooLarge"
        assert "HTTP/1.1 413 Request Entity Too Large" in texts(large) or "HTTP/1.1 413 Content Too Large" in texts(
            large
        )
        odd = await box.invoke(spec, b"{}", request_id="c")
        assert (odd.error_type, odd.payload) == ("Runtime.InvalidResponseModeHeader", b"")
        assert any('"errorType":"InvalidFunctionResponseMode"' in text for text in texts(odd))

    workshop.play(scene)


def test_a_slow_listener_holds_the_runtime_up_and_memory_stays_small(workshop: Workshop) -> None:
    source = """
        answer = Answer(next_id())
        for at in range(300): answer.send(b"x" * 100_000)
        answer.end()
        next_id()
    """
    spec = streamer(workshop, source, timeout_s=30)

    async def scene(box: Sandbox) -> None:
        stream = await box.stream(spec, b"{}", request_id="r")
        held = []
        total = 0
        async for chunk in stream:
            total += len(chunk)
            await asyncio.sleep(0)
            held.append(stream._bytes)
        assert total == 30_000_000 and max(held) < 2 << 20
        assert (await stream.ended()).status == "ok"

    workshop.play(scene)


def test_a_listener_that_goes_does_not_disturb_the_function(workshop: Workshop) -> None:
    source = """
        for _ in range(2):
            request = next_id()
            answer = Answer(request)
            for at in range(100): answer.send(b"x" * 100_000)
            answer.end()
            print("done", request, flush=True)
        next_id()
    """
    spec = streamer(workshop, source, timeout_s=30)

    async def scene(box: Sandbox) -> None:
        gone = await box.stream(spec, b"{}", request_id="a")
        assert await anext(gone)
        gone.close()
        assert [chunk async for chunk in gone] == []
        while gone.result is None:
            await asyncio.sleep(0.005)
        assert "done a" in texts(gone.result)
        again = await box.stream(spec, b"{}", request_id="b")
        assert sum([len(chunk) async for chunk in again]) == 10_000_000
        assert len(box.environments()) == 1

    workshop.play(scene)


def test_a_stream_over_200_megabytes_is_cut(workshop: Workshop) -> None:
    source = """
        answer = Answer(next_id())
        part = b"x" * 1_000_000
        try:
            while True: answer.send(part)
        except OSError:
            print("cut", flush=True)
        next_id()
    """

    async def scene(box: Sandbox) -> tuple[Stream, list[bytes]]:
        stream = await box.stream(spec, b"{}", request_id="r")
        total = 0
        async for chunk in stream:
            total += len(chunk)
        await stream.ended()
        return stream, [b"%d" % total]

    spec = streamer(workshop, source, timeout_s=60)
    ended, (total,) = workshop.play(scene)
    assert STREAM_BYTES_MAX - 1_000_000 < int(total) <= STREAM_BYTES_MAX
    assert ended.result.error_type == "Function.ResponseSizeTooLarge"
    assert "cut" in texts(ended.result)


@pytest.mark.parametrize("mode", ["streaming", ""])
def test_the_chunks_end_with_the_answer_not_with_the_invocation(workshop: Workshop, mode: str) -> None:
    source = """
        request = next_id()
        if MODE:
            answer = Answer(request)
            answer.send(b"all")
            answer.end()
        else:
            call("POST", f"invocation/{request}/response", "all")
        time.sleep(600)
    """
    spec = streamer(workshop, source.replace("MODE", repr(mode)), timeout_s=900)

    async def scene(box: Sandbox) -> None:
        stream = await box.stream(spec, b"{}", request_id="r")
        assert [chunk async for chunk in stream] == [b"all"]
        assert not stream.over

    workshop.play(scene)


def test_closing_the_sandbox_ends_streams(workshop: Workshop) -> None:
    source = 'answer = Answer(next_id()); answer.send(b"a"); time.sleep(600)'
    spec = streamer(workshop, source, timeout_s=900)

    async def scene(box: Sandbox) -> None:
        stream = await box.stream(spec, b"{}", request_id="r")
        assert await anext(stream) == b"a"
        await box.close()
        with pytest.raises(asyncio.CancelledError):
            await anext(stream)

    workshop.play(scene)
