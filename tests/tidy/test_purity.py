"""Rules 2 and 4: what may not stand in engines, nouns and transactions."""

import ast

FORBIDDEN = {"time", "random", "uuid", "secrets", "socket", "urllib.request", "requests", "subprocess", "asyncio", "os"}
ALLOWED = {"urllib.parse"}

# Files of a room that are no nouns: they wait, perform or talk.
NOT_NOUNS = {"service", "keepers", "__init__", "resources", "errors"}


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_engines_know_no_time_chance_or_world(modules):
    guilty = {
        path: sorted(FORBIDDEN.intersection(imported(tree)))
        for path, tree in modules.items()
        if path.startswith("engines/")
    }
    assert not {path: names for path, names in guilty.items() if names}


def test_rooms_take_time_and_chance_from_the_call(modules):
    guilty = {}
    for path, tree in modules.items():
        if path.startswith("services/"):
            names = {"time", "random", "uuid", "secrets"}.intersection(imported(tree))
            if names:
                guilty[path] = sorted(names)
    assert not guilty


def test_no_bare_open_or_environ_in_services_and_engines(modules):
    guilty = []
    for path, tree in modules.items():
        if path.startswith(("services/", "engines/")):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
                    guilty.append(f"{path}:{node.lineno}")
                if isinstance(node, ast.Attribute) and node.attr == "environ":
                    guilty.append(f"{path}:{node.lineno}")
    assert not guilty


def awaited(loop):
    """The names of what is awaited in a loop."""
    for node in ast.walk(loop):
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
            called = node.value.func
            yield called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def test_loops_over_transactions_give_others_a_turn(modules):
    """A transaction waits for nothing: a loop that awaits nothing else keeps the whole cloud waiting."""
    guilty = [
        f"{path}:{node.lineno}"
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.While) and set(awaited(node)) == {"transact"}
    ]
    assert not guilty


def test_catching_everything_says_why(modules):
    """`except Exception` carries a comment on its line that names the reason."""
    from pathlib import Path

    source = Path(__file__).parents[2] / "src" / "freehold"
    silent = []
    for path in modules:
        for number, line in enumerate((source / path).read_text().splitlines(), 1):
            if "except Exception" in line and "#" not in line:
                silent.append(f"{path}:{number}")
            if line.strip() == "except:":
                silent.append(f"{path}:{number}")
    assert not silent
