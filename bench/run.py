"""Measure all servers in turns and write the ratios: `python -m bench.run [--seconds 3] [--rounds 3] [case …]`.

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

from bench.cases import CASES, DEEP
from bench.load import drive
from bench.servers import HOME, PEERS, Server

RESULTS = HOME / "bench" / "RESULTS.md"
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
        aws_access_key_id="test", aws_secret_access_key="test",
    )  # fmt: skip


def measure(server: Server, case: str, seconds: float, connections: int) -> Figure | str:
    """One round of one case on one server; a text if it cannot do it."""
    try:
        load = (CASES | DEEP)[case](client_of(server))
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


def rows(results: dict[tuple[str, int, str], Figure | str]) -> list[str]:
    """The table, with each peer's ratio to Freehold."""
    names = ["case", "connections", "server", "operations/s", "CPU µs each", "p50 ms", "our rate is", "our CPU is"]
    lines = ["| " + " | ".join(names) + " |", "|---" * len(names) + "|"]
    for (case, connections, name), figure in results.items():
        ours = results[case, connections, "freehold"]
        if isinstance(figure, str):
            lines.append(f"| {case} | {connections} | {name} | {figure} | | | | |")
            continue
        ratio = ["", ""]
        if name != "freehold" and isinstance(ours, Figure):
            ratio = [f"{ours.rate / figure.rate:.1f}×", f"{ours.cpu_us / figure.cpu_us:.2f}×"]
        cells = [f"{figure.rate:,.0f}", f"{figure.cpu_us:,.0f}", f"{figure.p50_ms:.2f}", *ratio]
        lines.append(f"| {case} | {connections} | {name} | " + " | ".join(cells) + " |")
    return lines


def heading(servers: list[Server], idle: dict[str, float], rounds: int) -> list[str]:
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HOME, capture_output=True, text=True, check=False
    )
    machine = f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}"
    start = ", ".join(f"{server.name} {server.started_s:.2f} s and {idle[server.name]:.0f} MB" for server in servers)
    return [
        "# Results",
        "",
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
    asked = parser.parse_args()
    ROOT.mkdir(parents=True, exist_ok=True)
    uvloop.install()
    servers = [Server(peer, ROOT) for peer in PEERS]
    idle = {server.name: server.memory_mb() for server in servers}
    gathered: dict[tuple[str, int, str], list[Figure | str]] = {}
    try:
        for case in asked.cases:
            for connections in CONNECTIONS:
                for _ in range(asked.rounds):
                    for server in servers:
                        figure = measure(server, case, asked.seconds, connections)
                        gathered.setdefault((case, connections, server.name), []).append(figure)
                        print(case, connections, server.name, figure, flush=True)
    finally:
        for server in servers:
            server.stop()
    lines = heading(servers, idle, asked.rounds) + rows({key: median(each) for key, each in gathered.items()})
    RESULTS.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
