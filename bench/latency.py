"""How soon functions hear what is told, and what waiting costs: `python -m bench.latency [--write]`.

One message at a time, from the moment before the publisher's request to the first line of the function; then 1,000 long
polls that nobody answers. `--write` puts the table into RESULTS.md between its marks.
"""

import argparse
import asyncio
import json
import os
import subprocess
import time
from collections.abc import Callable
from typing import Any

from bench.functions import Bench
from bench.load import signed
from bench.loads import named
from bench.results import write
from bench.run import ROOT
from bench.servers import HOME

# Finds the moment of sending in whatever a service wraps it in, and writes the span to its log.
HEARER = """import re, time
def handler(event, context):
    print("took", (time.time() - float(re.search(r"at=([0-9.]+)", str(event))[1])) * 1000)
"""
WARM, MESSAGES, PAUSE_S = 20, 200, 0.02
POLLS, QUEUES, IDLE_S = 1_000, 100, 10
ACCOUNT = "000000000000"


def spans_ms(bench: Bench, name: str, send: Callable[[str], Any]) -> list[float]:
    """The spans of messages sent one after the other, the first ones left out."""
    for _ in range(WARM + MESSAGES):
        send(f"at={time.time()}")
        time.sleep(PAUSE_S)
    logs, deadline = bench.client("logs"), time.monotonic() + 30
    while time.monotonic() < deadline:
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{name}", filterPattern="took"
        )  # fmt: skip
        found = [float(event["message"].split()[1]) for page in pages for event in page["events"]]
        if len(found) >= WARM + MESSAGES:
            return sorted(found[WARM:])
        time.sleep(0.2)
    raise RuntimeError(f"{len(found)} of {WARM + MESSAGES} messages were heard")


def told(spans: list[float]) -> str:
    return f"p50 {spans[len(spans) // 2]:.1f} ms, p90 {spans[len(spans) * 9 // 10]:.1f} ms"


def hearer(bench: Bench, service: str) -> tuple[str, str]:
    """The name and ARN of a function that a service may invoke."""
    name = bench.function(HEARER)
    allow = {"Effect": "Allow", "Action": ["logs:*", "sqs:*"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    bench.client("iam").put_role_policy(RoleName="bench", PolicyName="bench", PolicyDocument=document)
    bench.client("logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
    allowed = {"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": f"{service}.amazonaws.com"}
    bench.functions.add_permission(FunctionName=name, **allowed)
    return name, f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"


def by_topic(bench: Bench) -> str:
    sns, (name, arn) = bench.client("sns"), hearer(bench, "sns")
    topic = sns.create_topic(Name=named("topic"))["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    return told(spans_ms(bench, name, lambda text: sns.publish(TopicArn=topic, Message=text)))


def by_bus(bench: Bench) -> str:
    events, (name, arn) = bench.client("events"), hearer(bench, "events")
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])

    def send(text: str) -> None:
        events.put_events(Entries=[{"Source": name, "DetailType": "t", "Detail": json.dumps({"text": text})}])

    return told(spans_ms(bench, name, send))


def by_queue(bench: Bench) -> str:
    sqs, (name, _) = bench.client("sqs"), hearer(bench, "sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    source = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
    bench.functions.create_event_source_mapping(EventSourceArn=source, FunctionName=name, BatchSize=1)
    return told(spans_ms(bench, name, lambda text: sqs.send_message(QueueUrl=url, MessageBody=text)))


def idle(bench: Bench) -> str:
    """What the server uses while 1,000 long polls of 20 s are open, and when a message comes to each queue's first."""
    sqs = bench.client("sqs")
    urls = [sqs.create_queue(QueueName=named("queue"))["QueueUrl"] for _ in range(QUEUES)]
    asks = [signed(sqs, "receive_message", QueueUrl=url, WaitTimeSeconds=20) for url in urls]
    used_s, woken = asyncio.run(
        _poll(bench, asks, lambda: [sqs.send_message(QueueUrl=u, MessageBody="x") for u in urls])
    )
    return f"{used_s / IDLE_S * 100:.1f} % of a core; {woken} of {QUEUES} messages came at once"


async def _poll(bench: Bench, asks: list[bytes], send: Callable[[], Any]) -> tuple[float, int]:
    """CPU seconds used in `IDLE_S`; and how many polls got a message when each queue was sent one."""
    opened = [await asyncio.open_connection("127.0.0.1", bench.server.port) for _ in range(POLLS)]
    for number, (_, writer) in enumerate(opened):
        writer.write(asks[number % len(asks)])
    await asyncio.sleep(2)
    before = bench.server.cpu_s()
    await asyncio.sleep(IDLE_S)
    used_s = bench.server.cpu_s() - before
    await asyncio.to_thread(send)
    heads = await asyncio.gather(*(_head(reader) for reader, _ in opened))
    for _, writer in opened:
        writer.close()
    return used_s, sum(b"ReceiptHandle" in head for head in heads)


async def _head(reader: asyncio.StreamReader) -> bytes:
    """What comes within two seconds."""
    try:
        return await asyncio.wait_for(reader.read(65_536), 2)
    except TimeoutError:
        return b""


CASES: dict[str, Callable[[Bench], str]] = {
    "SNS publish → function": by_topic,
    "EventBridge PutEvents → function": by_bus,
    "SQS SendMessage → function": by_queue,
    f"{POLLS:,} long polls open": idle,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--isolation", default="process")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    ROOT.mkdir(parents=True, exist_ok=True)
    bench = Bench(asked.isolation, 0)
    try:
        figures = {name: measure(bench) for name, measure in CASES.items()}
    finally:
        bench.server.stop()
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HOME, capture_output=True, text=True, check=False
    )
    lines = [
        f"At commit {said.stdout.strip()}, {len(os.sched_getaffinity(0))} cores, isolation by {asked.isolation}.",
        "",
    ]
    lines += ["| case | freehold |", "|---|---|", *(f"| {name} | {figure} |" for name, figure in figures.items())]
    print("\n".join(lines))
    if asked.write:
        text = "\n".join(lines) + "\n"
        write("latency", text)


if __name__ == "__main__":
    main()
