"""What functions import to register hooks for SnapStart, under the name of AWS's own module.

One idea: hooks are called where a snapshot is taken or restored; environments here start without snapshots, so they
are kept and not called, as in AWS for a function that has not SnapStart on. Standard library alone.

https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
"""

from __future__ import annotations

_before: list = []
_after: list = []


def register_before_snapshot(hook, *words, **named):
    """Keep a hook for before a snapshot. Gives it back, so that it can decorate."""
    _before.append((hook, words, named))
    return hook


def register_after_restore(hook, *words, **named):
    """Keep a hook for after a restore. Gives it back, so that it can decorate."""
    _after.append((hook, words, named))
    return hook


def get_before_snapshot() -> list:
    """The hooks that were kept for before a snapshot, each with its arguments."""
    return _before


def get_after_restore() -> list:
    """The hooks that were kept for after a restore, each with its arguments."""
    return _after
