"""Measure all servers in turns and write the ratios into RESULTS.md between its marks: `python -m bench.run
[--seconds 3] [--rounds 3] [--connections 16] [case …]`.

CPU of the server's process tree per operation is the figure to trust on a shared machine; rates depend on what else
runs.
"""

import argparse
import asyncio
import os
import platform
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import uvloop
from botocore.config import Config

from bench.cases import CASES
from bench.load import drive
from bench.results import write
from bench.servers import HOME, PEERS, Server

ROOT = Path("~/.cache/freehold-bench").expanduser()
CONNECTIONS = (1, 16)


class Figure(NamedTuple):
    """One round: operations a second, CPU µs an operation, latency p50 in ms."""

    rate: float
    cpu_us: float
    p50_ms: float


def client_of(server: Server) -> Any:
    config = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, inject_host_prefix=False)
    return lambda service: boto3.client(
        service, endpoint_url=server.url, region_name="us-east-1", config=config,
        aws_access_key_id=server.peer.key, aws_secret_access_key=server.peer.key,
    )  # fmt: skip


def measure(server: Server, case: str, seconds: float, connections: int) -> Figure | str:
    """One round of one case on one server; a text if it cannot do it."""
    try:
        load = CASES[case](client_of(server))
    except Exception as error:  # a peer that cannot do a case is said so in the table
        return f"cannot: {str(error).splitlines()[0][:80]}"
    before = server.cpu_s()
    span = 60 if load.most else seconds
    count, wrong, took, times = asyncio.run(drive(server.port, load.requests, load.right, span, connections))
    start = time.perf_counter()
    try:
        load.settle()
    except RuntimeError as error:
        return f"cannot: {error}"
    took += time.perf_counter() - start
    if not count or wrong:
        return f"cannot: {wrong} of {count} answers were wrong"
    return Figure(count / took, (server.cpu_s() - before) / count * 1e6, times[len(times) // 2] * 1e3)


def median(figures: list[Figure | str]) -> Figure | str:
    good = [figure for figure in figures if isinstance(figure, Figure)]
    if not good:
        return figures[0]
    return Figure(*(statistics.median(values) for values in zip(*good, strict=True)))


def rows(results: dict[tuple[str, int, str], Figure | str], names: list[str]) -> list[str]:
    """The table: a row for a case, a column for a server; a peer's CPU also as how often ours goes into it."""
    lines = ["| " + " | ".join(["case", "connections", *names]) + " |", "|---" * (len(names) + 2) + "|"]
    for case, connections in dict.fromkeys(key[:2] for key in results):
        ours = results[case, connections, names[0]]
        cells = [cell(results.get((case, connections, name), ""), ours) for name in names]
        lines.append(f"| {case} | {connections} | " + " | ".join(cells) + " |")
    return lines


def cell(figure: Figure | str, ours: Figure | str) -> str:
    if isinstance(figure, str):
        return figure
    text = f"{figure.rate:,.0f}/s, {figure.cpu_us:,.0f} µs, p50 {figure.p50_ms:.1f} ms"
    if figure is ours or isinstance(ours, str):
        return text
    return f"{text} ({figure.cpu_us / ours.cpu_us:.1f}× CPU)"


def heading(servers: list[Server], idle: dict[str, float], rounds: int) -> list[str]:
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HOME, capture_output=True, text=True, check=False
    )
    machine = f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}"
    start = ", ".join(f"{server.name} {server.started_s:.2f} s and {idle[server.name]:.0f} MB" for server in servers)
    return [
        f"`make bench` at commit {said.stdout.strip()}; {machine}. Medians of {rounds} rounds, servers in turn.",
        "Freehold is durable: an answer leaves after its write is on disk. The peers keep everything in memory.",
        "",
        f"Start to first answer and memory when idle: {start}.",
        "",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=list(CASES))
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, action="append")
    asked = parser.parse_args()
    ROOT.mkdir(parents=True, exist_ok=True)
    uvloop.install()
    servers = [Server(peer, ROOT) for peer in PEERS]
    idle = {server.name: server.memory_mb() for server in servers}
    gathered: dict[tuple[str, int, str], list[Figure | str]] = {}
    try:
        for case in asked.cases:
            for connections in asked.connections or CONNECTIONS:
                for _ in range(asked.rounds):
                    for server in [each for each in servers if case.startswith(each.peer.cases)]:
                        figure = measure(server, case, asked.seconds, connections)
                        gathered.setdefault((case, connections, server.name), []).append(figure)
                        print(case, connections, server.name, figure, flush=True)
    finally:
        for server in servers:
            server.stop()
    lines = heading(servers, idle, asked.rounds) + rows(
        {key: median(each) for key, each in gathered.items()}, list(idle)
    )
    text = "\n".join(lines) + "\n"
    write("operations", text)
    print(text)


if __name__ == "__main__":
    main()
