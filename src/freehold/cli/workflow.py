"""`freehold workflow`: watch executions, draw them, list their steps, and say what they would cost.

One idea: all is read through the Step Functions API, as anyone could. It may not know how executions are kept.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from freehold.cli.cloud import Problem, client, setting
from freehold.config import from_environment
from freehold.engines import charts

PAGE = 1_000
LOOK_EVERY_S = 0.25
STYLES = {"succeeded": "green", "running": "blue", "caught": "yellow", "failed": "red", "aborted": "dim"}
MARKS = {"succeeded": "✓", "running": "…", "caught": "!", "failed": "✗", "aborted": "–"}
COLUMNS = ("state", "type", "outcome", "began", "took", "tries", "error")


class Recording:
    """What is known of an execution: its description, and the history as far as it was read."""

    def __init__(self, states: Any, arn: str):
        self.states, self.arn = states, arn
        self.about: dict[str, Any] = {}
        self._read: list[Any] = []  # whole pages, which never change
        self._rest: list[Any] = []
        self._token: str | None = None

    def look(self) -> charts.Way:
        """Read what is new; the way as far as it goes."""
        self.about = ask(self.states.describe_execution, executionArn=self.arn)
        while True:
            more = {"nextToken": self._token} if self._token else {}
            answer = ask(self.states.get_execution_history, executionArn=self.arn, maxResults=PAGE, **more)
            self._rest = answer["events"]
            if not answer.get("nextToken"):
                return charts.way(self.events)
            self._read += self._rest
            self._token, self._rest = answer["nextToken"], []

    @property
    def events(self) -> list[Any]:
        return self._read + self._rest

    @property
    def definition(self) -> dict[str, Any]:
        return json.loads(ask(self.states.describe_state_machine_for_execution, executionArn=self.arn)["definition"])

    @property
    def running(self) -> bool:
        return self.about["status"] in ("RUNNING", "PENDING_REDRIVE")


def ask(operation: Any, **request: Any) -> Any:
    """The answer of the API, or its refusal as a `Problem`."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return operation(**request)
    except ClientError as refusal:
        raise Problem(refusal.response["Error"]["Message"] or refusal.response["Error"]["Code"]) from None
    except BotoCoreError as error:
        raise Problem(f"{error}; look at `freehold status`") from None


@click.command()
@click.argument("execution")
@setting("data")
def watch(execution: str, data: str | None) -> None:
    """Show the states of an execution (its ARN) while it runs."""
    from rich.console import Console
    from rich.live import Live

    recording = Recording(client(from_environment(data=data), "stepfunctions"), execution)
    way, console = recording.look(), Console()
    if not sys.stdout.isatty():
        _watch_in_lines(recording, way)
    else:
        with Live(_table(recording, way), console=console, auto_refresh=False, vertical_overflow="visible") as live:
            while recording.running:
                time.sleep(LOOK_EVERY_S)
                way = recording.look()
                live.update(_table(recording, way), refresh=True)
    click.echo(f"{recording.about['status']}{_why(recording)}")


def _watch_in_lines(recording: Recording, way: charts.Way) -> None:
    """For pipes and logs: one line a state, when it is over."""
    told: set[int] = set()
    while True:
        over = [place for place, visit in enumerate(way.visits) if place not in told and visit.ended_at is not None]
        for place in sorted(over, key=lambda place: (way.visits[place].ended_at, -way.visits[place].depth)):
            told.add(place)
            state, _, outcome, began, took, tries, error = _cells(way.visits[place], recording)
            again = f" ({tries} tries)" if tries else ""
            click.echo(f"{began:>10} {took:>10}  {outcome:11} {state}{again} {error}".rstrip())
        if not recording.running:
            return
        time.sleep(LOOK_EVERY_S)
        way = recording.look()


def _why(recording: Recording) -> str:
    told = [recording.about[name] for name in ("error", "cause") if recording.about.get(name)]
    return f": {': '.join(told)}" if told else ""


@click.command()
@click.argument("execution")
@setting("data")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def steps(execution: str, data: str | None, as_json: bool) -> None:
    """List the steps of an execution (its ARN): when each began, how long it took, how it ended."""
    from rich.console import Console

    recording = Recording(client(from_environment(data=data), "stepfunctions"), execution)
    way = recording.look()
    if as_json:
        click.echo(json.dumps([dict(zip(COLUMNS, _cells(visit, recording))) for visit in way.visits], indent=2))
    else:
        Console(width=None if sys.stdout.isatty() else 160).print(_table(recording, way))


def _table(recording: Recording, way: charts.Way) -> Any:
    from rich.table import Table

    table = Table(*COLUMNS, title=recording.about["executionArn"], title_justify="left", box=None)
    for visit in way.visits:
        state, *rest = _cells(visit, recording)
        table.add_row(MARKS[visit.status] + " " + "  " * visit.depth + state, *rest, style=STYLES[visit.status])
    return table


def _cells(visit: charts.Visit, recording: Recording) -> tuple[str, ...]:
    until = visit.ended_at or recording.events[-1]["timestamp"]
    name = visit.name if visit.item is None else f"{visit.name} [{visit.item}]"
    began, took = visit.entered_at - recording.about["startDate"], until - visit.entered_at
    tries = str(visit.attempts) if visit.attempts > 1 else ""
    return (
        name,
        visit.type,
        visit.status,
        f"+{began.total_seconds():.3f} s",
        f"{took.total_seconds():.3f} s",
        tries,
        visit.error,
    )


@click.command()
@click.argument("source")
@setting("data")
@click.option("--format", "form", type=click.Choice(["mermaid", "svg"]), default="mermaid", help="What to write.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def graph(source: str, data: str | None, form: str, output: Path | None) -> None:
    """Draw a definition (a file, or a state machine's ARN) or an execution (its ARN), its way coloured."""
    definition, way = _drawn(source, data)
    drawing = {"mermaid": charts.mermaid, "svg": charts.svg}[form](charts.chart(definition), way)
    if output is None:
        click.echo(drawing, nl=False)
        return
    try:
        output.write_text(drawing)
    except OSError as error:
        raise Problem(f"cannot write {output} ({error.strerror}); choose another file with --output") from None
    click.echo(f"Wrote {output}")


def _drawn(source: str, data: str | None) -> tuple[dict[str, Any], charts.Way | None]:
    if not source.startswith("arn:"):
        return definition_in(Path(source)), None
    states = client(from_environment(data=data), "stepfunctions")
    if ":execution:" in source:
        recording = Recording(states, source)
        return recording.definition, recording.look()
    return json.loads(ask(states.describe_state_machine, stateMachineArn=source)["definition"]), None


def definition_in(path: Path) -> dict[str, Any]:
    """The definition in a file of JSON or YAML, checked."""
    import yaml

    from freehold.engines import asl

    try:
        definition = yaml.safe_load(path.read_text())
        asl.compile(json.dumps(definition))
    except OSError as error:
        raise Problem(f"cannot read {path} ({error.strerror}); give a file or an ARN") from None
    except (yaml.YAMLError, TypeError) as error:
        raise Problem(f"{path} is neither JSON nor YAML: {str(error).splitlines()[0]}") from None
    except asl.InvalidDefinition as error:
        raise Problem(f"{path} is no valid definition: {error}") from None
    return definition
