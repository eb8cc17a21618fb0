"""The Telemetry and Logs APIs: subscriptions, what is delivered, and destinations that do not take it."""

import asyncio
import json
import socket
import textwrap
from pathlib import Path
from typing import Any

import pytest

from freehold.sandbox import Result, Sandbox
from freehold.sandbox.relay import Relay
from freehold.sandbox.telemetry_api import DIALECTS, Subscription, read

from .workshop import Workshop, said, texts

TELEMETRY, LOGS = DIALECTS["/2022-07-01/telemetry"], DIALECTS["/2020-08-15/logs"]
DESTINATION = {"protocol": "HTTP", "URI": "http://sandbox.localdomain:8080/path?q=1"}
FINE: dict[str, Any] = {"schemaVersion": "2022-07-01", "types": ["function", "platform"], "destination": DESTINATION}

LISTENER = """\
import http.server
events = []
class Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        events.extend(body)
        self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *words): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
threading.Thread(target=server.serve_forever, daemon=True).start()
def subscribe(types=("platform", "function", "extension")):
    destination = {"protocol": "HTTP", "URI": f"http://sandbox.localdomain:{server.server_port}/there"}
    buffering = {"timeoutMs": 25}
    body = {"schemaVersion": "2022-07-01", "types": types, "destination": destination, "buffering": buffering}
    return call("PUT", "/2022-07-01/telemetry", body, root="")
def wait_for(kind, count=1):
    while sum(event["type"] == kind for event in events) < count: time.sleep(0.005)
"""


def listening(workshop: Workshop, source: str) -> Path:
    """A layer with an extension that has `subscribe`, and `events` that were delivered."""
    return workshop.extensions(LISTENER + textwrap.dedent(source))


def problems(body: object, dialect: Any = TELEMETRY) -> list[str]:
    """What is wrong with a subscription."""
    found: list[str] = []
    assert (read(json.dumps(body).encode(), dialect, "me", found) is None) == bool(found)
    return found


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"schemaVersion": "1999-01-01"}, "schemaVersion '1999-01-01' is not supported"),
        ({"types": []}, "types should not be empty"),
        ({"types": ["gossip"]}, "type 'gossip' is not supported"),
        ({"destination": None}, "destination is not provided"),
        ({"destination": {**DESTINATION, "URI": "http://sandbox.localdomain"}}, "URI port is not provided"),
        ({"destination": {**DESTINATION, "URI": "http://10.0.0.1:80"}}, "URI host should be sandbox.localdomain"),
        ({"destination": {**DESTINATION, "URI": "http://[::1"}}, "URI is malformed"),
        ({"destination": {**DESTINATION, "URI": "http://sandbox.localdomain:9001"}}, "port 9001 is reserved"),
        ({"destination": {"protocol": "UDP"}}, "protocol 'UDP' is not supported"),
        ({"destination": {"protocol": "TCP"}}, "port is not provided"),
        ({"destination": {"protocol": "TCP", "port": 70_000}}, "port 70000 is not a port"),
        ({"buffering": {"maxItems": 999}}, "maxItems should be between 1000 and 10000"),
        ({"buffering": {"maxBytes": 1_048_577}}, "maxBytes should be between 262144 and 1048576"),
        ({"buffering": {"timeoutMs": "25"}}, "timeoutMs should be between 25 and 30000"),
    ],
)
def test_what_a_subscription_may_not_say(change: dict[str, Any], problem: str) -> None:
    assert problem in problems({**FINE, **change})


def test_a_subscription_that_holds() -> None:
    found: list[str] = []
    subscription = read(json.dumps(FINE).encode(), TELEMETRY, "me", found)
    assert subscription == Subscription(
        name="me", dialect=TELEMETRY, schema="2022-07-01", types=("platform", "function"), port=8080, path="/path?q=1",
        method="POST", items_max=10_000, bytes_max=262_144, timeout_ms=1_000,
    )  # fmt: skip
    assert problems({"types": ["platform"], "destination": {"protocol": "TCP", "port": 5}}, LOGS) == []
    assert problems([]) == ["the body should be a JSON object"]


def test_everything_that_happens_is_delivered_in_order(workshop: Workshop) -> None:
    source = """
        register("INVOKE", "SHUTDOWN")
        say("subscribed", *subscribe()[::2])
        for count in (1, 2):
            next_event()
            wait_for("platform.runtimeDone", count)
        print("all " + json.dumps(events), flush=True)
        next_event()
    """
    fields: dict[str, Any] = {"runtime_version": "python:3.12.v30", "runtime_version_arn": "arn:runtime"}
    spec = workshop.python(
        "def handler(event, context): print('at work')", layers=(listening(workshop, source),), **fields
    )

    async def scene(box: Sandbox) -> list[Result]:
        trace = "Root=1-2-3;Parent=4;Sampled=1"
        return [await box.invoke(spec, b"1", request_id=id, trace_id=trace) for id in "ab"]

    first, second = workshop.play(scene)
    lines = texts(first)
    assert lines[0] == "INIT_START Runtime Version: python:3.12.v30\tRuntime Version ARN: arn:runtime"
    assert "TELEMETRY\tName: ext1\tState: Subscribed\tTypes: [Platform, Function, Extension]" in lines
    assert "ext1 subscribed 200 b'\"OK\"'" in lines
    events = json.loads(next(text for text in texts(second) if text.startswith("all ")).removeprefix("all "))
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)
    platform = [event for event in events if event["type"].startswith("platform.")]
    assert [event["type"].removeprefix("platform.") for event in platform] == [
        "initStart", "telemetrySubscription", "initRuntimeDone", "extension", "initReport",
        "start", "runtimeDone", "report", "start", "runtimeDone",
    ]  # fmt: skip
    records = {event["type"].removeprefix("platform."): event["record"] for event in reversed(platform)}
    init = {"initializationType": "on-demand", "phase": "init"}
    tracing = {"type": "X-Amzn-Trace-Id", "value": "Root=1-2-3;Parent=4;Sampled=1"}
    assert records["initStart"] == {
        **init, "runtimeVersion": "python:3.12.v30", "runtimeVersionArn": "arn:runtime", "functionName": "hello",
        "functionVersion": "$LATEST", "instanceId": first.log_stream, "instanceMaxMemory": 256 << 20,
    }  # fmt: skip
    assert records["initRuntimeDone"] == {**init, "status": "success"}
    assert records["initReport"].pop("metrics").keys() == {"durationMs"}
    assert records["initReport"] == {**init, "status": "success"}
    assert records["extension"] == {"name": "ext1", "state": "Ready", "events": ["INVOKE", "SHUTDOWN"]}
    assert records["telemetrySubscription"] == {
        "name": "ext1", "state": "Subscribed", "types": ["platform", "function", "extension"]
    }  # fmt: skip
    assert records["start"] == {"requestId": "a", "version": "$LATEST", "tracing": tracing}
    done = records["runtimeDone"]
    assert [span["name"] for span in done.pop("spans")] == ["responseLatency", "responseDuration", "runtimeOverhead"]
    assert done.pop("metrics").pop("producedBytes") == len("null")
    assert done == {"requestId": "a", "status": "success", "tracing": tracing}
    metrics = records["report"].pop("metrics")
    assert metrics == {
        "durationMs": first.duration_ms, "billedDurationMs": first.billed_ms, "memorySizeMB": 256,
        "maxMemoryUsedMB": first.max_memory_mb, "initDurationMs": first.init_ms,
    }  # fmt: skip
    assert records["report"] == {"requestId": "a", "status": "success", "tracing": tracing}
    assert [event["record"].strip() for event in events if event["type"] == "function"] == ["at work"] * 2
    assert "ext1 subscribed 200 b'\"OK\"'\n" in [event["record"] for event in events if event["type"] == "extension"]


def test_logs_api_and_tcp(workshop: Workshop) -> None:
    source = """
        door = socket.create_server(("127.0.0.1", 0))
        destination = {"protocol": "TCP", "port": door.getsockname()[1]}
        body = {"types": ["platform"], "destination": destination, "buffering": {"timeoutMs": 25}}
        register("INVOKE")
        say(call("PUT", "/2020-08-15/logs", body, root="")[0])
        refusal = call("PUT", "/2022-07-01/telemetry", {**body, "schemaVersion": "2022-07-01"}, root="")
        say(refusal[0], json.loads(refusal[2])["errorType"])
        next_event()
        next_event()
        lines = door.accept()[0].makefile()
        kinds = []
        while kinds[-1:] != ["platform.report"]: kinds.append(json.loads(lines.readline())["type"])
        print("kinds " + json.dumps(kinds), flush=True)
        next_event()
    """
    spec = workshop.python("def handler(event, context): pass", layers=(workshop.extensions(source),))

    async def scene(box: Sandbox) -> list[Result]:
        return [await box.invoke(spec, b"1", request_id=id) for id in "ab"]

    first, second = workshop.play(scene)
    assert "LOGS\tName: ext1\tState: Subscribed\tTypes: [Platform]" in texts(first)
    assert "ext1 200" in texts(first) and "ext1 400 ValidationError" in texts(first)
    kinds = json.loads(next(text for text in texts(second) if text.startswith("kinds ")).removeprefix("kinds "))
    names = ["logsSubscription", "extension", "start", "end", "report"]
    assert kinds == [f"platform.{name}" for name in names]


def test_faults_and_failed_reports_reach_the_extension_before_it_goes(workshop: Workshop) -> None:
    source = """
        register("INVOKE", "SHUTDOWN")
        say(subscribe(types=["platform"])[0])
        while next_event()["eventType"] != "SHUTDOWN": pass
        wait_for("platform.runtimeDone")
        print("last " + json.dumps(events[-1]["record"]), flush=True)
    """
    code = "import os\ndef handler(event, context): os._exit(1)"
    result = workshop.invoke(workshop.python(code, layers=(listening(workshop, source),)))
    record = json.loads(next(text for text in texts(result) if text.startswith("last ")).removeprefix("last "))
    assert record.pop("metrics")["producedBytes"] == 0
    assert record == {"requestId": "request-1", "status": "failure", "errorType": "Runtime.ExitError"}


def test_subscriptions_end_with_init_and_survive_a_reset(workshop: Workshop) -> None:
    source = """
        register("INVOKE", "SHUTDOWN")
        say("init", subscribe()[0])
        event = next_event()
        status, _, body = subscribe()
        say("late", status, json.loads(body)["errorType"])
        while event["eventType"] != "SHUTDOWN": event = next_event()
    """
    code = "import os\ndef handler(event, context):\n    if event: os._exit(1)"
    spec = workshop.python(code, layers=(listening(workshop, source),))

    async def scene(box: Sandbox) -> list[Result]:
        return [await box.invoke(spec, event, request_id="r") for event in (b"1", b"0")]

    first, second = workshop.play(scene)
    assert "ext1 init 200" in texts(first) and "ext1 late 403 Telemetry.SubscriptionClosed" in texts(first)
    assert "TELEMETRY\tName: ext1\tState: Already subscribed\tTypes: [Platform, Function, Extension]" in texts(second)


def test_a_destination_that_never_reads_does_not_hold_anything_up(workshop: Workshop) -> None:
    source = """
        door = socket.create_server(("127.0.0.1", 0))
        destination = {"protocol": "HTTP", "URI": f"http://127.0.0.1:{door.getsockname()[1]}"}
        body = {"schemaVersion": "2022-07-01", "types": ["function"], "destination": destination}
        register()
        say(call("PUT", "/2022-07-01/telemetry", {**body, "buffering": {"timeoutMs": 25}}, root="")[0])
        next_event()
    """
    code = "def handler(event, context):\n    for _ in range(20_000): print('x' * 100)\n    return 'done'"
    spec = workshop.python(code, layers=(workshop.extensions(source),), timeout_s=30)

    async def scene(box: Sandbox) -> None:
        for id in "ab":
            assert said(await box.invoke(spec, b"1", request_id=id)) == "done"
        (subscriber,) = next(iter(box._all.values()))._relay._subscribers.values()
        assert subscriber._bytes < 4 << 20

    workshop.play(scene)


class Destination:
    """A listener on this machine that takes batches, or refuses them while `refusing`."""

    def __init__(self) -> None:
        self.refusing = 0
        self.batches: list[list[Any]] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(line.split()[1] for line in head.split("\r\n") if line.lower().startswith("content-length"))
        body = await reader.readexactly(int(length))
        if self.refusing:
            self.refusing -= 1
            writer.write(b"HTTP/1.1 500 No\r\n\r\n")
        else:
            self.batches.append(json.loads(body))
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.close()


def relayed(scene: Any, **settings: Any) -> Destination:
    """Play a scene with a relay and one subscriber that listens."""
    destination = Destination()

    async def dial(port: int) -> socket.socket:
        line = socket.socket()
        line.setblocking(False)
        await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", port))
        return line

    async def act() -> None:
        server = await asyncio.start_server(destination.serve, "127.0.0.1", 0)
        told = {"items_max": 1_000, "bytes_max": 262_144, "timeout_ms": 30_000, **settings}
        subscription = Subscription(
            name="me", dialect=TELEMETRY, schema="2022-07-01", types=("function", "platform"),
            port=server.sockets[0].getsockname()[1], path="/", method="POST", **told,
        )  # fmt: skip
        relay = Relay(dial, lambda: "now")
        relay.subscribe(subscription)
        await scene(relay, destination)
        await relay.close()
        server.close()

    asyncio.run(act())
    return destination


async def until(done: Any) -> None:
    while not done():
        await asyncio.sleep(0.005)


def test_a_batch_leaves_when_it_is_full() -> None:
    async def scene(relay: Relay, destination: Destination) -> None:
        for at in range(7):
            relay.tell("function", "function", at)
        await until(lambda: len(destination.batches) == 3)

    batches = relayed(scene, items_max=3).batches
    assert [[event["record"] for event in batch] for batch in batches] == [[0, 1, 2], [3, 4, 5], [6]]


def test_a_batch_leaves_when_it_is_old_or_large() -> None:
    async def scene(relay: Relay, destination: Destination) -> None:
        relay.tell("function", "function", "x" * 300_000)
        await until(lambda: destination.batches)

    assert len(relayed(scene).batches) == 1

    async def patient(relay: Relay, destination: Destination) -> None:
        relay.tell("function", "function", "small")
        await until(lambda: destination.batches)

    assert len(relayed(patient, timeout_ms=25).batches) == 1


def test_a_refused_batch_is_tried_again_and_then_counted_as_dropped() -> None:
    async def scene(relay: Relay, destination: Destination) -> None:
        destination.refusing = 1
        relay.tell("function", "function", "second try")
        relay.flush()
        await until(lambda: destination.batches)
        destination.refusing = 3
        relay.tell("function", "function", "lost")
        relay.flush()
        await until(lambda: not destination.refusing)
        relay.tell("function", "function", "after")
        relay.flush()
        await until(lambda: len(destination.batches) == 2)
        relay.flush()
        await until(lambda: len(destination.batches) == 3)

    first, second, third = relayed(scene).batches
    assert [event["record"] for event in first + second] == ["second try", "after"]
    assert third[0]["type"] == "platform.logsDropped"
    assert third[0]["record"]["droppedRecords"] == 1


def test_while_frozen_nothing_leaves() -> None:
    async def scene(relay: Relay, destination: Destination) -> None:
        relay.hold(True)
        relay.tell("function", "function", "late")
        relay.flush()
        await asyncio.sleep(0)
        assert not destination.batches
        relay.hold(False)
        await until(lambda: destination.batches)

    relayed(scene)


def test_after_a_reset_telemetry_waits_until_its_listener_is_back(workshop: Workshop) -> None:
    source = """
        register("INVOKE", "SHUTDOWN")
        say(subscribe(types=["platform"])[0])
        wait_for("platform.telemetrySubscription")
        while next_event()["eventType"] != "SHUTDOWN":
            wait_for("platform.start")
            print("all " + json.dumps([event["type"] for event in events]), flush=True)
    """
    code = "import os\ndef handler(event, context):\n    if event: os._exit(1)"
    spec = workshop.python(code, layers=(listening(workshop, source),))

    async def scene(box: Sandbox) -> list[Result]:
        return [await box.invoke(spec, event, request_id="r") for event in (b"0", b"1", b"0")]

    *_, last = workshop.play(scene)
    kinds = json.loads(next(text for text in texts(last) if text.startswith("all ")).removeprefix("all "))
    since = [kind.removeprefix("platform.") for kind in kinds[kinds.index("platform.fault") :]]
    assert since[:4] == ["fault", "report", "initStart", "telemetrySubscription"]  # the end of its first life, and on


def test_what_comes_before_a_subscription_is_bounded() -> None:
    async def scene(relay: Relay, destination: Destination) -> None:
        relay.begin()
        for _ in range(100):
            relay.tell("function", "function", "x" * 100_000)
        assert relay._early is not None and sum(len(event) for _, _, event in relay._early) < 5 << 20

    relayed(scene)


def test_what_nobody_takes_is_bounded() -> None:
    async def scene(relay: Relay, destination: Destination) -> None:
        relay.hold(True)
        for _ in range(1_000):
            relay.tell("function", "function", "x" * 10_000)
        assert next(iter(relay._subscribers.values()))._bytes < 1 << 20

    relayed(scene)


@pytest.mark.parametrize("workshop", ["namespace"], indirect=True)
def test_the_name_by_which_aws_reaches_listeners(workshop: Workshop) -> None:
    source = "import socket\ndef handler(event, context): return [socket.gethostbyname(name) for name in event]"
    names = ["sandbox.localdomain", "sandbox"]
    spec = workshop.python(source)
    assert said(workshop.invoke(spec, names)) == ["127.0.0.1", "127.0.0.1"]
