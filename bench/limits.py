"""What the machine allows, beside which the figures are to be read: `python -m bench.limits [--write]`.

The HTTP server with nothing behind it, rows in bare SQLite that are flushed for sixteen at a time, SET and GET of Redis
that flushes every second, and nginx that hands out a file, beside an object of ours. It may not know any other case.
"""

import argparse
import asyncio
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from operator import truediv
from pathlib import Path
from statistics import median

import apsw
import uvloop

from bench.load import drain, drive
from bench.objects import LARGE, get_large
from bench.results import write
from bench.run import client_of
from bench.servers import PEERS, Server, answers, free_port

SECONDS, ROUNDS, CONNECTIONS, TOGETHER = 2, 5, 16, 16
TEXT = b"x" * 1_000
SCHEMA = (
    "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE rows(id PRIMARY KEY, doc) WITHOUT ROWID",
)  # fmt: skip
HELLO = (
    "import asyncio, functools, uvloop\n"
    "from freehold.doors.http import Conversation\n"
    "from freehold.doors.places import Conversations\n"
    "from freehold.web import HttpResponse\n"
    "async def app(http): return HttpResponse(200, [], b'x' * 1_000)\n"
    "async def main():\n"
    "    speak = functools.partial(Conversation, app, Conversations())\n"
    "    server = await asyncio.get_running_loop().create_server(speak, '127.0.0.1', {port})\n"
    "    await server.serve_forever()\n"
    "uvloop.run(main())\n"
)
NGINX = (
    "daemon off; pid {folder}/pid; error_log stderr crit; events {{}}\n"
    "http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};\n"
    "uwsgi_temp_path {folder}; scgi_temp_path {folder}; sendfile on; keepalive_requests 1000000;\n"
    "server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n"
)


@contextmanager
def running(command: list[str], port: int) -> Iterator[subprocess.Popen]:
    """A server while it is needed."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not answers(port, "/"):
            time.sleep(0.01)
        yield process
    finally:
        process.terminate()
        process.wait()


def served(command: list[str], port: int, size: int) -> str:
    """Gets of a path of a server that is started for it."""
    with running(command, port) as process:
        requests: Iterator[bytes] = itertools.repeat(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        before = used_s(process.pid)
        count, wrong, took, _ = asyncio.run(
            drive(port, requests, lambda body: len(body) == size, SECONDS, CONNECTIONS)
        )  # fmt: skip
        if wrong:
            return f"{wrong} of {count} answers were wrong"
        return f"{count / took:,.0f}/s, {(used_s(process.pid) - before) / count * 1e6:,.0f} µs"


def used_s(pid: int) -> float:
    """CPU of a process and its children."""
    pids = [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    stats = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in pids]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def bare_http(folder: Path) -> str:
    port = free_port()
    return served([sys.executable, "-c", HELLO.replace("{port}", str(port))], port, 1_000)


def five_megabytes(folder: Path) -> str:
    """A file of nginx and an object of ours, taken by turns, by a client that keeps nothing."""
    if not shutil.which("nginx"):
        return "nginx is not installed"
    port, server = free_port(), Server(PEERS[0], folder / "ours")
    (folder / "key").write_bytes(LARGE)
    folder.chmod(0o755)
    (folder / "conf").write_text(NGINX.format(folder=folder, port=port))
    ours = get_large(client_of(server)).requests
    plain = b"GET /key HTTP/1.1\r\nhost: localhost\r\n\r\n"
    rates: dict[str, list[float]] = {"nginx": [], "freehold": []}
    used: dict[str, list[float]] = {"nginx": [], "freehold": []}
    try:
        with running(["nginx", "-c", str(folder / "conf")], port) as nginx:
            asked = {"nginx": (nginx.pid, port, plain), "freehold": (server.process.pid, server.port, next(ours))}
            for _ in range(ROUNDS):
                for name, (pid, place, request) in asked.items():
                    before = used_s(pid)
                    rate = asyncio.run(drain(place, request, len(LARGE), SECONDS, CONNECTIONS))
                    rates[name].append(rate)
                    used[name].append((used_s(pid) - before) / SECONDS / rate * 1e6)
    finally:
        server.stop()
    told = [f"{name} {median(rates[name]):,.0f}/s, {median(used[name]):,.0f} µs" for name in rates]
    return f"{'; '.join(told)}: {median(map(truediv, rates['freehold'], rates['nginx'])):.0%} of its throughput"


def sqlite_rows(folder: Path) -> str:
    """Inserts of a row of 1 KB; each sixteen are committed and flushed together, as sixteen connections are."""
    db = apsw.Connection(str(folder / "rows.db"))
    for statement in SCHEMA:
        db.execute(statement).fetchall()
    count, start, before = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - start < SECONDS:
        with db:
            for _ in range(TOGETHER):
                count += 1
                db.execute("INSERT INTO rows VALUES(?, ?)", (f"key-{count}", TEXT))
    took, cpu = time.perf_counter() - start, time.process_time() - before
    return f"{count / took:,.0f}/s, {cpu / count * 1e6:,.0f} µs"


def redis(folder: Path) -> str:
    """SET of 1 KB by sixteen connections, as redis-benchmark has it."""
    if not shutil.which("redis-server"):
        return "redis is not installed"
    port = str(free_port())
    options = ["--port", port, "--dir", str(folder), "--appendonly", "yes", "--save", ""]
    process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    try:
        time.sleep(1)
        before = used_s(process.pid)
        asked = ["redis-benchmark", "-p", port, "-c", str(CONNECTIONS), "-n", "100000", "-d", "1000", "-t", "set", "-q"]
        said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.replace("\r", "\n")
        cpu_us = (used_s(process.pid) - before) / 100_000 * 1e6
        rates = re.findall(r"([\d.]+) requests per second", said)
        return f"{float(rates[-1]):,.0f}/s, {cpu_us:,.0f} µs"
    finally:
        process.terminate()
        process.wait()


LIMITS = {
    "this HTTP server with nothing behind it, 1 KB": bare_http,
    "bare SQLite, a row of 1 KB, sixteen to a flush": sqlite_rows,
    "Redis SET 1 KB, flushed every second": redis,
    "nginx, a file of 5 MB, and S3 GetObject of as much": five_megabytes,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    uvloop.install()
    lines = ["| limit | operations/s, CPU each |", "|---|---|"]
    for name, measure in LIMITS.items():
        with tempfile.TemporaryDirectory() as folder:
            lines.append(f"| {name} | {measure(Path(folder))} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if asked.write:
        write("limits", text)


if __name__ == "__main__":
    main()
