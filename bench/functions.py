"""What functions cost: `python -m bench.functions [--isolation namespace process] [--seconds 5] [--write]`.

Cold and warm starts, rates, a crowd of environments, a queue worked off, with isolation and without, beside a bare
subprocess as the limit. `--write` puts the table into RESULTS.md between its marks.
"""

import argparse
import asyncio
import base64
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.cases import HELLO, packed, role
from bench.load import drive, signed
from bench.loads import named
from bench.results import write
from bench.run import ROOT, client_of
from bench.servers import HOME, PEERS, Server

NODE = "exports.handler = async (event) => ({hello: event.name});\n"
SLEEPER = "import time\ndef handler(event, context):\n    time.sleep(event['seconds'])\n    return 'slept'\n"
WORKER = "def handler(event, context):\n    return None\n"
EVENT = b'{"name": "bench"}'
STARTS, CROWD, MESSAGES = 20, 200, 1_000
PYTHON = f"python3.{sys.version_info.minor}"

Figures = dict[str, str]


class Bench:
    """One running Freehold and the functions made in it."""

    def __init__(self, isolation: str, seconds: float):
        peer = PEERS[0]._replace(environment={"FREEHOLD_ISOLATION": isolation})
        self.server, self.seconds = Server(peer, ROOT), seconds
        self.client = client_of(self.server)
        self.functions = self.client("lambda")

    def function(self, source: str, runtime: str = PYTHON, **settings: Any) -> str:
        name, file = named("function"), "app.py" if runtime.startswith("python") else "app.js"
        self.functions.create_function(
            FunctionName=name, Runtime=runtime, Handler="app.handler", Role=role(self.client), MemorySize=256,
            Code={"ZipFile": packed({file: source})}, **settings,
        )  # fmt: skip
        self.functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        return name

    def drive(self, request: bytes, connections: int, right: Callable[[bytes], bool]) -> tuple[float, float, float]:
        """Requests a second, p50 in ms, CPU µs each."""
        before = self.server.cpu_s()
        requests = iter(lambda: request, None)
        count, wrong, took, times = asyncio.run(drive(self.server.port, requests, right, self.seconds, connections))
        if wrong or not count:
            raise RuntimeError(f"{wrong} of {count} answers were wrong")
        return count / took, times[len(times) // 2] * 1e3, (self.server.cpu_s() - before) / count * 1e6


def cold(bench: Bench, source: str, runtime: str) -> str:
    """From the request to the answer of functions that never ran before; and AWS's Init Duration."""
    whole, inits = [], []
    for _ in range(STARTS):
        name = bench.function(source, runtime)
        start = time.perf_counter()
        answer = bench.functions.invoke(FunctionName=name, Payload=EVENT, LogType="Tail")
        whole.append((time.perf_counter() - start) * 1e3)
        report = base64.b64decode(answer["LogResult"]).decode()
        inits += [float(text) for text in re.findall(r"Init Duration: ([\d.]+) ms", report)]
    return f"{statistics.median(whole):.0f} ms (first {whole[0]:.0f}, Init Duration {statistics.median(inits):.0f})"


def warm(bench: Bench, connections: int) -> str:
    name = bench.function(HELLO)
    bench.functions.invoke(FunctionName=name, Payload=EVENT)
    request = signed(bench.functions, "invoke", FunctionName=name, Payload=EVENT)
    rate, p50_ms, cpu_us = bench.drive(request, connections, lambda body: b"bench" in body)
    return f"{rate:,.0f}/s, p50 {p50_ms:.2f} ms, {cpu_us:,.0f} CPU µs"


def gateway(bench: Bench) -> str:
    """The same function behind a REST API's proxy integration."""
    source = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'bench'}\n"
    name, api = bench.function(source), bench.client("apigateway")
    arn = bench.functions.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    bench.functions.add_permission(
        FunctionName=name, StatementId="api", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com"
    )
    rest = api.create_rest_api(name=named("api"))["id"]
    root = api.get_resources(restApiId=rest)["items"][0]["id"]
    place = {"restApiId": rest, "resourceId": root, "httpMethod": "GET"}
    api.put_method(**place, authorizationType="NONE")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    api.put_integration(**place, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    api.create_deployment(restApiId=rest, stageName="live")
    host = f"127.0.0.1:{bench.server.port}"
    request = f"GET /_aws/execute-api/{rest}/live/ HTTP/1.1\r\nhost: {host}\r\n\r\n".encode()
    rate, p50_ms, cpu_us = bench.drive(request, 4, lambda body: body == b"bench")
    return f"{rate:,.0f}/s, p50 {p50_ms:.2f} ms, {cpu_us:,.0f} CPU µs"


def crowd(bench: Bench) -> str:
    """Many environments of one function at once: the time until all have answered, and what each holds."""
    name = bench.function(SLEEPER, Timeout=120)
    request = signed(bench.functions, "invoke", FunctionName=name, Payload=b'{"seconds": 5}')
    alone, start = _held_mb(bench), time.perf_counter()
    pool = iter([request] * CROWD)
    count, wrong, _, _ = asyncio.run(drive(bench.server.port, pool, lambda body: b"slept" in body, 110, CROWD))
    took = time.perf_counter() - start
    each = (_held_mb(bench) - alone) / CROWD
    return f"{count - wrong} of {CROWD} answered a 5 s call in {took:.1f} s; {each:.1f} MB each"


def _held_mb(bench: Bench) -> float:
    """What the server's tree holds, shared pages divided among their users."""
    total = 0
    for pid in bench.server.tree():
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])
    return total / 1024


def queue(bench: Bench) -> str:
    """Messages that wait, worked off in batches of ten."""
    sqs, name = bench.client("sqs"), bench.function(WORKER)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
    bench.client("iam").put_role_policy(RoleName="bench", PolicyName="queues", PolicyDocument=json.dumps(policy))
    url = sqs.create_queue(QueueName=named("queue"))["QueueUrl"]
    for first in range(0, MESSAGES, 10):
        entries = [{"Id": str(number), "MessageBody": "x"} for number in range(first, first + 10)]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    start = time.perf_counter()
    bench.functions.create_event_source_mapping(FunctionName=name, EventSourceArn=arn, BatchSize=10)
    wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    while any(map(int, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"].values())):
        if time.perf_counter() - start > 60:
            return "not done after a minute"
        time.sleep(0.02)
    return f"{time.perf_counter() - start:.2f} s"


CASES: dict[str, Callable[[Bench], str]] = {
    "cold start, python": lambda bench: cold(bench, HELLO, PYTHON),
    "cold start, nodejs20.x": lambda bench: cold(bench, NODE, "nodejs20.x"),
    "warm invoke, one connection": lambda bench: warm(bench, 1),
    "warm invoke, four environments": lambda bench: warm(bench, 4),
    "through API Gateway, four environments": gateway,
    f"{CROWD} environments at once": crowd,
    f"{MESSAGES:,} queued messages, batches of 10": queue,
}


def bare() -> str:
    """The limit: an interpreter started and ended by itself."""
    times = []
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-S", "-E", "-c", "print()"], stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - start) * 1e3)
    return f"{statistics.median(times):.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--isolation", nargs="+", default=["namespace", "process"])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    ROOT.mkdir(parents=True, exist_ok=True)
    columns: dict[str, Figures] = {}
    for isolation in asked.isolation:
        bench = Bench(isolation, asked.seconds)
        try:
            for name, measure in CASES.items():
                columns.setdefault(name, {})[isolation] = measure(bench)
                print(f"{isolation}: {name}: {columns[name][isolation]}", flush=True)
        finally:
            bench.server.stop()
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HOME, capture_output=True, text=True, check=False
    )
    cores = len(os.sched_getaffinity(0))
    lines = [f"At commit {said.stdout.strip()}, {cores} cores. A bare `{PYTHON} -S` takes {bare()}.", ""]
    lines += ["| case | " + " | ".join(asked.isolation) + " |", "|---" * (len(asked.isolation) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(row[one] for one in asked.isolation) + " |" for name, row in columns.items()]
    print("\n".join(lines))
    if asked.write:
        text = "\n".join(lines) + "\n"
        write("functions", text)


if __name__ == "__main__":
    main()
