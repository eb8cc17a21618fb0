"""The command line.

One idea: a command is a few lines over the running cloud's own pages and its data folder. It holds no logic of the
cloud's, and what goes wrong is one line that says what to do.
"""

import gc
import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from freehold import __version__
from freehold.cli.cloud import START_WITHIN_S, Problem, alive, fetch, needed, note_of, page, running_on, setting
from freehold.cli.scan import scan
from freehold.config import Config, from_environment
from freehold.operator import keys_of

UNPREFIXED = {"AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}  # sync-127.0.0.1 is no host; AWS's tools put it together


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="freehold")
def main() -> None:
    """A serverless cloud that you own.

    Start it with `freehold up`, point AWS tools at it with `eval $(freehold env)`.
    """


@main.command()
@click.option("--detach", is_flag=True, help="Start in the background and return when it answers.")
@setting("port", type=int)
@setting("host")
@setting("data")
def up(detach: bool, port: int | None, host: str | None, data: str | None) -> None:
    """Start the cloud (in the foreground; Ctrl-C stops it)."""
    config = from_environment(port=port, host=host, data=data)
    _make(config.data)
    running = running_on(config)
    if running:
        raise Problem(f"already running at {running['url']} (pid {running['pid']}); stop it with `freehold down`")
    if detach:
        _start_behind(config)
    else:
        _serve(config)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"cannot use {folder} ({error.strerror}); choose another folder with --data") from None


def _serve(config: Config) -> None:
    gc.disable()  # what is loaded now stays: `serve` sets it aside and enables collection again
    import uvloop

    from freehold.doors.places import open_many
    from freehold.logs import to_file
    from freehold.serve import CannotListen, serve

    if config.port and _taken(config):
        raise Problem(f"port {config.port} is taken by another program; choose another with --port")
    to_file(config.data / "freehold.log")
    open_many()

    def ready(server: Any) -> None:
        url = server.cloud.door.base_url
        note_of(config).write_text(json.dumps({"pid": os.getpid(), "url": url}))
        click.echo(f"Freehold {__version__} at {url}, data in {config.data}")

    try:
        uvloop.run(serve(config, ready))
    except CannotListen as fault:
        raise Problem(
            f"cannot listen at {config.host}:{config.port} ({fault}); choose with --host and --port"
        ) from None
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        note_of(config).unlink(missing_ok=True)


def _taken(config: Config) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET) as probe:
        return probe.connect_ex((config.host, config.port)) == 0


def _start_behind(config: Config) -> None:
    if config.port and _taken(config):
        raise Problem(f"port {config.port} is taken by another program; choose another with --port")
    settings = ["--port", str(config.port), "--host", config.host, "--data", str(config.data)]
    with (config.data / "up.log").open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "freehold", "up", *settings],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline and child.poll() is None:
        running = running_on(config)
        if running and running["pid"] == child.pid and page(running["url"], "health"):
            click.echo(f"Freehold {__version__} at {running['url']} (pid {child.pid}), data in {config.data}")
            return
        time.sleep(0.02)
    last = (config.data / "up.log").read_text().strip().splitlines()[-1:] or ["no output"]
    raise Problem(f"did not start: {last[0]} (all of it in {config.data / 'up.log'})")


@main.command()
@setting("data")
def down(data: str | None) -> None:
    """Stop the cloud; its state stays."""
    config = from_environment(data=data)
    running = needed(config)
    os.kill(running["pid"], signal.SIGTERM)
    deadline = time.monotonic() + 15
    while alive(running["pid"]):
        if time.monotonic() > deadline:
            os.kill(running["pid"], signal.SIGKILL)
        time.sleep(0.05)
    note_of(config).unlink(missing_ok=True)
    click.echo("Stopped. State is kept in " + str(config.data))


@main.command()
@setting("data")
def status(data: str | None) -> None:
    """Say what runs and what it has done."""
    config = from_environment(data=data)
    running = needed(config)
    facts = fetch(running["url"], "status")
    click.echo(f"Freehold {facts['version']} at {running['url']} (pid {running['pid']}), data in {config.data}")
    click.echo(f"services:     {', '.join(facts['services'])}")
    click.echo(f"environments: {len(facts['environments'])} of functions")
    click.echo(f"promises:     {facts['promises']['waiting']} waiting, {facts['promises']['under_way']} under way")
    there = facts["connections"]
    turned = f"{there['turned_away']} turned away, {there['made_room']} let go to make room"
    click.echo(f"connections:  {there['open']} of {there['most']}, {there['guests']} of functions; {turned}")
    for account, service, operation, outcome, count in facts["usage"]:
        click.echo(f"  {count:>8}  {account} {service}:{operation} {outcome}")


@main.command()
@setting("data")
@setting("port", type=int)
@setting("host")
@click.option("--proxy", is_flag=True, help="By a proxy for AWS's own names instead of an endpoint.")
def env(data: str | None, port: int | None, host: str | None, proxy: bool) -> None:
    """Print shell exports that point AWS tools at the cloud: eval $(freehold env)."""
    config = from_environment(data=data, port=port, host=host)
    running, key = running_on(config), keys_of(config.data)
    url = running["url"] if running else config.base_url
    exports = _by_proxy(config, url) if proxy else {"AWS_ENDPOINT_URL": url, **UNPREFIXED}
    exports |= {
        "AWS_ACCESS_KEY_ID": key.get("AccessKeyId", "test"),
        "AWS_SECRET_ACCESS_KEY": key.get("SecretAccessKey", "test"),
        "AWS_REGION": config.region,
        "AWS_DEFAULT_REGION": config.region,
    }
    if proxy:
        click.echo("unset AWS_ENDPOINT_URL")
    for name, value in exports.items():
        click.echo(f"export {name}={value}")


def _by_proxy(config: Config, url: str) -> dict[str, str]:
    """What leads tools to AWS's names through the cloud's door, and has them trust its certificates."""
    from freehold.doors import trust

    folder, deadline = config.data / "doors" / "trust", time.monotonic() + START_WITHIN_S
    while not trust.bundle(folder).exists():  # they are made just after the start
        if not running_on(config) or time.monotonic() > deadline:
            raise Problem(f"there are no certificates in {folder} yet; start the cloud with `freehold up`")
        time.sleep(0.05)
    return {"HTTPS_PROXY": url, **trust.readers(str(folder))}


@main.command()
@setting("data")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def outbox(data: str | None, as_json: bool) -> None:
    """Show the mails and SMS that were sent."""
    letters = fetch(needed(from_environment(data=data))["url"], "outbox")
    if as_json:
        click.echo(json.dumps(letters, indent=2))
    elif not letters:
        click.echo("The outbox is empty.")
    else:
        for letter in letters:
            click.echo(_letter(letter))


def _letter(letter: dict[str, Any]) -> str:
    sent = datetime.fromtimestamp(letter["sent_at"]).strftime("%Y-%m-%d %H:%M:%S")
    subject = f"\nSubject: {letter['subject']}" if letter["subject"] else ""
    return f"── {letter['medium']} to {letter['to']} at {sent}{subject}\n{letter['body']}\n"


@main.command()
@setting("data")
@click.option("-f", "--follow", is_flag=True, help="Go on printing as lines come.")
@click.option("-n", "--lines", default=50, show_default=True, help="How many of the last lines to begin with.")
def logs(data: str | None, follow: bool, lines: int) -> None:
    """Show the cloud's own log (functions' logs are in CloudWatch Logs: aws logs tail)."""
    path = from_environment(data=data).data / "freehold.log"
    if not path.exists():
        raise Problem(f"there is no log in {path.parent}; start the cloud with `freehold up`")
    with path.open() as file:
        for line in file.readlines()[-lines:]:
            click.echo(line, nl=False)
        while follow:
            line = file.readline()
            click.echo(line, nl=False) if line else time.sleep(0.2)


@main.command()
@setting("data")
@setting("port", type=int)
@click.option("--fix", is_flag=True, help="Fetch what functions find beside them: AWS SDKs (npm), Java's client (mvn).")
def doctor(data: str | None, port: int | None, fix: bool) -> None:
    """Check what the cloud needs of this machine, and say what to do about what is missing."""
    from freehold import doctor

    if fix:
        click.echo("Fetching what functions find beside them (a minute or two) ...")
        for name, why in doctor.fix():
            click.echo(f"NO  {name}: {why}" if why else f"ok  {name}")
    findings = doctor.examine(from_environment(data=data, port=port))
    for finding in findings:
        click.echo(f"{'ok ' if finding.well else 'NO '} {finding.what}: {finding.words}")
    if not all(finding.well or finding.optional for finding in findings):
        raise SystemExit(1)


@main.command()
@setting("data")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(data: str | None, yes: bool) -> None:
    """Delete all state. The cloud must be stopped."""
    config = from_environment(data=data)
    running = running_on(config)
    if running:
        raise Problem(f"it is running (pid {running['pid']}); stop it first with `freehold down`")
    ours = config.data / "freehold.db"
    if not ours.exists():
        raise Problem(f"there is nothing of Freehold's in {config.data}")
    if not yes:
        click.confirm(f"Delete everything in {config.data}?", abort=True)
    shutil.rmtree(config.data)
    click.echo("Deleted.")


class Later(click.Group):
    """A group that is loaded, from the module `source`, when one of its commands is asked for."""

    def __init__(self, *given: Any, source: str, **more: Any):
        super().__init__(*given, **more)
        self.source = source

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(importlib.import_module(self.source).COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return importlib.import_module(self.source).COMMANDS.get(name)


@main.group(cls=Later, source="freehold.cli.workflows")
def workflow() -> None:
    """Watch, draw and price executions of Step Functions."""


main.add_command(scan)
