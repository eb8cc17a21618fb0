"""What becomes of the children's results: the state's output, or files and a manifest that lists them.

One idea: an outcome is what DescribeExecution tells of a child; WriterConfig says how much of it is kept. It writes no
bucket: files come as keys and texts.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from freehold.engines import moments
from freehold.engines.jsonpath import Json

from .. import values
from ..protocol import RunMap, Writer

KINDS = {"SUCCEEDED": "SUCCEEDED", "FAILED": "FAILED", "TIMED_OUT": "FAILED", "ABORTED": "FAILED"}
FILES = ("FAILED", "PENDING", "SUCCEEDED")
DEFAULT = Writer(transformation="COMPACT")


class Outcome(NamedTuple):
    """How a child ended, or that it has not. `description` is DescribeExecution's answer, in its own member names."""

    status: str  # SUCCEEDED, FAILED, TIMED_OUT, ABORTED; PENDING_REDRIVE, RUNNING or "" for one that has no end
    output: str | None
    description: dict[str, Any]


class File(NamedTuple):
    """A file to write."""

    key: str
    text: str


def exceeded(command: RunMap, failed: int, total: int) -> bool:
    """Whether so many failed items, of so many, end the run. Where no tolerance is given, one is too many."""
    count, percent = command.failures_max, command.failures_percent_max
    if count is None and percent is None:
        return failed > 0
    too_many = count is not None and failed > count
    return too_many or (percent is not None and failed * 100 > percent * total)


def output(command: RunMap, outcomes: Iterable[Outcome]) -> str:
    """The output of a run that writes no files: the results of the children that succeeded."""
    writer = command.writer or DEFAULT
    shaped = _shaped([one for one in outcomes if one.status == "SUCCEEDED"], writer)
    return values.write(_lines(shaped)) if writer.output_type == "JSONL" else values.write(shaped)


def files(command: RunMap, map_run: str, outcomes: Sequence[Outcome]) -> list[File]:
    """The files of results, by status, of a run that writes them; none for a status that no child has.

    `map_run` is the Map Run's ARN, whose last part names the folder below the writer's Prefix.
    """
    writer = command.writer or DEFAULT
    kinds: dict[str, list[Outcome]] = {}
    for one in outcomes:
        kinds.setdefault(KINDS.get(one.status, "PENDING"), []).append(one)
    return [_file(command, map_run, kind, kinds[kind], writer) for kind in FILES if kind in kinds]


def _file(command: RunMap, map_run: str, kind: str, outcomes: list[Outcome], writer: Writer) -> File:
    shaped = _shaped(outcomes, writer) if kind == "SUCCEEDED" else [details(one) for one in outcomes]
    text = _lines(shaped) if writer.output_type == "JSONL" else values.write(shaped)
    return File(f"{_folder(command, map_run)}{kind}_0.{writer.output_type.lower()}", text)


def manifest(command: RunMap, map_run: str, written: Iterable[File]) -> tuple[File, str]:
    """The manifest of the written files, and the output of the state, which says where it is."""
    bucket = values.read((command.writer or DEFAULT).parameters).get("Bucket")
    lists: dict[str, list[Json]] = {kind: [] for kind in FILES}
    for file in written:
        kind = file.key.rpartition("/")[2].partition("_")[0]
        lists[kind].append({"Key": file.key, "Size": len(file.text.encode())})
    text = values.write({"DestinationBucket": bucket, "MapRunArn": map_run, "ResultFiles": lists})
    key = f"{_folder(command, map_run)}manifest.json"
    told = {"MapRunArn": map_run, "ResultWriterDetails": {"Bucket": bucket, "Key": key}}
    return File(key, text), values.write(told)


def _folder(command: RunMap, map_run: str) -> str:
    prefix = values.read((command.writer or DEFAULT).parameters).get("Prefix") or ""
    return f"{prefix.rstrip('/')}/{map_run.rpartition(':')[2]}/".lstrip("/")


def _shaped(outcomes: list[Outcome], writer: Writer) -> list[Json]:
    if writer.transformation == "NONE":
        return [details(one) for one in outcomes]
    outputs = [values.read(one.output or "null") for one in outcomes]
    if writer.transformation == "COMPACT":
        return outputs
    return [item for value in outputs for item in (value if isinstance(value, list) else [value])]


def details(outcome: Outcome) -> dict[str, Json]:
    """A child's description as the result files show it: DescribeExecution's members in capitals, moments as texts."""
    shown: dict[str, Json] = {}
    for name, value in sorted(outcome.description.items()):
        capital = name[0].upper() + name[1:]
        if name.endswith("Date") and isinstance(value, (int, float)):
            value = moments.iso_ms(value)
        shown[capital] = {"Included": True} if name.endswith("Details") else value
    return shown


def _lines(items: Iterable[Json]) -> str:
    return "\n".join(map(values.write, items))
