"""S3's speed: CPU of the server for each kind of request, small and large.

`python -m bench.objects PORT PID [case …]`: a running cloud and its process. It may not know how objects are kept.
"""

import asyncio
import itertools
import sys
import time
from pathlib import Path

import boto3
from botocore.config import Config

from bench.load import drive, signed
from bench.loads import named

HZ = 100  # clock ticks a second, sysconf(_SC_CLK_TCK) on Linux
KB, MB = 1_024, 1_024**2
SECONDS = 3.0


def cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / HZ


def cases(s3):
    bucket = named("bench")
    s3.create_bucket(Bucket=bucket)
    small, large = b"x" * KB, b"x" * (5 * MB)
    s3.put_object(Bucket=bucket, Key="small", Body=small)
    s3.put_object(Bucket=bucket, Key="large", Body=large)
    listed = named("listed")
    s3.create_bucket(Bucket=listed)
    for number in range(1_000):
        s3.put_object(Bucket=listed, Key=f"key-{number:04}", Body=b"")
    puts = [signed(s3, "put_object", Bucket=bucket, Key=f"key-{number}", Body=small) for number in range(64)]
    yield "put 1 KB", 16, itertools.cycle(puts), lambda body: True
    get = signed(s3, "get_object", Bucket=bucket, Key="small")
    yield "get 1 KB", 16, itertools.repeat(get), lambda body: len(body) == KB
    put = signed(s3, "put_object", Bucket=bucket, Key="put", Body=large)
    yield "put 5 MB", 4, itertools.repeat(put), lambda body: True
    get = signed(s3, "get_object", Bucket=bucket, Key="large")
    yield "get 5 MB", 4, itertools.repeat(get), lambda body: len(body) == 5 * MB
    pages = signed(s3, "list_objects_v2", Bucket=listed)
    yield "list 1,000", 4, itertools.repeat(pages), lambda body: body.count(b"<Key>") == 1_000


def main(port: int, pid: int, *wanted: str) -> None:
    s3 = boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1", aws_access_key_id="test",
        aws_secret_access_key="test", config=Config(s3={"addressing_style": "path"}),
    )  # fmt: skip
    for name, connections, requests, right in cases(s3):
        if wanted and not any(each in name for each in wanted):
            continue
        asyncio.run(drive(port, requests, right, 1.0, connections))
        before, began = cpu_s(pid), time.perf_counter()
        count, wrong, _, times = asyncio.run(drive(port, requests, right, SECONDS, connections))
        spent = (cpu_s(pid) - before) / max(count, 1)
        rate, middle = count / (time.perf_counter() - began), times[len(times) // 2]
        print(f"{name:12} {spent * 1e6:8.0f} CPU-µs  {rate:7.0f}/s  p50 {middle * 1e3:6.2f} ms  {wrong} wrong")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
