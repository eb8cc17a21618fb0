"""A web server behind a function URL, asked at a steady rate: `python -m bench.web [--rate 30] [--seconds 20]`.

Requests leave when they are due, whether or not the ones before were answered, as those of many browsers do. Prints
the latencies and every kind of error. The published load of a web shop is --rate 30 --seconds 240.
"""

import argparse
import asyncio
import io
import json
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from bench.run import client_of
from bench.servers import PEERS, Server

LAYER = "arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerX86:25"
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
PATIENCE_S = 30
BEHIND_MAX = 300  # unanswered requests at which the load is given up: this machine can not serve it
RUN = "#!/bin/sh\nexec python3 -u app.py\n"
APP = """
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = b"<h1>Shop</h1>"
        head = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)
        self.wfile.write(head + body)

    def log_message(self, *words):
        pass

ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
"""


def deployed(client) -> str:
    """The address of a new function that runs the web server."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in (("run.sh", RUN), ("app.py", APP)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, text)
    trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    role = client("iam").create_role(RoleName="shop", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    functions = client("lambda")
    functions.create_function(
        FunctionName="shop", Runtime="python3.12", Handler="run.sh", Role=role, Timeout=10, MemorySize=256,
        Layers=[LAYER], Code={"ZipFile": packed.getvalue()},
        Environment={"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/bootstrap", "PORT": "8080"}},
    )  # fmt: skip
    functions.get_waiter("function_active_v2").wait(FunctionName="shop")
    functions.add_permission(
        FunctionName="shop", StatementId="all", Action="lambda:InvokeFunctionUrl", Principal="*",
        FunctionUrlAuthType="NONE",
    )  # fmt: skip
    return functions.create_function_url_config(FunctionName="shop", AuthType="NONE")["FunctionUrl"]


async def ask(url: str) -> tuple[float, str]:
    """One request on a connection of its own: its seconds, and what is wrong with the answer ("" for nothing)."""
    place, began = urlsplit(url), time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection(place.hostname, place.port)
            writer.write(f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
    except OSError as error:
        return time.perf_counter() - began, type(error).__name__
    head, _, body = answer.partition(b"\r\n\r\n")
    right = head.startswith(b"HTTP/1.1 200 ") and b"<h1>Shop</h1>" in body
    return time.perf_counter() - began, "" if right else head.split(b"\r\n")[0].decode() or "no answer"


async def load(url: str, rate: float, seconds: float) -> list[tuple[float, str]]:
    """The answers to a steady stream of requests."""
    began, asked = time.perf_counter(), []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        if sum(not task.done() for task in asked[-BEHIND_MAX:]) == BEHIND_MAX:
            raise SystemExit(f"given up after {number} requests: {BEHIND_MAX} are not answered")
        asked.append(asyncio.create_task(ask(url)))
    return await asyncio.gather(*asked)


def main() -> None:
    """Deploy, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=30)
    parser.add_argument("--seconds", type=float, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(PEERS[0], Path(folder))
        try:
            answers = asyncio.run(load(deployed(client_of(server)), asked.rate, asked.seconds))
            processes, memory_mb = len(server.tree()), server.memory_mb()
        finally:
            server.stop()
    times = sorted(span * 1000 for span, _ in answers)
    errors = Counter(wrong for _, wrong in answers if wrong)
    print(f"{len(answers)} requests at {asked.rate:g}/s: p50 {times[len(times) // 2]:.1f} ms, ", end="")
    print(f"p99 {times[int(len(times) * 0.99)]:.1f} ms, most {times[-1]:.1f} ms; {memory_mb:.0f} MB in ", end="")
    print(f"{processes} processes; errors: {dict(errors) or 'none'}")


if __name__ == "__main__":
    main()
