"""Rule 10: commands, settings and operations are documented, and the generated pages are those of this code."""

import subprocess
import sys
from pathlib import Path

import click

from freehold.cli import main
from freehold.config import WORDS, Config

HOME = Path(__file__).parents[2]


def test_generated_pages_are_current():
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=HOME, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_command_is_in_the_readme():
    readme = (HOME / "README.md").read_text()
    assert not [name for name in main.commands if f"freehold {name}" not in readme]


def test_every_command_and_option_has_words():
    for name, command in main.commands.items():
        assert command.help, name
        told = [option for option in command.params if isinstance(option, click.Option)]
        assert not [option.name for option in told if not option.help], name


def test_every_command_of_a_group_is_in_the_readme_and_has_words():
    readme = (HOME / "README.md").read_text()
    for group in (one for one in main.commands.values() if isinstance(one, click.Group)):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert f"freehold {group.name} {name}" in readme and command.help, name
            told = [option for option in command.params if isinstance(option, click.Option)]
            assert not [option.name for option in told if not option.help], name


def test_every_setting_has_words():
    assert set(WORDS) | {"seed", "frozen"} == set(Config.__struct_fields__)
