"""The Ruby runtimes: the interpreter of this machine, with a bootstrap of ours that needs the standard library alone.

One idea: as for Python, but one machine has one Ruby, and it runs whatever asks for any. It may not know environments.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-ruby.html
"""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from freehold.sandbox.runtimes.start import Choice, Shelf, Site, Start, choose, shown


def start(site: Site) -> Start:
    """Our bootstrap. Gems are looked for where AWS looks: vendor/bundle of the code, then the layers."""
    choice = ruby_for(site.spec.runtime, site.shelf)
    abi = f"{choice.version // 10}.{choice.version % 10}.0"
    code, opt = site.places.code, site.places.opt
    return Start(
        argv=[str(choice.program), f"{site.places.runtime}/ruby/bootstrap.rb"],
        programs=[str(choice.program.parent)],
        paths={
            "GEM_PATH": f"{code}/vendor/bundle/ruby/{abi}:{opt}/ruby/gems/{abi}",
            "RUBYLIB": f"{code}:{opt}/ruby/lib",
        },
        env={"GEM_HOME": f"{code}/vendor/bundle/ruby/{abi}"},
        libraries=shown(choice.program.parent.parent),
        notice=choice.notice,
    )


def ruby_for(runtime: str, shelf: Shelf) -> Choice:
    """The interpreter for "rubyX.Y"."""
    match = re.match(r"ruby(\d+)\.(\d+)", runtime)
    wanted = int(match[1]) * 10 + int(match[2]) if match else 0
    choice = choose(rubies(), wanted, runtime, "Ruby {}")
    words = {f"Ruby {number}": f"Ruby {number // 10}.{number % 10}" for number in (wanted, choice.version)}
    notice = choice.notice
    for told, meant in words.items():
        notice = notice.replace(f"{told}:", f"{meant}:").replace(f"{told} ", f"{meant} ")
    return Choice(choice.version, choice.program, notice)


@cache
def rubies() -> dict[int, Path]:
    """Version (33 is 3.3) → the ruby on PATH, if there is one."""
    program = shutil.which("ruby")
    if program is None:
        return {}
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return {}
    match = re.match(r"ruby (\d+)\.(\d+)", told)
    return {int(match[1]) * 10 + int(match[2]): Path(os.path.realpath(program))} if match else {}
