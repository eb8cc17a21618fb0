"""`freehold workflow cost`: what AWS would charge for recorded executions, by kind of workflow.

One idea: recordings are read, the pricing engine counts, and here is only how it is told. It may not know prices.
"""

import json
import sys
from decimal import Decimal
from typing import Any, NamedTuple

import click

from freehold.cli.cloud import Problem, client, setting
from freehold.cli.workflow import Recording
from freehold.config import from_environment
from freehold.engines.pricing import recorded, workflows

CENT = Decimal("0.01")
STARTERS = ("states", "aws-sdk:sfn")  # the integrations that start executions


class Line(NamedTuple):
    """One way to run a workload, and its price."""

    how: str
    transitions: int | None
    requests: int | None
    dollars: Decimal | None
    note: str


@click.command()
@click.argument("executions", nargs=-1, required=True)
@setting("data")
@click.option("--times", default=1_000, show_default=True, help="How often each of the executions is run.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def cost(executions: tuple[str, ...], data: str | None, times: int, as_json: bool) -> None:
    """Compare what executions (their ARNs) cost as Standard, as Express and as nested workflows in AWS (us-east-1)."""
    states = client(from_environment(data=data), "stepfunctions")
    workload = [_recorded(Recording(states, arn)) for arn in executions]
    lines = _lines(workload, times)
    if as_json:
        told = [line._asdict() | {"dollars": None if line.dollars is None else float(line.dollars)} for line in lines]
        click.echo(json.dumps(told, indent=2))
        return
    _show(lines, f"{len(workload)} execution{'s' if len(workload) > 1 else ''}, {times:,} times")


def _recorded(recording: Recording) -> recorded.Recorded:
    way = recording.look()
    if recording.running:
        raise Problem(f"{recording.arn} still runs; wait for its end with `freehold workflow watch`")
    took = recording.about["stopDate"] - recording.about["startDate"]
    sizes = (len(text) for event in recording.events for text in _payloads(event))
    children = tuple(filter(None, map(_child, recording.events)))
    return recorded.Recorded(recording.definition, way, took.total_seconds() * 1_000, max(sizes, default=0), children)


def _child(event: dict[str, Any]) -> recorded.Billed | None:
    """The Express execution whose end a task's result tells."""
    details = event.get("taskSucceededEventDetails", {})
    if details.get("resourceType") not in STARTERS:
        return None
    bill = json.loads(details["output"]).get("BillingDetails")
    return recorded.Billed(bill["BilledDurationInMilliseconds"], bill["BilledMemoryUsedInMB"]) if bill else None


def _payloads(event: dict[str, Any]) -> list[str]:
    details: dict[str, Any] = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    return [details[name] for name in ("input", "output") if details.get(name)]


def _lines(workload: list[recorded.Recorded], times: int) -> list[Line]:
    transitions = sum(one.way.transitions for one in workload) * times
    standard = Line("Standard", transitions, None, workflows.standard(transitions), "")
    unfit = next((one.unfit for one in workload if one.unfit), "")
    express = [workflows.express(times, one.duration_ms, one.memory_mb).total for one in workload]
    price = None if unfit else sum(express, Decimal(0))
    spans = sum(workflows.billed_ms(one.duration_ms) for one in workload) / len(workload)
    quick = Line("Express", None, times * len(workload), price, unfit or f"{spans / 1_000:.1f} s billed each")
    parts = [recorded.nested(one) for one in workload]
    stretches = sum(len(one.children_ms) for one in parts)
    nested = Line("nested", None, None, None, "no two quick states follow one another")
    if stretches:
        dollars = sum((recorded.nested_price(one, times) for one in workload), Decimal(0))
        moved = f"{stretches} stretch{'es' if stretches > 1 else ''} of quick states in Express workflows"
        nested = Line("nested", sum(one.transitions for one in parts) * times, stretches * times, dollars, moved)
    return [standard, quick, nested, *_children(workload, times)]


def _children(workload: list[recorded.Recorded], times: int) -> list[Line]:
    """What the Express executions that were started and waited for add, however their parents run."""
    children = [child for one in workload for child in one.children]
    if not children:
        return []
    price = recorded.children_price(children, times)
    span_s = sum(child.duration_ms for child in children) / len(children) / 1_000
    note = f"{span_s:.1f} s billed each: {dollars_of(price.duration)}; requests: {dollars_of(price.requests)}"
    return [Line("and its children", None, len(children) * times, price.total, note)]


def _show(lines: list[Line], title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("workflow", title=title, title_justify="left", box=None)
    for name in ("transitions", "requests", "price"):
        table.add_column(name, justify="right")
    table.add_column("")
    for line in lines:
        counts = ("" if count is None else f"{count:,}" for count in (line.transitions, line.requests))
        table.add_row(line.how, *counts, "–" if line.dollars is None else dollars_of(line.dollars), line.note)
    Console(width=None if sys.stdout.isatty() else 120).print(table)


def dollars_of(amount: Decimal) -> str:
    """Cents; what is less than one, by its first digit that counts."""
    if amount == 0 or amount >= CENT / 2:
        return f"${amount:.2f}"
    return f"${amount:.{-amount.adjusted()}f}"
