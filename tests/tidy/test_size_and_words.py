"""Rules 1 and 5: every module says what it is, and nothing grows past what a reader can hold."""

import ast
from collections import Counter
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "freehold"

FILE_MAX, FUNCTION_MAX, FUNCTION_HARD, ROOM_MAX, KERNEL_MAX = 400, 40, 60, 2_500, 2_000
LARGER = {"apigateway": 4_200, "cloudformation": 3_200, "s3": 3_450}  # rfds/0004: may only go down
NO_WINGS = {"service", "resources"}  # folders of a room that are the room's own; any other is a wing (rfds/0006)
LONG_MAX = 12  # how many functions of the whole house may lie between 40 and 60 lines

# Words that say nothing of what a thing is.
NOT_NAMES = ("Manager", "Helper", "Util", "Handler", "Provider", "Backend", "Base", "Impl", "Factory")


def lines(path: str) -> int:
    return len((SOURCE / path).read_text().splitlines())


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def test_every_module_says_what_it_is(modules):
    silent = [path for path, tree in modules.items() if not ast.get_docstring(tree)]
    assert not silent


def test_files_are_short(modules):
    assert not {path: lines(path) for path in modules if lines(path) > FILE_MAX}


def test_functions_are_short(modules):
    sizes = {
        f"{path}:{node.name}": node.end_lineno - node.lineno + 1
        for path, tree in modules.items()
        for node in functions(tree)
    }
    assert not {name: size for name, size in sizes.items() if size > FUNCTION_HARD}
    long = {name: size for name, size in sizes.items() if size > FUNCTION_MAX}
    assert len(long) <= LONG_MAX, long


def test_rooms_wings_and_kernel_are_small(modules):
    sizes = Counter()
    for path in modules:
        parts = path.split("/")
        if parts[0] == "services" and len(parts) > 2:
            wing = parts[2] if len(parts) > 3 and parts[2] not in NO_WINGS else ""
            sizes[parts[1], wing] += lines(path)
    assert not {place: size for place, size in sizes.items() if size > LARGER.get(place[0], ROOM_MAX)}
    assert sum(lines(path) for path in modules if path.startswith("kernel/")) <= KERNEL_MAX


def test_names_say_what_things_are(modules):
    classes = [
        f"{path}:{node.name}"
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    assert not [name for name in classes if name.endswith(NOT_NAMES)]
